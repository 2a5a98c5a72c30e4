/** The conversation on screen, and where in it the reader is. */

/** @import {State} from "./state.js" */
/** @import {Talk} from "./talk.js" */

import { fetchMessages } from "./api.js";
import { byId } from "./dom.js";
import { Rows, rowsOf } from "./rows.js";
import { Scroll } from "./scroll.js";
import { tellError } from "./toast.js";

export class Log {
  #rows = new Rows(byId("rows"));
  #pill = byId("newer");
  #scroll;
  /** @type {Talk | undefined} the one on screen */
  #talk;
  /** The oldest message on screen. */
  #firstId = 0;
  #isLoading = false;

  /** @param {State} state */
  constructor(state) {
    this.state = state;
    this.#scroll = new Scroll(byId("log"), byId("rows"), {
      onMove: () => this.#see(),
      onTop: () => this.#loadOlder(),
    });
    this.#pill.addEventListener("click", () => this.#scroll.toBottom("smooth"));
    document.addEventListener("visibilitychange", () => this.#see());
    state.watch(() => this.#render());
  }

  toBottom() {
    this.#scroll.toBottom();
  }

  #render() {
    const talk = this.state.open;
    byId("log").hidden = !talk;
    byId("empty").hidden = !talk?.isEmpty;
    if (talk !== this.#talk) this.#rows.clear();
    this.#talk = talk;
    if (!talk) return;
    const isNew = this.#rows.isEmpty;
    const firstId = talk.messages[0]?.message_id ?? 0;
    const show = () => this.#rows.show(rowsOf(talk, this.state));
    if (!isNew && firstId < this.#firstId) this.#scroll.keepPlace(show);
    else show();
    this.#firstId = firstId;
    if (isNew) this.#scroll.toBottom();
    this.#see();
  }

  /** Everything up to the end is seen once it is on screen; the pill counts what is not. */
  #see() {
    const { isAtBottom } = this.#scroll;
    if (isAtBottom && !document.hidden) this.state.markRead();
    const unread = this.#talk?.unread(this.state.me?.id ?? 0) ?? 0;
    const words = `${unread} new ${unread === 1 ? "message" : "messages"}`;
    this.#pill.hidden = isAtBottom;
    this.#pill.textContent = unread ? `${words} ↓` : "↓";
    this.#pill.setAttribute("aria-label", unread ? `${words}, go to the end` : "Go to the end");
  }

  async #loadOlder() {
    const { me, open: talk } = this.state;
    const first = talk?.messages[0];
    if (!me || !talk?.hasOlder || !first || this.#isLoading) return;
    this.#isLoading = true;
    try {
      talk.prepend(await fetchMessages(talk.chat.id, me.id, first.message_id));
      this.state.changed();
    } catch (error) {
      tellError(error);
    } finally {
      this.#isLoading = false;
    }
  }
}
