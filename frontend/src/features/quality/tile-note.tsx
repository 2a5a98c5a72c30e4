import { Link } from "@tanstack/react-router";
import type { Values } from "@/api/types.ts";
import type { Charted } from "@/features/quality/metrics.ts";
import { dialogsBehind } from "@/features/quality/prepare-behind.ts";
import { PAGE_WORDS } from "@/features/quality/words.ts";
import { useWords } from "@/lib/language.tsx";
import { useMetric } from "@/lib/metrics.ts";
import type { View } from "@/lib/view.ts";

/** The way from a tile to its dialogs; the tile itself leads to its chart. */
export function TileNote({ slug, values, view }: { slug: Charted; values: Values; view: View }) {
  const words = useWords(PAGE_WORDS);
  const { title } = useMetric()(slug);
  const target = dialogsBehind(slug, values, view);
  if (!target) return values.questions ? words.ofQuestions(values.questions) : "\u00a0";
  const isScore = slug === "feedback_score" && values.dislikes;
  const text = isScore ? words.disliked : words.dialogs;
  return (
    <Link
      {...target}
      aria-label={`${title}: ${text}`}
      className="relative underline underline-offset-2 hover:text-ink"
    >
      {text}
    </Link>
  );
}
