import { useQueryClient } from "@tanstack/react-query";
import { Problem } from "@/api/problem.ts";
import { meQuery } from "@/api/queries.ts";
import { type Action, useAction } from "@/lib/use-action.ts";

/** An action of somebody who is signed in; whose session has ended meanwhile goes to the door. */
export function useChange<A extends unknown[]>(
  change: (...given: A) => Promise<unknown>,
): Action<A> {
  const client = useQueryClient();
  return useAction(async (...given: A) => {
    try {
      await change(...given);
    } catch (error) {
      if (error instanceof Problem && error.kind === "signed_out") {
        client.setQueryData(meQuery.queryKey, null);
      }
      throw error;
    }
  });
}
