import type { Window } from "@/api/types.ts";

/** The week up to 21 November 2026, of which the last day is under way; or another window like it. */
export const windowOf = (more: Partial<Window> = {}): Window => ({
  start: "2026-11-15T00:00:00Z",
  end: "2026-11-22T00:00:00Z",
  previous_start: "2026-11-08T00:00:00Z",
  previous_end: "2026-11-14T10:00:00Z",
  timezone: "UTC",
  bucket: "day",
  as_of: "2026-11-21T09:30:00Z",
  ...more,
});

/** With none before it. */
export const NOT_COMPARED = { previous_start: null, previous_end: null };
