import * as v from "valibot";

/**
 * What is looked at: a window of time, what it is compared with, and filters. The address holds it,
 * in the API's own words, so that a link shows the same to whoever opens it.
 */
export type View = v.InferOutput<typeof View>;
export type Period = (typeof PERIODS)[number];
export type Compare = (typeof COMPARES)[number];
export type Filter = (typeof FILTERS)[number];

export const PERIODS = ["day", "week", "month"] as const;
export const COMPARES = ["weekday", "previous", "none"] as const;
export const BUCKETS = ["hour", "day", "week", "month"] as const;
export const FILTERS = ["bot", "model", "language", "user"] as const;
export const DEFAULT_PERIOD: Period = "week";
export const DEFAULT_COMPARE: Compare = "weekday";
const DAY_MS = 86_400_000;

const Moment = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d))?$/),
  v.check(isDate),
);

export const View = v.object({
  period: v.optional(v.picklist(PERIODS)),
  from: v.optional(Moment),
  to: v.optional(Moment),
  tz: v.optional(v.pipe(v.string(), v.maxLength(60), v.check(isZone))),
  compare: v.optional(v.picklist(COMPARES)),
  bucket: v.optional(v.picklist(BUCKETS)),
  bot: v.optional(v.pipe(v.string(), v.regex(/^[1-9]\d{0,17}$/))),
  model: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(200))),
  language: v.optional(v.pipe(v.string(), v.regex(/^[a-z]{2,8}$/))),
  user: v.optional(v.pipe(v.string(), v.uuid())),
});

type Shape = v.ObjectEntries;

/** What an address says in the words of `entries`; words that are nonsense are left out. */
export function readSearch<E extends Shape>(
  entries: E,
  search: Record<string, unknown>,
): v.InferOutput<v.ObjectSchema<E, undefined>> {
  const good = Object.entries(entries).flatMap(([name, schema]) => {
    const read = v.safeParse(schema, search[name]);
    return read.success && read.output !== undefined ? [[name, read.output]] : [];
  });
  return Object.fromEntries(good);
}

/** A view is a period or two ends, never half of that. */
export function readView(search: Record<string, unknown>): View {
  const view = readSearch(View.entries, search);
  const { from, to, period, ...rest } = view;
  if (from && to && isBefore(from, to)) return { ...rest, from, to };
  return period && period !== DEFAULT_PERIOD ? { ...rest, period } : rest;
}

/**
 * For a route's `validateSearch`: the router lets pass what is not overwritten, so a word that was
 * not understood is there and undefined.
 */
export function validView(search: Record<string, unknown>): View {
  return { ...blank(View.entries), ...readView(search) };
}

/** The same for the words that one page has of its own. */
export function validSearch<E extends Shape>(
  entries: E,
  search: Record<string, unknown>,
): v.InferOutput<v.ObjectSchema<E, undefined>> {
  return { ...blank(entries), ...readSearch(entries, search) };
}

/** Of an address, the words that its page does not understand, for a notice. */
export function nonsense(search: Record<string, unknown>, understood: object): string[] {
  return Object.entries(search)
    .filter(([name, value]) => !isDefault(name, value) && field(understood, name) === undefined)
    .map(([name, value]) => `${name}=${value}`);
}

/** The parameters that the API's questions share. */
export function askedOf(view: View) {
  const { period, from, to, tz, compare, bucket, bot, model, language, user } = view;
  const time = from && to ? { from, to } : { period: period ?? DEFAULT_PERIOD };
  return {
    ...time,
    compare: compare ?? DEFAULT_COMPARE,
    ...given({ tz, bucket, model, language, user }),
    ...(bot ? { bot: Number(bot) } : {}),
  };
}

export function periodOf(view: View): Period | "custom" {
  return view.from && view.to ? "custom" : (view.period ?? DEFAULT_PERIOD);
}

export function withPeriod(view: View, period: Period): View {
  const { from: _from, to: _to, bucket: _bucket, ...rest } = view;
  return { ...rest, period };
}

export function withSpan(view: View, from: string, to: string): View {
  const { period: _period, bucket: _bucket, ...rest } = view;
  return { ...rest, from, to };
}

export function withFilter(view: View, filter: Filter, value: string | undefined): View {
  const { [filter]: _old, ...rest } = view;
  return value === undefined ? rest : { ...rest, [filter]: value };
}

export function withoutFilters(view: View): View {
  return FILTERS.reduce((left, filter) => withFilter(left, filter, undefined), view);
}

/** The view without the filters that a question does not take, and which those were. */
export function withOnly(view: View, taken: readonly Filter[]): [View, left: Filter[]] {
  const left = FILTERS.filter((filter) => view[filter] !== undefined && !taken.includes(filter));
  return [left.reduce((less, filter) => withFilter(less, filter, undefined), view), left];
}

/** X on the keyboard: between no comparison and the one with the same weekdays. */
export function withCompareToggled(view: View): View {
  return { ...view, compare: view.compare === "none" ? DEFAULT_COMPARE : "none" };
}

function blank(entries: Shape): Record<string, undefined> {
  return Object.fromEntries(Object.keys(entries).map((name) => [name, undefined]));
}

function isDefault(name: string, value: unknown): boolean {
  return name === "period" && value === DEFAULT_PERIOD;
}

function field(of: object, name: string): unknown {
  return Object.hasOwn(of, name) ? of[name as keyof typeof of] : undefined;
}

/** 2026-02-30 has the form of a day and is none. */
function isDate(moment: string): boolean {
  const day = new Date(moment.slice(0, 10));
  return !Number.isNaN(Date.parse(moment)) && day.toJSON().startsWith(moment.slice(0, 10));
}

/** A day's moment depends on a zone; where that could matter, the API decides. */
function isBefore(from: string, to: string): boolean {
  const slack = from.includes("T") === to.includes("T") ? 0 : DAY_MS;
  return Date.parse(from) < Date.parse(to) + slack;
}

export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Fields that have a value. */
export function given<T extends Record<string, unknown>>(
  fields: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as never;
}
