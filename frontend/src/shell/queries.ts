import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "@/api/client.ts";
import { askedOf, type View } from "@/lib/view.ts";

const MOST_PEOPLE = 8;

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
