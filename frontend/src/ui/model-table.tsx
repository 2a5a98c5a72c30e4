import { Link } from "@tanstack/react-router";
import type { Breakdown, Slug } from "@/api/types.ts";
import { withWords } from "@/lib/address.ts";
import { formatValue } from "@/lib/format.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";
import { useMetric } from "@/lib/metrics.ts";
import { shownName } from "@/lib/shown-name.ts";
import { useView } from "@/lib/use-view.ts";
import { MetricHead } from "@/ui/metric-head.tsx";
import { Name } from "@/ui/name.tsx";
import { type Column, Table } from "@/ui/table.tsx";

const WORDS = {
  en: {
    model: "Model",
    none: "No model",
    noneHint: "Questions that were put to no model: declined or stopped before.",
    only: (model: string) => `Only ${model}`,
  },
  ru: {
    model: "Модель",
    none: "Без модели",
    noneHint: "Вопросы, не дошедшие ни до одной модели: отклонены или остановлены раньше.",
    only: (model: string) => `Только ${model}`,
  },
};

type Slice = Breakdown["slices"][number];

/** A row for each model, in the order of the first of `slugs`; a name narrows the page to it. */
export function ModelTable({
  caption,
  slices,
  slugs,
}: {
  caption: string;
  slices: Slice[];
  slugs: readonly Slug[];
}) {
  const words = useWords(WORDS);
  const { language } = useLanguage();
  const metric = useMetric();
  const columns: Column<Slice>[] = [
    { id: "model", title: words.model, cell: ({ key }) => <ModelName model={key} /> },
    ...slugs.map(
      (slug, place): Column<Slice> => ({
        id: slug,
        title: <MetricHead slug={slug} />,
        isNumber: true,
        isOrder: place === 0,
        cell: ({ values }) => formatValue(values[slug], metric(slug).unit, language),
      }),
    ),
  ];
  return <Table caption={caption} columns={columns} rows={slices} rowKey={({ key }) => key} />;
}

/** Questions without a model cannot be asked for. */
function ModelName({ model }: { model: string }) {
  const words = useWords(WORDS);
  const [view] = useView();
  if (model === "") {
    return (
      <span title={words.noneHint} className="text-ink-soft">
        {words.none}
      </span>
    );
  }
  const name = (
    <Name className="line-clamp-3 max-w-64 min-w-40 [overflow-wrap:anywhere]">{model}</Name>
  );
  if (view.model === model) return name;
  return (
    <Link
      {...withWords({ model })}
      resetScroll={false}
      title={words.only(shownName(model))}
      className="underline decoration-line-strong underline-offset-2 hover:decoration-ink"
    >
      {name}
    </Link>
  );
}
