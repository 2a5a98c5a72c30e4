import { CircleHelp } from "lucide-react";
import { Fragment, type ReactNode } from "react";
import type { Turn } from "@/api/types.ts";
import { Calls } from "@/features/dialogs/calls.tsx";
import { ModelLink } from "@/features/dialogs/model-link.tsx";
import { prepareStages } from "@/features/dialogs/prepare-stages.ts";
import { costSourceOf, modelsOf, type ShownTurn } from "@/features/dialogs/prepare-turns.ts";
import { Stages } from "@/features/dialogs/stages.tsx";
import { FACT_WORDS, sourceName } from "@/features/dialogs/turn-words.ts";
import { formatValue, MISSING } from "@/lib/format.ts";
import { type Language, useLanguage, useWords } from "@/lib/language.tsx";
import { errorName } from "@/lib/outcomes.ts";
import { Badge } from "@/ui/badge.tsx";
import { Feedback } from "@/ui/feedback.tsx";
import { Name } from "@/ui/name.tsx";
import { OutcomeBadge } from "@/ui/outcome-badge.tsx";

/** How an answer came to be, and what became of it. */
export function TurnFacts({ shown }: { shown: ShownTurn }) {
  const words = useWords(FACT_WORDS);
  const { turn } = shown;
  return (
    <div className="min-w-0 gap-6 space-y-3 self-start text-xs lg:sticky lg:top-4 xl:grid xl:grid-cols-[minmax(0,17rem)_minmax(0,15rem)] xl:space-y-0 3xl:grid-cols-2 print:static print:block print:space-y-3">
      <div className="space-y-3">
        <Badges shown={shown} />
        <Stages prepared={prepareStages(turn)} />
        <Details turn={turn} />
        {turn.delivery_unknown && (
          <p className="flex items-start gap-1.5 text-warn">
            <CircleHelp size={14} aria-hidden className="mt-px shrink-0" />
            {words.deliveryUnknownHint}
          </p>
        )}
      </div>
      <Calls calls={turn.calls} />
    </div>
  );
}

function Badges({ shown: { turn, outcome } }: { shown: ShownTurn }) {
  const words = useWords(FACT_WORDS);
  const { language } = useLanguage();
  return (
    <p className="flex flex-wrap items-center gap-1.5">
      <OutcomeBadge outcome={outcome} />
      {turn.error && turn.error !== outcome && (
        <Badge tone="bad">
          <Name className="max-w-60 truncate">{errorName(turn.error, language)}</Name>
        </Badge>
      )}
      {turn.is_fallback && <Badge tone="warn">{words.fallback}</Badge>}
      {turn.delivery_unknown && <Badge tone="warn">{words.deliveryUnknown}</Badge>}
      {turn.likes + turn.dislikes > 0 && <Feedback likes={turn.likes} dislikes={turn.dislikes} />}
    </p>
  );
}

function Details({ turn }: { turn: Turn }) {
  const words = useWords(FACT_WORDS);
  const { language } = useLanguage();
  const source = costSourceOf(turn);
  const facts: [string, ReactNode][] = [
    [words.model, <Models key="model" turn={turn} />],
    [words.provider, <Name key="provider">{turn.provider || MISSING}</Name>],
    [words.tokens, tokensOf(turn, language)],
    [
      words.cost,
      `${formatValue(turn.cost, "microdollars", language)}${source ? `, ${sourceName(source, language)}` : ""}`,
    ],
    [words.release, <Name key="release">{turn.release}</Name>],
  ];
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1">
      {facts.map(([name, value]) => (
        <Fragment key={name}>
          <dt className="text-ink-soft">{name}</dt>
          <dd className="line-clamp-4 [overflow-wrap:anywhere]">{value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}

function Models({ turn }: { turn: Turn }) {
  const models = modelsOf(turn);
  if (models.length === 0) return MISSING;
  return models.map((model, place) => (
    <Fragment key={model}>
      {place > 0 && " → "}
      <ModelLink model={model} />
    </Fragment>
  ));
}

/** What is part of something else is named only where there is some. */
function tokensOf(turn: Turn, language: Language): string {
  const words = FACT_WORDS[language];
  const counts: [number, string, boolean][] = [
    [turn.prompt_tokens, words.prompt, true],
    [turn.cached_tokens, words.cached, turn.cached_tokens > 0],
    [turn.completion_tokens, words.completion, true],
    [turn.reasoning_tokens, words.reasoning, turn.reasoning_tokens > 0],
  ];
  return counts
    .filter(([, , isShown]) => isShown)
    .map(([count, name]) => `${name} ${formatValue(count, "tokens", language)}`)
    .join(" · ");
}
