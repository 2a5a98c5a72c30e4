import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import type { ReactNode } from "react";
import type { Unit } from "@/api/types.ts";
import { prepareRanks, type Rank, type RankRow } from "@/charts/prepare-ranks.ts";
import { SWATCH } from "@/charts/tones.ts";
import type { Target, Tone } from "@/charts/types.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";
import { Name } from "@/ui/name.tsx";

const WORDS = {
  en: { some: (shown: string, total: string) => `${shown} of ${total} are shown` },
  ru: { some: (shown: string, total: string) => `Показано ${shown} из ${total}` },
};

export type RankedRow = RankRow & { note?: ReactNode; to?: Target };

/** Names by a value, in the order in which they are given; a row may lead to what is behind it. */
export function RankedBars({
  label,
  unit,
  rows,
  total,
  tone = 1,
}: {
  label: string;
  unit: Unit;
  rows: readonly RankedRow[];
  /** How many there are, shown or not. */
  total: number;
  tone?: Tone;
}) {
  const words = useWords(WORDS);
  const { language } = useLanguage();
  const { ranks, some } = prepareRanks(rows, unit, total, language);
  return (
    <>
      <ul aria-label={label} className="-my-1">
        {rows.map((row, place) => (
          <Row key={row.id} row={row} rank={ranks[place]} tone={tone} />
        ))}
      </ul>
      {some && <p className="mt-2 text-xs text-ink-soft">{words.some(some.shown, some.total)}</p>}
    </>
  );
}

function Row({ row, rank, tone }: { row: RankedRow; rank: Rank | undefined; tone: Tone }) {
  const inside = (
    <>
      <span className="flex items-baseline gap-3 text-sm">
        <Name className="min-w-0 flex-1 truncate">{row.title}</Name>
        <span className="font-medium">{rank?.value}</span>
        {rank?.share && <span className="w-14 text-right text-xs text-ink-soft">{rank.share}</span>}
      </span>
      <span aria-hidden className="mt-0.5 block h-1 overflow-hidden rounded-full bg-well">
        <span
          className={clsx("block h-full rounded-full", SWATCH[tone])}
          style={{ width: `${rank?.length ?? 0}%` }}
        />
      </span>
      {row.note && <span className="mt-0.5 block text-xs text-ink-soft">{row.note}</span>}
    </>
  );
  return (
    <li>
      {row.to ? (
        <Link {...row.to} className="-mx-2 block rounded-lg px-2 py-1 hover:bg-well">
          {inside}
        </Link>
      ) : (
        <div className="py-1">{inside}</div>
      )}
    </li>
  );
}
