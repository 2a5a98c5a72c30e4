import { useQuery } from "@tanstack/react-query";
import { LockKeyhole } from "lucide-react";
import { type FormEvent, useRef, useState } from "react";
import { meQuery } from "@/api/queries.ts";
import { REASON_WORDS } from "@/features/dialogs/opened-words.ts";
import { cleanReason, type WrongReason, wrongIn } from "@/features/dialogs/prepare-reason.ts";
import { useWords } from "@/lib/language.tsx";
import { Button } from "@/ui/button.tsx";
import { Field } from "@/ui/field.tsx";
import { Sheet } from "@/ui/panel.tsx";

/** Texts are opened for a reason, and whoever opens them knows that it is recorded. */
export function ReasonForm({
  isAgain,
  onOpen,
}: {
  /** The texts were closed: whoever did so is back here. */
  isAgain: boolean;
  onOpen: (reason: string) => void;
}) {
  const words = useWords(REASON_WORDS);
  const { data: me } = useQuery(meQuery);
  const form = useRef<HTMLFormElement>(null);
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<WrongReason | null>(null);
  const open = (event: FormEvent) => {
    event.preventDefault();
    const reason = cleanReason(text);
    const wrong = wrongIn(reason);
    setProblem(wrong);
    if (!wrong) onOpen(reason);
    else form.current?.querySelector("input")?.focus();
  };
  const write = (suggested: string) => {
    setText(suggested);
    setProblem(null);
    form.current?.querySelector("input")?.focus();
  };
  return (
    <Sheet
      title={
        <span className="flex items-center gap-2">
          <LockKeyhole size={17} aria-hidden className="text-accent" /> {words.title}
        </span>
      }
      className="no-print max-w-3xl"
    >
      <p className="max-w-prose text-sm text-ink-soft">{words.privacy}</p>
      <p className="mt-1 max-w-prose text-sm [overflow-wrap:anywhere]">
        {words.recorded(me?.name ?? "")}
      </p>
      <form ref={form} noValidate onSubmit={open} className="mt-4">
        <Field
          label={words.label}
          hint={words.hint}
          problem={problem ? words.wrong[problem] : undefined}
          name="reason"
          value={text}
          autoComplete="off"
          required
          autoFocus={isAgain}
          onChange={({ target }) => setText(target.value)}
        />
        <Suggestions onWrite={write} />
        <Button type="submit" look="main" className="mt-4">
          {words.open}
        </Button>
      </form>
    </Sheet>
  );
}

function Suggestions({ onWrite }: { onWrite: (reason: string) => void }) {
  const words = useWords(REASON_WORDS);
  return (
    <ul aria-label={words.suggestions} className="mt-2 flex flex-wrap gap-1.5">
      {words.suggested.map((reason) => (
        <li key={reason}>
          <button
            type="button"
            onClick={() => onWrite(reason)}
            className="min-h-6 rounded-full border border-line px-2.5 py-0.5 text-xs text-ink-soft hover:border-line-strong hover:text-ink"
          >
            {reason.endsWith(" ") ? `${reason.trim()}…` : reason}
          </button>
        </li>
      ))}
    </ul>
  );
}
