import { readFile } from "node:fs/promises";
import { expect, lastDays, settled, test, tile } from "./fixtures.ts";

/** What analysts do every morning. */

test("one letter changes the period, and the address holds the view", async ({
  signedIn: page,
}) => {
  await page.goto("/");
  await settled(page);
  await page.keyboard.press("m");
  await expect(page).toHaveURL(/period=month/);
  await page.goto(`/?${new URLSearchParams(lastDays())}`);
  await settled(page);
  await page.keyboard.press("x");
  await expect(page).toHaveURL(/compare=none/);
  await settled(page);
  const shown = await tile(page, "Questions").textContent();
  const link = page.url();
  await page.keyboard.press("d");
  await expect(page).toHaveURL(/period=day/);
  await page.goto(link);
  await settled(page);
  await expect(tile(page, "Questions")).toHaveText(shown ?? "");
});

test("a bar leads to the dialogs behind it", async ({ signedIn: page }) => {
  await page.goto("/?period=week");
  await settled(page);
  const bar = page.getByRole("link", { name: /^Questions\. / });
  await bar.focus();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/dialogs\?.*from=/);
  await settled(page);
  await expect(page.locator("a[href*='/dialogs/']").first()).toBeVisible();
});

test("tables come as CSV and charts as PNG", async ({ signedIn: page }) => {
  await page.goto("/?period=week");
  await settled(page);
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: /csv/i }).first().click(),
  ]);
  expect(await readFile(await file.path(), "utf8")).toMatch(/^start,end,/);
  const [picture] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: /png/i }).first().click(),
  ]);
  const bytes = await readFile(await picture.path());
  expect(bytes.subarray(1, 4).toString()).toBe("PNG");
  expect(bytes.length).toBeGreaterThan(10_000);
});

test("the palette goes anywhere without a mouse", async ({ signedIn: page }) => {
  await page.goto("/");
  await settled(page);
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog").getByRole("combobox")).toBeFocused();
  await page.keyboard.type("quality");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Quality" })).toBeVisible();
  await page.keyboard.press("g");
  await page.keyboard.press("m");
  await expect(page.getByRole("heading", { level: 1, name: "Models" })).toBeVisible();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toContainText("The last 24 hours");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("every page is reached and left by Tab alone", async ({ signedIn: page }) => {
  await page.goto("/");
  await settled(page);
  const seen = new Set<string>();
  for (let press = 0; press < 25; press++) {
    await page.keyboard.press("Tab");
    seen.add(
      await page.evaluate(() => document.activeElement?.textContent?.trim().slice(0, 40) ?? ""),
    );
  }
  for (const name of ["Users", "Dialogs", "Models", "Quality", "System", "Settings"])
    expect(seen).toContain(name);
});

test("numbers explain themselves", async ({ signedIn: page }) => {
  await page.goto("/");
  await settled(page);
  const article = page
    .getByRole("article")
    .filter({ has: page.getByRole("heading", { name: "Cost", exact: true }) });
  await article.getByRole("button").first().click();
  await expect(page.getByRole("dialog")).toContainText("What the calls cost");
  await expect(page.getByRole("dialog")).toContainText(/UTC/);
});

test("a filter is a chip, and leaves with Escape", async ({ signedIn: page }) => {
  await page.goto("/?period=month&language=en");
  await settled(page);
  await expect(page.getByRole("button", { name: /english|en\b/i }).first()).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page).not.toHaveURL(/language=/);
});

test("live mode shows what is asked in the chat meanwhile", async ({ signedIn: page }) => {
  test.setTimeout(120_000);
  await page.goto("/?period=day");
  await settled(page);
  const before = await tile(page, "Questions").textContent();
  await page.keyboard.press("l");
  await expect(page.getByText(/^live$/i).first()).toBeVisible();
  await expect(tile(page, "Questions")).not.toHaveText(before ?? "", { timeout: 90_000 }); // people chat in the demo
});

test("live mode puts dialogs that go on to the top of the list", async ({ signedIn: page }) => {
  test.setTimeout(120_000);
  await page.goto("/dialogs?period=day");
  await settled(page);
  const last = page.getByRole("rowheader").first();
  const before = await last.textContent();
  await page.keyboard.press("l");
  await expect(last).not.toHaveText(before ?? "", { timeout: 90_000 });
});

test("themes change at once and are kept", async ({ signedIn: page }) => {
  await page.goto("/settings");
  await page.getByRole("main").getByText("Dark", { exact: true }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});
