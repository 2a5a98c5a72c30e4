import { Printer } from "lucide-react";
import { useWords } from "@/lib/language.tsx";
import { SavedViews } from "@/shell/toolbar/saved-views.tsx";
import { WORDS } from "@/shell/toolbar/words.ts";
import { IconButton } from "@/ui/button.tsx";

/** What can be done with all that is shown. */
export function ViewActions() {
  const words = useWords(WORDS);
  return (
    <span className="no-print flex items-center">
      <SavedViews />
      <IconButton label={words.print} onClick={() => print()}>
        <Printer size={17} aria-hidden />
      </IconButton>
    </span>
  );
}
