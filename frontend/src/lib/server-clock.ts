/** What the server's clock shows, by the Date of its answers: this computer's may be off by a day. */
let offset = 0;

export function noteDate(date: string | null): void {
  const told = Date.parse(date ?? "");
  if (!Number.isNaN(told)) offset = told - clock();
}

export function serverNow(): number {
  return clock() + offset;
}

/** One that nobody sets while the page is open. */
function clock(): number {
  return performance.timeOrigin + performance.now();
}
