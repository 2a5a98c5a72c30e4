/** Building and updating elements. Text from people enters the page only as text nodes. */

/** @typedef {Node | string | null | undefined | false} Child */

/**
 * An element. A property that starts with "on" is a listener; `true` sets an empty attribute;
 * `undefined`, `null` and `false` set none.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, unknown>} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") {
      element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    } else if (value !== undefined && value !== null && value !== false) {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...children.filter(isNode));
  return element;
}

/** @type {(child: Child) => child is Node | string} */
const isNode = (child) => child instanceof Node || typeof child === "string";

/**
 * One drawing out of icons.svg.
 *
 * @param {string} name
 */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `/chat/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/**
 * The page's own element with this id.
 *
 * @template {HTMLElement} [E=HTMLElement]
 * @param {string} id
 * @returns {E}
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`index.html has no #${id}`);
  return /** @type {E} */ (element);
}

/** What a person did to an element on this page; an update from the server leaves it alone. */
const OWN_ATTRIBUTES = new Set(["data-revealed", "data-open"]);

/**
 * Makes `have` look like `want` by the fewest changes, so that focus, selection, revealed spoilers
 * and loaded images survive. Takes the nodes of `want`. Elements must not carry their own
 * listeners: containers listen for them.
 *
 * @param {Element} have
 * @param {Element | DocumentFragment} want
 */
export function reconcile(have, want) {
  if (want instanceof Element) copyAttributes(have, want);
  const children = [...want.childNodes];
  children.forEach((child, index) => {
    const current = have.childNodes[index];
    if (!current) have.append(child);
    else adjust(current, child);
  });
  while (have.childNodes.length > children.length) have.lastChild?.remove();
}

/**
 * @param {ChildNode} current
 * @param {ChildNode} next
 */
function adjust(current, next) {
  if (current instanceof Text && next instanceof Text) {
    if (current.data !== next.data) current.data = next.data;
  } else if (isSameElement(current, next)) {
    reconcile(/** @type {Element} */ (current), /** @type {Element} */ (next));
  } else {
    current.replaceWith(next);
  }
}

/** @type {(a: Node, b: Node) => boolean} */
const isSameElement = (a, b) =>
  a instanceof Element && b instanceof Element && a.tagName === b.tagName && key(a) === key(b);

/** @param {Element} element */
const key = (element) => element.getAttribute("data-key");

/**
 * @param {Element} have
 * @param {Element} want
 */
function copyAttributes(have, want) {
  for (const { name } of [...have.attributes]) {
    if (!want.hasAttribute(name) && !OWN_ATTRIBUTES.has(name)) have.removeAttribute(name);
  }
  for (const { name, value } of [...want.attributes]) {
    if (have.getAttribute(name) !== value) have.setAttribute(name, value);
  }
}
