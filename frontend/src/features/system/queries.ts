import { infiniteQueryOptions, type Query, queryOptions } from "@tanstack/react-query";
import { answer, api } from "@/api/client.ts";
import { Problem } from "@/api/problem.ts";
import type { components } from "@/api/schema.d.ts";

type Schemas = components["schemas"];
export type Health = Schemas["Health"];
export type System = Schemas["SystemBody"];
export type Bot = Schemas["BotBody"];
export type Process = Schemas["ProcessBody"];
export type Provider = Schemas["ProviderBody"];
export type AuditEntry = Schemas["AuditEntry"];

export const ASK_MS = 10_000;
const AUDIT_PAGE = 30;

export const healthQuery = queryOptions({
  queryKey: ["system", "health"],
  queryFn: ({ signal }) => answer(api.GET("/api/v1/health", { signal })),
  staleTime: ASK_MS / 2,
  retry: false,
  refetchInterval: askAfter,
});

export const systemQuery = queryOptions({
  queryKey: ["system", "state"],
  queryFn: ({ signal }) => answer(api.GET("/api/v1/system", { signal })),
  staleTime: ASK_MS / 2,
  retry: false,
  refetchInterval: askAfter,
});

/** For admins; the newest first. */
export const auditQuery = infiniteQueryOptions({
  queryKey: ["system", "audit"],
  queryFn: ({ signal, pageParam }) => {
    const query = { limit: AUDIT_PAGE, ...(pageParam ? { before: pageParam } : {}) };
    return answer(api.GET("/api/v1/auth/audit", { params: { query }, signal }));
  },
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
});

/** A page that is told to wait waits; every other trouble may be over soon. */
function askAfter({ state: { error } }: Pick<Query, "state">): number {
  const wait = error instanceof Problem && error.kind === "limited" ? error.retryAfter : undefined;
  return Math.max(ASK_MS, (wait ?? 0) * 1000);
}
