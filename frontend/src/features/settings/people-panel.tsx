import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { UserPlus } from "lucide-react";
import { useState } from "react";
import { meQuery } from "@/api/queries.ts";
import { Confirm } from "@/features/settings/confirm.tsx";
import { PEOPLE, type Step } from "@/features/settings/people-words.ts";
import {
  type Account,
  type AccountChange,
  accountsQuery,
  changeAccount,
} from "@/features/settings/queries.ts";
import { useChange } from "@/features/settings/use-change.ts";
import { ACCOUNT } from "@/features/settings/words.ts";
import { formatDay } from "@/lib/dates.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";
import { Badge } from "@/ui/badge.tsx";
import { Button, buttonClass } from "@/ui/button.tsx";
import { Name } from "@/ui/name.tsx";
import { Panel } from "@/ui/panel.tsx";
import { RowsSkeleton } from "@/ui/skeleton.tsx";

type Asked = { name: string; step: Step };

const CHANGES: Record<Step, AccountChange> = {
  promote: { role: "admin" },
  demote: { role: "analyst" },
  disable: { disabled: true },
  enable: { disabled: false },
};

/** For admins; nobody else may ask for it. */
export function PeoplePanel({ me, zone }: { me: string; zone: string }) {
  const words = useWords(PEOPLE);
  const query = useQuery(accountsQuery);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [done, setDone] = useState<Asked | null>(null);
  return (
    <Panel
      title={words.title}
      note={words.note}
      query={query}
      skeleton={<RowsSkeleton rows={4} />}
      actions={
        <Link to="/register" className={buttonClass()}>
          <UserPlus size={15} aria-hidden /> {words.add}
        </Link>
      }
    >
      {(accounts) => (
        <>
          <p role="status" className="text-sm font-medium text-good">
            {done && words.steps[done.step].done(done.name)}
          </p>
          <ul className="divide-y divide-line">
            {accounts.map((account) => (
              <PersonItem
                key={account.name}
                account={account}
                isMe={account.name === me}
                zone={zone}
                onAsk={(step) => setAsked({ name: account.name, step })}
              />
            ))}
          </ul>
          {asked && (
            <ConfirmStep
              asked={asked}
              isMe={asked.name === me}
              onClose={() => setAsked(null)}
              onDone={() => {
                setAsked(null);
                setDone(asked);
              }}
            />
          )}
        </>
      )}
    </Panel>
  );
}

function PersonItem({
  account,
  isMe,
  zone,
  onAsk,
}: {
  account: Account;
  isMe: boolean;
  zone: string;
  onAsk: (step: Step) => void;
}) {
  const words = useWords(PEOPLE);
  const { roles } = useWords(ACCOUNT);
  const { language } = useLanguage();
  const { name, role, created_at, disabled_at } = account;
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-2.5 first:pt-0 last:pb-0">
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <Name className={disabled_at ? "break-all text-ink-soft" : "break-all font-medium"}>
            {name}
          </Name>
          <Badge tone={role === "admin" ? "accent" : "neutral"}>{roles[role].name}</Badge>
          {isMe && <Badge>{words.you}</Badge>}
          {disabled_at && (
            <Badge tone="warn">{words.disabled(formatDay(disabled_at, zone, language))}</Badge>
          )}
        </p>
        <p className="text-xs text-ink-soft">
          {words.since(formatDay(created_at, zone, language))}
        </p>
      </div>
      <div className="flex flex-wrap gap-1.5">
        {stepsOf(account).map((step) => (
          <Button
            key={step}
            look={step === "disable" ? "danger" : "plain"}
            aria-label={words.of(words.steps[step].button, name)}
            onClick={() => onAsk(step)}
          >
            {words.steps[step].button}
          </Button>
        ))}
      </div>
    </li>
  );
}

function stepsOf({ role, disabled_at }: Account): Step[] {
  return [role === "admin" ? "demote" : "promote", disabled_at ? "enable" : "disable"];
}

function ConfirmStep({
  asked: { name, step },
  isMe,
  onClose,
  onDone,
}: {
  asked: Asked;
  isMe: boolean;
  onClose: () => void;
  onDone: () => void;
}) {
  const words = useWords(PEOPLE);
  const { title, note, button } = words.steps[step];
  const change = useStep(isMe);
  const action = useChange(async () => {
    await change(name, CHANGES[step]);
    onDone();
  });
  return (
    <Confirm
      title={title(name)}
      yes={button}
      isDanger={step === "disable"}
      action={action}
      sentences={words.sentences}
      onClose={onClose}
    >
      <p>{note}</p>
      {isMe && words.self[step] && <p className="font-medium text-ink">{words.self[step]}</p>}
    </Confirm>
  );
}

/** Whoever changes themselves may have to leave this list, or the dashboard. */
function useStep(isMe: boolean): (name: string, change: AccountChange) => Promise<void> {
  const client = useQueryClient();
  return async (name, change) => {
    await changeAccount(name, change).finally(() => {
      if (!isMe) void client.invalidateQueries(accountsQuery);
    });
    if (!isMe) return;
    await client.invalidateQueries(meQuery);
    void client.invalidateQueries(accountsQuery);
  };
}
