import { Fact, Facts, type FactTone, FourFacts } from "@/features/system/fact.tsx";
import {
  systemTroubles,
  type Trouble,
  type TroubleId,
} from "@/features/system/prepare-troubles.ts";
import type { System } from "@/features/system/queries.ts";
import { SYSTEM } from "@/features/system/words.ts";
import { formatInteger, formatValue } from "@/lib/format.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";
import { type Asked, Panel } from "@/ui/panel.tsx";
import { Skeleton } from "@/ui/skeleton.tsx";

export function QueuePanel({ query }: { query: Asked<System> }) {
  const words = useWords(SYSTEM).queue;
  return (
    <Panel
      title={words.title}
      note={words.note}
      query={query}
      skeleton={<Skeleton className="h-40" />}
    >
      {(system) => <Queues system={system} />}
    </Panel>
  );
}

function Queues({ system }: { system: System }) {
  const words = useWords(SYSTEM).queue;
  const { language } = useLanguage();
  const { queue, outbox } = system;
  const troubles = systemTroubles(system);
  const count = (value: number) => formatInteger(value, language);
  const seconds = (value: number | null) =>
    formatValue(value === null ? null : value * 1000, "milliseconds", language);
  return (
    <div className="space-y-4">
      <div>
        <h3 className="mb-2 text-sm font-medium">{words.inbox}</h3>
        <FourFacts>
          <Fact title={words.waiting}>{count(queue.waiting)}</Fact>
          <Fact title={words.running}>{count(queue.running)}</Fact>
          <Fact title={words.oldestWaiting} tone={toneOf(troubles, "queue_waits")}>
            {seconds(queue.oldest_waiting_seconds)}
          </Fact>
          <Fact title={words.dead} tone={toneOf(troubles, "queue_dead")}>
            {count(queue.dead)}
          </Fact>
        </FourFacts>
      </div>
      <div>
        <h3 className="mb-2 text-sm font-medium">{words.outbox}</h3>
        <Facts>
          <Fact title={words.pending}>{count(outbox.pending)}</Fact>
          <Fact title={words.oldestPending} tone={toneOf(troubles, "outbox_waits")}>
            {seconds(outbox.oldest_pending_seconds)}
          </Fact>
          <Fact title={words.unknown} tone={toneOf(troubles, "delivery_unknown")}>
            {count(outbox.unknown_24h)}
          </Fact>
        </Facts>
      </div>
    </div>
  );
}

/** A number is red where the list of troubles says so, too. */
function toneOf(troubles: Trouble[], id: TroubleId): FactTone {
  return troubles.find((trouble) => trouble.id === id)?.tone ?? "plain";
}
