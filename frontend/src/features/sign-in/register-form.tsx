import { type FormEvent, useEffect, useRef, useState } from "react";
import { answer, api } from "@/api/client.ts";
import { textOf } from "@/features/sign-in/form-text.ts";
import {
  type Registration,
  refusedFields,
  type WrongFields,
  wrongFields,
} from "@/features/sign-in/refused-fields.ts";
import { REGISTER } from "@/features/sign-in/words.ts";
import { useWords } from "@/lib/language.tsx";
import type { Credentials } from "@/lib/session.ts";
import { useAction } from "@/lib/use-action.ts";
import { Button } from "@/ui/button.tsx";
import { Field, Select } from "@/ui/field.tsx";
import { NewPassword, useWeakness } from "@/ui/new-password.tsx";
import { PasswordField } from "@/ui/password-field.tsx";
import { Refusal } from "@/ui/refusal.tsx";

/** Each refusal stands beside the field that it concerns, and what is typed stays. */
export function RegisterForm({ onMade }: { onMade: (made: Credentials) => Promise<void> }) {
  const words = useWords(REGISTER);
  const form = useRef<HTMLFormElement>(null);
  const [account, setAccount] = useState("");
  const [wrong, setWrong] = useState<WrongFields>({});
  const { run, isRunning, problem, forget } = useAction(async (registration: Registration) => {
    await register(registration);
    form.current?.reset();
    await onMade({ name: registration.name.toLowerCase(), password: registration.password });
  });
  const fields = problem ? refusedFields(problem) : wrong;
  const sentences = useSentences(fields);
  useFirstWrong(form, problem ?? wrong);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const registration = read(event.currentTarget);
    const found = wrongFields(registration);
    setWrong(found);
    forget();
    if (Object.keys(found).length === 0) void run(registration);
  };
  const isElsewhere = problem && Object.keys(fields).length === 0;
  return (
    <form ref={form} noValidate onSubmit={submit} className="space-y-4">
      {isElsewhere && <Refusal problem={problem} sentences={sentencesOf(words)} />}
      <PasswordField
        label={words.token}
        name="token"
        autoComplete="off"
        hint={words.tokenHint}
        problem={sentences.token}
      />
      <Field
        label={words.name}
        name="name"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        hint={words.nameHint}
        problem={sentences.name}
        onChange={(event) => setAccount(event.target.value.trim())}
      />
      <NewPassword
        label={words.password}
        name="password"
        account={account}
        problem={sentences.password}
      />
      <Select label={words.role} name="role" defaultValue="analyst">
        <option value="analyst">{words.roles.analyst}</option>
        <option value="admin">{words.roles.admin}</option>
      </Select>
      <Button look="main" type="submit" aria-disabled={isRunning} className="min-h-10 w-full">
        {isRunning ? words.submitting : words.submit}
      </Button>
    </form>
  );
}

async function register({ token, ...body }: Registration): Promise<void> {
  const params = { header: { "X-Admin-Token": token } };
  await answer(api.POST("/api/v1/auth/register", { params, body }));
}

function read(form: HTMLFormElement): Registration {
  return {
    token: textOf(form, "token").trim(),
    name: textOf(form, "name").trim(),
    password: textOf(form, "password"),
    role: textOf(form, "role") === "admin" ? "admin" : "analyst",
  };
}

function sentencesOf(words: (typeof REGISTER)["en"]): Partial<Record<string, string>> {
  return { registration_off: words.off, too_many_failures: words.tokenLocked };
}

function useSentences({ token, name, password }: WrongFields) {
  const words = useWords(REGISTER);
  const weakness = useWeakness();
  return {
    token: token && (token === "empty" ? words.noToken : words.wrongToken),
    name: name && (name === "form" ? words.wrongName : words.nameTaken),
    password: password && weakness(password),
  };
}

function useFirstWrong(form: { current: HTMLFormElement | null }, seen: unknown): void {
  useEffect(() => {
    if (seen) form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [form, seen]);
}
