import type { ReactNode } from "react";
import type { DialogRow } from "@/api/types.ts";
import { ModelLink } from "@/features/dialogs/model-link.tsx";
import { DIALOG_WORDS } from "@/features/dialogs/opened-words.ts";
import { chatKind } from "@/features/dialogs/words.ts";
import { formatMoment } from "@/lib/dates.ts";
import { formatValue, MISSING } from "@/lib/format.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";
import { BotName } from "@/ui/bot-name.tsx";
import { Feedback } from "@/ui/feedback.tsx";
import { Name } from "@/ui/name.tsx";
import { OutcomeBadge } from "@/ui/outcome-badge.tsx";
import { Sheet } from "@/ui/panel.tsx";

/** What may be known of a dialog without opening it: then of the questions that were listed. */
export function DialogFacts({
  dialog,
  isWhole,
  zone,
}: {
  dialog: DialogRow;
  isWhole: boolean;
  zone: string;
}) {
  const words = useWords(DIALOG_WORDS);
  const { language } = useLanguage();
  const facts: [string, ReactNode][] = [
    [words.began, formatMoment(dialog.created_at, zone, language)],
    [words.last, formatMoment(dialog.last_at, zone, language)],
    [words.chat, <Name key="chat">{chatKind(dialog.chat_kind, language)}</Name>],
    [
      words.turns,
      `${formatValue(dialog.questions, "count", language)} / ${formatValue(dialog.answers, "count", language)}`,
    ],
    [words.outcome, <OutcomeBadge key="outcome" outcome={dialog.outcome} />],
    [words.model, dialog.model === null ? MISSING : <ModelLink key="model" model={dialog.model} />],
    [words.tokens, formatValue(dialog.tokens, "tokens", language)],
    [words.cost, formatValue(dialog.cost, "microdollars", language)],
    [words.feedback, <Feedback key="feedback" likes={dialog.likes} dislikes={dialog.dislikes} />],
    [words.bot, <BotName key="bot" id={dialog.bot_id} />],
  ];
  if (dialog.closed_at)
    facts.splice(2, 0, [words.closed, formatMoment(dialog.closed_at, zone, language)]);
  const note = isWhole ? words.zone(zone) : `${words.listed} ${words.zone(zone)}`;
  return (
    <Sheet title={words.facts} note={note}>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-3 text-sm sm:grid-cols-3 lg:grid-cols-5">
        {facts.map(([name, value]) => (
          <div key={name} className="min-w-0">
            <dt className="text-xs text-ink-soft">{name}</dt>
            <dd className="line-clamp-3 [overflow-wrap:anywhere]">{value}</dd>
          </div>
        ))}
      </dl>
    </Sheet>
  );
}
