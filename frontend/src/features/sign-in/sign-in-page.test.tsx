import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeApi, renderApp } from "@/testing/app.tsx";
import { refusal } from "@/testing/page.tsx";

vi.mock("@/features/overview/overview-page.tsx", () => ({
  OverviewPage: () => <h1>The overview</h1>,
}));

const SESSION = "POST /api/v1/auth/session";
const PASSWORD = "пароль и ☂ зонтик";

let api: FakeApi;

beforeEach(() => {
  api = new FakeApi();
  api.me = null;
  localStorage.setItem("parley.language", "en");
});
afterEach(() => localStorage.clear());

async function signIn(name = "ada", password = PASSWORD) {
  await userEvent.type(await screen.findByLabelText("Name"), name);
  await userEvent.type(screen.getByLabelText("Password"), password);
  await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
}

it("sends name and password once, keeps them nowhere, and goes on", async () => {
  let header: string | null = null;
  api.on(SESSION, (_, request) => {
    header = request.headers.get("authorization");
    expect(request.headers.get("x-requested-with")).toBe("fetch");
    api.me = { name: "ada", role: "analyst", signed_in_by: "session" };
    return {};
  });
  const { href } = renderApp("/sign-in?next=%2F%3Fperiod%3Dmonth");
  await signIn();
  await screen.findByRole("heading", { name: "The overview" });
  expect(href()).toBe("/?period=month");
  expect(header).toBe(`Basic ${Buffer.from(`ada:${PASSWORD}`).toString("base64")}`);
  expect(JSON.stringify([{ ...localStorage }, { ...sessionStorage }])).not.toContain("зонтик");
});

it("sends those who are in already on at once", async () => {
  api.me = { name: "ada", role: "analyst", signed_in_by: "session" };
  const { href } = renderApp("/sign-in");
  await screen.findByRole("heading", { name: "The overview" });
  expect(href()).toBe("/");
});

it("lets password managers find their fields", async () => {
  renderApp("/sign-in");
  expect(await screen.findByLabelText("Name")).toHaveAttribute("autocomplete", "username");
  const password = screen.getByLabelText("Password");
  expect(password).toHaveAttribute("autocomplete", "current-password");
  expect(password).toHaveAttribute("type", "password");
  await userEvent.click(screen.getByRole("button", { name: "Show what is typed" }));
  expect(password).toHaveAttribute("type", "text");
});

describe("a refusal", () => {
  const limited = (code: string) =>
    new Response(JSON.stringify({ code, detail: "x", trace_id: "7" }), {
      status: 429,
      headers: { "content-type": "application/problem+json", "retry-after": "12" },
    });

  it.each<[string, () => unknown, RegExp]>([
    ["wrong credentials", () => refusal(401, "wrong_credentials"), /No active account has this/],
    ["a lock", () => limited("too_many_failures"), /Too many tries.*again in 12 sec/],
    ["the rate limit", () => limited("rate_limited"), /Too many requests.*again in 12 sec/],
    ["a busy service", () => refusal(503, "signing_in_busy"), /Many people are signing in/],
    ["a database that is away", () => refusal(503, "database_unreachable"), /database does not/],
    ["a broken service", () => refusal(500, "internal_error"), /Something failed/],
    ["an unreadable header", () => refusal(401, "not_authenticated"), /could not be sent/],
    ["a stranger's page", () => refusal(403, "foreign_origin"), /CORS_ORIGINS/],
    ["a proxy without an API", () => new Response("<h1>502</h1>", { status: 502 }), /Something/],
  ])("by %s says so, and nothing that was typed is lost", async (_, answer, sentence) => {
    api.on(SESSION, answer);
    renderApp("/sign-in");
    await signIn();
    await waitFor(() => expect(screen.getByRole("alert")).toHaveTextContent(sentence));
    expect(screen.getByLabelText("Name")).toHaveValue("ada");
    expect(screen.getByLabelText("Password")).toHaveValue(PASSWORD);
  });

  it("selects a wrong password, so that the next one replaces it", async () => {
    api.on(SESSION, () => refusal(401, "wrong_credentials"));
    renderApp("/sign-in");
    await signIn();
    await screen.findByRole("alert");
    await waitFor(() => expect(screen.getByLabelText("Password")).toHaveFocus());
  });

  it("comes from the browser too, which takes the cookie from few places", async () => {
    api.on(SESSION, () => ({}));
    renderApp("/sign-in");
    await signIn();
    expect(await screen.findByRole("alert")).toHaveTextContent(
      /did not keep the session's cookie.*only from localhost or 127\.0\.0\.1/,
    );
  });

  it("is forgotten by the next try", async () => {
    api.on(SESSION, () => {
      throw new TypeError("Failed to fetch");
    });
    renderApp("/sign-in");
    await signIn();
    expect(await screen.findByRole("alert")).toHaveTextContent(/does not answer/);
    api.on(SESSION, () => {
      api.me = { name: "ada", role: "analyst", signed_in_by: "session" };
      return {};
    });
    await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
    await screen.findByRole("heading", { name: "The overview" });
  });
});

it("asks for what is missing before it asks the service", async () => {
  renderApp("/sign-in");
  await userEvent.click(await screen.findByRole("button", { name: "Sign in" }));
  expect(screen.getByLabelText("Name")).toHaveAccessibleDescription(/Type the name/);
  expect(screen.getByLabelText("Password")).toHaveAccessibleDescription("Type your password.");
  expect(screen.getByLabelText("Name")).toHaveFocus();
  expect(api.questions("/api/v1/auth/session")).toEqual([]);
});

it("says before anybody types that the service is away", async () => {
  api.on("GET /api/v1/auth/me", () => refusal(400, "new_tomorrow", "It cannot be."));
  renderApp("/sign-in");
  expect(await screen.findByRole("alert")).toHaveTextContent("It cannot be.");
});

it("speaks Russian and turns dark before anybody is in", async () => {
  renderApp("/sign-in");
  await userEvent.click(await screen.findByRole("button", { name: /Русский/ }));
  expect(screen.getByRole("heading", { name: "Вход" })).toBeInTheDocument();
  expect(document.title).toBe("Вход · Parley");
  await userEvent.click(screen.getByRole("button", { name: "Тёмные" }));
  expect(document.documentElement.dataset.theme).toBe("dark");
  expect(screen.getByRole("link", { name: "Зарегистрироваться" })).toHaveAttribute(
    "href",
    "/register",
  );
});
