const STAYS_MS = 5000;

/** Whether somebody is about to press something in a table: rows should not move under their hand. */
export class Hand {
  #seen = Number.NEGATIVE_INFINITY;

  get isOnRows(): boolean {
    return performance.now() - this.#seen < STAYS_MS;
  }

  watch(): void {
    for (const type of ["pointermove", "keydown"]) document.addEventListener(type, this.#look);
  }

  leave(): void {
    for (const type of ["pointermove", "keydown"]) document.removeEventListener(type, this.#look);
  }

  readonly #look = ({ target }: Event) => {
    if (target instanceof Element && target.closest("tbody")) this.#seen = performance.now();
  };
}
