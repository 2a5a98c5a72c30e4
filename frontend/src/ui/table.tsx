import clsx from "clsx";
import type { ReactNode } from "react";

export type Column<Row> = {
  id: string;
  title: ReactNode;
  cell: (row: Row) => ReactNode;
  /** Numbers stand to the right. */
  isNumber?: boolean;
  /** Left out where the window is narrow. */
  isExtra?: boolean;
  /** The rows stand in the order of this column, the largest first. */
  isOrder?: boolean;
};

/** Rows with a header for each column; the first column names the row. */
export function Table<Row>({
  caption,
  columns,
  rows,
  rowKey,
}: {
  caption: string;
  columns: Column<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string;
}) {
  return (
    // biome-ignore lint/a11y: what scrolls has to be reachable with the keyboard, and is no landmark
    <div role="group" className="relative overflow-x-auto" tabIndex={0} aria-label={caption}>
      <table className="w-full border-collapse text-sm">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr className="border-b border-line text-left text-xs text-ink-soft">
            {columns.map((column) => (
              <th
                key={column.id}
                scope="col"
                aria-sort={column.isOrder ? "descending" : undefined}
                className={cellClass(column)}
              >
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} className="border-b border-line last:border-0 hover:bg-well/60">
              {columns.map((column, place) =>
                place === 0 ? (
                  <th
                    key={column.id}
                    scope="row"
                    className={clsx(cellClass(column), "text-left font-medium")}
                  >
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.id} className={cellClass(column)}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function cellClass(column: { isNumber?: boolean; isExtra?: boolean }): string {
  return clsx(
    "px-2 py-1.5 font-normal first:pl-0 last:pr-0",
    column.isNumber && "text-right whitespace-nowrap",
    column.isExtra && "hidden md:table-cell",
  );
}
