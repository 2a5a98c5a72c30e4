import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "@/api/client.ts";
import { Problem } from "@/api/problem.ts";
import type { Dimension, Slug } from "@/api/types.ts";
import { askedOf, type View } from "@/lib/view.ts";

/** Each question to the API once: its key, and how it is asked. */

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
