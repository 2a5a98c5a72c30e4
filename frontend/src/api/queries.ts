import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answer, api } from "@/api/client.ts";
import { Problem } from "@/api/problem.ts";
import type { paths } from "@/api/schema.d.ts";
import type { Dimension, Slug } from "@/api/types.ts";
import { askedOf, given, type View } from "@/lib/view.ts";

/**
 * Each question to the API once: its key, and how it is asked. Live mode follows "stats" and "list".
 */

/** Pages that were asked for are not asked for again all at once when the window gets the focus. */
const PAGES_FRESH_MS = 5 * 60_000;

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async ({ signal }) => {
    try {
      return await answer(api.GET("/api/v1/auth/me", { signal }));
    } catch (error) {
      if (error instanceof Problem && error.kind === "signed_out") return null;
      throw error;
    }
  },
  staleTime: 5 * 60_000,
});

export const overviewQuery = (view: View) =>
  queryOptions({
    queryKey: ["stats", "overview", view],
    queryFn: ({ signal }) =>
      answer(api.GET("/api/v1/stats", { params: { query: askedOf(view) }, signal })),
  });

export const seriesQuery = (view: View, metric: Slug[]) =>
  queryOptions({
    queryKey: ["stats", "series", view, metric],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/v1/stats/series", {
          params: { query: { ...askedOf(view), metric } },
          signal,
        }),
      ),
  });

export const breakdownQuery = (view: View, by: Dimension, metric: Slug[], limit = 50) =>
  queryOptions({
    queryKey: ["stats", "breakdown", view, by, metric, limit],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/v1/stats/breakdown", {
          params: { query: { ...askedOf(view), metric, by, limit } },
          signal,
        }),
      ),
  });

const NAMES_FRESH_MS = 10 * 60_000;

/** Names of bots by their ids. */
export const botsQuery = queryOptions({
  queryKey: ["bots"],
  queryFn: async ({ signal }) => {
    const { bots } = await answer(api.GET("/api/v1/system", { signal }));
    return Object.fromEntries(bots.map((bot) => [String(bot.id), bot.username]));
  },
  staleTime: NAMES_FRESH_MS,
});

export const personQuery = (id: string) =>
  queryOptions({
    queryKey: ["stats", "person", id],
    queryFn: ({ signal }) =>
      answer(api.GET("/api/v1/users/{user_id}", { params: { path: { user_id: id } }, signal })),
  });

type DialogsAsked = NonNullable<paths["/api/v1/dialogs"]["get"]["parameters"]["query"]>;

export const dialogsQuery = (asked: DialogsAsked) =>
  listQuery(["dialogs", asked], (cursor, signal) =>
    answer(api.GET("/api/v1/dialogs", { params: { query: { ...asked, ...cursor } }, signal })),
  );

/** A list that comes page by page: `ask` is told where the last page ended. */
export function listQuery<Page extends { next: string | null }>(
  key: readonly unknown[],
  ask: (cursor: { cursor?: string }, signal: AbortSignal) => Promise<Page>,
) {
  return infiniteQueryOptions({
    queryKey: ["list", ...key],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ signal, pageParam }) => ask(given({ cursor: pageParam }), signal),
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: PAGES_FRESH_MS,
  });
}
