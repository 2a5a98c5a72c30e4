/** The menu of the bot's commands that "/" opens above the text field. */

/** @import {Command} from "./wire" */
/** @import {State} from "./state.js" */

import { byId, h } from "./dom.js";

/**
 * @param {State} state
 * @param {HTMLTextAreaElement} field
 * @param {(text: string) => void} send
 */
export function mountCommands(state, field, send) {
  const list = byId("commands");
  /** @type {Command[]} */
  let matching = [];
  let selected = 0;

  list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", ({ target }) => {
    const index = [...list.children].findIndex((item) =>
      item.contains(/** @type {Node} */ (target)),
    );
    if (index >= 0) choose(index);
  });
  field.addEventListener("input", refresh);
  field.addEventListener("blur", close);

  function refresh() {
    const typed = /^\/(\w*)$/.exec(field.value)?.[1];
    const commands = state.bot?.commands ?? [];
    matching =
      typed === undefined ? [] : commands.filter(({ command }) => command.startsWith(typed));
    selected = 0;
    draw();
  }

  function close() {
    matching = [];
    draw();
  }

  function draw() {
    list.hidden = matching.length === 0;
    field.setAttribute("aria-expanded", String(!list.hidden));
    list.replaceChildren(...matching.map((command, index) => option(command, index === selected)));
    list.children[selected]?.scrollIntoView({ block: "nearest" });
    if (list.hidden) field.removeAttribute("aria-activedescendant");
    else field.setAttribute("aria-activedescendant", `command-${matching[selected]?.command}`);
  }

  /** @param {number} index */
  function choose(index) {
    const chosen = matching[index];
    close();
    if (!chosen) return;
    field.value = "";
    send(`/${chosen.command}`);
  }

  /**
   * Handles a key while the menu is open.
   *
   * @param {KeyboardEvent} event
   * @returns {boolean} whether the key was the menu's
   */
  function takesKey(event) {
    const act = list.hidden ? undefined : keys[event.key];
    act?.();
    if (act) event.preventDefault();
    return act !== undefined;
  }

  /** @type {Record<string, () => void>} */
  const keys = {
    ArrowDown: () => select(selected + 1),
    ArrowUp: () => select(selected - 1),
    Enter: () => choose(selected),
    Tab: () => {
      field.value = `/${matching[selected]?.command} `;
      close();
    },
    Escape: close,
  };

  /** @param {number} index */
  function select(index) {
    selected = (index + matching.length) % matching.length;
    draw();
  }

  return { takesKey, refresh };
}

/**
 * @param {Command} command
 * @param {boolean} isSelected
 */
const option = ({ command, description }, isSelected) =>
  h(
    "div",
    { role: "option", id: `command-${command}`, "aria-selected": String(isSelected) },
    h("b", {}, `/${command}`),
    h("span", { dir: "auto" }, description),
  );
