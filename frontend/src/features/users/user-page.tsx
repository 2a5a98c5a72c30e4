import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Problem } from "@/api/problem.ts";
import { overviewQuery, personQuery } from "@/api/queries.ts";
import type { Overview, Person, Series } from "@/api/types.ts";
import { ActivityPanel } from "@/features/users/activity-panel.tsx";
import { PersonDialogs } from "@/features/users/person-dialogs.tsx";
import { PersonHeader } from "@/features/users/person-header.tsx";
import { PersonModels } from "@/features/users/person-models.tsx";
import { PERSON_WORDS } from "@/features/users/person-words.ts";
import { isActive, lifeOf } from "@/features/users/prepare-person.ts";
import { PERSON_METRICS } from "@/features/users/queries.ts";
import { formatDay } from "@/lib/dates.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";
import { useTitle } from "@/lib/title.ts";
import { keepView, useView } from "@/lib/use-view.ts";
import { type View, withOnly, withSpan } from "@/lib/view.ts";
import { BackLink } from "@/ui/back-link.tsx";
import { Button, buttonClass } from "@/ui/button.tsx";
import { Empty } from "@/ui/empty.tsx";
import { FiltersLeftOut } from "@/ui/filters-left-out.tsx";
import { ProblemNote } from "@/ui/problem-note.tsx";
import { Skeleton } from "@/ui/skeleton.tsx";
import { Tiles } from "@/ui/tiles.tsx";

export function UserPage() {
  const { userId } = useParams({ strict: false });
  return userId ? <PersonPage key={userId} id={userId} /> : <NoPerson />;
}

function PersonPage({ id }: { id: string }) {
  const words = useWords(PERSON_WORDS);
  const query = useQuery(personQuery(id));
  useTitle(query.data?.pseudonym);
  if (isNobody(query.error)) return <NoPerson />;
  return (
    <>
      <BackLink to="/users">{words.back}</BackLink>
      {query.error && (
        <ProblemNote
          problem={query.error}
          compact={query.data !== undefined}
          onAgain={() => void query.refetch()}
        />
      )}
      {query.data && <Known person={query.data} />}
      {query.isPending && <HeaderSkeleton />}
    </>
  );
}

function Known({ person }: { person: Person }) {
  const words = useWords(PERSON_WORDS);
  const [all] = useView();
  const [narrowed, left] = withOnly(all, ["model"]);
  const view: View = { ...narrowed, user: person.id };
  const overview = useQuery(overviewQuery(view));
  const zone = overview.data?.window.timezone ?? all.tz ?? "UTC";
  const isAwake = !overview.data || isActive(overview.data);
  return (
    <>
      <PersonHeader person={person} zone={zone} />
      <FiltersLeftOut filters={left.filter((filter) => filter !== "user")} because={words.oneBot} />
      {isAwake && (
        <Tiles
          title={words.inWindow}
          slugs={PERSON_METRICS}
          query={{ ...overview, data: overview.data && seriesOf(overview.data) }}
          className="md:grid-cols-3 xl:grid-cols-6"
          hasNotes={false}
        />
      )}
      <ActivityPanel
        query={overview}
        view={{ ...view, bot: String(person.bot_id) }}
        empty={<Asleep person={person} zone={zone} />}
      />
      {isAwake && <PersonModels view={view} />}
      {isAwake && <PersonDialogs view={view} />}
    </>
  );
}

function seriesOf({ window, summary, activity }: Overview): Series {
  return { window, total: summary, buckets: activity };
}

function Asleep({ person, zone }: { person: Person; zone: string }) {
  const words = useWords(PERSON_WORDS);
  const { language } = useLanguage();
  const [view, change] = useView();
  const life = lifeOf(person, zone);
  if (!life || !person.last_seen) return <Empty title={words.asleep}>{words.neverHint}</Empty>;
  return (
    <Empty title={words.asleep}>
      <p>
        {words.asleepHint(
          formatDay(person.first_seen, zone, language),
          formatDay(person.last_seen, zone, language),
        )}
      </p>
      {view.model && <p>{words.filteredHint}</p>}
      <Button
        look="main"
        className="mt-3"
        onClick={() => change((now) => withSpan(now, life.from, life.to))}
      >
        {words.widen}
      </Button>
    </Empty>
  );
}

function NoPerson() {
  const words = useWords(PERSON_WORDS);
  return (
    <div className="mx-auto max-w-lg space-y-4 py-12 text-center">
      <h1 className="text-lg font-semibold">{words.missing}</h1>
      <p className="text-ink-soft">{words.missingHint}</p>
      <Link to="/users" search={keepView} className={buttonClass("main")}>
        {words.allPeople}
      </Link>
    </div>
  );
}

/** An id that nobody has, and one that nobody can have. */
function isNobody(error: Error | null): boolean {
  return error instanceof Problem && (error.kind === "missing" || error.status === 422);
}

function HeaderSkeleton() {
  return (
    <div aria-busy="true" className="space-y-3">
      <Skeleton className="h-8 w-56" />
      <Skeleton className="h-5 w-72 max-w-full" />
      <Skeleton className="h-10 w-full max-w-2xl" />
    </div>
  );
}
