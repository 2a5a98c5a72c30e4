import { Link } from "@tanstack/react-router";
import { withWords } from "@/lib/address.ts";
import { useWords } from "@/lib/language.tsx";
import { shownName } from "@/lib/shown-name.ts";
import { useView } from "@/lib/use-view.ts";
import { Name } from "@/ui/name.tsx";

const WORDS = {
  en: {
    none: "No model",
    noneHint: "Questions that were put to no model: declined or stopped before.",
    only: (model: string) => `Only ${model}`,
  },
  ru: {
    none: "Без модели",
    noneHint: "Вопросы, не дошедшие ни до одной модели: отклонены или остановлены раньше.",
    only: (model: string) => `Только ${model}`,
  },
};

/** Narrows the page to a model, unless it is already; questions without one cannot be asked for. */
export function ModelName({ model }: { model: string }) {
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
