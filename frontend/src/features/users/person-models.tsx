import { useQuery } from "@tanstack/react-query";
import { breakdownQuery } from "@/api/queries.ts";
import { MODELS_WORDS } from "@/features/users/person-words.ts";
import { MODEL_METRICS } from "@/features/users/queries.ts";
import { useWords } from "@/lib/language.tsx";
import type { View } from "@/lib/view.ts";
import { Empty } from "@/ui/empty.tsx";
import { ModelTable } from "@/ui/model-table.tsx";
import { Panel } from "@/ui/panel.tsx";
import { RowsSkeleton } from "@/ui/skeleton.tsx";

/** `view` is narrowed to the person already. */
export function PersonModels({ view }: { view: View }) {
  const words = useWords(MODELS_WORDS);
  const query = useQuery(breakdownQuery({ ...view, compare: "none" }, "model", [...MODEL_METRICS]));
  return (
    <Panel
      title={words.title}
      note={words.note}
      query={query}
      skeleton={<RowsSkeleton rows={3} />}
      isEmpty={({ slices }) => slices.length === 0}
      empty={<Empty title={words.nothing} />}
    >
      {({ slices, keys }) => (
        <>
          <ModelTable caption={words.title} slices={slices} slugs={MODEL_METRICS} />
          {keys > slices.length && (
            <p className="mt-3 text-sm text-ink-soft">{words.count(slices.length, keys)}</p>
          )}
        </>
      )}
    </Panel>
  );
}
