import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "@/api/client.ts";
import { Problem } from "@/api/problem.ts";
import { dialogsQuery, listQuery } from "@/api/queries.ts";
import type { Slug } from "@/api/types.ts";
import type { Order } from "@/features/users/orders.ts";
import { type CohortSize, cohortSizes } from "@/features/users/prepare-cohorts.ts";
import { askedOf, given, type View } from "@/lib/view.ts";

/** Which people are listed, besides the view. */
export type Sought = { search?: string | undefined; order?: Order | undefined };

/** Of those that the overview answers. */
export const PERSON_METRICS = [
  "questions",
  "answers",
  "tokens",
  "cost",
  "full_answer_p50",
  "feedback_score",
] as const satisfies readonly Slug[];

/** What of a person's models can be told by model. */
export const MODEL_METRICS = [
  "answers",
  "tokens",
  "cost",
  "cost_per_answer",
  "full_answer_p50",
] as const satisfies readonly Slug[];

export const PEOPLE_METRICS = [
  "active_users",
  "new_users",
  "returning_users",
  "resurrected_users",
  "stickiness",
  "retention",
] as const satisfies readonly Slug[];

const ROWS = 50;
const DIALOGS = 20;

export const peopleQuery = (view: View, sought: Sought) => {
  const asked = { ...peopleAsked(view, sought), limit: ROWS };
  return listQuery(["people", asked], (cursor, signal) =>
    answer(api.GET("/api/v1/users", { params: { query: { ...asked, ...cursor } }, signal })),
  );
};

/** What the list of people and its file are asked with. */
export function peopleAsked(view: View, { search, order }: Sought) {
  const { bucket: _bucket, ...asked } = askedOf({ ...view, compare: "none" });
  return { ...asked, ...given({ search, order }) };
}

/** Asks for larger cohorts where the square would have too many. */
export const cohortsQuery = (view: View) =>
  queryOptions({
    queryKey: ["stats", "cohorts", cohortsAsked(view), cohortSizes(view)],
    queryFn: ({ signal }) => squareOf(view, cohortSizes(view), signal),
  });

async function squareOf(view: View, [bucket, ...larger]: CohortSize[], signal: AbortSignal) {
  const query = { ...cohortsAsked(view), ...given({ bucket }) };
  try {
    return await answer(api.GET("/api/v1/stats/retention", { params: { query }, signal }));
  } catch (error) {
    const isTooLarge = error instanceof Problem && error.code === "too_many_cohorts";
    if (!isTooLarge || larger.length === 0) throw error;
    return squareOf(view, larger, signal);
  }
}

function cohortsAsked(view: View) {
  const { from, to, period, tz, bot } = view;
  const { compare: _compare, ...asked } = askedOf(given({ from, to, period, tz, bot }));
  return asked;
}

/** The view is of one person. */
export const personDialogsQuery = (view: View) =>
  dialogsQuery({ ...peopleAsked(view, {}), limit: DIALOGS });
