/** A chart as a picture that stands for itself: with its title, what its colours mean, and when. */

export type Caption = { title: string; note: string };
type StyleOf = (element: Element) => Pick<CSSStyleDeclaration, "getPropertyValue">;

const SVG = "http://www.w3.org/2000/svg";
const SCALE = 2;
const EDGE = 20;
const LETTER = 12;
const SWATCH = 10;
const GAP = 18;
const INLINED = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-opacity",
  "stroke-dasharray",
  "stroke-linecap",
  "stroke-linejoin",
  "opacity",
  "font-size",
  "font-weight",
  "text-anchor",
];
const FACE = "Onest, system-ui, 'Segoe UI', 'Helvetica Neue', sans-serif";

/** Saves the chart as a PNG of twice its size, in the colours in which it is shown. */
export async function savePicture(svg: SVGSVGElement, caption: Caption, file: string) {
  const drawn = composePicture(svg, caption);
  const canvas = document.createElement("canvas");
  canvas.width = Number(drawn.getAttribute("width")) * SCALE;
  canvas.height = Number(drawn.getAttribute("height")) * SCALE;
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(written(drawn))}`;
  await image.decode();
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const link = document.createElement("a");
  link.href = canvas.toDataURL("image/png");
  link.download = file;
  link.click();
}

export function written(svg: SVGSVGElement): string {
  return new XMLSerializer().serializeToString(svg);
}

/** The chart between its title above and its legend and note below, without need of a style sheet. */
export function composePicture(
  svg: SVGSVGElement,
  { title, note }: Caption,
  styleOf: StyleOf = getComputedStyle,
): SVGSVGElement {
  const width = Number(svg.getAttribute("width"));
  const height = Number(svg.getAttribute("height"));
  const colour = (name: string) =>
    styleOf(document.documentElement).getPropertyValue(name).trim() || "#777";
  const head = EDGE + LETTER * 2;
  const legend = legendOf(svg, colour, width);
  const foot = head + height + LETTER;
  const total = foot + legend.height + LETTER + EDGE;
  const picture = element("svg", { xmlns: SVG, width: width + 2 * EDGE, height: total });
  picture.setAttribute("viewBox", `0 0 ${width + 2 * EDGE} ${total}`);
  picture.setAttribute("font-family", FACE);
  const plot = inlined(svg, styleOf);
  place(plot, EDGE, head);
  place(legend.group, EDGE, foot);
  picture.append(
    element("rect", { width: "100%", height: "100%", fill: colour("--sheet") }),
    text(title, EDGE, EDGE + LETTER, {
      fill: colour("--ink"),
      "font-size": 15,
      "font-weight": 600,
    }),
    plot,
    legend.group,
    text(note, EDGE, total - EDGE + LETTER / 3, {
      fill: colour("--ink-soft"),
      "font-size": LETTER,
    }),
  );
  return picture as SVGSVGElement;
}

/** A copy in which every colour and stroke is an attribute. */
function inlined(svg: SVGSVGElement, styleOf: StyleOf): SVGSVGElement {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const originals = [svg, ...svg.querySelectorAll("*")];
  const copies = [copy, ...copy.querySelectorAll("*")];
  originals.forEach((original, at) => {
    const twin = copies[at];
    const style = styleOf(original);
    for (const name of INLINED) {
      const value = style.getPropertyValue(name);
      const isPattern = original.getAttribute(name)?.startsWith("url(");
      if (value && !isPattern) twin?.setAttribute(name, value);
    }
    for (const name of ["class", "style", "data-legend", "aria-hidden"])
      twin?.removeAttribute(name);
  });
  return copy;
}

/** Names with their colours, in as many lines as they need. */
function legendOf(svg: SVGSVGElement, colour: (name: string) => string, width: number) {
  const group = element("g", { "font-size": LETTER });
  let [x, y] = [0, 0];
  for (const [title, name] of legendItems(svg)) {
    const room = SWATCH + 6 + title.length * LETTER * 0.58 + GAP;
    if (x > 0 && x + room > width) [x, y] = [0, y + LETTER * 1.6];
    group.append(
      element("rect", { x, y: y + 1, width: SWATCH, height: SWATCH, rx: 2, fill: colour(name) }),
      text(title, x + SWATCH + 6, y + SWATCH, { fill: colour("--ink") }),
    );
    x += room;
  }
  return { group, height: x > 0 ? y + LETTER * 2 : 0 };
}

function legendItems(svg: SVGSVGElement): [title: string, colour: string][] {
  return JSON.parse(svg.getAttribute("data-legend") ?? "[]");
}

function place(what: Element, x: number, y: number): void {
  if (what.tagName === "g") what.setAttribute("transform", `translate(${x} ${y})`);
  what.setAttribute("x", String(x));
  what.setAttribute("y", String(y));
}

function text(words: string, x: number, y: number, attributes: Record<string, string | number>) {
  const made = element("text", { x, y, ...attributes });
  made.textContent = words;
  return made;
}

function element(name: string, attributes: Record<string, string | number>): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key !== "xmlns") made.setAttribute(key, String(value));
  }
  return made;
}
