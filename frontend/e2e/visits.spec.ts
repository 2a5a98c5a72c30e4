import type { Page } from "@playwright/test";
import { BASE, expect, NAME, PASSWORD, settled, signIn, test } from "./fixtures.ts";
import { ADMIN_TOKEN } from "./stack.ts";

/** Coming in, staying, and leaving. */

test.beforeEach(() => {
  test.info().annotations.push({ type: "allows", description: "Failed to load resource" }); // refusals
});

async function fillDoor(page: Page, name: string, password: string): Promise<void> {
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

test("the door sends on to where one was going, and no page shows before", async ({ page }) => {
  await page.goto("/models?period=month&tz=Europe/Berlin");
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await fillDoor(page, NAME(), PASSWORD());
  await expect(page).toHaveURL(/\/models\?period=month&tz=Europe/);
  await expect(page.getByRole("heading", { level: 1, name: "Models" })).toBeVisible();
});

test("a wrong password is said in words, and nothing typed is lost", async ({ page }) => {
  await page.goto("/sign-in");
  await fillDoor(page, "nobody", "not the password");
  await expect(page.getByText("No active account has this name and password")).toBeVisible();
  await expect(page.getByLabel("Name")).toHaveValue("nobody");
});

test("the password is in no storage", async ({ page }) => {
  await page.goto("/sign-in");
  await fillDoor(page, NAME(), PASSWORD());
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
  const stored = await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
  );
  expect(stored).not.toContain(PASSWORD());
  const cookies = await page.context().cookies();
  expect(cookies.map((one) => [one.name, one.httpOnly, one.secure, one.sameSite])).toEqual([
    ["__Host-parley", true, true, "Strict"],
  ]);
});

test("who has signed in does not see the door", async ({ signedIn: page }) => {
  let saw = false;
  page.on("framenavigated", (frame) => {
    saw ||= frame.url().includes("/sign-in");
  });
  await page.goto("/");
  await settled(page);
  expect(saw).toBe(false);
});

test("a session that ends elsewhere leads to the door and back to the same view", async ({
  signedIn: page,
}) => {
  await page.goto("/users?period=month");
  await settled(page);
  await page.context().clearCookies();
  await page.keyboard.press("d");
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await fillDoor(page, NAME(), PASSWORD());
  await expect(page).toHaveURL(/\/users/);
});

test("an address of somebody else's is no place to go on to", async ({ page }) => {
  await page.goto("/sign-in?next=https://evil.example/");
  await fillDoor(page, NAME(), PASSWORD());
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
  expect(new URL(page.url()).origin).toBe(BASE());
});

test("a registration token makes an account that can sign in, and change its password", async ({
  page,
}) => {
  const name = `eve-${Date.now().toString(36)}`;
  await page.goto("/register");
  await page.getByLabel(/token/i).fill("wrong");
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Password", { exact: true }).fill("four quiet herons wade");
  await page.getByRole("button", { name: "Register" }).click();
  await expect(
    page
      .getByText(/token/i)
      .filter({ hasText: /not|wrong|other/i })
      .first(),
  ).toBeVisible();
  await page.getByLabel(/token/i).fill(ADMIN_TOKEN);
  await page.getByRole("button", { name: "Register" }).click();
  await expect(page.getByText(name).first()).toBeVisible();
  await signIn(page, name, "four quiet herons wade");
  await page.goto("/settings");
  await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "People" })).toHaveCount(0);
});

test("signing out everywhere ends every session", async ({ signedIn: page, browser }) => {
  const elsewhere = await browser.newContext();
  const other = await elsewhere.newPage();
  await signIn(other);
  await page.goto("/settings");
  await page.getByRole("button", { name: /sign out everywhere/i }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /sign out/i })
    .click();
  await expect(page).toHaveURL(/\/sign-in/);
  expect((await other.request.get(`${BASE()}/api/v1/auth/me`)).status()).toBe(401);
  await elsewhere.close();
});
