import clsx from "clsx";
import { Check, Circle } from "lucide-react";
import { useState } from "react";
import { useWords, type Words } from "@/lib/language.tsx";
import { fits, MAX_CHARACTERS, MIN_CHARACTERS, RULES, type Rule } from "@/lib/password-rules.ts";
import { PasswordField } from "@/ui/password-field.tsx";

/** A password that somebody chooses, with the rules in sight; `account` may not be part of it. */
export function NewPassword({
  label,
  name,
  account,
  problem,
}: {
  label: string;
  name: string;
  account: string;
  problem: string | undefined;
}) {
  const words = useWords(WORDS);
  const [typed, setTyped] = useState<Record<Rule, boolean> | null>(null);
  const look = (password: string) =>
    setTyped(password === "" ? null : kept((rule) => fits(rule, password, account)));
  return (
    <div>
      <PasswordField
        label={label}
        name={name}
        autoComplete="new-password"
        maxLength={MAX_CHARACTERS * 2}
        problem={problem}
        onChange={(event) => look(event.target.value)}
      />
      <ul aria-label={words.title} className="mt-1 space-y-0.5 text-xs text-ink-soft">
        {RULES.map((rule) => (
          <li key={rule} className="flex items-start gap-1.5">
            <Mark isKept={typed?.[rule] ?? false} />
            {words.rules[rule]}
          </li>
        ))}
        <li className="flex items-start gap-1.5">
          <Circle size={6} aria-hidden className="mx-1 mt-1.5 shrink-0 fill-current" />
          {words.common}
        </li>
      </ul>
    </div>
  );
}

/** The sentence beside a password that will not do: a rule that it breaks, or the API's refusal. */
export function useWeakness(): (why: Rule | "refused") => string {
  const words = useWords(WORDS);
  return (why) => (why === "refused" ? words.tooCommon : words.broken[why]);
}

function Mark({ isKept }: { isKept: boolean }) {
  const Icon = isKept ? Check : Circle;
  return (
    <Icon
      size={isKept ? 14 : 6}
      aria-hidden
      className={clsx("shrink-0", isKept ? "mt-px text-good" : "mx-1 mt-1.5 fill-current")}
    />
  );
}

function kept(isKept: (rule: Rule) => boolean): Record<Rule, boolean> {
  return { length: isKept("length"), name: isKept("name"), characters: isKept("characters") };
}

type Said = {
  title: string;
  rules: Record<Rule, string>;
  broken: Record<Rule, string>;
  common: string;
  tooCommon: string;
};

const WORDS: Words<Said> = {
  en: {
    title: "What a password needs",
    rules: {
      length: `${MIN_CHARACTERS} to ${MAX_CHARACTERS} characters, of any alphabet`,
      name: "not the account's name within it",
      characters: "no line breaks or tabs",
    },
    broken: {
      length: `A password has ${MIN_CHARACTERS} to ${MAX_CHARACTERS} characters.`,
      name: "The password contains the account's name: choose one that does not.",
      characters: "A password has no control characters such as tabs.",
    },
    common: "none of those that are tried first: a few words of your own are best",
    tooCommon: "This password is among the first that are tried: choose a few words of your own.",
  },
  ru: {
    title: "Каким должен быть пароль",
    rules: {
      length: `от ${MIN_CHARACTERS} до ${MAX_CHARACTERS} знаков любого алфавита`,
      name: "без имени учётной записи внутри",
      characters: "без переводов строки и табуляции",
    },
    broken: {
      length: `В пароле от ${MIN_CHARACTERS} до ${MAX_CHARACTERS} знаков.`,
      name: "В пароле есть имя учётной записи: выберите другой.",
      characters: "В пароле не бывает управляющих знаков, таких как табуляция.",
    },
    common: "не из тех, что пробуют первыми: лучше всего несколько своих слов",
    tooCommon: "Этот пароль пробуют одним из первых: выберите несколько своих слов.",
  },
};
