import { useQuery } from "@tanstack/react-query";
import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { overviewQuery } from "@/api/queries.ts";
import { useView } from "@/lib/use-view.ts";
import { FakeApi, renderApp } from "@/testing/app.tsx";
import { refusal } from "@/testing/page.tsx";
import { Panel } from "@/ui/panel.tsx";

vi.mock("@/features/overview/overview-page.tsx", () => ({ OverviewPage: Numbers }));
vi.mock("@/features/models/models-page.tsx", () => ({
  ModelsPage: () => {
    throw new Error("a mistake of ours");
  },
}));
vi.mock("@/features/quality/quality-page.tsx", () => {
  throw new TypeError("Failed to fetch dynamically imported module");
});

function Numbers() {
  const [view] = useView();
  const query = useQuery(overviewQuery(view));
  return (
    <>
      <h1>The overview</h1>
      <Panel title="Numbers" query={query} skeleton={<p>soon</p>}>
        {({ summary }) => <p>{summary.current.questions} questions</p>}
      </Panel>
    </>
  );
}

let api: FakeApi;

beforeEach(() => {
  api = new FakeApi();
  localStorage.setItem("parley.language", "en");
});
afterEach(() => {
  localStorage.clear();
  vi.useRealTimers();
});

const numbers = () => screen.findByText("7 questions");

describe("somebody who is not signed in", () => {
  it("is sent to the door and brought back to where they wanted to go", async () => {
    api.me = null;
    const { href } = renderApp("/?period=month&tz=Europe%2FBerlin");
    await userEvent.type(await screen.findByLabelText(/Name/), "ada");
    expect(href()).toBe(`/sign-in?next=${encodeURIComponent("/?period=month&tz=Europe%2FBerlin")}`);
    expect(screen.queryByText(/questions/)).not.toBeInTheDocument();
    expect(api.questions("/api/v1/stats")).toEqual([]);
    await userEvent.type(screen.getByLabelText(/Password/), "correct horse battery{Enter}");
    await numbers();
    expect(href()).toBe("/?period=month&tz=Europe%2FBerlin");
  });

  it("is not sent anywhere else by a forged address", async () => {
    const { href } = renderApp("/sign-in?next=%2F%2Fevil.example%2F");
    await numbers();
    expect(href()).toBe("/");
  });
});

describe("a session that ends", () => {
  it("brings one back to the same address after signing in again", async () => {
    const { href, queryClient } = renderApp("/?period=day");
    await numbers();
    api.me = null;
    await act(() => queryClient.refetchQueries({ queryKey: ["stats"] }));
    const name = await screen.findByLabelText(/Name/);
    expect(href()).toBe(`/sign-in?next=${encodeURIComponent("/?period=day")}`);
    await waitFor(() =>
      expect(queryClient.getQueryCache().findAll({ queryKey: ["stats"] })).toEqual([]),
    );
    await userEvent.type(name, "ada");
    await userEvent.type(screen.getByLabelText(/Password/), "correct horse battery{Enter}");
    await numbers();
    expect(href()).toBe("/?period=day");
  });

  it("is asked after once, however many questions were refused", async () => {
    const { queryClient } = renderApp("/");
    await numbers();
    api.me = null;
    const before = api.questions("/api/v1/auth/me").length;
    await act(async () => {
      await Promise.allSettled([
        queryClient.fetchQuery({ ...overviewQuery({ period: "day" }), staleTime: 0 }),
        queryClient.fetchQuery({ ...overviewQuery({ period: "month" }), staleTime: 0 }),
      ]);
    });
    await screen.findByLabelText(/Name/);
    expect(api.questions("/api/v1/auth/me").length).toBe(before + 1);
  });

  it("has not ended where an old refusal comes late", async () => {
    const { href, queryClient } = renderApp("/");
    await numbers();
    api.on("GET /api/v1/stats", () => refusal(401, "not_authenticated"));
    await act(() => queryClient.refetchQueries({ queryKey: ["stats"] }));
    expect(await numbers()).toBeVisible();
    expect(href()).toBe("/");
  });

  it("may end by one's own wish", async () => {
    const { href } = renderApp("/");
    await numbers();
    await userEvent.click(screen.getByRole("button", { name: /Account and appearance/ }));
    await userEvent.click(screen.getByRole("button", { name: "Sign out" }));
    await screen.findByLabelText(/Name/);
    expect(href()).toMatch(/^\/sign-in/);
  });

  it("stays where the server cannot be told, and says so", async () => {
    const { href } = renderApp("/");
    await numbers();
    api.on("DELETE /api/v1/auth/session", () => Promise.reject(new TypeError("Failed to fetch")));
    await userEvent.click(screen.getByRole("button", { name: /Account and appearance/ }));
    await userEvent.click(screen.getByRole("button", { name: "Sign out" }));
    expect(await screen.findByText(/Not signed out/)).toBeVisible();
    expect(href()).toBe("/");
  });
});

describe("nothing is white", () => {
  beforeEach(() => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    vi.spyOn(console, "warn").mockImplementation(() => {});
  });
  afterEach(() => void vi.restoreAllMocks());

  it("where the service is down at first, and goes on by itself", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    api.on("GET /api/v1/auth/me", () => Promise.reject(new TypeError("Failed to fetch")));
    renderApp("/");
    await act(() => vi.advanceTimersByTimeAsync(5000));
    expect(screen.getByRole("alert")).toHaveTextContent(/does not answer/);
    api.on("GET /api/v1/auth/me", () => api.me);
    await act(() => vi.advanceTimersByTimeAsync(16_000));
    expect(await numbers()).toBeVisible();
  });

  it("where a page has a mistake: the frame stays", async () => {
    renderApp("/models");
    expect(await screen.findByRole("alert")).toHaveTextContent("This page failed");
    expect(screen.getByRole("button", { name: "Reload" })).toBeVisible();
    await userEvent.click(screen.getByRole("link", { name: "Overview" }));
    expect(await numbers()).toBeVisible();
  });

  it("where a page's code does not come: the frame stays and offers to reload", async () => {
    renderApp("/quality");
    expect(await screen.findByRole("alert")).toHaveTextContent("could not be loaded");
    expect(screen.getByRole("button", { name: "Reload" })).toBeVisible();
    await userEvent.click(screen.getByRole("link", { name: "Overview" }));
    expect(await numbers()).toBeVisible();
  });

  it("where there is no such page", async () => {
    renderApp("/nowhere/at/all");
    expect(
      await screen.findByRole("heading", { name: "There is no such page" }),
    ).toBeInTheDocument();
    await userEvent.click(screen.getByRole("link", { name: "To the overview" }));
    expect(await numbers()).toBeVisible();
  });
});

describe("an address with nonsense", () => {
  const notice = () => screen.queryByText(/Not understood in the address/);

  it("is understood as far as it goes, and says what was left out", async () => {
    const { href } = renderApp("/?period=foo&tz=Europe%2FBerlin&utm=1&from=2026-11-01");
    await numbers();
    expect(notice()).toHaveTextContent("period=foo, utm=1, from=2026-11-01");
    expect(href()).toBe("/?tz=Europe%2FBerlin&utm=1");
    await userEvent.click(screen.getByRole("button", { name: "Got it" }));
    expect(notice()).not.toBeInTheDocument();
    await waitFor(() => expect(href()).toBe("/?tz=Europe%2FBerlin"));
  });

  it("may have a page's own words wrong", async () => {
    api.on("GET /api/v1/users", () => ({ window: null, users: [], total: 0, next: null }));
    renderApp("/users?order=beauty&search=otter");
    await waitFor(() => expect(notice()).toHaveTextContent("order=beauty"));
    expect(notice()).not.toHaveTextContent("otter");
  });

  it("is forgotten when one goes on", async () => {
    renderApp("/?period=foo");
    await numbers();
    await userEvent.click(screen.getByRole("button", { name: "Day" }));
    await waitFor(() => expect(notice()).not.toBeInTheDocument());
  });

  it("cannot fill the page, nor turn its text around", async () => {
    const many = Array.from({ length: 9 }, (_, place) => `a${place}=${"😀".repeat(200)}`).join("&");
    renderApp(`/?\u202Eevil=1&${many}`);
    await numbers();
    const text = notice()?.textContent ?? "";
    expect(text).toMatch(/\+5$/);
    expect([...text].length).toBeLessThan(400);
    expect(notice()?.querySelector("bdi")).toHaveTextContent("evil");
  });
});

describe("the window's title", () => {
  it("names the page in the reader's language", async () => {
    renderApp("/");
    await numbers();
    expect(document.title).toBe("Overview · Parley");
    await userEvent.click(screen.getByRole("button", { name: /Account and appearance/ }));
    await userEvent.click(screen.getByRole("button", { name: "Русский" }));
    expect(document.title).toBe("Обзор · Parley");
    await userEvent.click(screen.getByRole("link", { name: "Система" }));
    await waitFor(() => expect(document.title).toBe("Система · Parley"));
  });
});
