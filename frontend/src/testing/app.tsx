import { createMemoryHistory } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import { vi } from "vitest";
import { App, createApp } from "@/app.tsx";
import { refusal } from "@/testing/page.tsx";
import { windowOf } from "@/testing/window.ts";

type Made = (url: URL, request: Request) => unknown;

/** What the API answers, by method and path; may be changed while a test runs. */
export class FakeApi {
  readonly asked: { method: string; url: URL }[] = [];
  me: object | null = { name: "ada", role: "admin", signed_in_by: "session" };
  #made: Record<string, Made> = {};

  constructor() {
    vi.stubGlobal("fetch", (request: Request) => this.#answer(request));
    this.on("GET /api/v1/auth/me", () => this.me ?? refusal(401, "not_authenticated"));
    this.on("POST /api/v1/auth/session", () => {
      this.me = { name: "ada", role: "admin", signed_in_by: "session" };
      return {};
    });
    this.on("DELETE /api/v1/auth/session", () => {
      this.me = null;
      return new Response(null, { status: 204 });
    });
    this.on("GET /api/v1/stats", (url) => this.#overview(url));
  }

  on(question: string, made: Made): void {
    this.#made[question] = made;
  }

  questions(path: string): URL[] {
    return this.asked.filter(({ url }) => url.pathname === path).map(({ url }) => url);
  }

  async #answer(request: Request): Promise<Response> {
    const url = new URL(request.url);
    this.asked.push({ method: request.method, url });
    const made = this.#made[`${request.method} ${url.pathname}`];
    const body = await made?.(url, request);
    if (body === undefined) return refusal(404, "not_found");
    return body instanceof Response ? body.clone() : Response.json(body);
  }

  #overview(url: URL): unknown {
    if (!this.me) return refusal(401, "not_authenticated");
    const timezone = url.searchParams.get("tz") ?? "UTC";
    return { window: windowOf({ timezone }), summary: { current: { questions: 7 } } };
  }
}

/** The whole dashboard at an address. */
export function renderApp(address: string) {
  const parts = createApp(createMemoryHistory({ initialEntries: [address] }));
  const rendered = render(<App parts={parts} />);
  const href = () => parts.router.state.location.href;
  return { ...rendered, ...parts, href };
}
