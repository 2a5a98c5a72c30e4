import type { ReactNode } from "react";
import { PEOPLE } from "@/features/settings/people-words.ts";
import { useWords } from "@/lib/language.tsx";
import type { Action } from "@/lib/use-action.ts";
import { Button } from "@/ui/button.tsx";
import { Dialog } from "@/ui/dialog.tsx";
import { Refusal } from "@/ui/refusal.tsx";

/** Says what will happen before it does; a refusal is told where the button was pressed. */
export function Confirm({
  title,
  yes,
  isDanger = false,
  action,
  sentences = {},
  onClose,
  children,
}: {
  title: string;
  yes: string;
  isDanger?: boolean;
  action: Action<[]>;
  sentences?: Partial<Record<string, string>>;
  onClose: () => void;
  children: ReactNode;
}) {
  const words = useWords(PEOPLE);
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="space-y-3 text-sm">
        <div className="space-y-2 text-ink-soft">{children}</div>
        {action.problem && <Refusal problem={action.problem} sentences={sentences} />}
        <div className="flex flex-wrap justify-end gap-2 pt-2">
          <Button onClick={onClose} data-autofocus="">
            {words.cancel}
          </Button>
          <Button
            look={isDanger ? "danger" : "main"}
            aria-disabled={action.isRunning}
            onClick={() => void action.run()}
          >
            {yes}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
