import { Fact, Facts } from "@/features/system/fact.tsx";
import { processName } from "@/features/system/prepare-troubles.ts";
import type { Bot, Process, System } from "@/features/system/queries.ts";
import { useAges, useMoments } from "@/features/system/use-ages.ts";
import { SYSTEM } from "@/features/system/words.ts";
import { useWords } from "@/lib/language.tsx";
import { Badge } from "@/ui/badge.tsx";
import { Empty } from "@/ui/empty.tsx";
import { Name } from "@/ui/name.tsx";
import { type Asked, Panel } from "@/ui/panel.tsx";
import { Skeleton } from "@/ui/skeleton.tsx";
import { type Column, Table } from "@/ui/table.tsx";
import { WithCode } from "@/ui/with-code.tsx";

export function BotsPanel({ query, zone }: { query: Asked<System>; zone: string }) {
  const words = useWords(SYSTEM).bots;
  return (
    <Panel
      title={words.title}
      note={words.note}
      query={query}
      skeleton={<Skeleton className="h-40" />}
      isEmpty={(system) => system.bots.length === 0}
      empty={
        <Empty title={words.none}>
          <WithCode>{words.noneMore}</WithCode>
        </Empty>
      }
    >
      {(system) => (
        <ul className="divide-y divide-line">
          {system.bots.map((bot) => (
            <BotItem
              key={bot.id}
              bot={bot}
              processes={system.processes.filter((process) => process.bot_id === bot.id)}
              asOf={system.as_of}
              receivedAt={query.dataUpdatedAt}
              zone={zone}
            />
          ))}
        </ul>
      )}
    </Panel>
  );
}

type Clock = { asOf: string; receivedAt: number; zone: string };

function BotItem({ bot, processes, ...clock }: { bot: Bot; processes: Process[] } & Clock) {
  const words = useWords(SYSTEM).bots;
  const alive = processes.filter((process) => process.is_alive).length;
  const name = `@${bot.username}`;
  return (
    <li className="space-y-4 py-4 first:pt-0 last:pb-0">
      <h3 className="flex flex-wrap items-center gap-2 font-medium">
        <Name className="break-all">{name}</Name>
        <Badge tone={alive > 0 ? "good" : "bad"}>
          {alive > 0 ? words.served(alive) : words.unserved}
        </Badge>
      </h3>
      <Facts>
        <Fact title={words.question}>
          <Moment at={bot.last_question_at} {...clock} />
        </Fact>
        <Fact title={words.delivered}>
          <Moment at={bot.last_answer_delivered_at} {...clock} />
        </Fact>
      </Facts>
      {processes.length === 0 ? (
        <p className="text-sm text-ink-soft">{words.noProcess}</p>
      ) : (
        <Processes name={name} processes={processes} clock={clock} />
      )}
    </li>
  );
}

function Processes({
  name,
  processes,
  clock,
}: {
  name: string;
  processes: Process[];
  clock: Clock;
}) {
  const words = useWords(SYSTEM).bots;
  const columns: Column<Process>[] = [
    { id: "name", title: words.process, cell: (one) => <Name>{processName(one)}</Name> },
    {
      id: "state",
      title: words.state,
      cell: (one) => (
        <Badge tone={one.is_alive ? "good" : "bad"}>
          {one.is_alive ? words.alive : words.silent}
        </Badge>
      ),
    },
    {
      id: "heartbeat",
      title: words.heartbeat,
      cell: (one) => <Moment at={one.seen_at} {...clock} />,
    },
    {
      id: "started",
      title: words.running,
      cell: (one) => <Moment at={one.started_at} {...clock} />,
      isExtra: true,
    },
    { id: "release", title: words.release, cell: (one) => one.release, isExtra: true },
  ];
  return (
    <Table
      caption={words.processes(name)}
      columns={columns}
      rows={processes}
      rowKey={(process) => process.id}
    />
  );
}

/** How long ago, and the whole moment for those who point at it. */
export function Moment({ at, asOf, receivedAt, zone }: { at: string | null } & Clock) {
  const words = useWords(SYSTEM).bots;
  const ageOf = useAges(asOf, receivedAt);
  const written = useMoments(zone);
  if (at === null) return <span className="font-normal text-ink-soft">{words.never}</span>;
  return (
    <time dateTime={at} title={written(at)} className="whitespace-nowrap">
      {ageOf(at)}
    </time>
  );
}
