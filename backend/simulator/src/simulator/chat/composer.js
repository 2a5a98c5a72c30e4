/** Where a person writes: new messages, replies, corrections, files. */

/** @import {Message} from "./wire" */
/** @import {State} from "./state.js" */

import { editText, sendFile, sendText } from "./api.js";
import { Attachments } from "./attachments.js";
import { mountCommands } from "./commands.js";
import { byId, h } from "./dom.js";
import { fullName, summary } from "./format.js";
import { tellError } from "./toast.js";

/** What the text is about: an answer to a message, or its correction. @typedef {{kind: "reply" | "edit", message: Message}} About */

/**
 * @param {State} state
 * @param {() => void} onSent shows the end of the conversation
 */
export function mountComposer(state, onSent) {
  const field = /** @type {HTMLTextAreaElement} */ (byId("text"));
  const attachments = new Attachments();
  const commands = mountCommands(state, field, (text) => send(text));
  /** Unsent text of the chats that are not on screen. @type {Map<string, string>} */
  const unsent = new Map();
  /** @type {About | null} */
  let about = null;
  let place = "";
  /** One request after the other keeps messages in the order they were written. */
  let queue = Promise.resolve();

  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  field.addEventListener("keydown", onKey);
  byId("about-cancel").addEventListener("click", () => setAbout(null));
  byId("slash").addEventListener("click", () => {
    field.value = "/";
    field.focus();
    commands.refresh();
  });
  state.watch(followChat);

  function followChat() {
    const now = `${state.me?.id}:${state.openId}`;
    if (now === place) return;
    setAbout(null);
    unsent.set(place, field.value);
    place = now;
    field.value = unsent.get(place) ?? "";
    if (matchMedia("(hover: hover)").matches && state.open) field.focus();
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.isComposing || commands.takesKey(event)) return;
    const isHandled = keys[event.key]?.(event) ?? false;
    if (isHandled) event.preventDefault();
  }

  /** What a key does; `true` when it did it. @type {Record<string, (event: KeyboardEvent) => boolean>} */
  const keys = {
    Enter: ({ shiftKey }) => {
      if (!shiftKey) submit();
      return !shiftKey;
    },
    Escape: () => {
      const isOpen = about !== null;
      setAbout(null);
      return isOpen;
    },
    ArrowUp: () => {
      const last = field.value === "" ? state.open?.lastOwnText(state.me?.id ?? 0) : undefined;
      if (last) edit(last);
      return last !== undefined;
    },
  };

  /** @param {About | null} next */
  function setAbout(next) {
    if (about?.kind === "edit" && next?.kind !== "edit") field.value = "";
    about = next;
    byId("about").hidden = !about;
    byId("about-words").replaceChildren(...(about ? aboutWords(about) : []));
    if (about) field.focus();
  }

  /** @param {Message} message */
  function edit(message) {
    setAbout({ kind: "edit", message });
    field.value = message.text ?? "";
    field.setSelectionRange(field.value.length, field.value.length);
  }

  function submit() {
    const subject = about;
    const text = field.value;
    const isEdit = subject?.kind === "edit";
    const isEmpty = text.trim() === "" && (isEdit || attachments.files.length === 0);
    if (isEmpty || !state.open) return;
    setAbout(null);
    field.value = "";
    if (isEdit) change(subject.message, text);
    else if (attachments.files.length > 0) sendFiles(attachments.take(), text);
    else send(text, subject?.message.message_id);
  }

  /**
   * @param {string} text
   * @param {number} [replyTo]
   */
  function send(text, replyTo) {
    enqueue(text, (chatId, myId) => sendText(chatId, myId, text, replyTo));
  }

  /**
   * @param {File[]} files
   * @param {string} caption goes with the first one
   */
  function sendFiles(files, caption) {
    files.forEach((file, index) => {
      const words = index === 0 ? caption.trim() : "";
      enqueue(
        words,
        (chatId, myId) => sendFile(chatId, myId, file, words),
        () => attachments.add([file]),
      );
    });
  }

  /**
   * @param {Message} message
   * @param {string} text
   */
  function change(message, text) {
    if (text === message.text) return;
    enqueue(text, async (chatId, myId) => ({
      message: await editText(chatId, message.message_id, myId, text),
    }));
  }

  /**
   * Sends after what is already on its way; what could not be sent comes back to be sent again.
   *
   * @param {string} text
   * @param {(chatId: number, myId: number) => Promise<{message: Message}>} request
   * @param {() => void} [giveBack]
   */
  function enqueue(text, request, giveBack) {
    const { me, open: talk } = state;
    if (!me || !talk) return;
    const from = place;
    queue = queue.then(async () => {
      try {
        const { message } = await request(talk.chat.id, me.id);
        talk.put(message);
        state.changed();
        onSent();
      } catch (error) {
        giveBackText(from, text);
        giveBack?.();
        tellError(error);
      }
    });
  }

  /**
   * @param {string} from the chat it was written in
   * @param {string} text
   */
  function giveBackText(from, text) {
    const typed = from === place ? field.value : unsent.get(from);
    const both = [text, typed].filter(Boolean).join("\n");
    if (from === place) field.value = both;
    else unsent.set(from, both);
  }

  return {
    send,
    edit,
    /** @param {Message} message */
    reply: (message) => setAbout({ kind: "reply", message }),
  };
}

/** @param {About} about */
function aboutWords({ kind, message }) {
  const who = message.from ? fullName(message.from) : "message";
  return [
    h("b", { dir: "auto" }, kind === "edit" ? "Edit message" : `Reply to ${who}`),
    h("span", { dir: "auto" }, summary(message)),
  ];
}
