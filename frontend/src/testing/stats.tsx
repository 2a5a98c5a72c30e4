import type { ReactNode } from "react";
import type { Values } from "@/api/types.ts";
import { type Answers, renderPages, stubApi } from "@/testing/page.tsx";
import { NOT_COMPARED, windowOf } from "@/testing/window.ts";

/** For tests of pages: statistics of two days, of which the second is under way. */

export const TWO_DAYS = windowOf({
  start: "2026-11-20T00:00:00Z",
  previous_start: "2026-11-13T00:00:00Z",
});

export const PATHS = {
  series: "/api/v1/stats/series",
  breakdown: "/api/v1/stats/breakdown",
  marks: "/api/v1/stats/marks",
};

/** As the API answers: those metrics that were asked for, of each bucket and of all. */
export function seriesOf(asked: URLSearchParams, numbers: Values) {
  const values = Object.fromEntries(
    asked.getAll("metric").map((slug) => [slug, numbers[slug as keyof Values] ?? null]),
  );
  const isCompared = asked.get("compare") !== "none";
  return {
    window: { ...TWO_DAYS, ...(isCompared ? {} : NOT_COMPARED) },
    total: { current: values, previous: isCompared ? values : null },
    buckets: ["2026-11-20", "2026-11-21"].map((day, place) => ({
      start: `${day}T00:00:00Z`,
      end: place === 0 ? "2026-11-21T00:00:00Z" : TWO_DAYS.end,
      is_partial: place === 1,
      values,
    })),
  };
}

/** The page of an address, beside a list of dialogs, on an API without releases and troubles. */
export function openStats(address: string, page: () => ReactNode, answers: Answers) {
  const asked = stubApi({ [PATHS.marks]: { window: TWO_DAYS, marks: [] }, ...answers });
  const { pathname } = new URL(address, location.origin);
  const { address: now } = renderPages(address, {
    [pathname]: page,
    "/dialogs": () => <p>some dialogs</p>,
  });
  return { asked, now };
}

/** Three days of people, and who of them came again. */
export const RETENTION = {
  start: "2026-11-19T00:00:00Z",
  end: "2026-11-22T00:00:00Z",
  bucket: "day",
  timezone: "UTC",
  cohorts: [
    { start: "2026-11-19T00:00:00Z", size: 8, active: [8, 2, 4] },
    { start: "2026-11-20T00:00:00Z", size: 4, active: [4, 3] },
    { start: "2026-11-21T00:00:00Z", size: 1, active: [1] },
  ],
};
