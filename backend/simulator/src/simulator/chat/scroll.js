/** Keeps the newest message in sight while the reader is at the bottom, and their place when not. */

/** At most this many pixels from the end count as "at the bottom". */
const BOTTOM_SLACK = 48;
/** Older messages are fetched when the top is this near, in pixels. */
const TOP_REACH = 400;

export class Scroll {
  isAtBottom = true;
  #lastTop = 0;

  /**
   * @param {HTMLElement} box what scrolls
   * @param {HTMLElement} content what grows inside it
   * @param {{onMove: () => void, onTop: () => void}} handlers
   */
  constructor(box, content, { onMove, onTop }) {
    this.box = box;
    box.addEventListener("scroll", () => {
      this.#follow();
      onMove();
      if (box.scrollTop < TOP_REACH) onTop();
    });
    const observer = new ResizeObserver(() => {
      if (this.isAtBottom) this.toBottom();
    });
    observer.observe(box);
    observer.observe(content);
  }

  /** Only a move upwards leaves the bottom: what grows below it must not. */
  #follow() {
    const { scrollTop, scrollHeight, clientHeight } = this.box;
    if (scrollHeight - scrollTop - clientHeight <= BOTTOM_SLACK) this.isAtBottom = true;
    else if (scrollTop < this.#lastTop) this.isAtBottom = false;
    this.#lastTop = scrollTop;
  }

  /** @param {ScrollBehavior} behavior */
  toBottom(behavior = "instant") {
    if (behavior === "instant") this.isAtBottom = true;
    this.box.scrollTo({ top: this.box.scrollHeight, behavior });
  }

  /** Runs `grow`, which adds rows at the top, and leaves what is on screen where it is. @param {() => void} grow */
  keepPlace(grow) {
    const fromTop = this.box.scrollHeight - this.box.scrollTop;
    this.box.style.overflowAnchor = "none";
    grow();
    this.box.scrollTop = this.box.scrollHeight - fromTop;
    this.box.style.overflowAnchor = "";
  }
}
