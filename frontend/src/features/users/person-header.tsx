import { Check, Copy } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { Person } from "@/api/types.ts";
import { ORDERS } from "@/features/users/orders.ts";
import { PERSON_WORDS } from "@/features/users/person-words.ts";
import { copy } from "@/lib/copy.ts";
import { formatMoment } from "@/lib/dates.ts";
import { formatValue } from "@/lib/format.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";
import { languageName } from "@/lib/language-name.ts";
import { useMetric } from "@/lib/metrics.ts";
import { BotName } from "@/ui/bot-name.tsx";
import { IconButton } from "@/ui/button.tsx";
import { Name } from "@/ui/name.tsx";

/** Who it is, as far as a pseudonym tells, and what they did in all time. */
export function PersonHeader({ person, zone }: { person: Person; zone: string }) {
  const words = useWords(PERSON_WORDS);
  const { language } = useLanguage();
  const metric = useMetric();
  const seen = (moment: string | null) =>
    moment ? formatMoment(moment, zone, language) : words.never;
  return (
    <header className="space-y-3">
      <div>
        <h1 className="text-2xl font-semibold break-words">
          <Name>{person.pseudonym}</Name>
        </h1>
        <p className="flex min-w-0 items-center gap-1 text-xs text-ink-soft">
          <span className="sr-only">{words.id}</span>
          <code className="truncate">{person.id}</code>
          <CopyId id={person.id} />
        </p>
      </div>
      <dl className="flex flex-wrap gap-x-8 gap-y-3 text-sm">
        <Fact name={words.language}>
          <Name className="block max-w-60 truncate">
            {person.language ? languageName(person.language, language) : words.noLanguage}
          </Name>
        </Fact>
        <Fact name={words.bot}>
          <BotName id={person.bot_id} />
        </Fact>
        <Fact name={words.firstSeen}>{seen(person.first_seen)}</Fact>
        <Fact name={words.lastSeen}>{seen(person.last_seen)}</Fact>
        <Fact name={words.allTime}>
          <ul className="flex flex-wrap gap-x-4">
            {ORDERS.map((slug) => (
              <li key={slug}>
                {formatValue(person[slug], metric(slug).unit, language)}{" "}
                <span className="text-ink-soft">{metric(slug).title.toLowerCase()}</span>
              </li>
            ))}
          </ul>
        </Fact>
      </dl>
    </header>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-ink-soft">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function CopyId({ id }: { id: string }) {
  const words = useWords(PERSON_WORDS);
  const [isCopied, setIsCopied] = useState(false);
  return (
    <>
      <IconButton
        label={words.copy}
        onClick={() => void copy(id).then(setIsCopied)}
        onBlur={() => setIsCopied(false)}
      >
        {isCopied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
      </IconButton>
      <span role="status">{isCopied && words.copied}</span>
    </>
  );
}
