import { type Breakdown, DICTIONARY, type Slug, type Window } from "@/api/types.ts";

const HOUR_MS = 3_600_000;
const DAYS = 7;
const HOURS = 24;
/** A week and a day: with an hour that a summer's end repeats, all hours have come. */
const ENOUGH = 8 * HOURS;

const WEEKDAYS = ["", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** All keys of an hour-of-week breakdown, Monday's first. */
export const HOUR_KEYS: readonly string[] = Array.from({ length: DAYS * HOURS }, (_, place) =>
  keyOf(Math.floor(place / HOURS) + 1, place % HOURS),
);

/**
 * A breakdown's slices by hour of week. An hour that has come and has no slice is zero if the metric
 * counts something; one that has not come, or lies outside of the window, is not known.
 */
export function hoursOf(
  window: Pick<Window, "start" | "end" | "as_of" | "timezone">,
  slices: Breakdown["slices"],
  slug: Slug,
): Record<string, number | null> {
  const known = new Map(slices.map(({ key, values }) => [key, values[slug] ?? null]));
  const come = hoursCome(window);
  const unsaid = DICTIONARY[slug].kind === "additive" ? 0 : null;
  return Object.fromEntries(
    HOUR_KEYS.map((key) => [key, known.get(key) ?? (come.has(key) ? unsaid : null)]),
  );
}

function hoursCome({
  start,
  end,
  as_of,
  timezone,
}: Pick<Window, "start" | "end" | "as_of" | "timezone">): Set<string> {
  const first = Date.parse(start);
  const last = Math.min(Date.parse(end), Date.parse(as_of));
  const count = Math.min(ENOUGH, Math.ceil((last - first) / HOUR_MS));
  const format = new Intl.DateTimeFormat("en", {
    timeZone: timezone,
    weekday: "short",
    hour: "2-digit",
    hourCycle: "h23",
  });
  return new Set(
    Array.from({ length: Math.max(0, count) }, (_, place) => {
      const parts = format.formatToParts(first + place * HOUR_MS);
      const part = (type: string) => parts.find((one) => one.type === type)?.value ?? "";
      return keyOf(WEEKDAYS.indexOf(part("weekday")), Number(part("hour")));
    }),
  );
}

function keyOf(day: number, hour: number): string {
  return `${day}-${String(hour).padStart(2, "0")}`;
}
