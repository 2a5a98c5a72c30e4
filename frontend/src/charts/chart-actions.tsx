import { Download, ImageDown } from "lucide-react";
import { type RefObject, useState } from "react";
import type { Window } from "@/api/types.ts";
import { savePicture } from "@/charts/picture.ts";
import { dayOf, formatSpan, offsetOf } from "@/lib/dates.ts";
import { type Language, useLanguage, useWords } from "@/lib/language.tsx";
import { buttonClass } from "@/ui/button.tsx";

type Shown = Pick<Window, "start" | "end" | "timezone"> &
  Partial<Pick<Window, "previous_start" | "previous_end">>;

const WORDS = {
  en: {
    csv: (name: string) => `${name}: all rows as CSV`,
    png: (name: string) => `${name}: the chart as a PNG picture`,
    before: (span: string) => `before: ${span}`,
    failed: "This browser could not draw the picture.",
  },
  ru: {
    csv: (name: string) => `${name}: все строки в CSV`,
    png: (name: string) => `${name}: график картинкой PNG`,
    before: (span: string) => `раньше: ${span}`,
    failed: "Браузеру не удалось нарисовать картинку.",
  },
};

/** What may be taken away from a chart: its numbers, and its picture. */
export function ChartActions({
  name,
  window,
  csv,
  chart,
}: {
  name: string;
  window: Shown | undefined;
  csv?: string;
  chart?: RefObject<SVGSVGElement | null>;
}) {
  const words = useWords(WORDS);
  const { language } = useLanguage();
  const [hasFailed, setHasFailed] = useState(false);
  const save = async () => {
    if (!(chart?.current && window)) return;
    const { start, timezone } = window;
    const note = noteOf(window, language, chart.current.getAttribute("data-legend") ?? "");
    const file = `parley-${fileName(name)}-${dayOf(start, timezone)}.png`;
    const saving = savePicture(chart.current, { title: name, note }, file);
    setHasFailed(
      await saving.then(
        () => false,
        () => true,
      ),
    );
  };
  return (
    <>
      {hasFailed && (
        <span role="alert" className="text-xs text-bad">
          {words.failed}
        </span>
      )}
      {csv && (
        <a
          href={csv}
          download
          aria-label={words.csv(name)}
          title={words.csv(name)}
          className={buttonClass("quiet")}
        >
          <Download size={15} aria-hidden /> CSV
        </a>
      )}
      {chart && (
        <button
          type="button"
          aria-label={words.png(name)}
          title={words.png(name)}
          onClick={() => void save()}
          className={buttonClass("quiet")}
        >
          <ImageDown size={15} aria-hidden /> PNG
        </button>
      )}
    </>
  );
}

/** Of which time the picture speaks; `legend` tells whether the time before is drawn. */
function noteOf(window: Shown, language: Language, legend: string): string {
  const { start, end, previous_start, previous_end, timezone } = window;
  const span = (from: string, to: string) => formatSpan(from, to, timezone, language);
  const hasGhost = previous_start && previous_end && legend.includes("--series-ghost");
  return [
    "Parley",
    span(start, end),
    ...(hasGhost ? [WORDS[language].before(span(previous_start, previous_end))] : []),
    `${timezone} (${offsetOf(start, timezone)})`,
  ].join(" · ");
}

function fileName(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "-");
}
