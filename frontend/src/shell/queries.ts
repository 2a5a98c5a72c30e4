import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "@/api/client.ts";
import { askedOf, type View } from "@/lib/view.ts";

const NAMES_FRESH_MS = 10 * 60_000;
const MOST_PEOPLE = 8;

/** Names of bots by their ids. */
export const botsQuery = queryOptions({
  queryKey: ["bots"],
  queryFn: async ({ signal }) => {
    const { bots } = await answer(api.GET("/api/v1/system", { signal }));
    return Object.fromEntries(bots.map((bot) => [String(bot.id), bot.username]));
  },
  staleTime: NAMES_FRESH_MS,
});

/** The first of those in the shown time who bear a pseudonym or an id like this. */
export const peopleNamedQuery = (view: View, search: string) =>
  queryOptions({
    queryKey: ["users", "named", view, search],
    queryFn: ({ signal }) => {
      const { bucket: _bucket, ...asked } = askedOf({ ...view, compare: "none" });
      const query = { ...asked, search, limit: MOST_PEOPLE };
      return answer(api.GET("/api/v1/users", { params: { query }, signal }));
    },
  });
