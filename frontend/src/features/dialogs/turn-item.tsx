import clsx from "clsx";
import { Eraser, Pencil } from "lucide-react";
import type { ReactNode } from "react";
import type { Turn } from "@/api/types.ts";
import { PersonLink } from "@/features/dialogs/person-link.tsx";
import { lengthOf, type ShownTurn } from "@/features/dialogs/prepare-turns.ts";
import { TurnFacts } from "@/features/dialogs/turn-facts.tsx";
import { TEXT_WORDS } from "@/features/dialogs/turn-words.ts";
import { formatDay, formatMoment, formatTime } from "@/lib/dates.ts";
import { formatValue } from "@/lib/format.ts";
import { kindName } from "@/lib/kinds.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";
import { Name } from "@/ui/name.tsx";

/** A question, its answer, and what is known of them. */
export function TurnItem({ shown, zone }: { shown: ShownTurn; zone: string }) {
  const words = useWords(TEXT_WORDS);
  const { language } = useLanguage();
  const { turn } = shown;
  return (
    <li className="break-inside-avoid border-b border-line py-6 first:pt-0 last:border-0">
      {shown.opensDay && (
        <p className="mb-4 text-center text-xs font-medium text-ink-soft">
          {formatDay(turn.created_at, zone, language)}
        </p>
      )}
      <article
        aria-label={words.question(shown.number)}
        className="grid gap-5 lg:grid-cols-[minmax(0,1fr)_18rem] lg:gap-8 xl:grid-cols-[minmax(0,1fr)_33.5rem] 3xl:grid-cols-[minmax(0,60rem)_minmax(33.5rem,1fr)] print:grid-cols-[minmax(0,1fr)_16rem]"
      >
        <div className="min-w-0 space-y-3">
          {shown.answer === "erased" ? (
            <Erased turn={turn} zone={zone} />
          ) : (
            <>
              <Question turn={turn} zone={zone} />
              <Answer shown={shown} />
            </>
          )}
        </div>
        <TurnFacts shown={shown} />
      </article>
    </li>
  );
}

function Question({ turn, zone }: { turn: Turn; zone: string }) {
  const words = useWords(TEXT_WORDS);
  const { language } = useLanguage();
  return (
    <div className="ml-auto w-fit max-w-[min(90%,42rem)]">
      <p className="mb-1 flex flex-wrap items-center justify-end gap-x-2 text-xs text-ink-soft [overflow-wrap:anywhere]">
        <span className="sr-only">{words.questionText}</span>
        <PersonLink id={turn.user_id} pseudonym={turn.pseudonym} />
        <time dateTime={turn.created_at}>{formatTime(turn.created_at, zone, language)}</time>
        {turn.kind !== "text" && <Name>{kindName(turn.kind, language)}</Name>}
        {turn.edited_at && (
          <span className="inline-flex items-center gap-1">
            <Pencil size={11} aria-hidden />
            {words.edited(formatMoment(turn.edited_at, zone, language))}
          </span>
        )}
        <Length text={turn.question} />
      </p>
      <Bubble className="ml-auto rounded-tr-sm bg-accent-soft print:border print:border-line">
        {turn.question || <Instead>{words.noText}</Instead>}
      </Bubble>
    </div>
  );
}

function Answer({ shown }: { shown: ShownTurn }) {
  const words = useWords(TEXT_WORDS);
  const { turn, answer } = shown;
  return (
    <div className="w-fit max-w-[min(95%,48rem)]">
      <p className="mb-1 flex flex-wrap items-center gap-x-2 text-xs text-ink-soft">
        <span>{words.answerText}</span>
        {turn.answer && <Length text={turn.answer} />}
      </p>
      <Bubble className="rounded-tl-sm border border-line bg-paper">
        {answer === "text" ? (
          turn.answer
        ) : (
          <Instead>{answer === "under_way" ? words.underWay : words.nothing}</Instead>
        )}
      </Bubble>
    </div>
  );
}

function Erased({ turn, zone }: { turn: Turn; zone: string }) {
  const words = useWords(TEXT_WORDS);
  const { language } = useLanguage();
  const moment = turn.erased_at ? formatMoment(turn.erased_at, zone, language) : "";
  return (
    <>
      <p className="flex flex-wrap gap-x-2 text-xs text-ink-soft [overflow-wrap:anywhere]">
        <PersonLink id={turn.user_id} pseudonym={turn.pseudonym} />
        <time dateTime={turn.created_at}>{formatTime(turn.created_at, zone, language)}</time>
      </p>
      <p className="flex w-fit items-center gap-2 rounded-2xl border border-line border-dashed px-4 py-3 text-sm text-ink-soft">
        <Eraser size={15} aria-hidden className="shrink-0" /> {words.erased(moment)}
      </p>
    </>
  );
}

/** Foreign text, as it was written: never interpreted, and never wider or higher than its place. */
function Bubble({ className, children }: { className: string; children: ReactNode }) {
  return (
    <div
      dir="auto"
      className={clsx(
        "w-fit max-w-full overflow-clip whitespace-pre-wrap rounded-2xl px-4 py-2.5 text-[0.94rem] leading-relaxed [overflow-wrap:anywhere]",
        className,
      )}
    >
      {children}
    </div>
  );
}

function Instead({ children }: { children: ReactNode }) {
  return <em className="text-ink-soft">{children}</em>;
}

function Length({ text }: { text: string }) {
  const words = useWords(TEXT_WORDS);
  const { language } = useLanguage();
  if (!text) return null;
  const length = lengthOf(text);
  return (
    <span>
      {formatValue(length, "characters", language)} {words.characters(length)}
    </span>
  );
}
