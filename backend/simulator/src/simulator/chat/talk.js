/** One chat as one person sees it: its messages in order, what is being written, what is unread. */

/** @import {Chat, Draft, Message, Page, Reaction} from "./wire" */

import { PAGE_SIZE } from "./api.js";

/** @type {readonly Reaction[]} */
const NONE = [];
/** A chat action fades after this long, as Telegram's does. */
const ACTION_MS = 5000;
/** How long a finished draft stays on screen for the message that replaces it. */
const DRAFT_GRACE_MS = 800;

export class Talk {
  /** @type {Message[]} by ascending id */
  messages = [];
  /** @type {Draft[]} */
  drafts = [];
  /** What people think of each message; a list is replaced, never changed. @type {Map<number, readonly Reaction[]>} */
  #reactions = new Map();
  hasOlder = false;
  /** What the bot does right now, such as "typing". @type {string | null} */
  action = null;
  /** The newest message this person has seen. */
  readId = 0;
  /** @type {number | undefined} */
  #actionTimer;
  /** @type {Map<number, number>} timers of drafts that are gone but still shown */
  #fading = new Map();

  /**
   * @param {Chat} chat
   * @param {() => void} changed called when time alone changes what is to be seen
   */
  constructor(chat, changed) {
    this.chat = chat;
    this.changed = changed;
  }

  /** Takes the newest page as the truth, and keeps older messages that join on to it. @param {Page} page */
  refresh({ messages, drafts, reactions }) {
    const known = new Set(this.messages.map((message) => message.message_id));
    const first = messages[0]?.message_id ?? 0;
    const whole = messages.length < PAGE_SIZE;
    const joins = !whole && messages.some((message) => known.has(message.message_id));
    const older = joins ? this.messages.filter((message) => message.message_id < first) : [];
    this.hasOlder = whole ? false : older.length > 0 ? this.hasOlder : true;
    this.messages = [...older, ...messages];
    for (const { message_id } of messages) this.#reactions.delete(message_id);
    for (const reaction of reactions) this.putReaction(reaction);
    for (const draftId of this.#fading.keys()) this.#unfade(draftId);
    this.drafts = drafts;
    this.readId = Math.min(this.readId, this.lastMessage?.message_id ?? 0);
  }

  /** Puts a page of older messages before the ones that are here. @param {Page} page */
  prepend({ messages, reactions }) {
    const first = this.messages[0]?.message_id ?? Number.POSITIVE_INFINITY;
    this.messages.unshift(...messages.filter((message) => message.message_id < first));
    this.hasOlder = messages.length === PAGE_SIZE;
    for (const reaction of reactions) this.putReaction(reaction);
  }

  /** @param {number} messageId */
  reactionsTo(messageId) {
    return this.#reactions.get(messageId) ?? NONE;
  }

  /** Takes the place of what this person thought before. @param {Reaction} reaction */
  putReaction(reaction) {
    const others = this.reactionsTo(reaction.message_id).filter(
      ({ user_id }) => user_id !== reaction.user_id,
    );
    const now = reaction.emoji.length > 0 ? [...others, reaction] : others;
    this.#reactions.set(reaction.message_id, now);
  }

  /** A new or changed message; the bot's new message ends its draft. @param {Message} message */
  put(message) {
    const at = this.messages.findLastIndex((other) => other.message_id <= message.message_id);
    if (this.messages[at]?.message_id === message.message_id) this.messages[at] = message;
    else this.#insert(at + 1, message);
  }

  /**
   * @param {number} at
   * @param {Message} message
   */
  #insert(at, message) {
    if (at === 0 && this.hasOlder) return;
    this.messages.splice(at, 0, message);
    if (!message.from?.is_bot) return;
    this.setAction(null);
    for (const draftId of [...this.#fading.keys()]) this.#dropDraft(draftId);
  }

  /** @param {number} messageId */
  remove(messageId) {
    this.messages = this.messages.filter((message) => message.message_id !== messageId);
    this.#reactions.delete(messageId);
  }

  /** @param {Draft} draft */
  putDraft(draft) {
    this.#unfade(draft.draft_id);
    this.setAction(null);
    const at = this.drafts.findIndex((other) => other.draft_id === draft.draft_id);
    if (at < 0) this.drafts.push(draft);
    else this.drafts[at] = draft;
  }

  /** The draft ended: it stays a moment, so that its message takes its place without a gap. @param {number} draftId */
  fadeDraft(draftId) {
    const draft = this.drafts.find((other) => other.draft_id === draftId);
    if (!draft) return;
    if (this.lastMessage?.from?.is_bot) {
      this.#dropDraft(draftId);
      return;
    }
    draft.can_stop = false;
    this.#fading.set(
      draftId,
      setTimeout(() => {
        this.#dropDraft(draftId);
        this.changed();
      }, DRAFT_GRACE_MS),
    );
  }

  /** @param {number} draftId */
  #dropDraft(draftId) {
    this.#unfade(draftId);
    this.drafts = this.drafts.filter((draft) => draft.draft_id !== draftId);
  }

  /** @param {number} draftId */
  #unfade(draftId) {
    clearTimeout(this.#fading.get(draftId));
    this.#fading.delete(draftId);
  }

  /** @param {string | null} action */
  setAction(action) {
    clearTimeout(this.#actionTimer);
    this.action = action;
    if (!action) return;
    this.#actionTimer = setTimeout(() => {
      this.action = null;
      this.changed();
    }, ACTION_MS);
  }

  get isEmpty() {
    return this.messages.length + this.drafts.length === 0;
  }

  get lastMessage() {
    return this.messages.at(-1);
  }

  /** @param {number} myId */
  unread(myId) {
    return this.messages.filter((it) => it.message_id > this.readId && it.from?.id !== myId).length;
  }

  /** @param {number} myId */
  lastOwnText(myId) {
    return this.messages.findLast((it) => it.from?.id === myId && it.text !== undefined);
  }
}
