import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import { settled, signIn, test } from "./fixtures.ts";

/** The pictures of docs/guides/dashboard.md, taken from the demo: `make pictures`. */

const FOLDER = resolve(import.meta.dirname, "../../docs/images/dashboard");
const PAGES = [
  ["overview", "/?period=month"],
  ["users", "/users?period=month"],
  ["dialogs", "/dialogs?period=month"],
  ["models", "/models?period=month"],
  ["quality", "/quality?period=month"],
  ["system", "/system"],
  ["settings", "/settings"],
] as const;

mkdirSync(FOLDER, { recursive: true });

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, viewport: { width: 1280, height: 900 } });

    test("pages", async ({ page }) => {
      test.setTimeout(180_000);
      test.info().annotations.push({ type: "allows", description: "401 (Unauthorized)" });
      await page.goto("/sign-in");
      await settled(page);
      await page.reload(); // the typeface is there from the second page on
      await take(page, `sign-in-${colorScheme}`);
      await signIn(page);
      for (const [name, path] of PAGES) {
        await page.goto(path);
        await take(page, `${name}-${colorScheme}`);
      }
      await page.goto("/users?period=month");
      await page.getByRole("rowheader").getByRole("link").first().click();
      await take(page, `user-${colorScheme}`);
      await page.goto(`/dialogs/${await talkative(page)}?period=month`);
      await page
        .getByRole("textbox", { name: /reason|why/i })
        .fill("a sample of answers by fallback");
      await page.getByRole("button", { name: /open|show|read/i }).click();
      await take(page, `dialog-${colorScheme}`);
      await page.goto("/");
      await settled(page);
      await page.keyboard.press("Control+k");
      await take(page, `palette-${colorScheme}`);
    });
  });
}

test.describe("phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 });

  test("overview", async ({ signedIn: page }) => {
    await page.goto("/?period=month");
    await settled(page);
    await page.reload();
    await take(page, "phone");
  });
});

/** A dialog of a few answered questions, one of them by a fallback. */
async function talkative(page: Page): Promise<string> {
  const answer = await page.request.get("/api/v1/dialogs?period=month&having=fallback&limit=200");
  const { dialogs }: { dialogs: { id: string; questions: number; answers: number }[] } =
    await answer.json();
  const found = dialogs.find((one) => one.questions >= 3 && one.questions === one.answers);
  return (found ?? dialogs[0])?.id ?? "";
}

async function take(page: Page, name: string): Promise<void> {
  await settled(page);
  await page.waitForTimeout(500); // transitions
  await page.screenshot({ path: `${FOLDER}/${name}.png` });
}
