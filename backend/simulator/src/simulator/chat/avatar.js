/** A coloured disc with initials. */

/** @import {Chat, User} from "./wire" */

import { h } from "./dom.js";
import { fullName } from "./format.js";

const TINTS = 8;

/** @param {User} user */
export const avatar = (user) => disc(fullName(user), user.color ?? user.id);

/** @param {Chat} chat */
export const groupAvatar = (chat) => disc(chat.title || "Group", chat.id);

/** Which of the tints this number takes. @param {number} number */
export const tint = (number) => Math.abs(number) % TINTS;

/**
 * @param {string} name
 * @param {number} number
 */
const disc = (name, number) =>
  h("span", { class: `avatar tint-${tint(number)}`, "aria-hidden": "true" }, initials(name));

const graphemes = new Intl.Segmenter();

/** The first letters of the first two words; an emoji is one letter. @param {string} name */
function initials(name) {
  const words = name.trim().split(/\s+/, 2);
  return words
    .map((word) => graphemes.segment(word)[Symbol.iterator]().next().value?.segment ?? "")
    .join("")
    .toUpperCase();
}
