/** The rows of a conversation: days, messages, answers being written; redrawn only where they changed. */

/** @import {Draft, Message, Reaction} from "./wire" */
/** @import {State} from "./state.js" */
/** @import {Talk} from "./talk.js" */

import { h, reconcile } from "./dom.js";
import { day, serviceText } from "./format.js";
import { draftWords, renderDraft, renderMessage } from "./messages.js";
import { renderReactions } from "./reactions.js";
import { Reveal } from "./reveal.js";

/** A pause longer than this, in seconds, starts a new group of bubbles. */
const GROUP_PAUSE = 600;

/**
 * A row and what it is made of; equal parts need no new drawing.
 *
 * @typedef {{key: string, parts: unknown[], draw: () => HTMLElement, draft?: Draft}} Row
 * @typedef {{node: HTMLElement, parts: unknown[], reveal?: Reveal}} Drawn
 */

export class Rows {
  /** @type {Map<string, Drawn>} in the order of the page */
  #drawn = new Map();

  /** @param {HTMLElement} list */
  constructor(list) {
    this.list = list;
  }

  get isEmpty() {
    return this.#drawn.size === 0;
  }

  clear() {
    this.list.replaceChildren();
    this.#drawn = new Map();
  }

  /**
   * Makes the page show these rows. What takes the place of a draft, or is there from the start,
   * does not move in.
   *
   * @param {Row[]} rows
   */
  show(rows) {
    const isQuiet = this.isEmpty || [...this.#drawn.values()].some(({ reveal }) => reveal);
    const next = new Map(rows.map((row) => [row.key, this.#draw(row, isQuiet)]));
    for (const [key, { node }] of this.#drawn) if (!next.has(key)) node.remove();
    this.#drawn = next;
    let at = this.list.firstElementChild;
    for (const { node } of next.values()) {
      if (node === at) at = at.nextElementSibling;
      else this.list.insertBefore(node, at);
    }
  }

  /** @type {(row: Row, isQuiet: boolean) => Drawn} */
  #draw(row, isQuiet) {
    const old = this.#drawn.get(row.key);
    const now = old ?? firstDraw(row);
    if (old) redraw(old, row);
    else now.node.classList.toggle("arriving", !isQuiet);
    if (row.draft) now.reveal?.push(row.draft.text);
    return now;
  }
}

/** @type {(row: Row) => Drawn} */
function firstDraw(row) {
  const node = row.draw();
  /** @type {Drawn} */
  const drawn = { node, parts: row.parts };
  const text = node.querySelector(".text");
  if (!row.draft || !text) return drawn;
  drawn.reveal = new Reveal((visible) => {
    const draft = /** @type {Draft} */ (drawn.parts[0]);
    reconcile(text, draftWords(visible, draft));
  });
  return drawn;
}

/** @type {(old: Drawn, row: Row) => void} */
function redraw(old, row) {
  const isSame = old.parts.every((part, index) => part === row.parts[index]);
  old.parts = row.parts;
  if (isSame) return;
  const fresh = row.draw();
  if (old.reveal) old.node.className = fresh.className;
  else reconcile(old.node, fresh);
}

/**
 * @param {Talk} talk
 * @param {State} state
 * @returns {Row[]}
 */
export function rowsOf(talk, state) {
  const named = talk.chat.type !== "private";
  /** Where the answer will stand once it is a message. */
  const answer = { from: state.bot, date: Date.now() / 1000 };
  const drafted = talk.drafts.length > 0 ? answer : undefined;
  /** @type {Row[]} */
  const rows = [];
  talk.messages.forEach((message, index) => {
    const before = talk.messages[index - 1];
    if (!before || day(before.date) !== day(message.date)) rows.push(dayRow(message.date));
    const first = !isGrouped(before, message);
    const last = !isGrouped(message, talk.messages[index + 1] ?? drafted);
    const place = { own: state.isOwn(message), first, last, named };
    rows.push(messageRow(message, place, talk.reactionsTo(message.message_id), state.me?.id ?? 0));
  });
  const first = !isGrouped(talk.lastMessage, answer);
  rows.push(
    ...talk.drafts.map((draft) => draftRow(draft, { own: false, first, last: true, named })),
  );
  return rows;
}

/** @type {(seconds: number) => Row} */
const dayRow = (seconds) => ({
  key: `day ${new Date(seconds * 1000).toDateString()}`,
  parts: [day(seconds)],
  draw: () => h("li", { class: "day" }, h("span", {}, day(seconds))),
});

/** @type {(message: Message, place: import("./messages.js").Place, reactions: readonly Reaction[], myId: number) => Row} */
const messageRow = (message, place, reactions, myId) => ({
  key: `message ${message.message_id}`,
  parts: [message, ...Object.values(place), reactions],
  draw: () =>
    renderMessage(message, place, renderReactions(reactions, myId, isRated(message, place))),
});

/** People are asked once for an answer: below its last part. @type {(message: Message, place: import("./messages.js").Place) => boolean} */
const isRated = ({ from }, { last }) => last && from?.is_bot === true;

/** @type {(draft: Draft, place: import("./messages.js").Place) => Row} */
const draftRow = (draft, place) => ({
  key: `draft ${draft.draft_id}`,
  parts: [draft, ...Object.values(place)],
  draw: () => renderDraft(draft, place),
  draft,
});

/** @typedef {Pick<Message, "date"> & Partial<Omit<Message, "from">> & {from?: Message["from"] | undefined}} Written */

/** @type {(a: Written | undefined, b: Written | undefined) => boolean} */
const isGrouped = (a, b) =>
  a !== undefined &&
  b !== undefined &&
  a.from?.id === b.from?.id &&
  serviceText(a) === null &&
  b.date - a.date < GROUP_PAUSE &&
  day(a.date) === day(b.date);
