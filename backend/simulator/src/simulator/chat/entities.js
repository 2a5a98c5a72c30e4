/** Text with Telegram's entities as elements. Never markup: only text nodes and known elements. */

/** @import {Entity} from "./wire" */

import { h } from "./dom.js";
import { fullTime } from "./format.js";

/**
 * The text as nodes. Entities may nest and overlap; one that crosses the end of another is split
 * there.
 *
 * @param {string} text
 * @param {Entity[]} [entities]
 * @returns {DocumentFragment}
 */
export function renderText(text, entities = []) {
  const ordered = entities
    .map((entity) => clip(entity, 0, text.length))
    .filter((entity) => entity.length > 0)
    .sort(byPlace);
  const fragment = document.createDocumentFragment();
  fragment.append(...renderRange(text, 0, text.length, ordered));
  return fragment;
}

/**
 * @param {string} text
 * @param {number} start
 * @param {number} end
 * @param {Entity[]} entities within the range, by place
 * @returns {(Node | string)[]}
 */
function renderRange(text, start, end, entities) {
  /** @type {(Node | string)[]} */
  const nodes = [];
  const rest = [...entities];
  let at = start;
  let isAfterBlock = false;

  /** @type {(to: number, beforeBlock: boolean) => void} */
  const plainTo = (to, beforeBlock) => {
    const plain = trimAtBlocks(text.slice(at, to), isAfterBlock, beforeBlock);
    if (plain) nodes.push(plain);
  };
  for (let entity = rest.shift(); entity; entity = rest.shift()) {
    const isBlock = BLOCKS.has(entity.type);
    const stop = entity.offset + entity.length;
    plainTo(entity.offset, isBlock);
    const inner = rest.filter((other) => other.offset < stop);
    const later = rest
      .filter((other) => endOf(other) > stop)
      .map((other) => clip(other, stop, end));
    const content = renderRange(
      text,
      entity.offset,
      stop,
      inner.map((other) => clip(other, entity.offset, stop)),
    );
    nodes.push(element(entity, text.slice(entity.offset, stop), content));
    rest.splice(0, rest.length, ...later.sort(byPlace));
    at = stop;
    isAfterBlock = isBlock;
  }
  plainTo(end, false);
  return nodes;
}

/** The outer entity first, where two begin together. @type {(a: Entity, b: Entity) => number} */
const byPlace = (a, b) => a.offset - b.offset || b.length - a.length;

/** @param {Entity} entity */
const endOf = (entity) => entity.offset + entity.length;

/**
 * The part of the entity inside [from, to).
 *
 * @param {Entity} entity
 * @param {number} from
 * @param {number} to
 */
function clip(entity, from, to) {
  const offset = Math.min(Math.max(entity.offset, from), to);
  return { ...entity, offset, length: Math.max(Math.min(endOf(entity), to) - offset, 0) };
}

const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);

/**
 * A block begins and ends a line by itself: the line break beside it would show as an empty line.
 *
 * @type {(text: string, afterBlock: boolean, beforeBlock: boolean) => string}
 */
function trimAtBlocks(text, afterBlock, beforeBlock) {
  const tail = afterBlock && text.startsWith("\n") ? text.slice(1) : text;
  return beforeBlock && tail.endsWith("\n") ? tail.slice(0, -1) : tail;
}

/** @typedef {(entity: Entity, text: string, content: (Node | string)[]) => Node} Renderer */

/** @type {(tag: keyof HTMLElementTagNameMap, attributes?: Record<string, unknown>) => Renderer} */
const wrap = (tag, attributes) => (_entity, _text, content) => h(tag, attributes, ...content);

/** @type {Record<string, Renderer>} */
const RENDERERS = {
  bold: wrap("strong"),
  italic: wrap("em"),
  underline: wrap("u"),
  strikethrough: wrap("s"),
  code: wrap("code", { class: "code" }),
  blockquote: wrap("blockquote"),
  spoiler: wrap("span", {
    class: "spoiler",
    "data-action": "reveal",
    role: "button",
    tabindex: "0",
    title: "Show what is hidden",
  }),
  expandable_blockquote: (_entity, text, content) =>
    isLong(text)
      ? h(
          "blockquote",
          { class: "expandable" },
          h("div", { class: "folded" }, ...content),
          h("button", { type: "button", class: "quiet", "data-action": "expand" }, "Show all"),
        )
      : h("blockquote", {}, ...content),
  bot_command: (_entity, text, content) =>
    h(
      "button",
      { type: "button", class: "command", "data-action": "command", "data-value": text },
      ...content,
    ),
  custom_emoji: wrap("span", { class: "custom-emoji", title: "Custom emoji" }),
  date_time: (entity, _text, content) =>
    h(
      "time",
      {
        class: "date-time",
        datetime: entity.unix_time && new Date(entity.unix_time * 1000).toISOString(),
        title: entity.unix_time && fullTime(entity.unix_time),
      },
      ...content,
    ),
  pre: (entity, _text, content) =>
    h(
      "figure",
      { class: "pre" },
      h(
        "figcaption",
        {},
        h("span", {}, entity.language || "text"),
        h("button", { type: "button", class: "quiet", "data-action": "copy-code" }, "Copy"),
      ),
      h("pre", { tabindex: "0", dir: "ltr" }, h("code", {}, ...content)),
    ),
  text_link: (entity, _text, content) => link(entity.url ?? "", content),
  url: (_entity, text, content) => link(withScheme(text), content),
  email: (_entity, text, content) => link(`mailto:${text}`, content),
};

/** Longer than a folded quotation shows. @param {string} text */
const isLong = (text) => text.length > 200 || text.split("\n").length > 3;

/** @type {Renderer} */
function element(entity, text, content) {
  const renderer = Object.hasOwn(RENDERERS, entity.type) ? RENDERERS[entity.type] : undefined;
  return (renderer ?? wrap("span", { class: "mention" }))(entity, text, content);
}

const SAFE_PROTOCOLS = new Set(["http:", "https:", "tg:", "mailto:"]);

/**
 * A link that opens elsewhere, or plain text where the address is not one to follow.
 *
 * @param {string} address
 * @param {(Node | string)[]} content
 */
export function link(address, content) {
  const url = URL.parse(address);
  if (!url || !SAFE_PROTOCOLS.has(url.protocol)) return h("span", {}, ...content);
  return h(
    "a",
    { href: url.href, target: "_blank", rel: "noopener noreferrer nofollow", title: url.href },
    ...content,
  );
}

/** @param {string} text */
const withScheme = (text) => (/^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `https://${text}`);
