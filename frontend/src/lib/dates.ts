import { LOCALE } from "@/lib/format.ts";
import type { Language } from "@/lib/language.tsx";

export type BucketSize = "hour" | "day" | "week" | "month";

type Options = Intl.DateTimeFormatOptions;

const DAY: Options = { weekday: "short", day: "numeric", month: "short" };
const SHORT_DAY: Options = { day: "numeric", month: "short" };
const TIME: Options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

/** A moment in a zone, as people write it. */
export function formatMoment(iso: string, zone: string, language: Language): string {
  return written(iso, zone, language, { ...SHORT_DAY, year: "numeric", ...TIME });
}

export function formatDay(iso: string, zone: string, language: Language): string {
  return written(iso, zone, language, { ...SHORT_DAY, year: "numeric" });
}

export function formatTime(iso: string, zone: string, language: Language): string {
  return written(iso, zone, language, TIME);
}

/** The whole name of a bucket, for tooltips and for those who hear the page. */
export function formatBucket(
  start: string,
  end: string,
  size: BucketSize,
  zone: string,
  language: Language,
): string {
  if (size === "month") return written(start, zone, language, { month: "long", year: "numeric" });
  if (size === "week") return formatSpan(start, end, zone, language);
  if (size === "day") return written(start, zone, language, DAY);
  return `${written(start, zone, language, DAY)}, ${formatHour(start, end, zone, language)}`;
}

/** In the night in which clocks are put back, 02:00–02:00 would say nothing. */
function formatHour(start: string, end: string, zone: string, language: Language): string {
  const offsets = [offsetOf(start, zone), offsetOf(end, zone)];
  const marks = offsets[0] === offsets[1] ? ["", ""] : offsets.map((offset) => ` (${offset})`);
  return `${formatTime(start, zone, language)}${marks[0]}–${formatTime(end, zone, language)}${marks[1]}`;
}

/** A bucket's name below an axis. */
export function formatTick(
  start: string,
  size: BucketSize,
  zone: string,
  language: Language,
): string {
  if (size === "hour") return formatTime(start, zone, language);
  if (size === "month") return written(start, zone, language, { month: "short" });
  return written(start, zone, language, SHORT_DAY);
}

/** A half-open span by its first and last day, or by its hours if it holds parts of days. */
export function formatSpan(start: string, end: string, zone: string, language: Language): string {
  const isWhole = beginsDay(start, zone) && beginsDay(end, zone);
  const last = new Date(new Date(end).getTime() - (isWhole ? 1 : 0));
  const options: Options = isWhole ? { ...SHORT_DAY, year: "numeric" } : { ...SHORT_DAY, ...TIME };
  return formatOf(zone, language, options).formatRange(new Date(start), last);
}

/** "3 min ago" for an age in seconds. */
export function formatAge(seconds: number, language: Language): string {
  const words = relative(language);
  if (seconds < 90) return words.format(-Math.round(seconds), "second");
  if (seconds < 5400) return words.format(-Math.round(seconds / 60), "minute");
  if (seconds < 129_600) return words.format(-Math.round(seconds / 3600), "hour");
  return words.format(-Math.round(seconds / 86_400), "day");
}

/** Monday first, as in the keys of `hour_of_week`: 1 is Monday. */
export function weekdayNames(language: Language): string[] {
  const monday = Date.UTC(2026, 0, 5);
  const format = new Intl.DateTimeFormat(LOCALE[language], { weekday: "short", timeZone: "UTC" });
  return Array.from({ length: 7 }, (_, day) => format.format(monday + day * 86_400_000));
}

/** The local day of a moment in a zone, as the API writes days: 2026-11-21. */
export function dayOf(iso: string, zone: string): string {
  const parts = formatOf(zone, "en", {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).formatToParts(new Date(iso));
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}`;
}

/** Whether a local day begins then; in some zones one begins at one o'clock in spring. */
export function beginsDay(iso: string, zone: string): boolean {
  return dayOf(iso, zone) !== dayOf(new Date(Date.parse(iso) - 1).toISOString(), zone);
}

/** Difference of `zone` to UTC at a moment, as "UTC+1". */
export function offsetOf(iso: string, zone: string): string {
  const parts = formatOf(zone, "en", { timeZoneName: "shortOffset" }).formatToParts(new Date(iso));
  const name = parts.find((part) => part.type === "timeZoneName")?.value ?? "UTC";
  return name.replace("GMT", "UTC");
}

function written(iso: string, zone: string, language: Language, options: Options): string {
  return formatOf(zone, language, options).format(new Date(iso));
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string, language: Language, options: Options): Intl.DateTimeFormat {
  const key = `${zone} ${language} ${JSON.stringify(options)}`;
  const found = formats.get(key) ?? newFormat(zone, language, options);
  formats.set(key, found);
  return found;
}

/** An old browser may not know a zone that the server knows: UTC then, rather than no page. */
function newFormat(zone: string, language: Language, options: Options): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat(LOCALE[language], { ...options, timeZone: zone });
  } catch {
    return new Intl.DateTimeFormat(LOCALE[language], { ...options, timeZone: "UTC" });
  }
}

function relative(language: Language): Intl.RelativeTimeFormat {
  return new Intl.RelativeTimeFormat(LOCALE[language], { numeric: "auto", style: "short" });
}
