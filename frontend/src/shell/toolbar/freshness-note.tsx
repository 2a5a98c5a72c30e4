import clsx from "clsx";
import type { Window } from "@/api/types.ts";
import { formatAge, formatMoment, formatTime } from "@/lib/dates.ts";
import { useAge } from "@/lib/freshness.ts";
import { useLanguage, useWords, type Words } from "@/lib/language.tsx";
import type { LiveState } from "@/shell/live-stream.ts";
import type { Live } from "@/shell/use-live.ts";
import { buttonClass } from "@/ui/button.tsx";

/** When the shown numbers were counted, and whether they follow what happens. */
export function FreshnessNote({ window, live }: { window: Window | null; live: Live }) {
  return (
    <div className="flex items-center gap-1">
      <LiveSwitch live={live} />
      <AsOf window={window} className="text-sm" />
    </div>
  );
}

export function AsOf({ window, className }: { window: Window | null; className?: string }) {
  const words = useWords(WORDS);
  const { language } = useLanguage();
  const age = useAge(window);
  if (!window) return null;
  const { as_of: at, timezone } = window;
  return (
    <span
      className={clsx("whitespace-nowrap text-ink-soft", className)}
      title={`${formatMoment(at, timezone, language)}, ${timezone}`}
    >
      {words.asOf(formatTime(at, timezone, language))}
      <span className="print:hidden">, {formatAge(age, language)}</span>
    </span>
  );
}

export function LiveSwitch({ live: { state, news, toggle } }: { live: Live }) {
  const words = useWords(WORDS);
  return (
    <button
      type="button"
      aria-pressed={state !== "off"}
      title={words.hints[state]}
      onClick={toggle}
      className={clsx(buttonClass("quiet"), "no-print min-w-8 text-ink-soft")}
    >
      <span className="relative flex size-2.5" aria-hidden>
        {state === "live" && (
          <span key={news} className="pulse absolute inset-0 rounded-full bg-accent" />
        )}
        <span className={clsx("relative size-2.5 rounded-full", DOTS[state])} />
      </span>
      {words.states[state]}
    </button>
  );
}

const DOTS: Record<LiveState, string> = {
  off: "border-2 border-line-strong",
  connecting: "border-2 border-accent",
  live: "bg-accent",
  reconnecting: "border-2 border-warn",
  paused: "border-2 border-ink-faint",
};

type Said = {
  asOf: (time: string) => string;
  states: Record<LiveState, string>;
  hints: Record<LiveState, string>;
};

const WORDS: Words<Said> = {
  en: {
    asOf: (time) => `as of ${time}`,
    states: {
      off: "Live",
      connecting: "Live",
      live: "Live",
      reconnecting: "Reconnecting",
      paused: "Paused",
    },
    hints: {
      off: "Let the numbers follow what happens (L)",
      connecting: "Connecting",
      live: "The numbers follow what happens (L)",
      reconnecting: "The line broke and is being mended; the numbers may be old",
      paused: "Rests while the tab is hidden",
    },
  },
  ru: {
    asOf: (time) => `на ${time}`,
    states: {
      off: "Вживую",
      connecting: "Вживую",
      live: "Вживую",
      reconnecting: "Восстановление связи",
      paused: "Пауза",
    },
    hints: {
      off: "Пусть числа следуют за происходящим (L)",
      connecting: "Соединение",
      live: "Числа следуют за происходящим (L)",
      reconnecting: "Связь оборвалась и восстанавливается; числа могут быть старыми",
      paused: "Отдых, пока вкладка не видна",
    },
  },
};
