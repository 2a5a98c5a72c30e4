import { type ComponentProps, useState } from "react";
import { useWords } from "@/lib/language.tsx";
import { Field } from "@/ui/field.tsx";

const WORDS = {
  en: { show: "Show", hide: "Hide", typed: "what is typed" },
  ru: { show: "Показать", hide: "Скрыть", typed: "введённое" },
};

/** A secret to be typed; it can be looked at on the way. */
export function PasswordField({ className, ...rest }: ComponentProps<typeof Field>) {
  const words = useWords(WORDS);
  const [isShown, setShown] = useState(false);
  return (
    <div className={className}>
      <div className="relative">
        <Field {...rest} type={isShown ? "text" : "password"} spellCheck={false} />
        <button
          type="button"
          onClick={() => setShown(!isShown)}
          className="absolute -top-1 right-0 min-h-7 min-w-7 rounded px-1 text-xs text-ink-soft hover:text-ink"
        >
          {isShown ? words.hide : words.show} <span className="sr-only">{words.typed}</span>
        </button>
      </div>
    </div>
  );
}
