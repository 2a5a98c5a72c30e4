import { DialogFilters } from "@/features/dialogs/dialog-filters.tsx";
import { DialogsPanel } from "@/features/dialogs/dialogs-panel.tsx";
import { useSought } from "@/features/dialogs/use-sought.ts";
import { LIST_WORDS } from "@/features/dialogs/words.ts";
import { useWords } from "@/lib/language.tsx";
import { useView } from "@/lib/use-view.ts";

/** The dialogs behind the numbers, without their texts. */
export function DialogsPage() {
  const words = useWords(LIST_WORDS);
  const [view] = useView();
  const [sought, seek] = useSought();
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <h1 className="text-xl font-semibold">{words.page}</h1>
        <DialogFilters sought={sought} onSeek={seek} />
      </div>
      <DialogsPanel view={view} sought={sought} />
    </>
  );
}
