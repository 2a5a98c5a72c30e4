import { Info } from "lucide-react";
import type { ReactNode } from "react";
import { DICTIONARY, type Metric, type Slug, type Window } from "@/api/types.ts";
import { formatAge, formatMoment, formatSpan, offsetOf } from "@/lib/dates.ts";
import { formatValue } from "@/lib/format.ts";
import { useAge } from "@/lib/freshness.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";
import { useMetric } from "@/lib/metrics.ts";
import { EXPLAIN_WORDS } from "@/ui/explain-words.ts";
import { Popover } from "@/ui/popover.tsx";

/** What a number means, how it is counted, of which time it speaks and how old it is. */
export function Explain({
  slug,
  window,
  estimatedShare,
}: {
  slug: Slug;
  window: Window | undefined;
  /** Of a cost: which part is worked out from list prices. */
  estimatedShare?: number | null | undefined;
}) {
  const words = useWords(EXPLAIN_WORDS);
  const metric = useMetric()(slug);
  return (
    <Popover
      trigger={<Info size={14} aria-hidden />}
      triggerClass="no-print inline-grid size-6 min-h-[24px] min-w-[24px] shrink-0 place-items-center rounded-md text-ink-faint hover:bg-well hover:text-ink"
      label={words.open(metric.title)}
      sheetLabel={metric.title}
      sheetClass="w-80"
    >
      {() => <Explained metric={metric} window={window} estimatedShare={estimatedShare} />}
    </Popover>
  );
}

function Explained({
  metric,
  window,
  estimatedShare,
}: {
  metric: Metric;
  window: Window | undefined;
  estimatedShare: number | null | undefined;
}) {
  const words = useWords(EXPLAIN_WORDS);
  const { language } = useLanguage();
  const isCost = DICTIONARY[metric.slug as Slug].unit === "microdollars";
  return (
    <>
      <p className="font-semibold">{metric.title}</p>
      <p className="mt-1">{metric.definition}</p>
      <dl className="mt-2 space-y-1.5 border-t border-line pt-2 text-xs">
        <Fact name={words.unit}>{words.units[metric.unit]}</Fact>
        <Fact name={words.kind}>{words.kinds[metric.kind]}</Fact>
        {isCost && typeof estimatedShare === "number" && (
          <Fact name={words.estimated}>{formatValue(estimatedShare, "share", language)}</Fact>
        )}
        {window && <Times window={window} />}
      </dl>
    </>
  );
}

function Times({ window }: { window: Window }) {
  const words = useWords(EXPLAIN_WORDS);
  const { language } = useLanguage();
  const age = useAge(window);
  const { start, end, previous_start, previous_end, timezone, as_of } = window;
  return (
    <>
      <Fact name={words.window}>{formatSpan(start, end, timezone, language)}</Fact>
      {previous_start && previous_end && (
        <Fact name={words.compared}>
          {formatSpan(previous_start, previous_end, timezone, language)}
        </Fact>
      )}
      <Fact name={words.zone}>
        {timezone} ({offsetOf(start, timezone)})
      </Fact>
      <Fact name={words.asOf}>
        {formatMoment(as_of, timezone, language)} ({formatAge(age, language)})
      </Fact>
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[6.5rem_1fr] gap-2">
      <dt className="text-ink-soft">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
