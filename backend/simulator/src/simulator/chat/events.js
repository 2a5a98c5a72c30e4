/** The stream of server-sent events for one person, which comes back by itself. */

/** @import {ServerEvent} from "./wire" */

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 4000;

/** @typedef {{onOpen: () => Promise<void>, onEvent: (event: ServerEvent) => void, onLost: () => void}} Handlers */

/**
 * Listens until the returned function is called.
 *
 * `onOpen` runs at every (re)connection and fetches what was missed; events that arrive while it
 * runs wait for it, so that no older snapshot overwrites a newer event.
 *
 * @param {number} userId
 * @param {Handlers} handlers
 * @returns {() => void}
 */
export function listen(userId, handlers) {
  const stream = new Stream(`/people/events?user=${userId}`, handlers);
  stream.connect();
  return () => stream.end();
}

class Stream {
  #retryMs = FIRST_RETRY_MS;
  /** @type {EventSource | undefined} the connection that counts; events of an older one do not */
  #source;
  /** @type {number | undefined} */
  #timer;
  /** Events that wait for `onOpen`. @type {ServerEvent[] | null} */
  #waiting = null;

  /**
   * @param {string} url
   * @param {Handlers} handlers
   */
  constructor(url, handlers) {
    this.url = url;
    this.handlers = handlers;
  }

  connect() {
    const source = new EventSource(this.url);
    this.#source = source;
    this.#waiting = [];
    source.onopen = () => this.#catchUp(source);
    source.onmessage = ({ data }) => this.#take(JSON.parse(data));
    source.onerror = () => this.#lose(source);
  }

  end() {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = undefined;
  }

  /** @param {EventSource} source */
  async #catchUp(source) {
    try {
      await this.handlers.onOpen();
    } catch {
      this.#lose(source);
      return;
    }
    if (source !== this.#source) return;
    this.#retryMs = FIRST_RETRY_MS;
    this.#waiting?.forEach(this.handlers.onEvent);
    this.#waiting = null;
  }

  /** @param {ServerEvent} event */
  #take(event) {
    if (this.#waiting) this.#waiting.push(event);
    else this.handlers.onEvent(event);
  }

  /** @param {EventSource} source */
  #lose(source) {
    if (source !== this.#source) return;
    this.end();
    this.handlers.onLost();
    this.#timer = setTimeout(() => this.connect(), this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS);
  }
}
