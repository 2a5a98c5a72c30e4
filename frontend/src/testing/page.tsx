import { QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { vi } from "vitest";
import { createQueryClient } from "@/api/query-client.ts";
import { LanguageProvider } from "@/lib/language.tsx";
import { parseSearch, stringifySearch } from "@/lib/search.ts";

/** Pages by their paths, at an address, without the frame around them. */
export function renderPages(address: string, pages: Record<string, () => ReactNode>) {
  const root = createRootRoute();
  const tree = root.addChildren(
    Object.entries(pages).map(([path, component]) =>
      createRoute({ getParentRoute: () => root, path, component }),
    ),
  );
  const router = createRouter({
    routeTree: tree,
    history: createMemoryHistory({ initialEntries: [address] }),
    parseSearch,
    stringifySearch,
  });
  const client = createQueryClient(() => {});
  const rendered = render(
    <LanguageProvider>
      <QueryClientProvider client={client}>
        <RouterProvider router={router as never} />
      </QueryClientProvider>
    </LanguageProvider>,
  );
  return { ...rendered, address: () => router.state.location.href };
}

/** Bodies by path, or what makes them of a question's words; `refusal` is one as well. */
export type Answers = Record<string, unknown>;

export const refusal = (status: number, code: string, detail = "It cannot be.") =>
  new Response(JSON.stringify({ status, code, detail, trace_id: "7", errors: [] }), {
    status,
    headers: { "content-type": "application/problem+json" },
  });

/** An API that answers these questions and no others; gives what it was asked. */
export function stubApi(answers: Answers): URL[] {
  const asked: URL[] = [];
  vi.stubGlobal("fetch", async (request: Request | string) => {
    const url = new URL(typeof request === "string" ? request : request.url, location.origin);
    asked.push(url);
    const known = answers[url.pathname];
    const body = typeof known === "function" ? known(url.searchParams) : known;
    if (body === undefined) return refusal(404, "not_found");
    return body instanceof Response ? body.clone() : Response.json(body);
  });
  return asked;
}
