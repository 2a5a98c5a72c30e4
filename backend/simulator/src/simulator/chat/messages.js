/** One message, or one answer that is still being written, as a row of the conversation. */

/** @import {Button, Draft, Message, User} from "./wire" */

import { avatar, tintOf } from "./avatar.js";
import { h, icon } from "./dom.js";
import { link, renderText } from "./entities.js";
import { clock, fullName, fullTime, serviceText, summary } from "./format.js";
import { renderMedia } from "./media.js";

/**
 * How a message stands among its neighbours.
 *
 * @typedef {object} Place
 * @property {boolean} own this person wrote it
 * @property {boolean} first of its sender's group
 * @property {boolean} last of its sender's group
 * @property {boolean} named other people write here too, so it says who wrote it
 */

/**
 * @param {Message} message
 * @param {Place} place
 * @param {HTMLElement | null} reactions what people think of it
 */
export function renderMessage(message, place, reactions) {
  const service = serviceText(message);
  if (service) return h("li", { class: "service" }, h("span", { dir: "auto" }, service));
  const bubble = h(
    "article",
    { class: "bubble", "aria-label": `${senderName(message.from, place)}, ${clock(message.date)}` },
    place.named && !place.own && place.first && sender(message.from),
    message.reply_to_message && quote(message.reply_to_message),
    renderMedia(message),
    words(message),
  );
  return h(
    "li",
    { class: rowClass(place), "data-message-id": message.message_id },
    place.named && !place.own && side(message.from, place),
    h(
      "div",
      { class: "column" },
      h("div", { class: "line" }, bubble, menuButton()),
      keyboard(message.reply_markup?.inline_keyboard),
      reactions,
    ),
  );
}

/**
 * The row that a growing answer fills; its text comes from outside, frame by frame. It is built
 * like a message, so that the final message changes nothing but the cursor.
 *
 * @param {Draft} draft
 * @param {Place} place
 */
export function renderDraft(draft, place) {
  return h(
    "li",
    { class: `${rowClass(place)} draft`, "data-draft-id": draft.draft_id },
    h(
      "div",
      { class: "column" },
      h(
        "div",
        { class: "line" },
        h(
          "article",
          { class: "bubble", "aria-label": "Answer being written" },
          h("div", { class: "text", dir: "auto" }),
        ),
      ),
    ),
  );
}

/**
 * What a draft's bubble holds while its text is `shown`.
 *
 * @param {string} shown
 * @param {Draft} draft
 */
export function draftWords(shown, draft) {
  const now = Math.floor(Date.now() / 1000);
  const fragment = document.createDocumentFragment();
  if (shown === "") fragment.append(h("span", { class: "thinking" }, "Thinking…"));
  else fragment.append(renderText(shown, draft.entities), h("span", { class: "cursor" }));
  fragment.append(h("span", { class: "meta" }, clock(now)));
  return fragment;
}

/** @param {Place} place */
const rowClass = ({ own, first, last }) =>
  ["row", own ? "own" : "theirs", first && "first", last && "last"].filter(Boolean).join(" ");

/**
 * @param {User | undefined} user
 * @param {Place} place
 */
const senderName = (user, { own }) => (own ? "You" : user ? fullName(user) : "Someone");

/** @param {User | undefined} user */
const sender = (user) =>
  user && h("header", { class: `sender tint-${tintOf(user)}`, dir: "auto" }, fullName(user));

/**
 * @param {User | undefined} user
 * @param {Place} place
 */
const side = (user, place) =>
  h("div", { class: "side-avatar" }, place.last && user && avatar(user));

/** @param {Message} message */
function quote(message) {
  return h(
    "button",
    { type: "button", class: "quote", "data-action": "jump", "data-value": message.message_id },
    h("b", { dir: "auto" }, message.from ? fullName(message.from) : "Message"),
    h("span", { dir: "auto" }, summary(message)),
  );
}

/** @param {Message} message */
function words(message) {
  const text = message.text ?? message.caption ?? "";
  const entities = message.entities ?? message.caption_entities;
  const size = isEmojiOnly(text) ? " large" : "";
  return h("div", { class: `text${size}`, dir: "auto" }, renderText(text, entities), meta(message));
}

/** One to three emoji and nothing else. @param {string} text */
const isEmojiOnly = (text) => text.length <= 30 && /^\p{RGI_Emoji}{1,3}$/v.test(text);

/** @param {Message} message */
const meta = (message) =>
  h(
    "span",
    { class: "meta", dir: "ltr" },
    message.edit_date !== undefined &&
      h("span", { class: "edited", title: fullTime(message.edit_date) }, "edited "),
    h(
      "time",
      { datetime: new Date(message.date * 1000).toISOString(), title: fullTime(message.date) },
      clock(message.date),
    ),
  );

const menuButton = () =>
  h(
    "button",
    {
      type: "button",
      class: "row-menu",
      "data-action": "menu",
      "aria-label": "Message actions",
      "aria-haspopup": "menu",
    },
    icon("more"),
  );

/** @param {Button[][] | undefined} rows */
const keyboard = (rows) =>
  rows &&
  rows.length > 0 &&
  h("div", { class: "keyboard" }, ...rows.map((row) => h("div", {}, ...row.map(keyboardButton))));

const STYLES = new Set(["danger", "success", "primary", "link"]);

/** @param {Button} button */
function keyboardButton({ text, style, url, callback_data, copy_text, disabled }) {
  const kind = style && STYLES.has(style) ? ` ${style}` : "";
  if (url && !disabled) {
    const anchor = link(url, [text, icon("out")]);
    anchor.className = `key${kind}`;
    return anchor;
  }
  const action = copy_text ? "copy" : callback_data !== undefined ? "press" : undefined;
  return h(
    "button",
    {
      type: "button",
      class: `key${kind}`,
      disabled: disabled !== undefined || action === undefined,
      "data-action": action,
      "data-value": copy_text?.text ?? callback_data,
      dir: "auto",
    },
    text,
    copy_text && icon("copy"),
  );
}
