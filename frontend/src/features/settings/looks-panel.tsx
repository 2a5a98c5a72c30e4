import { type ReactNode, useId } from "react";
import { LOOKS } from "@/features/settings/browser-words.ts";
import { useWords } from "@/lib/language.tsx";
import { LanguageChoice, ThemeChoice } from "@/ui/looks.tsx";
import { Sheet } from "@/ui/panel.tsx";

type KeysProps = { hasKeys: boolean; onKeys: (isOn: boolean) => void };

export function LooksPanel(keys: KeysProps) {
  const words = useWords(LOOKS);
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <Sheet title={words.title}>
      <div className="space-y-5">
        <Row title={words.colours}>
          <ThemeChoice />
        </Row>
        <Row title={words.language}>
          <LanguageChoice />
        </Row>
        <KeysChoice {...keys} />
        <div>
          <h3 className="text-sm font-medium">{words.zone}</h3>
          <p className="mt-1 break-words text-sm text-ink-soft">{words.zoneNote(own)}</p>
        </div>
      </div>
    </Sheet>
  );
}

function Row({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <h3 className="mb-1 text-sm font-medium">{title}</h3>
      {children}
    </div>
  );
}

function KeysChoice({ hasKeys, onKeys }: KeysProps) {
  const words = useWords(LOOKS);
  const id = useId();
  return (
    <div className="flex items-start gap-2.5">
      <input
        id={id}
        type="checkbox"
        checked={hasKeys}
        aria-describedby={`${id}-note`}
        onChange={(event) => onKeys(event.target.checked)}
        className="mt-0.5 size-5 shrink-0 accent-accent"
      />
      <div>
        <label htmlFor={id} className="text-sm font-medium">
          {words.keys}
        </label>
        <p id={`${id}-note`} className="text-sm text-ink-soft">
          {words.keysNote}
        </p>
      </div>
    </div>
  );
}
