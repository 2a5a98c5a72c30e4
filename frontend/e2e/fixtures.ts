import { test as base, expect, type Locator, type Page } from "@playwright/test";
import { CHROMIUM, NO_CHROMIUM } from "./chromium.ts";

export { expect };

type Fixtures = {
  /** Nothing may break its policy, ask a stranger, fail in a script or open a window of the browser's. */
  guarded: undefined;
  /** A page with a session of the first account. */
  signedIn: Page;
};

export const BASE = () => process.env.BASE ?? "";
export const NAME = () => process.env.NAME ?? "";
export const PASSWORD = () => process.env.PASSWORD ?? "";

export const test = base.extend<Fixtures>({
  guarded: [
    async ({ page }, use, info) => {
      test.skip(!CHROMIUM, NO_CHROMIUM);
      const complaints: string[] = [];
      watch(page, complaints);
      await use(undefined);
      const allowed = info.annotations
        .filter((one) => one.type === "allows")
        .map((one) => one.description ?? "");
      expect(complaints.filter((one) => !allowed.some((words) => one.includes(words)))).toEqual([]);
    },
    { auto: true },
  ],
  signedIn: async ({ page }, use) => {
    await signIn(page);
    await use(page);
  },
});

/** As the page does it: Basic once, then a cookie. */
export async function signIn(page: Page, name = NAME(), password = PASSWORD()): Promise<void> {
  const credentials = Buffer.from(`${name}:${password}`).toString("base64");
  const answer = await page.request.post(`${BASE()}/api/v1/auth/session`, {
    headers: { Authorization: `Basic ${credentials}`, "X-Requested-With": "fetch" },
  });
  expect(answer.status()).toBe(201);
}

function watch(page: Page, complaints: string[]): void {
  page.on("pageerror", (error) => complaints.push(`script: ${error.message}`));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(`console: ${message.text()}`);
  });
  page.on("request", (request) => {
    const { protocol, origin, pathname } = new URL(request.url());
    if (protocol !== "data:" && protocol !== "blob:" && origin !== BASE())
      complaints.push(`foreign: ${request.url()}`);
    if (pathname === "/api/v1/csp-report") complaints.push(`policy: ${request.postData() ?? ""}`);
  });
}

/** The seven whole days before today: nobody asks anything there any more. */
export function lastDays(): { from: string; to: string } {
  const today = Date.parse(new Date().toISOString().slice(0, 10));
  const day = (offset: number) => new Date(today + offset * 86_400_000).toISOString().slice(0, 10);
  return { from: day(-7), to: day(0) };
}

/** What the tile of this title shows. */
export function tile(page: Page, title: string): Locator {
  const named = page.getByRole("heading", { name: title, exact: true });
  return page.getByRole("article").filter({ has: named }).locator("p").first();
}

/** Waits until no number is being fetched any more. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState("networkidle");
  await expect(page.locator("[aria-busy=true], .skeleton")).toHaveCount(0);
}
