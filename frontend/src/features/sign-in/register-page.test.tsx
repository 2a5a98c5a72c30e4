import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeApi, renderApp } from "@/testing/app.tsx";
import { refusal } from "@/testing/page.tsx";

vi.mock("@/features/overview/overview-page.tsx", () => ({
  OverviewPage: () => <h1>The overview</h1>,
}));

const REGISTER = "POST /api/v1/auth/register";
const TOKEN = "the-token";
const PASSWORD = "four quiet herons wade";
const MADE = {
  name: "bob",
  role: "analyst",
  created_at: "2026-11-21T09:00:00Z",
  disabled_at: null,
};

let api: FakeApi;

beforeEach(() => {
  api = new FakeApi();
  api.me = null;
  localStorage.setItem("parley.language", "en");
});
afterEach(() => localStorage.clear());

type Typed = { token?: string; name?: string; password?: string };

async function register({ token = TOKEN, name = "Bob", password = PASSWORD }: Typed = {}) {
  const fill = async (label: string, text: string) =>
    text && (await userEvent.type(screen.getByLabelText(label), text));
  await screen.findByRole("heading", { name: "Register" });
  await fill("Registration token", token);
  await fill("Name", name);
  await fill("Password", password);
  await userEvent.click(screen.getByRole("button", { name: "Register" }));
}

it("makes an account with the token, and signs its owner in", async () => {
  let sent: unknown;
  api.on(REGISTER, async (_, request) => {
    sent = [request.headers.get("x-admin-token"), await request.json()];
    return MADE;
  });
  renderApp("/register");
  await screen.findByRole("heading", { name: "Register" });
  await userEvent.selectOptions(screen.getByLabelText("Role"), "admin");
  await register();
  await screen.findByRole("heading", { name: "The overview" });
  expect(sent).toEqual([TOKEN, { name: "Bob", password: PASSWORD, role: "admin" }]);
});

it("leaves an admin who adds somebody signed in as they are", async () => {
  api.me = { name: "ada", role: "admin", signed_in_by: "session" };
  api.on("GET /api/v1/auth/sessions", () => ({ sessions: [] }));
  api.on("GET /api/v1/auth/users", () => ({ users: [] }));
  api.on(REGISTER, () => MADE);
  renderApp("/settings");
  await userEvent.click(await screen.findByRole("link", { name: "Add somebody" }));
  await register();
  expect(await screen.findByRole("heading", { name: "The account bob is ready" })).toBeVisible();
  expect(screen.getByRole("link", { name: "To the settings" })).toHaveAttribute(
    "href",
    "/settings",
  );
  expect(api.questions("/api/v1/auth/session")).toEqual([]);
});

it("says that the account is there when the browser does not take the cookie", async () => {
  api.on(REGISTER, () => MADE);
  api.on("POST /api/v1/auth/session", () => ({}));
  renderApp("/register");
  await register();
  expect(await screen.findByRole("alert")).toHaveTextContent(/account is made, but this browser/);
  expect(screen.getByRole("link", { name: "Sign in" })).toHaveAttribute("href", "/sign-in");
});

describe("a refusal stands beside the field that it concerns", () => {
  it.each<[string, () => unknown, string, RegExp]>([
    ["a wrong token", () => refusal(403, "wrong_token"), "Registration token", /not the regis/],
    ["a taken name", () => refusal(400, "name_taken"), "Name", /of this name already/],
    ["a weak password", () => refusal(422, "weak_password"), "Password", /among the first/],
    [
      "a name of tomorrow's rules",
      () => refusal(422, "invalid_request", "The request cannot be used: body.name: too odd."),
      "Name",
      /3 to 64 letters/,
    ],
  ])("%s", async (_, answer, label, sentence) => {
    api.on(REGISTER, answer);
    renderApp("/register");
    await register();
    const field = screen.getByLabelText(label);
    await waitFor(() => expect(field).toHaveAccessibleDescription(sentence));
    expect(field).toBeInvalid();
    expect(field).toHaveFocus();
    expect(screen.getByLabelText("Password")).toHaveValue(PASSWORD);
  });

  it.each<[string, Typed, string, RegExp]>([
    ["no token", { token: "" }, "Registration token", /Type the registration token/],
    ["a token that fits no header", { token: "жетон" }, "Registration token", /not the regis/],
    ["a short name", { name: "ab" }, "Name", /3 to 64 letters/],
    ["a short password", { password: "short" }, "Password", /8 to 128 characters/],
    ["the name as password", { password: "i am bob myself" }, "Password", /the account's name/],
  ])("%s, without asking the service", async (_, typed, label, sentence) => {
    renderApp("/register");
    await register(typed);
    expect(screen.getByLabelText(label)).toHaveAccessibleDescription(sentence);
    expect(api.questions("/api/v1/auth/register")).toEqual([]);
  });
});

describe("a refusal that concerns no field stands above them", () => {
  const locked = () =>
    new Response(JSON.stringify({ code: "too_many_failures", detail: "x", trace_id: "7" }), {
      status: 429,
      headers: { "content-type": "application/problem+json", "retry-after": "3412" },
    });

  it.each<[string, () => unknown, RegExp]>([
    ["registration is off", () => refusal(403, "registration_off"), /Registration is off/],
    ["too many wrong tokens", locked, /Too many wrong tokens.*again in 56\.9 min/],
    ["a busy service", () => refusal(503, "signing_in_busy"), /Many people/],
  ])("%s", async (_, answer, sentence) => {
    api.on(REGISTER, answer);
    renderApp("/register");
    await register();
    await waitFor(() => expect(screen.getByRole("alert")).toHaveTextContent(sentence));
  });
});

it("ticks off the rules that a password keeps, and never offers to save the token", async () => {
  renderApp("/register");
  await screen.findByRole("heading", { name: "Register" });
  const token = screen.getByLabelText("Registration token");
  expect(token).toHaveAttribute("autocomplete", "off");
  expect(token).toHaveAttribute("type", "password");
  expect(screen.getByLabelText("Password")).toHaveAttribute("autocomplete", "new-password");
  const rules = screen.getByRole("list", { name: "What a password needs" });
  expect(rules.querySelectorAll(".text-good")).toHaveLength(0);
  await userEvent.type(screen.getByLabelText("Password"), "abc");
  expect(rules.querySelectorAll(".text-good")).toHaveLength(2);
  await userEvent.type(screen.getByLabelText("Password"), " and four more");
  expect(rules.querySelectorAll(".text-good")).toHaveLength(3);
});
