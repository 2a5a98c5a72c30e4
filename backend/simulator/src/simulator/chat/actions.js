/** What a click, a key or a long press on the conversation does. */

/** @import {Answer, Message} from "./wire" */
/** @import {State} from "./state.js" */
/** @import {Item} from "./menu.js" */

import { pressButton } from "./api.js";
import { byId } from "./dom.js";
import { openMenu } from "./menu.js";
import { react } from "./reactions.js";
import { alertBox, copyText, tell, tellError } from "./toast.js";

/** A bot that does not answer a press within this time is taken to have ignored it. */
const ANSWER_MS = 10_000;

/** @typedef {{reply: (message: Message) => void, edit: (message: Message) => void, send: (text: string) => void}} Composer */

/**
 * @param {State} state
 * @param {Composer} composer
 */
export function mountActions(state, composer) {
  const log = byId("log");
  const presses = new Presses(state);

  /** @type {Record<string, (element: HTMLElement) => void>} */
  const actions = {
    jump: (element) => jumpTo(Number(element.dataset.value)),
    reveal: (element) => element.setAttribute("data-revealed", ""),
    expand: toggleQuote,
    command: (element) => composer.send(element.dataset.value ?? ""),
    copy: (element) => copyText(element.dataset.value ?? ""),
    "copy-code": (element) =>
      copyText(element.closest("figure")?.querySelector("code")?.textContent ?? ""),
    prompt: (element) => composer.send(element.textContent ?? ""),
    press: (element) => presses.press(element, messageOf(element)),
    react: (element) => react(state, element, messageOf(element)),
    menu: (element) => openFor(element),
  };

  log.addEventListener("click", (event) => run(event));
  log.addEventListener("keydown", (event) => {
    const isSpan = event.target instanceof HTMLSpanElement;
    if (isSpan && (event.key === "Enter" || event.key === " ")) run(event);
  });
  log.addEventListener("contextmenu", (event) => {
    const target = /** @type {Element} */ (event.target);
    const row = target.closest("[data-message-id]");
    if (!row || target.closest("a, audio, video") || !getSelection()?.isCollapsed) return;
    event.preventDefault();
    const button = row.querySelector("[data-action=menu]");
    openFor(/** @type {HTMLElement} */ (button), { x: event.clientX, y: event.clientY });
  });

  /** @param {Event} event */
  function run(event) {
    const element = /** @type {Element} */ (event.target).closest("[data-action]");
    if (!(element instanceof HTMLElement)) return;
    event.preventDefault();
    actions[element.dataset.action ?? ""]?.(element);
  }

  /**
   * @param {HTMLElement} element
   * @param {{x: number, y: number}} [point]
   */
  function openFor(element, point) {
    const message = messageOf(element);
    if (message) openMenu(element, menuFor(message), point);
  }

  /**
   * @param {Message} message
   * @returns {Item[]}
   */
  function menuFor(message) {
    const text = message.text ?? message.caption;
    const isOwnText = state.isOwn(message) && message.text !== undefined;
    return [
      { label: "Reply", run: () => composer.reply(message) },
      ...(isOwnText ? [{ label: "Edit", run: () => composer.edit(message) }] : []),
      ...(text ? [{ label: "Copy text", run: () => copyText(text) }] : []),
    ];
  }

  /** @param {Element} element */
  function messageOf(element) {
    const row = element.closest("[data-message-id]");
    const id = Number(row?.getAttribute("data-message-id"));
    return state.open?.messages.find((message) => message.message_id === id);
  }

  return { answered: presses.answered };
}

/** @param {number} messageId */
function jumpTo(messageId) {
  const row = byId("rows").querySelector(`[data-message-id="${messageId}"]`);
  if (!row) {
    tell("That message is further up. Scroll up to load it.");
    return;
  }
  row.scrollIntoView({ block: "center", behavior: "smooth" });
  row.classList.remove("found");
  requestAnimationFrame(() => row.classList.add("found"));
}

/** @param {HTMLElement} button */
function toggleQuote(button) {
  const isOpen = button.closest("blockquote")?.toggleAttribute("data-open");
  button.textContent = isOpen ? "Show less" : "Show all";
}

/** Presses of inline buttons, from the press to the bot's answer. */
class Presses {
  /** Buttons by query. @type {Map<string, HTMLElement>} */
  #waiting = new Map();
  /** Answers that overtook the reply to their press, or that are someone else's. @type {Map<string, Answer>} */
  #early = new Map();
  #onTheWay = 0;

  /** @param {State} state */
  constructor(state) {
    this.state = state;
  }

  /**
   * @param {HTMLElement} button
   * @param {Message | undefined} message
   */
  async press(button, message) {
    const { me } = this.state;
    if (!me || !message || button.getAttribute("aria-busy")) return;
    button.setAttribute("aria-busy", "true");
    setTimeout(() => button.removeAttribute("aria-busy"), ANSWER_MS);
    this.#onTheWay += 1;
    try {
      const data = button.dataset.value ?? "";
      const query = await pressButton(message.chat.id, message.message_id, me.id, data);
      this.#waiting.set(query.callback_query_id, button);
    } catch (error) {
      button.removeAttribute("aria-busy");
      tellError(error);
    }
    this.#onTheWay -= 1;
    this.#early.forEach(this.answered);
    if (this.#onTheWay === 0) this.#early.clear();
  }

  /** @param {Answer} answer */
  answered = (answer) => {
    const { callback_query_id: id, text, show_alert: isAlert } = answer;
    const button = this.#waiting.get(id);
    if (button) {
      this.#waiting.delete(id);
      button.removeAttribute("aria-busy");
      if (text) (isAlert ? alertBox : tell)(text);
    } else if (this.#onTheWay > 0) {
      this.#early.set(id, answer);
    }
  };
}
