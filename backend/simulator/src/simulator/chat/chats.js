/** The left column: this person's chats, the newest first. */

/** @import {State} from "./state.js" */
/** @import {Talk} from "./talk.js" */

import { avatar, groupAvatar } from "./avatar.js";
import { byId, h, reconcile } from "./dom.js";
import { actionText, chatTitle, fullName, shortTime, summary } from "./format.js";
import { placeUrl } from "./place.js";

/** @param {State} state */
export function mountChats(state) {
  const list = byId("chats");
  state.watch(() => {
    const talks = [...state.talks.values()].sort(byNewest);
    const fresh = document.createDocumentFragment();
    fresh.append(...talks.map((talk) => item(talk, state)));
    reconcile(list, fresh);
    const { unread } = state;
    document.title = unread ? `(${unread}) Parley simulator` : "Parley simulator";
  });
}

/** @type {(a: Talk, b: Talk) => number} */
const byNewest = (a, b) => (b.lastMessage?.date ?? 0) - (a.lastMessage?.date ?? 0);

/**
 * @param {Talk} talk
 * @param {State} state
 */
function item(talk, state) {
  const { me, bot } = state;
  const last = talk.lastMessage;
  const unread = talk.unread(me?.id ?? 0);
  return h(
    "li",
    { "data-key": talk.chat.id },
    h(
      "a",
      {
        href: placeUrl(me?.id ?? 0, talk.chat.id),
        "aria-current": talk.chat.id === state.openId && "page",
      },
      talk.chat.type === "private" && bot ? avatar(bot) : groupAvatar(talk.chat),
      h(
        "span",
        { class: "chat-words" },
        h("bdi", { class: "chat-title" }, chatTitle(talk.chat, bot)),
        h("span", { class: "chat-time" }, last ? shortTime(last.date) : null),
        preview(talk, state),
        unread > 0 &&
          h("span", { class: "unread", "aria-label": `${unread} unread` }, String(unread)),
      ),
    ),
  );
}

/**
 * @param {Talk} talk
 * @param {State} state
 */
function preview(talk, state) {
  if (talk.drafts.length > 0) return h("span", { class: "chat-last busy" }, "writing an answer…");
  if (talk.action) return h("span", { class: "chat-last busy" }, `${actionText(talk.action)}…`);
  const last = talk.lastMessage;
  if (!last) return h("span", { class: "chat-last" }, "No messages yet");
  const who = state.isOwn(last)
    ? "You"
    : talk.chat.type !== "private" && last.from && fullName(last.from);
  return h(
    "span",
    { class: "chat-last", dir: "auto" },
    who && h("bdi", { class: "chat-who" }, `${who}: `),
    summary(last),
  );
}
