/** Shows a text that arrives in bursts as one that flows. */

/** Whatever has arrived is on screen after about this long. */
const CATCH_UP_MS = 350;
const calm = matchMedia("(prefers-reduced-motion: reduce)");

export class Reveal {
  #target = "";
  #shown = 0;
  #isRunning = false;
  #lastFrame = 0;

  /** @param {(shown: string) => void} paint */
  constructor(paint) {
    this.paint = paint;
  }

  /** The text as it is now; what it has in common with the last one stays on screen. @param {string} text */
  push(text) {
    this.#shown = Math.min(this.#shown, commonLength(this.#target, text));
    this.#target = text;
    if (calm.matches || document.hidden) this.#shown = text.length;
    this.paint(this.#visible);
    if (this.#isRunning || this.#shown === text.length) return;
    this.#isRunning = true;
    this.#lastFrame = performance.now();
    requestAnimationFrame(this.#step);
  }

  /** @param {number} now */
  #step = (now) => {
    const left = this.#target.length - this.#shown;
    const share = Math.min((now - this.#lastFrame) / CATCH_UP_MS, 1);
    this.#shown += Math.min(Math.max(1, Math.ceil(left * share * 2)), left);
    this.#lastFrame = now;
    this.paint(this.#visible);
    this.#isRunning = this.#shown < this.#target.length;
    if (this.#isRunning) requestAnimationFrame(this.#step);
  };

  get #visible() {
    const isMidPair = isHighSurrogate(this.#target.charCodeAt(this.#shown - 1));
    return this.#target.slice(0, this.#shown - (isMidPair ? 1 : 0));
  }
}

/** @type {(a: string, b: string) => number} */
function commonLength(a, b) {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

/** @param {number} unit */
const isHighSurrogate = (unit) => unit >= 0xd800 && unit <= 0xdbff;
