import { TriangleAlert } from "lucide-react";
import { useEffect, useState } from "react";
import type { Problem, ProblemKind } from "@/api/problem.ts";
import { formatValue } from "@/lib/format.ts";
import { type Language, useLanguage, useWords, type Words } from "@/lib/language.tsx";
import { WithCode } from "@/ui/with-code.tsx";

/**
 * Why what somebody pressed was not done, and what helps. `sentences` are those of the place, by the
 * API's codes; what is typed stays, and nothing is tried again by itself.
 */
export function Refusal({
  problem,
  sentences = {},
}: {
  problem: Problem;
  sentences?: Partial<Record<string, string>>;
}) {
  const words = useWords(WORDS);
  const { language } = useLanguage();
  return (
    <div className="flex items-start gap-2.5 rounded-xl bg-warn-soft px-3 py-2.5 text-sm">
      <TriangleAlert size={16} aria-hidden className="mt-0.5 shrink-0 text-warn" />
      <div className="min-w-0 space-y-0.5">
        <div role="alert">
          <p className="break-words">
            <WithCode>{sentenceOf(problem, sentences, language)}</WithCode>
          </p>
          {problem.retryAfter && (
            <p className="sr-only">{words.wait(written(problem.retryAfter, language))}</p>
          )}
        </div>
        {problem.retryAfter && <Countdown key={problem.traceId} seconds={problem.retryAfter} />}
        {problem.kind === "broken" && problem.traceId && (
          <p className="break-words text-xs text-ink-soft">
            {words.trace} <code>{problem.traceId}</code>
          </p>
        )}
      </div>
    </div>
  );
}

export function sentenceOf(
  problem: Problem,
  sentences: Partial<Record<string, string>>,
  language: Language,
): string {
  const words = WORDS[language];
  const code = problem.code ?? "";
  const said = sentences[code] ?? words.codes[code];
  if (said) return said;
  return (problem.kind === "refused" && problem.detail) || words.kinds[problem.kind];
}

/** Those who hear the page are told at the beginning and at the end, not each second. */
function Countdown({ seconds }: { seconds: number }) {
  const words = useWords(WORDS);
  const { language } = useLanguage();
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    const until = performance.now() + seconds * 1000;
    const look = () => setLeft(Math.max(0, Math.ceil((until - performance.now()) / 1000)));
    look();
    const timer = setInterval(look, 1000);
    return () => clearInterval(timer);
  }, [seconds]);
  if (left === 0) {
    return (
      <p role="status" className="font-medium text-good">
        {words.now}
      </p>
    );
  }
  return (
    <p aria-hidden className="text-ink-soft">
      {words.wait(written(left, language))}
    </p>
  );
}

function written(seconds: number, language: Language): string {
  return formatValue(seconds * 1000, "milliseconds", language);
}

type Said = {
  kinds: Record<ProblemKind, string>;
  codes: Partial<Record<string, string>>;
  wait: (time: string) => string;
  now: string;
  trace: string;
};

const WORDS: Words<Said> = {
  en: {
    kinds: {
      unreachable:
        "The statistics service does not answer. What you typed is still here: try again once it runs.",
      slow: "The statistics service did not answer in time. Nothing is lost: try again.",
      incomplete:
        "The answer broke off on its way. Look whether it was done, and try again if not.",
      signed_out: "Your session has ended: sign in again.",
      forbidden: "Your account may not do this; an admin's may.",
      missing: "This does not exist any more.",
      refused: "The service could not take this.",
      limited: "Too many requests in a short time.",
      broken:
        "Something failed in the statistics service. Try again; if it stays so, tell its operator.",
    },
    codes: {
      rate_limited: "Too many requests in a short time, from you or from your address.",
      too_many_failures:
        "Too many tries have failed, for this account or from your address. The next one has to wait.",
      signing_in_busy: "Many people are signing in just now.",
      overloaded: "The statistics service has more to do than it can.",
      database_busy: "The statistics service runs, but its database has no connection left.",
      database_unreachable: "The statistics service runs, but its database does not answer.",
      foreign_origin:
        "The service takes this page for a stranger's. Its operator looks at CORS_ORIGINS, and whether the proxy passes on the Host header.",
      cross_site: "The browser did not say which page asks: an extension or a proxy removes that.",
    },
    wait: (time) => `You can try again in ${time}.`,
    now: "You can try again now.",
    trace: "For the operator:",
  },
  ru: {
    kinds: {
      unreachable:
        "Служба статистики не отвечает. Введённое осталось на месте: повторите, когда она заработает.",
      slow: "Служба статистики не ответила вовремя. Ничего не потеряно: повторите.",
      incomplete:
        "Ответ оборвался по дороге. Посмотрите, выполнено ли действие, и повторите, если нет.",
      signed_out: "Сеанс закончился: войдите снова.",
      forbidden: "Вашей учётной записи это нельзя; можно администратору.",
      missing: "Этого больше нет.",
      refused: "Служба не смогла это принять.",
      limited: "Слишком много запросов за короткое время.",
      broken:
        "В службе статистики что-то сломалось. Повторите; если не пройдёт, скажите оператору.",
    },
    codes: {
      rate_limited: "Слишком много запросов за короткое время — ваших или с вашего адреса.",
      too_many_failures:
        "Слишком много неудачных попыток для этой учётной записи или с вашего адреса. Следующей придётся подождать.",
      signing_in_busy: "Прямо сейчас входит слишком много людей.",
      overloaded: "У службы статистики больше работы, чем она может сделать.",
      database_busy: "Служба статистики работает, но у её базы данных не осталось соединений.",
      database_unreachable: "Служба статистики работает, но её база данных не отвечает.",
      foreign_origin:
        "Служба считает эту страницу чужой. Оператору стоит проверить CORS_ORIGINS и передаёт ли прокси заголовок Host.",
      cross_site:
        "Браузер не сообщил, какая страница спрашивает: это убирает расширение или прокси.",
    },
    wait: (time) => `Повторить можно через ${time}.`,
    now: "Теперь можно повторить.",
    trace: "Для оператора:",
  },
};
