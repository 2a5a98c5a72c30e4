/** A small menu beside whatever opened it, walked with the arrow keys. */

import { byId, h } from "./dom.js";

/** @typedef {{label: string, run: () => void, danger?: boolean}} Item */

/** From a pointer's edge, in pixels. */
const GAP = 4;
const menu = byId("menu");
/** @type {Item[]} */
let items = [];
/** @type {HTMLElement | null} where the focus goes back to */
let opener = null;

menu.addEventListener("click", ({ target }) => {
  const index = buttons().findIndex((button) => button.contains(/** @type {Node} */ (target)));
  if (index >= 0) choose(index);
});
menu.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Tab") menu.hidePopover();
  if (!step) return;
  event.preventDefault();
  const all = buttons();
  const at = all.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
  all.at((at + step) % all.length)?.focus();
});
menu.addEventListener("toggle", (event) => {
  if (/** @type {ToggleEvent} */ (event).newState === "closed")
    opener?.removeAttribute("aria-expanded");
});

/**
 * @param {HTMLElement} from the element that opens it, which takes the focus back
 * @param {Item[]} entries
 * @param {{x: number, y: number}} [point] where the pointer is, instead of below `from`
 */
export function openMenu(from, entries, point) {
  items = entries;
  opener = from;
  menu.replaceChildren(
    ...items.map(({ label, danger }) =>
      h("button", { type: "button", role: "menuitem", class: danger && "danger" }, label),
    ),
  );
  menu.showPopover();
  from.setAttribute("aria-expanded", "true");
  const { left, bottom } = from.getBoundingClientRect();
  moveTo(point ?? { x: left, y: bottom + GAP });
  buttons()[0]?.focus();
}

/** As near the point as the window allows. @param {{x: number, y: number}} point */
function moveTo({ x, y }) {
  const { offsetWidth, offsetHeight } = menu;
  menu.style.left = `${Math.max(GAP, Math.min(x, innerWidth - offsetWidth - GAP))}px`;
  menu.style.top = `${Math.max(GAP, Math.min(y, innerHeight - offsetHeight - GAP))}px`;
}

/** @param {number} index */
function choose(index) {
  menu.hidePopover();
  opener?.focus();
  items[index]?.run();
}

const buttons = () => [...menu.querySelectorAll("button")];
