import clsx from "clsx";
import type { Stages as Prepared, Stage, StageName } from "@/features/dialogs/prepare-stages.ts";
import { FACT_WORDS } from "@/features/dialogs/turn-words.ts";
import { formatValue } from "@/lib/format.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";

const COLOURS: Record<StageName, string> = {
  queue: "fill-series-6",
  first_token: "fill-series-2",
  generation: "fill-series-1",
  delivery: "fill-series-3",
};

/** The stages of an answer after each other, as wide as they were long. */
export function Stages({ prepared: { stages, totalMs, isWhole } }: { prepared: Prepared }) {
  const words = useWords(FACT_WORDS);
  const { language } = useLanguage();
  const total = formatValue(totalMs, "milliseconds", language);
  return (
    <table className="w-full table-fixed">
      <caption className="sr-only">{words.timings}</caption>
      <tbody>
        {stages.map((stage) => (
          <Row key={stage.name} stage={stage} />
        ))}
      </tbody>
      {totalMs !== null && (
        <tfoot>
          <tr className="border-t border-line">
            <th scope="row" className="pt-1 text-left font-normal text-ink-soft">
              {words.total}
            </th>
            <td colSpan={2} className="pt-1 pl-2 text-right font-medium">
              {isWhole ? total : words.atLeast(total)}
            </td>
          </tr>
        </tfoot>
      )}
    </table>
  );
}

function Row({ stage }: { stage: Stage }) {
  const words = useWords(FACT_WORDS);
  const { language } = useLanguage();
  const percent = (share: number) => `${(share * 100).toFixed(2)}%`;
  return (
    <tr>
      <th scope="row" className="w-[6.4rem] py-0.5 pr-2 text-left font-normal text-ink-soft">
        {words.stages[stage.name]}
      </th>
      <td className="py-0.5">
        <svg aria-hidden width="100%" height="8" className="block rounded-sm bg-well">
          <rect
            x={percent(stage.start)}
            width={percent(stage.width)}
            height="8"
            rx="1.5"
            className={clsx(COLOURS[stage.name], stage.isVain && "opacity-60")}
          />
        </svg>
      </td>
      <td className="w-[5rem] py-0.5 pl-2 text-right">
        {formatValue(stage.ms, "milliseconds", language)}
        {stage.isVain && <span className="block text-ink-soft">{words.vain}</span>}
      </td>
    </tr>
  );
}
