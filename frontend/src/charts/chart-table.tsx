import { memo } from "react";
import type { Readout } from "@/charts/prepare-readout.ts";
import { CHART_WORDS } from "@/charts/words.ts";
import { useWords } from "@/lib/language.tsx";

/** The same numbers for those who do not see the drawing. */
export const ChartTable = memo(function ChartTable({
  caption,
  readouts,
}: {
  caption: string;
  readouts: Readout[];
}) {
  const words = useWords(CHART_WORDS);
  return (
    <div className="sr-only">
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{words.time}</th>
            {readouts[0]?.rows.map((row) => (
              <th key={row.id} scope="col">
                {row.title}
              </th>
            ))}
            <th scope="col">{words.marks}</th>
          </tr>
        </thead>
        <tbody>
          {readouts.map(({ title, rows, notes, marks }, place) => (
            <tr key={place}>
              <th scope="row">{title}</th>
              {rows.map((row) => (
                <td key={row.id}>{row.value}</td>
              ))}
              <td>{[...notes, ...marks].join(". ")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
});
