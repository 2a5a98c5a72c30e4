import { OVERVIEW_WORDS } from "@/features/overview/words.ts";
import { useWords } from "@/lib/language.tsx";
import { Empty } from "@/ui/empty.tsx";

/** Why there is nothing, and two ways to something. */
export function QuietNote({ title, height }: { title: string; height: number }) {
  const words = useWords(OVERVIEW_WORDS);
  return (
    <div className="grid content-center" style={{ minHeight: height }}>
      <Empty title={title}>
        {words.quietMore} <code>make demo</code>.
      </Empty>
    </div>
  );
}
