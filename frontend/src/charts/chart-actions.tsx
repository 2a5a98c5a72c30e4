import { Download, ImageDown } from "lucide-react";
import { type RefObject, useState } from "react";
import type { Window } from "@/api/types.ts";
import { savePicture } from "@/charts/picture.ts";
import { dayOf, formatSpan, offsetOf } from "@/lib/dates.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";
import { buttonClass } from "@/ui/button.tsx";

const WORDS = {
  en: {
    csv: (name: string) => `${name}: all rows as CSV`,
    png: (name: string) => `${name}: the chart as a PNG picture`,
    failed: "This browser could not draw the picture.",
  },
  ru: {
    csv: (name: string) => `${name}: все строки в CSV`,
    png: (name: string) => `${name}: график картинкой PNG`,
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
  window: Pick<Window, "start" | "end" | "timezone"> | undefined;
  csv?: string;
  chart?: RefObject<SVGSVGElement | null>;
}) {
  const words = useWords(WORDS);
  const { language } = useLanguage();
  const [hasFailed, setHasFailed] = useState(false);
  const save = async () => {
    if (!(chart?.current && window)) return;
    const { start, end, timezone } = window;
    const zone = `${timezone} (${offsetOf(start, timezone)})`;
    const note = `Parley · ${formatSpan(start, end, timezone, language)} · ${zone}`;
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

function fileName(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "-");
}
