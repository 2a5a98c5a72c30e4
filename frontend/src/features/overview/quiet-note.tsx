import { OVERVIEW_WORDS } from "@/features/overview/words.ts";
import { useWords } from "@/lib/language.tsx";
import { Empty } from "@/ui/empty.tsx";

/** Why there is nothing; the first on the page says what to do about it. */
export function QuietNote({
  title,
  height,
  teaches = false,
}: {
  title: string;
  height: number;
  teaches?: boolean;
}) {
  const words = useWords(OVERVIEW_WORDS);
  return (
    <div className="grid content-center" style={{ minHeight: height }}>
      <Empty title={title}>
        {teaches && (
          <p>
            {words.quietMore} <code>make demo</code>.
          </p>
        )}
      </Empty>
    </div>
  );
}
