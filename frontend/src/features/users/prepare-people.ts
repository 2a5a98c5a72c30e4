import type { UserRow } from "@/api/types.ts";

type Page = { users: UserRow[]; total: number; next: string | null; window: { timezone: string } };

export type People = { rows: UserRow[]; total: number; zone: string; comes: number };

/**
 * The rows of all pages so far. Who has moved down the order between two questions comes on both
 * pages, and is shown once; `comes` says how many the next page adds.
 */
export function preparePeople(pages: readonly Page[]): People {
  const rows = [
    ...new Map(pages.flatMap(({ users }) => users.map((row) => [row.id, row]))).values(),
  ];
  const newest = pages.at(-1);
  const left = Math.max(0, (newest?.total ?? 0) - rows.length);
  return {
    rows,
    total: Math.max(rows.length, newest?.total ?? 0),
    zone: pages[0]?.window.timezone ?? "UTC",
    comes: newest?.next ? Math.max(1, Math.min(left, pages[0]?.users.length ?? 0)) : 0,
  };
}
