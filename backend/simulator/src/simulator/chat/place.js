/** The address says who is at the screen and which chat is open, so two tabs can be two people. */

/** @typedef {{user: number | null, chat: number | null}} Place */

/** @returns {Place} */
export function currentPlace() {
  const words = new URLSearchParams(location.hash.slice(1));
  return { user: wholeNumber(words.get("user")), chat: wholeNumber(words.get("chat")) };
}

/** @param {string | null} word */
const wholeNumber = (word) => (word && /^-?\d{1,15}$/.test(word) ? Number(word) : null);

/**
 * @param {number} user
 * @param {number} [chat]
 */
export const placeUrl = (user, chat) => `#user=${user}${chat === undefined ? "" : `&chat=${chat}`}`;

/** Goes there without a step in the browser's history. @type {(user: number, chat?: number) => void} */
export const settleAt = (user, chat) => history.replaceState(null, "", placeUrl(user, chat));
