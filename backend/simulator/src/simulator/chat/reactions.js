/** What people think of a message: a row of small toggles below it. */

/** @import {Message, Reaction} from "./wire" */
/** @import {State} from "./state.js" */

import { setReaction } from "./api.js";
import { h } from "./dom.js";
import { tellError } from "./toast.js";

/** What is offered below the bot's messages, and how a screen reader calls it. */
const OFFERED = new Map([
  ["👍", "Like"],
  ["👎", "Dislike"],
]);

/**
 * The row, or `null` where there is nothing to show.
 *
 * @param {readonly Reaction[]} reactions to one message
 * @param {number} myId
 * @param {boolean} isOffered whether likes and dislikes are shown before anyone gave one
 */
export function renderReactions(reactions, myId, isOffered) {
  const given = reactions.flatMap(({ emoji }) => emoji);
  const kinds = new Set(isOffered ? [...OFFERED.keys(), ...given] : given);
  if (kinds.size === 0) return null;
  const mine = emojiOf(reactions, myId);
  const toggles = [...kinds].map((emoji) => {
    const count = given.filter((other) => other === emoji).length;
    return toggle(emoji, count, mine.includes(emoji));
  });
  return h("div", { class: "reactions", role: "group", "aria-label": "Reactions" }, ...toggles);
}

/** @type {(emoji: string, count: number, isMine: boolean) => HTMLElement} */
function toggle(emoji, count, isMine) {
  const name = OFFERED.get(emoji) ?? emoji;
  return h(
    "button",
    {
      type: "button",
      class: count > 0 ? "reaction given" : "reaction",
      "data-key": emoji,
      "data-action": "react",
      "data-value": emoji,
      "aria-pressed": String(isMine),
      "aria-label": count > 0 ? `${name}, ${count}` : name,
      title: OFFERED.get(emoji),
    },
    h("span", { class: "emoji" }, emoji),
    count > 1 && h("span", { class: "count" }, String(count)),
  );
}

/**
 * Gives this person's reaction, in the place of an earlier one, or takes it back.
 *
 * @param {State} state
 * @param {HTMLElement} button
 * @param {Message | undefined} message
 */
export async function react(state, button, message) {
  const { me, open: talk } = state;
  if (!me || !talk || !message || button.getAttribute("aria-busy")) return;
  const emoji = button.dataset.value ?? "";
  const isGiven = emojiOf(talk.reactionsTo(message.message_id), me.id).includes(emoji);
  button.setAttribute("aria-busy", "true");
  try {
    await setReaction(talk.chat.id, message.message_id, me.id, isGiven ? [] : [emoji]);
  } catch (error) {
    tellError(error);
  } finally {
    button.removeAttribute("aria-busy");
  }
}

/** @type {(reactions: readonly Reaction[], userId: number) => string[]} */
const emojiOf = (reactions, userId) =>
  reactions.find(({ user_id }) => user_id === userId)?.emoji ?? [];
