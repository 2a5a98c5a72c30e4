import { Link } from "@tanstack/react-router";
import { narrowing } from "@/features/models/use-chosen.ts";
import { TABLE_WORDS } from "@/features/models/words.ts";
import { useWords } from "@/lib/language.tsx";

/** Narrows the page to a model; questions without one cannot be asked for. */
export function ModelName({ model }: { model: string }) {
  const words = useWords(TABLE_WORDS);
  if (model === "") {
    return (
      <span title={words.noneHint} className="text-ink-soft">
        {words.none}
      </span>
    );
  }
  return (
    <Link
      {...narrowing(model)}
      resetScroll={false}
      activeOptions={{ exact: true }}
      title={words.only(model)}
      className="block max-w-64 min-w-40 underline decoration-line-strong underline-offset-2 hover:decoration-ink"
    >
      <bdi className="[overflow-wrap:anywhere]">{model}</bdi>
    </Link>
  );
}
