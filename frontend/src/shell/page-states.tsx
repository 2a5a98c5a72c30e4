import { type ErrorComponentProps, Link } from "@tanstack/react-router";
import { Problem } from "@/api/problem.ts";
import { useWords } from "@/lib/language.tsx";
import { buttonClass } from "@/ui/button.tsx";
import { ProblemNote } from "@/ui/problem-note.tsx";
import { RowsSkeleton } from "@/ui/skeleton.tsx";

const WORDS = {
  en: { none: "There is no such page.", home: "To the overview", pending: "The page is loading" },
  ru: { none: "Такой страницы нет.", home: "К обзору", pending: "Страница загружается" },
};

export function NotFound() {
  const words = useWords(WORDS);
  return (
    <main className="mx-auto max-w-lg p-8 text-center">
      <h1 className="mb-4 text-lg font-semibold">{words.none}</h1>
      <Link to="/" className={buttonClass("main")}>
        {words.home}
      </Link>
    </main>
  );
}

/** A page whose code or first question failed: the address stays, and asking again may help. */
export function PageFailed({ error, reset }: ErrorComponentProps) {
  return (
    <main className="mx-auto max-w-2xl p-8">
      <ProblemNote
        problem={error instanceof Problem ? error : new Problem("unreachable")}
        onAgain={() => (error instanceof Problem ? reset() : location.reload())}
      />
    </main>
  );
}

export function PagePending() {
  const words = useWords(WORDS);
  return (
    <div className="p-4 sm:p-6" role="status" aria-label={words.pending}>
      <RowsSkeleton rows={8} />
    </div>
  );
}
