import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answer, api } from "@/api/client.ts";
import { Problem } from "@/api/problem.ts";
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
/** Pages that were asked for are not asked for again all at once when the window gets the focus. */
const PAGES_FRESH_MS = 5 * 60_000;

export const peopleQuery = (view: View, sought: Sought) =>
  infiniteQueryOptions({
    queryKey: ["users", peopleAsked(view, sought)],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ signal, pageParam }) => {
      const query = { ...peopleAsked(view, sought), limit: ROWS, ...given({ cursor: pageParam }) };
      return answer(api.GET("/api/v1/users", { params: { query }, signal }));
    },
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: PAGES_FRESH_MS,
  });

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

export const personQuery = (id: string) =>
  queryOptions({
    queryKey: ["users", "one", id],
    queryFn: ({ signal }) =>
      answer(api.GET("/api/v1/users/{user_id}", { params: { path: { user_id: id } }, signal })),
  });

/** The view is of one person. */
export const personDialogsQuery = (view: View) =>
  infiniteQueryOptions({
    queryKey: ["users", "one", "dialogs", peopleAsked(view, {})],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ signal, pageParam }) => {
      const query = { ...peopleAsked(view, {}), limit: DIALOGS, ...given({ cursor: pageParam }) };
      return answer(api.GET("/api/v1/dialogs", { params: { query }, signal }));
    },
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: PAGES_FRESH_MS,
  });
