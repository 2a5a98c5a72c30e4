import type { Window } from "@/api/types.ts";
import { beginsDay, dayOf } from "@/lib/dates.ts";
import { PERIODS, type Period, periodOf, type View, withPeriod, withSpan } from "@/lib/view.ts";

/** Spans of days, as people choose them and as the API takes them. Days are text: 2026-11-21. */

export type Days = { first: string; last: string };

const DAY_MS = 86_400_000;
const MAX_DAYS = 1100;
const EARLIEST = "2010-01-01";
const LENGTH: Record<Period, number> = { day: 1, week: 7, month: 30 };

export type WrongSpan = "missing" | "reversed" | "long" | "early";

/** Why these days cannot be asked about; null if they can. */
export function wrongIn({ first, last }: Days): WrongSpan | null {
  if (!first || !last) return "missing";
  if (first > last) return "reversed";
  if (first < EARLIEST) return "early";
  return daysBetween(first, last) + 1 > MAX_DAYS ? "long" : null;
}

/** People count the last day in; the API's `to` is the first moment outside. */
export function viewOf(view: View, { first, last }: Days): View {
  return withSpan(view, first, addDays(last, 1));
}

/** The days that a window touches, in its own zone. */
export function daysOf(window: Window): Days {
  return {
    first: dayOf(window.start, window.timezone),
    last: dayOf(justBefore(window.end), window.timezone),
  };
}

/** Spans that analysts ask for again and again, by the server's day. */
export function presets(today: string): Record<"yesterday" | "month" | "before" | "quarter", Days> {
  const yesterday = addDays(today, -1);
  const month = `${today.slice(0, 8)}01`;
  const endBefore = addDays(month, -1);
  return {
    yesterday: { first: yesterday, last: yesterday },
    month: { first: month, last: today },
    before: { first: `${endBefore.slice(0, 8)}01`, last: endBefore },
    quarter: { first: addDays(today, -89), last: today },
  };
}

/**
 * The view of the span of equal length just before (-1) or after (+1) the shown one; null where that
 * would lie in the future or before all time. Going back to now is the period again.
 */
export function stepped(view: View, window: Window, direction: -1 | 1): View | null {
  const next = isOfDays(window)
    ? stepDays(view, window, direction)
    : stepTime(view, window, direction);
  if (!next?.from || next.from < EARLIEST) return null;
  if (direction === -1) return next;
  if (Date.parse(window.end) > Date.parse(window.as_of)) return null;
  return endingNow(view, window) ?? next;
}

function stepDays(view: View, window: Window, direction: -1 | 1): View {
  const { first, last } = daysOf(window);
  const shift = direction * (daysBetween(first, last) + 1);
  return viewOf(view, { first: addDays(first, shift), last: addDays(last, shift) });
}

function stepTime(view: View, window: Window, direction: -1 | 1): View {
  const [start, end] = [Date.parse(window.start), Date.parse(window.end)];
  const shift = direction * (end - start);
  return withSpan(view, written(start + shift), written(end + shift));
}

/** The period that the next window would be, if it is one. */
function endingNow(view: View, window: Window): View | null {
  const days = (Date.parse(window.end) - Date.parse(window.start)) / DAY_MS;
  const period = PERIODS.find((one) => Math.abs(LENGTH[one] - days) < 0.05);
  const left = Date.parse(window.as_of) - Date.parse(window.end);
  const isNext = left < days * DAY_MS;
  return periodOf(view) === "custom" && period && isNext && fits(period, window)
    ? withPeriod(view, period)
    : null;
}

/** A day is the last 24 hours; weeks and months are of whole days, today among them. */
function fits(period: Period, window: Window): boolean {
  if (period === "day") return !isOfDays(window);
  const { first, last } = daysOf(window);
  const today = dayOf(window.as_of, window.timezone);
  return addDays(last, daysBetween(first, last) + 1) === today;
}

function isOfDays({ start, end, timezone }: Window): boolean {
  return beginsDay(start, timezone) && beginsDay(end, timezone);
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

function daysBetween(first: string, last: string): number {
  return Math.round((Date.parse(last) - Date.parse(first)) / DAY_MS);
}

function justBefore(moment: string): string {
  return new Date(Date.parse(moment) - 1).toISOString();
}

function written(moment: number): string {
  return new Date(moment).toISOString().replace(".000Z", "Z");
}
