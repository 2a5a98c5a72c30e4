import { useQuery } from "@tanstack/react-query";
import { seriesQuery } from "@/api/queries.ts";
import { CohortsPanel } from "@/features/users/cohorts-panel.tsx";
import { GrowthPanel } from "@/features/users/growth-panel.tsx";
import { PeoplePanel } from "@/features/users/people-panel.tsx";
import { PEOPLE_METRICS } from "@/features/users/queries.ts";
import { PAGE_WORDS } from "@/features/users/words.ts";
import { useWords } from "@/lib/language.tsx";
import { useView } from "@/lib/use-view.ts";
import { withOnly } from "@/lib/view.ts";
import { FiltersLeftOut } from "@/ui/filters-left-out.tsx";
import { Tiles } from "@/ui/tiles.tsx";

export function UsersPage() {
  const words = useWords(PAGE_WORDS);
  const [all] = useView();
  const [view, left] = withOnly(all, ["bot", "user"]);
  const series = useQuery(seriesQuery(view, [...PEOPLE_METRICS]));
  return (
    <>
      <h1 className="text-xl font-semibold">{words.title}</h1>
      <FiltersLeftOut filters={left} because={words.because} />
      <Tiles
        title={words.numbers}
        slugs={PEOPLE_METRICS}
        query={series}
        className="md:grid-cols-3 xl:grid-cols-6"
        hasNotes={false}
      />
      <GrowthPanel query={series} view={view} />
      <CohortsPanel asOf={series.data?.window.as_of} />
      <PeoplePanel view={view} />
    </>
  );
}
