type Page = {
  total: number;
  is_total_exact?: boolean;
  next: string | null;
  window: { timezone: string };
};

export type Rows<Row> = {
  rows: Row[];
  total: number;
  /** If not, there are more than `total`. */
  isExact: boolean;
  zone: string;
  comes: number;
};

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
  const isExact = newest?.is_total_exact ?? true;
  const onPage = first ? rowsOf(first).length : 0;
  const rest = isExact ? Math.max(1, Math.min(total - rows.length, onPage)) : onPage;
  return {
    rows,
    total,
    isExact,
    zone: first?.window.timezone ?? "UTC",
    comes: newest?.next ? rest : 0,
  };
}
