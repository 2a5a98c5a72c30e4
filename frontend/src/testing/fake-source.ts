/** An EventSource that says what it is told to say. */
export class FakeSource extends EventTarget {
  static readonly CLOSED = 2;
  static all: FakeSource[] = [];

  static get last(): FakeSource {
    const last = FakeSource.all.at(-1);
    if (!last) throw new Error("Nobody has asked for events.");
    return last;
  }

  readyState = 0;
  readonly url: string;

  constructor(url: string) {
    super();
    this.url = url;
    FakeSource.all.push(this);
  }

  close(): void {
    this.readyState = FakeSource.CLOSED;
  }

  tell(type: string): void {
    this.dispatchEvent(new Event(type));
  }
}
