import { Link } from "@tanstack/react-router";
import { LIST_WORDS } from "@/features/dialogs/words.ts";
import { useWords } from "@/lib/language.tsx";
import { shownName } from "@/lib/shown-name.ts";
import { Name } from "@/ui/name.tsx";

/** Narrows the list of dialogs to a model. */
export function ModelLink({ model }: { model: string }) {
  const words = useWords(LIST_WORDS);
  return (
    <Link
      to="/dialogs"
      search={(before) => ({ ...before, model })}
      title={words.onlyModel(shownName(model))}
      className="underline-offset-2 hover:underline"
    >
      <Name>{model}</Name>
    </Link>
  );
}
