import { type Query, type QueryClient, useQuery } from "@tanstack/react-query";
import type { AnyRouter } from "@tanstack/react-router";
import { answer, api } from "@/api/client.ts";
import { Problem } from "@/api/problem.ts";
import { meQuery } from "@/api/queries.ts";
import type { Me } from "@/api/types.ts";

/** Coming and going. A password is given on and never kept; the browser keeps the cookie for us. */

export type Credentials = { name: string; password: string };

/** Of the problem that the service opened a session and the browser did not take its cookie. */
export const COOKIE_LOST = "cookie_not_taken";

/** Undefined as long as it is not known, null for nobody. */
export function useMe(): Me | null | undefined {
  return useQuery(meQuery).data;
}

/** Throws Problem; what the page knew for somebody else is forgotten. */
export async function signIn(client: QueryClient, credentials: Credentials): Promise<Me> {
  await answer(
    api.POST("/api/v1/auth/session", { headers: { Authorization: basic(credentials) } }),
  );
  const me = await whoIsIn();
  await client.cancelQueries();
  await forgetOthers(client);
  client.setQueryData(meQuery.queryKey, me);
  return me;
}

/** Somebody whose session has ended already is out as well. */
export async function signOut(client: QueryClient, router: AnyRouter): Promise<void> {
  await unlessOut(answer(api.DELETE("/api/v1/auth/session")));
  await leave(client, router);
}

export async function signOutEverywhere(client: QueryClient, router: AnyRouter): Promise<void> {
  await unlessOut(answer(api.DELETE("/api/v1/auth/sessions")));
  await leave(client, router);
}

/** RFC 7617 in UTF-8; `btoa` alone knows Latin letters only. */
export function basic({ name, password }: Credentials): string {
  const bytes = new TextEncoder().encode(`${name}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

async function whoIsIn(): Promise<Me> {
  try {
    return await answer(api.GET("/api/v1/auth/me"));
  } catch (error) {
    if (!isOut(error)) throw error;
    throw new Problem("signed_out", { code: COOKIE_LOST });
  }
}

/** The page goes first: what it shows would be asked for again. */
async function leave(client: QueryClient, router: AnyRouter): Promise<void> {
  client.setQueryData(meQuery.queryKey, null);
  await router.navigate({ to: "/sign-in" });
  await forgetOthers(client);
}

async function forgetOthers(client: QueryClient): Promise<void> {
  const isOther = (query: Query) => query.queryKey[0] !== meQuery.queryKey[0];
  await client.cancelQueries({ predicate: isOther });
  client.removeQueries({ predicate: isOther });
}

async function unlessOut(done: Promise<unknown>): Promise<void> {
  try {
    await done;
  } catch (error) {
    if (!isOut(error)) throw error;
  }
}

function isOut(error: unknown): boolean {
  return error instanceof Problem && error.kind === "signed_out";
}
