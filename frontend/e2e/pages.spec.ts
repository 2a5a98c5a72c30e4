import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, settled, signIn, test } from "./fixtures.ts";

/** Every page, in both themes, on a desk and on a phone: it stands, and axe finds nothing. */

const PAGES = [
  ["/", "Overview"],
  ["/users?period=month", "Users"],
  ["/dialogs?period=month", "Dialogs"],
  ["/models?period=month", "Models"],
  ["/quality?period=month", "Quality"],
  ["/system", "System"],
  ["/settings", "Settings"],
] as const;

const SCREENS = [
  { name: "desk, light", viewport: { width: 1440, height: 900 }, colorScheme: "light" },
  { name: "desk, dark", viewport: { width: 1440, height: 900 }, colorScheme: "dark" },
  { name: "phone, light", viewport: { width: 360, height: 740 }, colorScheme: "light" },
] as const;

for (const { name, viewport, colorScheme } of SCREENS) {
  test.describe(name, () => {
    test.use({ viewport, colorScheme });

    for (const [path, title] of PAGES) {
      test(`${title} stands and is accessible`, async ({ signedIn: page }) => {
        await page.goto(path);
        await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
        await expectSound(page);
      });
    }

    test("a person's page stands and is accessible", async ({ signedIn: page }) => {
      await page.goto("/users?period=month");
      await page.getByRole("rowheader").getByRole("link").first().click();
      await expect(page).toHaveURL(/\/users\/[0-9a-f-]{36}/);
      await expectSound(page);
    });

    test("a dialog asks for a reason, then stands and is accessible", async ({
      signedIn: page,
    }) => {
      await page.goto("/dialogs?period=month");
      await page.locator("a[href*='/dialogs/']").first().click();
      await expect(page).toHaveURL(/\/dialogs\/[0-9a-f-]{36}/);
      await expectSound(page);
      await page.getByRole("textbox", { name: /reason|why/i }).fill("a look at every page");
      await page.getByRole("button", { name: /open|show|read/i }).click();
      await expect(page.getByText(/prompt|tokens/i).first()).toBeVisible();
      await expectSound(page);
    });

    for (const path of ["/sign-in", "/register"]) {
      test(`${path} stands and is accessible`, async ({ page }) => {
        test.info().annotations.push({ type: "allows", description: "401 (Unauthorized)" }); // asks who is there
        await page.goto(path);
        await expectSound(page);
      });
    }
  });
}

test.describe("on a phone", () => {
  test.use({ viewport: { width: 360, height: 740 } });

  test("no name makes a page wider than it is", async ({ signedIn: page }) => {
    for (const [path] of PAGES) {
      await page.goto(path);
      await settled(page);
      for (const word of [
        "W".repeat(5000),
        "🏳️‍🌈".repeat(500),
        "\u202e<a href>".repeat(50),
        "Ṱ̺̺̕o͞ ".repeat(99),
      ]) {
        await page.locator("bdi").evaluateAll((names, word) => {
          for (const name of names) name.textContent = word;
        }, word);
        await expectInside(page);
      }
    }
  });
});

test("Russian is spoken everywhere", async ({ signedIn: page }) => {
  await page.addInitScript(() => localStorage.setItem("parley.language", "ru"));
  for (const [path] of PAGES) {
    await page.goto(path);
    await settled(page);
    await expect(page.locator("html")).toHaveAttribute("lang", "ru");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(/[а-яё]/i);
    for (const heading of await page.getByRole("heading", { level: 2 }).allTextContents()) {
      expect(heading).toMatch(/[а-яё]/i);
    }
  }
});

test("people with hostile names are shown and not obeyed", async ({ page }) => {
  await signIn(page);
  await page.goto("/models?period=month");
  await settled(page);
  await expect(page.getByText(/<|onerror|javascript:/).first()).toBeAttached();
  expect(await page.evaluate(() => "__owned" in window)).toBe(false);
});

async function expectSound(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible(); // a page comes in a piece of its own
  await settled(page);
  await expectInside(page);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((one) => [one.id, one.nodes.map((node) => node.html).slice(0, 3)])).toEqual(
    [],
  );
}

async function expectInside(page: Page): Promise<void> {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(overflow, `${page.url()} scrolls sideways`).toBeLessThanOrEqual(0);
}
