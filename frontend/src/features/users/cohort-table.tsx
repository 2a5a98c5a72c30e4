import clsx from "clsx";
import type {
  CohortCell,
  CohortMean,
  CohortRow,
  CohortSquare,
  Shade,
} from "@/features/users/prepare-cohorts.ts";
import { COHORT_WORDS } from "@/features/users/words.ts";
import { formatBucket, formatTick } from "@/lib/dates.ts";
import { formatInteger, formatValue } from "@/lib/format.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";

const ZONE = "UTC";

/** Each shade with the ink that can be read on it, in both themes. */
const SHADES: Record<Shade, string> = {
  0: "bg-(--heat-0) text-ink",
  1: "bg-(--heat-1) text-ink",
  2: "bg-(--heat-2) text-ink",
  3: "bg-(--heat-4) text-on-accent",
  4: "bg-(--heat-5) text-on-accent",
};
const PARTIAL = "border border-dashed border-line-strong text-ink-soft";
const CELL = "h-10 min-w-14 rounded-md px-1.5 text-center align-middle leading-tight";
const HEAD = "px-1.5 pb-1 text-xs font-normal whitespace-nowrap text-ink-soft";
const FIRST = "sticky left-0 z-10 bg-sheet pr-3 text-left font-normal whitespace-nowrap";

export function CohortTable({ square }: { square: CohortSquare }) {
  const words = useWords(COHORT_WORDS);
  const { later, note } = words.sizes[square.size];
  return (
    <>
      {/* biome-ignore lint/a11y: what scrolls has to be reachable with the keyboard, and is no landmark */}
      <div role="group" className="relative overflow-x-auto" tabIndex={0} aria-label={words.title}>
        <table className="border-separate border-spacing-0.5 text-sm">
          <caption className="sr-only">{note}</caption>
          <thead>
            <tr>
              <th scope="col" className={clsx(FIRST, "pb-1 text-xs text-ink-soft")}>
                {words.cohort}
              </th>
              <th scope="col" className={clsx(HEAD, "text-right")}>
                {words.size}
              </th>
              {square.offsets.map((offset) => (
                <th key={offset} scope="col" className={HEAD}>
                  {later(offset)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row" title={words.meanHint} className={clsx(FIRST, "font-medium")}>
                {words.mean}
              </th>
              <td />
              {square.means.map((mean) => (
                <Mean key={mean.offset} mean={mean} />
              ))}
            </tr>
            {square.rows.map((row) => (
              <Row key={row.start} row={row} square={square} />
            ))}
          </tbody>
        </table>
      </div>
      <Legend />
    </>
  );
}

function Row({ row, square }: { row: CohortRow; square: CohortSquare }) {
  const { language } = useLanguage();
  const words = useWords(COHORT_WORDS);
  const name = formatBucket(row.start, row.end, square.size, ZONE, language);
  return (
    <tr className="h-10">
      <th scope="row" className={FIRST}>
        <span className="hidden sm:inline">{name}</span>
        <span className="sm:hidden">
          {square.size === "month" ? name : formatTick(row.start, square.size, ZONE, language)}
        </span>
      </th>
      <td
        title={row.isPartial ? words.running : undefined}
        className={clsx("rounded-md px-1.5 text-right", row.isPartial && PARTIAL)}
      >
        {formatInteger(row.size, language)}
        {row.isPartial && <span className="sr-only">, {words.running}</span>}
      </td>
      {row.cells.map((cell) => (
        <Cell key={cell.offset} cell={cell} size={row.size} />
      ))}
    </tr>
  );
}

function Cell({ cell, size }: { cell: CohortCell; size: number }) {
  const { language } = useLanguage();
  const words = useWords(COHORT_WORDS);
  const share = formatValue(cell.share, "share", language);
  const people = words.people(cell.active, size);
  if (cell.share === null) return <td className={clsx(CELL, "text-ink-faint")}>{share}</td>;
  return (
    <td
      title={cell.isPartial ? `${people}: ${words.running}` : people}
      className={clsx(CELL, cell.isPartial ? PARTIAL : SHADES[cell.shade])}
    >
      <span className="block">{formatShare(cell.share, language)}</span>
      <span aria-hidden className="block text-[0.68rem]">
        {formatInteger(cell.active, language)}
      </span>
      <span className="sr-only">
        {people}
        {cell.isPartial && `, ${words.running}`}
      </span>
    </td>
  );
}

function Mean({ mean }: { mean: CohortMean }) {
  const { language } = useLanguage();
  const words = useWords(COHORT_WORDS);
  return (
    <td title={words.cohorts(mean.cohorts)} className={clsx(CELL, "font-medium")}>
      {mean.share === null
        ? formatValue(null, "share", language)
        : formatShare(mean.share, language)}
    </td>
  );
}

/** Whole percents: the count stands below them. */
function formatShare(share: number, language: "en" | "ru"): string {
  return formatValue(Math.round(share * 100) / 100, "share", language);
}

function Legend() {
  const words = useWords(COHORT_WORDS);
  const names: Record<Shade, string> = { 0: "0", 1: "< 25", 2: "< 50", 3: "< 75", 4: "≥ 75" };
  return (
    <div className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-2 text-xs text-ink-soft">
      <span>{words.legend}, %</span>
      <ul className="flex flex-wrap gap-2">
        {([0, 1, 2, 3, 4] as const).map((shade) => (
          <li key={shade} className="flex items-center gap-1">
            <span aria-hidden className={clsx("size-3.5 rounded-sm", SHADES[shade])} />
            {names[shade]}
          </li>
        ))}
      </ul>
      <span className="flex items-center gap-1.5">
        <span aria-hidden className={clsx("size-3.5 shrink-0 rounded-sm", PARTIAL)} />
        {words.running}
      </span>
    </div>
  );
}
