import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";
import type { Problem } from "@/api/problem.ts";
import { changePassword, sessionsQuery } from "@/features/settings/queries.ts";
import { useChange } from "@/features/settings/use-change.ts";
import { ACCOUNT } from "@/features/settings/words.ts";
import { useWords } from "@/lib/language.tsx";
import { brokenRule, type Rule } from "@/lib/password-rules.ts";
import { Button } from "@/ui/button.tsx";
import { NewPassword, useWeakness } from "@/ui/new-password.tsx";
import { Sheet } from "@/ui/panel.tsx";
import { PasswordField } from "@/ui/password-field.tsx";
import { Refusal } from "@/ui/refusal.tsx";

type Wrong = { current?: "empty" | "refused"; chosen?: Rule | "refused" | "same" };

const BY_CODE: Partial<Record<string, Wrong>> = {
  wrong_password: { current: "refused" },
  weak_password: { chosen: "refused" },
  invalid_request: { chosen: "refused" },
};

export function PasswordPanel({ account }: { account: string }) {
  const words = useWords(ACCOUNT).password;
  return (
    <Sheet title={words.title} note={words.note}>
      <PasswordForm account={account} />
    </Sheet>
  );
}

function PasswordForm({ account }: { account: string }) {
  const words = useWords(ACCOUNT).password;
  const client = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const [found, setFound] = useState<Wrong>({});
  const [version, setVersion] = useState(0);
  const { run, isRunning, problem, forget } = useChange(async (current: string, chosen: string) => {
    await changePassword(current, chosen);
    form.current?.reset();
    form.current?.querySelector<HTMLElement>("[type=submit]")?.focus();
    setVersion((before) => before + 1);
    void client.invalidateQueries(sessionsQuery);
  });
  const wrong = problem ? (BY_CODE[problem.code ?? ""] ?? {}) : found;
  const sentences = useSentences(wrong);
  useFirstWrong(form, problem ?? found);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const [current, chosen] = typed(event.currentTarget);
    const before = wrongIn(current, chosen, account);
    setFound(before);
    forget();
    if (Object.keys(before).length === 0) void run(current, chosen);
  };
  return (
    <form ref={form} noValidate onSubmit={submit} className="max-w-md space-y-4">
      {isElsewhere(problem) && <Refusal problem={problem} sentences={words.sentences} />}
      <input
        type="text"
        name="username"
        autoComplete="username"
        defaultValue={account}
        readOnly
        hidden
      />
      <PasswordField
        label={words.current}
        name="current"
        autoComplete="current-password"
        problem={sentences.current}
      />
      <NewPassword
        key={version}
        label={words.chosen}
        name="chosen"
        account={account}
        problem={sentences.chosen}
      />
      <div className="flex flex-wrap items-center gap-3">
        <Button look="main" type="submit" aria-disabled={isRunning}>
          {isRunning ? words.submitting : words.submit}
        </Button>
        <p role="status" className="text-sm font-medium text-good">
          {version > 0 && !problem && !isRunning && words.done}
        </p>
      </div>
    </form>
  );
}

function isElsewhere(problem: Problem | null): problem is Problem {
  return problem !== null && BY_CODE[problem.code ?? ""] === undefined;
}

function typed(form: HTMLFormElement): [current: string, chosen: string] {
  const data = new FormData(form);
  return [String(data.get("current") ?? ""), String(data.get("chosen") ?? "")];
}

function wrongIn(current: string, chosen: string, account: string): Wrong {
  const rule = brokenRule(chosen, account) ?? (current === chosen ? "same" : undefined);
  return { ...(current ? {} : { current: "empty" }), ...(rule ? { chosen: rule } : {}) };
}

function useSentences({ current, chosen }: Wrong) {
  const words = useWords(ACCOUNT).password;
  const weakness = useWeakness();
  return {
    current: current && (current === "empty" ? words.noCurrent : words.wrongCurrent),
    chosen: chosen && (chosen === "same" ? words.same : weakness(chosen)),
  };
}

function useFirstWrong(form: { current: HTMLFormElement | null }, seen: unknown): void {
  useEffect(() => {
    if (seen) form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [form, seen]);
}
