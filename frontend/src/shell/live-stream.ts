/**
 * The server's news that numbers have changed. It reconnects by itself, rests while nobody sees the
 * page, and asks `onRefused` when the server does not want to talk: perhaps the session has ended.
 */
export type LiveState = "off" | "connecting" | "live" | "reconnecting" | "paused";

export const ADDRESS = "/api/v1/live";
const REFUSED_MS = 30_000;

export class LiveStream {
  #source: EventSource | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #state: LiveState = "off";
  readonly #on: { state: (state: LiveState) => void; news: () => void; refused: () => void };

  constructor(on: { state: (state: LiveState) => void; news: () => void; refused: () => void }) {
    this.#on = on;
  }

  start(): void {
    document.addEventListener("visibilitychange", this.#look);
    addEventListener("online", this.#look);
    this.#look();
  }

  stop(): void {
    document.removeEventListener("visibilitychange", this.#look);
    removeEventListener("online", this.#look);
    this.#close();
    this.#become("off");
  }

  readonly #look = () => {
    this.#close();
    if (document.hidden) this.#become("paused");
    else this.#connect();
  };

  #connect(): void {
    this.#become(this.#state === "off" || this.#state === "paused" ? "connecting" : "reconnecting");
    const source = new EventSource(ADDRESS);
    this.#source = source;
    source.addEventListener("open", () => this.#become("live"));
    source.addEventListener("stats", () => {
      this.#become("live");
      this.#on.news();
    });
    source.addEventListener("error", () => this.#fail(source));
  }

  /** A line that broke is mended by the browser; a refusal is final for it, and not for us. */
  #fail(source: EventSource): void {
    this.#become("reconnecting");
    if (source.readyState !== EventSource.CLOSED) return;
    this.#on.refused();
    this.#timer = setTimeout(this.#look, REFUSED_MS);
  }

  #close(): void {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
  }

  #become(state: LiveState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#on.state(state);
  }
}
