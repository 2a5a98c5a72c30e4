import { Link } from "@tanstack/react-router";
import { MISSING_WORDS } from "@/features/dialogs/opened-words.ts";
import { useWords } from "@/lib/language.tsx";
import { useTitle } from "@/lib/title.ts";
import { keepView } from "@/lib/use-view.ts";
import { buttonClass } from "@/ui/button.tsx";

export function MissingDialog() {
  const words = useWords(MISSING_WORDS);
  useTitle(words.title);
  return (
    <div className="mx-auto max-w-prose space-y-3 py-12 text-center">
      <h1 className="text-xl font-semibold">{words.title}</h1>
      <p className="text-ink-soft">{words.why}</p>
      <p className="text-ink-soft">{words.what}</p>
      <Link to="/dialogs" search={keepView} className={buttonClass("main")}>
        {words.list}
      </Link>
    </div>
  );
}
