import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { saveView } from "@/lib/saved-views.ts";
import { FakeApi, renderApp } from "@/testing/app.tsx";
import { refusal } from "@/testing/page.tsx";

const CURRENT = "correct horse battery";
const CHOSEN = "four quiet herons wade";

const session = (id: string, more: object = {}) => ({
  id,
  user: "ada",
  address: "203.0.113.7",
  agent: "Mozilla/5.0 (X11; Linux x86_64; rv:149.0) Gecko/20100101 Firefox/149.0",
  created_at: "2026-11-21T08:00:00Z",
  last_seen_at: new Date(Date.now() - 240_000).toISOString(),
  expires_at: "2026-11-21T20:00:00Z",
  is_current: false,
  ...more,
});
const account = (name: string, more: object = {}) => ({
  name,
  role: "analyst",
  created_at: "2026-11-01T08:00:00Z",
  disabled_at: null,
  ...more,
});
const NOTHING = () => new Response(null, { status: 204 });

let api: FakeApi;
let sessions: object[];
let accounts: object[];

beforeEach(() => {
  localStorage.setItem("parley.language", "en");
  sessions = [session("1"), session("2", { is_current: true, agent: "curl/8.1", address: null })];
  accounts = [account("ada", { role: "admin" }), account("bob"), account("eve")];
  api = new FakeApi();
  api.on("GET /api/v1/auth/sessions", () => ({ sessions }));
  api.on("GET /api/v1/auth/users", () => ({ users: accounts }));
});
afterEach(() => {
  localStorage.clear();
  delete document.documentElement.dataset.theme;
});

const panel = (name: string) => screen.findByRole("region", { name });
const says = async (sentence: RegExp) =>
  waitFor(() => expect(screen.getByRole("alert")).toHaveTextContent(sentence));

describe("the account", () => {
  it("has a name and a role, and a way out", async () => {
    const { href } = renderApp("/settings");
    const yours = await panel("Your account");
    expect(yours).toHaveTextContent(/ada.*Admin: sees all numbers, manages accounts/);
    await userEvent.click(within(yours).getByRole("button", { name: "Sign out" }));
    await screen.findByRole("heading", { name: "Sign in" });
    expect(href()).toBe("/sign-in");
  });

  it("stays when the service cannot be reached", async () => {
    api.on("DELETE /api/v1/auth/session", () => refusal(503, "database_unreachable"));
    renderApp("/settings");
    const yours = await panel("Your account");
    await userEvent.click(within(yours).getByRole("button", { name: "Sign out" }));
    await says(/its database does not answer/);
  });
});

describe("the password", () => {
  async function change(current = CURRENT, chosen = CHOSEN) {
    renderApp("/settings");
    await panel("Password");
    if (current) await userEvent.type(screen.getByLabelText("Current password"), current);
    if (chosen) await userEvent.type(screen.getByLabelText("New password"), chosen);
    await userEvent.click(screen.getByRole("button", { name: "Change the password" }));
  }

  it("is changed, and forgotten by the page", async () => {
    let sent: unknown;
    api.on("POST /api/v1/auth/password", async (_, request) => {
      sent = await request.json();
      return NOTHING();
    });
    await change();
    expect(await screen.findByText(/The password is changed/)).toBeVisible();
    expect(sent).toEqual({ current: CURRENT, new: CHOSEN });
    expect(screen.getByLabelText("Current password")).toHaveValue("");
    expect(screen.getByLabelText("New password")).toHaveValue("");
    expect(screen.getByRole("button", { name: "Change the password" })).toHaveFocus();
  });

  it.each<[string, () => unknown, string, RegExp]>([
    ["a wrong one", () => refusal(403, "wrong_password"), "Current password", /is another one/],
    ["a weak one", () => refusal(422, "weak_password"), "New password", /among the first/],
  ])("is refused for %s beside its field", async (_, answer, label, sentence) => {
    api.on("POST /api/v1/auth/password", answer);
    await change();
    const field = screen.getByLabelText(label);
    await waitFor(() => expect(field).toHaveAccessibleDescription(sentence));
    expect(field).toHaveFocus();
    expect(screen.getByLabelText("New password")).toHaveValue(CHOSEN);
  });

  it.each<[string, string, string, string, RegExp]>([
    ["no current one", "", CHOSEN, "Current password", /Type your current/],
    ["a short one", CURRENT, "short", "New password", /8 to 128/],
    ["the account's name in it", CURRENT, "ada lovelace", "New password", /account's name/],
    ["the same again", CURRENT, CURRENT, "New password", /the one you have/],
  ])("is not even sent with %s", async (_, current, chosen, label, sentence) => {
    await change(current, chosen);
    expect(screen.getByLabelText(label)).toHaveAccessibleDescription(sentence);
    expect(api.questions("/api/v1/auth/password")).toEqual([]);
  });

  it.each<[string, () => unknown, RegExp]>([
    ["changed elsewhere", () => refusal(409, "changed_meanwhile"), /changed elsewhere/],
    ["locked", () => refusal(429, "too_many_failures"), /Too many tries/],
    ["busy", () => refusal(503, "signing_in_busy"), /Many people/],
  ])("says above the fields that it is %s", async (_, answer, sentence) => {
    api.on("POST /api/v1/auth/password", answer);
    await change();
    await says(sentence);
  });

  it("leads to the door when the session has ended meanwhile", async () => {
    api.on("POST /api/v1/auth/password", () => {
      api.me = null;
      return refusal(401, "not_authenticated");
    });
    await change();
    expect(await screen.findByRole("heading", { name: "Sign in" })).toBeVisible();
  });
});

describe("sessions", () => {
  it("stand with this one first, and say where and when they were used", async () => {
    renderApp("/settings");
    const list = within(await panel("Sessions"));
    const [first, second] = await list.findAllByRole("listitem");
    expect(first).toHaveTextContent(/curl 8\.1.*This one/);
    expect(second).toHaveTextContent(/Firefox 149 on Linux.*used 4 min\. ago.*203\.0\.113\.7/);
    expect(list.getAllByRole("button", { name: /^End the session/ })).toHaveLength(1);
  });

  it("come a few at first", async () => {
    sessions = Array.from({ length: 7 }, (_, number) => session(String(number)));
    renderApp("/settings");
    const list = within(await panel("Sessions"));
    expect(await list.findAllByRole("listitem")).toHaveLength(5);
    await userEvent.click(list.getByRole("button", { name: "Show all 7" }));
    expect(list.getAllByRole("listitem")).toHaveLength(7);
  });

  it.each([
    ["by us", NOTHING],
    ["already, by somebody else", () => refusal(404, "session_not_found")],
  ])("are ended %s", async (_, answer) => {
    api.on("DELETE /api/v1/auth/sessions/1", () => {
      sessions = sessions.slice(1);
      return answer();
    });
    renderApp("/settings");
    await userEvent.click(
      await screen.findByRole("button", { name: "End the session: Firefox 149 on Linux" }),
    );
    expect(await screen.findByText("The session has ended.")).toBeVisible();
    expect(screen.queryByText("Firefox 149 on Linux")).not.toBeInTheDocument();
  });

  it("say why one could not be ended", async () => {
    api.on("DELETE /api/v1/auth/sessions/1", () => refusal(403, "cross_site"));
    renderApp("/settings");
    await userEvent.click(await screen.findByRole("button", { name: /^End the session/ }));
    await says(/did not say which page asks/);
  });

  it("all end after a question, and this page with them", async () => {
    api.on("DELETE /api/v1/auth/sessions", () => ({ revoked: 2 }));
    renderApp("/settings");
    await userEvent.click(await screen.findByRole("button", { name: "Sign out everywhere" }));
    const question = screen.getByRole("dialog", { name: "Sign out everywhere?" });
    await userEvent.click(within(question).getByRole("button", { name: "Cancel" }));
    expect(api.asked.some(({ method }) => method === "DELETE")).toBe(false);
    await userEvent.click(screen.getByRole("button", { name: "Sign out everywhere" }));
    const again = screen.getByRole("dialog", { name: "Sign out everywhere?" });
    await userEvent.click(within(again).getByRole("button", { name: "Sign out everywhere" }));
    expect(await screen.findByRole("heading", { name: "Sign in" })).toBeVisible();
  });
});

describe("people", () => {
  async function press(button: string, name: string) {
    renderApp("/settings");
    await userEvent.click(await screen.findByRole("button", { name: `${button}: ${name}` }));
    const question = screen.getByRole("dialog");
    await userEvent.click(within(question).getByRole("button", { name: button }));
  }

  it("are for admins alone, and nobody else asks for them", async () => {
    api.me = { name: "bob", role: "analyst", signed_in_by: "session" };
    renderApp("/settings");
    expect(await panel("Your account")).toHaveTextContent("Analyst: sees all numbers");
    await panel("Sessions");
    expect(screen.queryByRole("region", { name: /People/ })).not.toBeInTheDocument();
    expect(api.questions("/api/v1/auth/users")).toEqual([]);
  });

  it.each([
    ["Make admin", "bob", { role: "admin" }, "bob is an admin now."],
    ["Disable", "bob", { disabled: true }, "bob is disabled."],
  ])("%s: %s", async (button, name, body, done) => {
    let sent: unknown;
    api.on(`PATCH /api/v1/auth/users/${name}`, async (_, request) => {
      sent = await request.json();
      return account(name);
    });
    await press(button, name);
    expect(await screen.findByText(done)).toBeVisible();
    expect(sent).toEqual(body);
    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  });

  it("who are disabled look so and can be enabled again", async () => {
    accounts = [account("bob", { role: "admin", disabled_at: "2026-11-20T08:00:00Z" })];
    api.on("PATCH /api/v1/auth/users/bob", () => account("bob"));
    await press("Enable", "bob");
    expect(await screen.findByText("bob may sign in again.")).toBeVisible();
    const bob = within(await panel("People with an account")).getByRole("listitem");
    expect(bob).toHaveTextContent("Disabled since Nov 20, 2026");
    expect(within(bob).getByRole("button", { name: "Make analyst: bob" })).toBeVisible();
  });

  it.each<[string, () => unknown, RegExp]>([
    ["the last admin", () => refusal(409, "last_admin"), /last active admin/],
    ["somebody who is gone", () => refusal(404, "user_not_found"), /does not exist any more/],
    ["an admin no more", () => refusal(403, "admin_only"), /You are no admin any more/],
    [
      "an away service",
      () => {
        throw new TypeError("Failed to fetch");
      },
      /does not answer/,
    ],
  ])("cannot be changed: %s", async (_, answer, sentence) => {
    api.on("PATCH /api/v1/auth/users/bob", answer);
    await press("Disable", "bob");
    const question = screen.getByRole("dialog", { name: "Disable bob?" });
    await waitFor(() => expect(within(question).getByRole("alert")).toHaveTextContent(sentence));
  });

  it("who disable themselves are told before, and are out after", async () => {
    api.on("PATCH /api/v1/auth/users/ada", () => {
      api.me = null;
      return account("ada");
    });
    renderApp("/settings");
    await userEvent.click(await screen.findByRole("button", { name: "Disable: ada" }));
    const question = screen.getByRole("dialog");
    expect(question).toHaveTextContent("you are signed out at once");
    await userEvent.click(within(question).getByRole("button", { name: "Disable" }));
    expect(await screen.findByRole("heading", { name: "Sign in" })).toBeVisible();
  });

  it("who make themselves analysts lose the list", async () => {
    api.on("PATCH /api/v1/auth/users/ada", () => {
      api.me = { name: "ada", role: "analyst", signed_in_by: "session" };
      return account("ada");
    });
    await press("Make analyst", "ada");
    await waitFor(() =>
      expect(screen.queryByRole("region", { name: /People/ })).not.toBeInTheDocument(),
    );
  });
});

describe("this browser", () => {
  it("looks and speaks as one wishes, and says what it keeps", async () => {
    renderApp("/settings");
    const keeps = await panel("What this browser keeps");
    const looks = within(await panel("How it looks"));
    await userEvent.click(looks.getByRole("button", { name: "Dark" }));
    expect(document.documentElement.dataset.theme).toBe("dark");
    expect(keeps).toHaveTextContent(/Colours.*Dark/);
    await userEvent.click(looks.getByRole("checkbox", { name: /Single keys/ }));
    expect(keeps).toHaveTextContent(/Single keys.*off/);
    await userEvent.click(looks.getByRole("button", { name: "Русский" }));
    expect(screen.getByRole("heading", { name: "Настройки", level: 1 })).toBeVisible();
  });

  it("shows the saved views, and forgets one or all", async () => {
    saveView("Last month", "/?period=month");
    saveView("By model", "/models");
    renderApp("/settings");
    const keeps = within(await panel("What this browser keeps"));
    expect(keeps.getByRole("link", { name: "Last month" })).toHaveAttribute(
      "href",
      "/?period=month",
    );
    await userEvent.click(keeps.getByRole("button", { name: "Forget the view Last month" }));
    expect(keeps.getAllByRole("link")).toHaveLength(1);
    await userEvent.click(keeps.getByRole("button", { name: "Forget all of this" }));
    expect(keeps.queryByRole("link")).not.toBeInTheDocument();
  });

  it("forgets all of it on demand", async () => {
    localStorage.setItem("parley.theme", "dark");
    localStorage.setItem("parley.keys", "off");
    renderApp("/settings");
    await userEvent.click(await screen.findByRole("button", { name: "Forget all of this" }));
    expect(screen.getByText(/^Forgotten\./)).toBeVisible();
    expect(Object.keys(localStorage)).toEqual([]);
    expect(document.documentElement.dataset.theme).toBe("light");
  });
});
