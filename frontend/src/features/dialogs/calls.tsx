import type { Turn } from "@/api/types.ts";
import { type Call, prepareCalls } from "@/features/dialogs/prepare-calls.ts";
import { FACT_WORDS, sourceName } from "@/features/dialogs/turn-words.ts";
import { formatValue } from "@/lib/format.ts";
import { type Language, useLanguage, useWords } from "@/lib/language.tsx";
import { callOutcomeName, errorName, outcomeTone } from "@/lib/outcomes.ts";
import { shownName } from "@/lib/shown-name.ts";
import { Badge } from "@/ui/badge.tsx";
import { Name } from "@/ui/name.tsx";

/** Each call to a model that was made for an answer, the first one first. */
export function Calls({ calls }: { calls: Turn["calls"] }) {
  const words = useWords(FACT_WORDS);
  if (calls.length === 0) return <p className="text-ink-soft">{words.noCalls}</p>;
  return (
    <div>
      <h3 className="mb-1 text-ink-soft" title={words.sinceStart}>
        {words.calls}
      </h3>
      <ol className="space-y-2">
        {prepareCalls(calls).map((call) => (
          <CallItem key={call.number} call={call} />
        ))}
      </ol>
    </div>
  );
}

function CallItem({ call }: { call: Call }) {
  const { language } = useLanguage();
  return (
    <li className="rounded-lg bg-well/60 px-2.5 py-1.5">
      <p className="flex flex-wrap items-center justify-between gap-x-2 gap-y-1">
        <Name className="line-clamp-3 min-w-0 font-medium [overflow-wrap:anywhere]">
          {call.target}
        </Name>
        <Badge tone={outcomeTone(call.outcome)}>
          <Name className="max-w-52 truncate">{callOutcomeName(call.outcome, language)}</Name>
        </Badge>
      </p>
      <p className="mt-0.5 text-ink-soft [overflow-wrap:anywhere]">
        {wordsOf(call, language).join(" · ")}
      </p>
    </li>
  );
}

function wordsOf(call: Call, language: Language): string[] {
  const words = FACT_WORDS[language];
  const time = (ms: number) => formatValue(ms, "milliseconds", language);
  const said = [
    call.error && shownName(errorName(call.error, language)),
    call.http_status !== null && words.http(call.http_status),
    call.first_token_ms !== null && words.firstToken(time(call.first_token_ms)),
    call.duration_ms !== null && words.ended(time(call.duration_ms)),
    ...billOf(call, language),
  ];
  return said.filter((words) => typeof words === "string");
}

function billOf(call: Call, language: Language): string[] {
  const words = FACT_WORDS[language];
  if (call.prompt_tokens + call.completion_tokens + call.cost === 0) return [words.nothingBilled];
  return [
    `${words.prompt} ${formatValue(call.prompt_tokens, "tokens", language)}`,
    `${words.completion} ${formatValue(call.completion_tokens, "tokens", language)}`,
    `${formatValue(call.cost, "microdollars", language)}, ${sourceName(call.cost_source, language)}`,
  ];
}
