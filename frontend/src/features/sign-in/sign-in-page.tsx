import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useEffect, useRef, useState } from "react";
import type { Problem } from "@/api/problem.ts";
import { meQuery } from "@/api/queries.ts";
import { Door } from "@/features/sign-in/door.tsx";
import { textOf } from "@/features/sign-in/form-text.ts";
import { useGoOn } from "@/features/sign-in/use-go-on.ts";
import { SIGN_IN } from "@/features/sign-in/words.ts";
import { useWords } from "@/lib/language.tsx";
import { signIn } from "@/lib/session.ts";
import { useAction } from "@/lib/use-action.ts";
import { Button } from "@/ui/button.tsx";
import { Field } from "@/ui/field.tsx";
import { PasswordField } from "@/ui/password-field.tsx";
import { ProblemNote } from "@/ui/problem-note.tsx";
import { Refusal } from "@/ui/refusal.tsx";

export function SignInPage() {
  const words = useWords(SIGN_IN);
  useGoOn();
  return (
    <Door title={words.title} note={words.note} foot={<Foot />}>
      <SignInForm />
    </Door>
  );
}

/** The inputs keep what is typed, and nothing else does: the form is emptied once it has worked. */
function SignInForm() {
  const words = useWords(SIGN_IN);
  const client = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const [missing, setMissing] = useState({ name: false, password: false });
  const { run, isRunning, problem } = useAction(async (name: string, password: string) => {
    await signIn(client, { name, password });
    form.current?.reset();
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = textOf(event.currentTarget, "name").trim();
    const password = textOf(event.currentTarget, "password");
    setMissing({ name: name === "", password: password === "" });
    if (name && password) void run(name, password);
    else focusOn(event.currentTarget, name ? "password" : "name");
  };
  useFocus(form, problem);
  return (
    <form ref={form} noValidate onSubmit={submit} className="space-y-4">
      {problem && <Refusal problem={problem} sentences={words.sentences} />}
      {!problem && <ServiceAway />}
      <Field
        label={words.name}
        name="name"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        problem={missing.name ? words.noName : undefined}
      />
      <PasswordField
        label={words.password}
        name="password"
        autoComplete="current-password"
        problem={missing.password ? words.noPassword : undefined}
      />
      <Button look="main" type="submit" aria-disabled={isRunning} className="min-h-10 w-full">
        {isRunning ? words.submitting : words.submit}
      </Button>
    </form>
  );
}

/** Said before anybody has typed in vain; it goes when the service is there again. */
function ServiceAway() {
  const { error, refetch } = useQuery(meQuery);
  return error && <ProblemNote problem={error} onAgain={() => void refetch()} compact />;
}

/** To what is to be typed; fingers would get a keyboard that they have not asked for. */
function useFocus(form: { current: HTMLFormElement | null }, problem: Problem | null): void {
  useEffect(() => {
    if (!matchMedia("(pointer: coarse)").matches) focusOn(form.current, "name");
  }, [form]);
  useEffect(() => {
    if (problem?.code === "wrong_credentials") focusOn(form.current, "password");
  }, [form, problem]);
}

function focusOn(form: HTMLFormElement | null, name: string): void {
  const input = form?.querySelector<HTMLInputElement>(`input[name=${name}]`);
  input?.focus();
  input?.select();
}

function Foot() {
  const words = useWords(SIGN_IN);
  return (
    <>
      <p>{words.whoGives}</p>
      <ul className="list-disc space-y-1 pl-5 marker:text-ink-faint">
        <Hint words={words.firstOne} />
        <Hint words={words.others} />
      </ul>
      <p>
        {words.haveToken}{" "}
        <Link to="/register" className="font-medium text-accent underline underline-offset-4">
          {words.register}
        </Link>
      </p>
    </>
  );
}

function Hint({ words: [before, command] }: { words: [string, string] }) {
  return (
    <li>
      {before} <code className="rounded bg-well px-1.5 py-0.5 text-xs text-ink">{command}</code>
    </li>
  );
}
