import { DialogsPanel } from "@/features/dialogs/dialogs-panel.tsx";
import { FITTING } from "@/features/dialogs/queries.ts";
import { LIST_WORDS } from "@/features/dialogs/words.ts";
import { useWords } from "@/lib/language.tsx";
import { useView } from "@/lib/use-view.ts";
import { withOnly } from "@/lib/view.ts";
import { FiltersLeftOut } from "@/ui/filters-left-out.tsx";

/** The dialogs behind the numbers, without their texts. */
export function DialogsPage() {
  const words = useWords(LIST_WORDS);
  const [view] = useView();
  const [fitting, left] = withOnly(view, FITTING);
  return (
    <>
      <h1 className="text-xl font-semibold">{words.page}</h1>
      <FiltersLeftOut filters={left} because={words.noLanguage} />
      <DialogsPanel view={fitting} />
    </>
  );
}
