import type { Overview } from "@/api/types.ts";
import { RankedBars } from "@/charts/ranked-bars.tsx";
import { MoreLink } from "@/features/overview/more-link.tsx";
import { QuietNote } from "@/features/overview/quiet-note.tsx";
import { OVERVIEW_WORDS } from "@/features/overview/words.ts";
import { formatTime } from "@/lib/dates.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";
import { useMetric } from "@/lib/metrics.ts";
import type { View } from "@/lib/view.ts";
import { type Asked, Panel } from "@/ui/panel.tsx";
import { RowsSkeleton } from "@/ui/skeleton.tsx";

/** Who asks most. */
export function PeoplePanel({ query, view }: { query: Asked<Overview>; view: View }) {
  const words = useWords(OVERVIEW_WORDS);
  const { language } = useLanguage();
  const { title, unit } = useMetric()("questions");
  const data = query.data;
  const clock = data ? formatTime(data.top_users.as_of, data.window.timezone, language) : "…";
  return (
    <Panel
      title={words.users}
      note={words.usersNote(clock)}
      actions={<MoreLink to="/users">{words.allUsers}</MoreLink>}
      query={query}
      skeleton={<RowsSkeleton rows={11} />}
      isEmpty={({ top_users }) => top_users.users.length === 0}
      empty={<QuietNote title={words.nobody} height={140} />}
    >
      {({ top_users, summary }) => (
        <>
          <RankedBars
            label={title}
            unit={unit}
            total={summary.current.active_users ?? top_users.users.length}
            rows={top_users.users.map(({ id, pseudonym, questions }) => ({
              id,
              title: pseudonym,
              value: questions,
              to: { to: "/users/$userId", params: { userId: id }, search: view },
            }))}
          />
          {(view.model || view.language) && (
            <p className="mt-2 text-xs text-ink-soft">{words.peopleWide}</p>
          )}
        </>
      )}
    </Panel>
  );
}
