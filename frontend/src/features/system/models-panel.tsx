import { causeName } from "@/features/system/attention-panel.tsx";
import { Moment } from "@/features/system/bots-panel.tsx";
import type { Provider, System } from "@/features/system/queries.ts";
import { SYSTEM } from "@/features/system/words.ts";
import { formatInteger, MISSING } from "@/lib/format.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";
import { Empty } from "@/ui/empty.tsx";
import { Name } from "@/ui/name.tsx";
import { type Asked, Panel } from "@/ui/panel.tsx";
import { RowsSkeleton } from "@/ui/skeleton.tsx";
import { type Column, Table } from "@/ui/table.tsx";
import { WithCode } from "@/ui/with-code.tsx";

export function ModelsPanel({ query, zone }: { query: Asked<System>; zone: string }) {
  const words = useWords(SYSTEM).models;
  return (
    <Panel
      title={words.title}
      note={words.note}
      query={query}
      skeleton={<RowsSkeleton rows={3} />}
      isEmpty={(system) => system.providers.length === 0}
      empty={
        <Empty title={words.none}>
          <WithCode>{words.noneMore}</WithCode>
        </Empty>
      }
    >
      {(system) => (
        <Providers
          providers={system.providers}
          clock={{ asOf: system.as_of, receivedAt: query.dataUpdatedAt, zone }}
        />
      )}
    </Panel>
  );
}

function Providers({
  providers,
  clock,
}: {
  providers: Provider[];
  clock: { asOf: string; receivedAt: number; zone: string };
}) {
  const words = useWords(SYSTEM).models;
  const { language } = useLanguage();
  const moment = (at: string | null) => (at === null ? MISSING : <Moment at={at} {...clock} />);
  const columns: Column<Provider>[] = [
    {
      id: "model",
      title: words.model,
      cell: (one) => <Name className="line-clamp-3 break-all">{one.model}</Name>,
    },
    {
      id: "calls",
      title: words.calls,
      cell: (one) => formatInteger(one.calls, language),
      isNumber: true,
      isOrder: true,
    },
    {
      id: "failed",
      title: words.failed,
      cell: (one) => (
        <span className={one.failed > 0 ? "font-semibold text-bad" : undefined}>
          {formatInteger(one.failed, language)}
        </span>
      ),
      isNumber: true,
    },
    { id: "error", title: words.error, cell: (one) => error(one, language) },
    {
      id: "success",
      title: words.success,
      cell: (one) => moment(one.last_success_at),
      isExtra: true,
    },
    {
      id: "failure",
      title: words.failure,
      cell: (one) => moment(one.last_failure_at),
      isExtra: true,
    },
  ];
  return (
    <Table
      caption={words.title}
      columns={columns}
      rows={providers}
      rowKey={(provider) => provider.model}
    />
  );
}

function error({ last_error }: Provider, language: "en" | "ru"): string {
  return last_error === null ? MISSING : causeName(last_error, language);
}
