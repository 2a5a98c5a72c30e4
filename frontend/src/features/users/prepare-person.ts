import type { Overview, Person } from "@/api/types.ts";
import type { ChartSeries } from "@/charts/types.ts";
import { dayOf } from "@/lib/dates.ts";
import { addDays } from "@/lib/span.ts";

/** The API's longest window. */
const MAX_DAYS = 1100;

export type Days = { from: string; to: string };

/** The local days from the first question to the newest; of a longer life its end. */
export function lifeOf(person: Person, zone: string): Days | null {
  if (!person.last_seen) return null;
  const to = addDays(dayOf(person.last_seen, zone), 1);
  const first = dayOf(person.first_seen, zone);
  const earliest = addDays(to, -MAX_DAYS);
  return { from: first < earliest ? earliest : first, to };
}

export function isActive({ summary }: Overview): boolean {
  const { questions, answers } = summary.current;
  return Boolean(questions || answers);
}

const TONES = { questions: 1, answers: 2 } as const;

/** What the person asked and got, by bucket. */
export function prepareActivity(
  { activity }: Pick<Overview, "activity">,
  titleOf: (slug: keyof typeof TONES) => string,
): ChartSeries[] {
  return (["questions", "answers"] as const).map((slug) => ({
    id: slug,
    title: titleOf(slug),
    unit: "count",
    tone: TONES[slug],
    values: activity.map(({ values }) => values[slug] ?? null),
  }));
}
