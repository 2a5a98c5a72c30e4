import type { Page, Route } from "@playwright/test";
import { BASE, expect, settled, test, tile } from "./fixtures.ts";

/** The API fails in every way it can: the page says so, and recovers by itself. */

const STATS = "**/api/v1/stats?*";

type Trouble = {
  name: string;
  answer: (route: Route) => Promise<void>;
  says: RegExp;
  /** Waits that the page announces are passed by the clock. */
  passesAfter: number;
};

const TROUBLES: Trouble[] = [
  {
    name: "is down",
    answer: (route) => route.abort("connectionrefused"),
    says: /does not answer/,
    passesAfter: 60,
  },
  {
    name: "fails",
    answer: problem(500, "internal"),
    says: /failed in the statistics service/,
    passesAfter: 60,
  },
  {
    name: "has no room",
    answer: problem(503, "too_slow"),
    says: /failed in the statistics service/,
    passesAfter: 60,
  },
  {
    name: "limits",
    answer: problem(429, "rate_limited", { "Retry-After": "20" }),
    says: /Too many questions/,
    passesAfter: 30,
  },
  {
    name: "answers half",
    answer: (route) =>
      route.fulfill({ contentType: "application/json", body: '{"window": {"start": "20' }),
    says: /broke off/,
    passesAfter: 60,
  },
  {
    name: "answers with a stranger's page",
    answer: (route) =>
      route.fulfill({ contentType: "text/html", body: "<h1>Welcome to nginx</h1>" }),
    says: /broke off/,
    passesAfter: 60,
  },
];

test.beforeEach(() => {
  test.info().annotations.push({ type: "allows", description: "Failed to load resource" });
});

for (const { name, answer, says, passesAfter } of TROUBLES) {
  test(`when the API ${name} the page says so, and recovers`, async ({ signedIn: page }) => {
    await page.clock.install();
    await page.route(STATS, answer);
    await page.goto("/");
    await passing(page, 20);
    await expect(page.getByRole("alert").filter({ hasText: says }).first()).toBeVisible();
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await page.unroute(STATS);
    await passing(page, passesAfter);
    await expect(tile(page, "Questions")).toBeVisible();
    await expect(page.getByRole("alert")).toHaveCount(0);
  });
}

test("old numbers stay on screen while new ones fail", async ({ signedIn: page }) => {
  await page.goto("/");
  await settled(page);
  await page.route(STATS, problem(500, "internal"));
  await page.keyboard.press("m");
  await expect(tile(page, "Questions")).toBeVisible();
  await expect(page.getByRole("alert").first()).toBeVisible();
  await page.waitForTimeout(8000); // it is asked again, and fails again
  await expect(tile(page, "Questions")).toBeVisible();
});

test("a question that is refused is explained by the API's own sentence", async ({
  signedIn: page,
}) => {
  await page.goto("/?tz=Asia/Kolkata");
  await expect(page.getByRole("alert").first()).toContainText(/hour/i);
});

test("an address with nonsense shows what was understood, and says what was not", async ({
  signedIn: page,
}) => {
  await page.goto("/?period=fortnight&bot=x&compare=previous&tz=Mars/Olympus&%00=1");
  await expect(page.getByText(/period/).first()).toBeVisible();
  await expect(
    page.getByRole("status").or(page.getByRole("alert")).filter({ hasText: "fortnight" }).first(),
  ).toBeVisible();
  await settled(page);
  await expect(tile(page, "Questions")).toBeVisible();
});

test("a clock that is off by a day changes no number", async ({ signedIn: page }) => {
  await page.clock.install({ time: Date.now() + 86_400_000 });
  await page.goto("/");
  await page.clock.resume();
  await expect(async () => {
    await page.reload(); // people chat in the demo: what is shown is soon not the newest
    await settled(page);
    const answer = await page.request.get(`${BASE()}/api/v1/stats?period=week`);
    const { summary }: { summary: { current: { questions: number } } } = await answer.json();
    const right = summary.current.questions.toLocaleString("en");
    expect(await tile(page, "Questions").textContent()).toBe(right);
  }).toPass({ timeout: 45_000 });
  await expect(page.getByText(/yesterday|in 1 day|1 day ago|24 h/i)).toHaveCount(0);
});

test("a page that does not exist leads back", async ({ signedIn: page }) => {
  await page.goto("/no/such/page");
  await page
    .getByRole("link", { name: /overview/i })
    .first()
    .click();
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
});

test("a person and a dialog that do not exist are said to be missing", async ({
  signedIn: page,
}) => {
  await page.goto("/users/00000000-0000-4000-8000-000000000000");
  await expect(page.getByText(/does not exist|no such person/i).first()).toBeVisible();
});

function problem(status: number, code: string, headers: Record<string, string> = {}) {
  return (route: Route) =>
    route.fulfill({
      status,
      headers,
      contentType: "application/problem+json",
      body: JSON.stringify({
        type: "about:blank",
        title: code,
        status,
        code,
        detail: "Made by a test.",
        trace_id: "0",
      }),
    });
}

async function passing(page: Page, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) await page.clock.runFor(1000);
}
