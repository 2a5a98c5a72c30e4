import { Fact, FourFacts } from "@/features/system/fact.tsx";
import type { System } from "@/features/system/queries.ts";
import { SYSTEM } from "@/features/system/words.ts";
import { MISSING } from "@/lib/format.ts";
import { useWords } from "@/lib/language.tsx";
import { type Asked, Panel } from "@/ui/panel.tsx";
import { Skeleton } from "@/ui/skeleton.tsx";

export function VersionsPanel({ query }: { query: Asked<System> }) {
  const words = useWords(SYSTEM).versions;
  return (
    <Panel title={words.title} query={query} skeleton={<Skeleton className="h-12" />}>
      {({ versions }) => (
        <FourFacts>
          <Fact title={words.release}>{versions.release}</Fact>
          <Fact title={words.schema} tone={versions.is_newest_schema ? "plain" : "bad"}>
            {versions.schema_revision ?? MISSING}
            <span className="block text-xs font-normal">
              {versions.is_newest_schema ? words.newest : words.notNewest}
            </span>
          </Fact>
          <Fact title={words.postgresql}>{versions.postgresql}</Fact>
          <Fact title={words.python}>{versions.python}</Fact>
        </FourFacts>
      )}
    </Panel>
  );
}
