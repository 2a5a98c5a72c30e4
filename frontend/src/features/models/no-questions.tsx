import { PAGE_WORDS } from "@/features/models/words.ts";
import { useWords } from "@/lib/language.tsx";
import { Empty } from "@/ui/empty.tsx";

/** Why there is nothing to see, and two ways to something. */
export function NoQuestions() {
  const words = useWords(PAGE_WORDS);
  return (
    <Empty title={words.nothing}>
      {words.nothingHint} <code>make demo</code>.
    </Empty>
  );
}
