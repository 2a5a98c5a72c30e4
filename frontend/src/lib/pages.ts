type Page = { total: number; next: string | null; window: { timezone: string } };

export type Rows<Row> = { rows: Row[]; total: number; zone: string; comes: number };

/**
 * The rows of all pages so far. A row that has moved down the order between two questions comes on
 * both pages, and is shown once; `comes` says how many the next page adds.
 */
export function preparePages<P extends Page, Row extends { id: string }>(
  pages: readonly P[],
  rowsOf: (page: P) => Row[],
): Rows<Row> {
  const rows = [...new Map(pages.flatMap(rowsOf).map((row) => [row.id, row])).values()];
  const [first, newest] = [pages[0], pages.at(-1)];
  const total = Math.max(rows.length, newest?.total ?? 0);
  const onPage = first ? rowsOf(first).length : 0;
  return {
    rows,
    total,
    zone: first?.window.timezone ?? "UTC",
    comes: newest?.next ? Math.max(1, Math.min(total - rows.length, onPage)) : 0,
  };
}
