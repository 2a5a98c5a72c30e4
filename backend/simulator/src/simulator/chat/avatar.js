/** A coloured disc with initials. */

/** @import {Chat, User} from "./wire" */

import { h } from "./dom.js";
import { fullName } from "./format.js";

/** As many as chat.css has. */
const TINTS = 8;
/** The bot wears the page's own colour. */
const BOT_TINT = 3;

/** Which of the tints stands for the user. @param {User} user */
export const tintOf = ({ id, color, is_bot }) => (is_bot ? BOT_TINT : (color ?? id) % TINTS);

/** @param {User} user */
export const avatar = (user) => disc(fullName(user), tintOf(user));

/** @param {Chat} chat */
export const groupAvatar = ({ id, title }) => disc(title || "Group", Math.abs(id) % TINTS);

/**
 * @param {string} name
 * @param {number} tint
 */
const disc = (name, tint) =>
  h("span", { class: `avatar tint-${tint}`, "aria-hidden": "true" }, initials(name));

const graphemes = new Intl.Segmenter();

/** The first letters of the first two words; an emoji is one letter. @param {string} name */
function initials(name) {
  const words = name.trim().split(/\s+/, 2);
  return words
    .map((word) => graphemes.segment(word)[Symbol.iterator]().next().value?.segment ?? "")
    .join("")
    .toUpperCase();
}
