import clsx from "clsx";
import { RotateCw } from "lucide-react";
import { useEffect, useState } from "react";
import { Problem, type ProblemKind } from "@/api/problem.ts";
import { useLanguage, useWords, type Words } from "@/lib/language.tsx";
import { refusalIn } from "@/lib/refusals.ts";
import { Button } from "@/ui/button.tsx";

/** What happened and what to do, in a sentence; with the number by which an operator finds it. */
export function ProblemNote({
  problem,
  onAgain,
  compact = false,
  isByHand = false,
}: {
  problem: Error;
  onAgain?: () => void;
  compact?: boolean;
  /** Of a question that is never asked again by itself. */
  isByHand?: boolean;
}) {
  const words = useWords(WORDS);
  const known = problem instanceof Problem ? problem : new Problem("broken");
  const { language } = useLanguage();
  const detail = refusalIn(language, known);
  const isFinal = known.kind === "refused" || known.kind === "forbidden";
  const wait = useCountdown(known);
  return (
    <div
      className={clsx(
        "flex flex-wrap items-center justify-between gap-3 rounded-xl text-sm",
        isFinal ? "bg-well" : "bg-warn-soft",
        compact ? "mb-3 px-3 py-2" : "p-4",
      )}
    >
      <div className="min-w-0">
        <div role="alert">
          <p className="break-words font-medium">{words.sentences[known.kind]}</p>
          {detail && <p className="break-words text-ink-soft">{detail}</p>}
        </div>
        {known.isPassing && (
          <p className="text-ink-soft">{whatComes(isByHand ? words.byHand : words, wait)}</p>
        )}
        {known.traceId && !compact && !isFinal && (
          <p className="text-xs text-ink-soft">
            {words.trace} <code>{known.traceId}</code>
          </p>
        )}
      </div>
      {onAgain && !isFinal && (
        <Button onClick={onAgain}>
          <RotateCw size={15} aria-hidden /> {words.again}
        </Button>
      )}
    </div>
  );
}

function whatComes(words: Pick<Said, "goesOn" | "waiting">, wait: number): string {
  return wait > 0 ? words.waiting(wait) : words.goesOn;
}

/** Seconds until the limit lets us ask again; the queries wait as long. */
function useCountdown(problem: Problem): number {
  const [left, setLeft] = useState(problem.retryAfter ?? 0);
  useEffect(() => {
    setLeft(problem.retryAfter ?? 0);
    const timer = setInterval(() => setLeft((seconds) => Math.max(0, seconds - 1)), 1000);
    return () => clearInterval(timer);
  }, [problem]);
  return left;
}

type Said = {
  sentences: Record<ProblemKind, string>;
  goesOn: string;
  waiting: (seconds: number) => string;
  byHand: { goesOn: string; waiting: (seconds: number) => string };
  trace: string;
  again: string;
};

const WORDS: Words<Said> = {
  en: {
    sentences: {
      unreachable:
        "The statistics service does not answer. Check your connection, or whether it runs.",
      slow: "The answer takes too long. A shorter period or a filter is answered sooner.",
      incomplete: "The answer broke off on its way.",
      signed_out: "Your session has ended: sign in again.",
      forbidden: "Your account may not do this; an admin's may.",
      missing: "This does not exist any more, or never did.",
      refused: "The question could not be answered as it was asked.",
      limited: "Too many questions in a short time.",
      broken: "Something failed in the statistics service. If it stays so, tell its operator.",
    },
    goesOn: "The page asks again by itself.",
    waiting: (seconds) => `The page asks again by itself in ${seconds} s.`,
    byHand: {
      goesOn: "Nothing is asked again here unless you do.",
      waiting: (seconds) => `You can ask again in ${seconds} s.`,
    },
    trace: "For the operator:",
    again: "Ask again",
  },
  ru: {
    sentences: {
      unreachable: "Служба статистики не отвечает. Проверьте связь и запущена ли она.",
      slow: "Ответ занимает слишком много времени. Возьмите период короче или добавьте фильтр.",
      incomplete: "Ответ оборвался по дороге.",
      signed_out: "Сеанс закончился: войдите снова.",
      forbidden: "Вашей учётной записи это нельзя; можно администратору.",
      missing: "Этого больше нет или никогда не было.",
      refused: "На вопрос в таком виде ответить нельзя.",
      limited: "Слишком много вопросов за короткое время.",
      broken: "В службе статистики что-то сломалось. Если это не пройдёт, скажите оператору.",
    },
    goesOn: "Страница спросит ещё раз сама.",
    waiting: (seconds) => `Страница спросит ещё раз сама через ${seconds} с.`,
    byHand: {
      goesOn: "Сама страница больше ничего не спросит.",
      waiting: (seconds) => `Спросить ещё раз можно через ${seconds} с.`,
    },
    trace: "Для оператора:",
    again: "Спросить ещё раз",
  },
};
