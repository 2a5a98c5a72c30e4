import clsx from "clsx";
import { Check } from "lucide-react";
import type { ReactNode } from "react";

export type Choice<T extends string> = { value: T; title: string; note?: ReactNode };

/** One of a few, each with a line that says what it means. */
export function ChoiceList<T extends string>({
  choices,
  value,
  onChoose,
}: {
  choices: readonly Choice<T>[];
  value: T;
  onChoose: (value: T) => void;
}) {
  return (
    <ul className="min-w-56">
      {choices.map((choice) => (
        <li key={choice.value}>
          <button
            type="button"
            aria-pressed={choice.value === value}
            data-autofocus={choice.value === value ? "" : undefined}
            onClick={() => onChoose(choice.value)}
            className="flex w-full items-start gap-2 rounded-lg px-2 py-1.5 text-left hover:bg-well"
          >
            <Check
              size={16}
              aria-hidden
              className={clsx("mt-0.5 text-accent", choice.value !== value && "invisible")}
            />
            <span>
              <span className="block font-medium">{choice.title}</span>
              {choice.note && <span className="block text-xs text-ink-soft">{choice.note}</span>}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
