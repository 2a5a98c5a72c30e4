import type { Unit } from "@/api/types.ts";
import type { Value } from "@/charts/types.ts";
import { formatInteger, formatValue } from "@/lib/format.ts";
import type { Language } from "@/lib/language.tsx";

export type RankRow = { id: string; title: string; value: Value; share?: Value };
/** `length` in percent of the longest bar. */
export type Rank = { length: number; value: string; share: string | null };

const SHORTEST = 0.8;

export function prepareRanks(
  rows: readonly RankRow[],
  unit: Unit,
  total: number,
  language: Language,
): { ranks: Rank[]; some: { shown: string; total: string } | null } {
  const longest = Math.max(0, ...rows.map(({ value }) => value ?? 0));
  return {
    ranks: rows.map(({ value, share }) => ({
      length: value && longest ? Math.max(SHORTEST, (value / longest) * 100) : 0,
      value: formatValue(value, unit, language, "short"),
      share: typeof share === "number" ? formatValue(share, "share", language) : null,
    })),
    some:
      rows.length < total
        ? { shown: formatInteger(rows.length, language), total: formatInteger(total, language) }
        : null,
  };
}
