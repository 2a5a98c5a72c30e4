import type { QueryClient } from "@tanstack/react-query";
import type { AnyRouter } from "@tanstack/react-router";
import { meQuery } from "@/api/queries.ts";

const DOORS = ["/sign-in", "/register"];

/**
 * When a session has ended, wherever that is noticed: to the door, with the address to come back to.
 * An old refusal may come late, when one has signed in again; so the server is asked who one is.
 */
export function guardSession(client: QueryClient, router: AnyRouter): { check: () => void } {
  client.getQueryCache().subscribe(({ type, query }) => {
    const isMe = type === "updated" && query.queryKey[0] === meQuery.queryKey[0];
    if (isMe && query.state.data === null) void leave(client, router);
  });
  return { check: () => void client.fetchQuery({ ...meQuery, staleTime: 0 }).catch(() => {}) };
}

/** What was shown is forgotten: the next to sign in may be somebody else. */
async function leave(client: QueryClient, router: AnyRouter): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve)); // who signs out goes to the door without us
  if (DOORS.includes(router.latestLocation.pathname)) return;
  await router.invalidate();
  client.removeQueries({ predicate: (query) => query.queryKey[0] !== meQuery.queryKey[0] });
}
