import { BASE, expect, lastDays, settled, test, tile } from "./fixtures.ts";

/** What is shown is what the API says, and what the file says. */

type Stats = {
  window: { start: string; end: string };
  summary: { current: Record<string, number> };
  activity: { values: Record<string, number> }[];
};

for (const bucket of ["hour", "day"] as const) {
  test(`questions by ${bucket} are one number on the page, in the API and in the file`, async ({
    signedIn: page,
  }) => {
    const window = { ...lastDays(), tz: "Europe/Berlin", bucket };
    const answered = page.waitForResponse((one) => new URL(one.url()).pathname === "/api/v1/stats");
    await page.goto(`/?${new URLSearchParams(window)}`);
    const stats: Stats = await (await answered).json();
    await settled(page);

    const shown = numberOf((await tile(page, "Questions").textContent()) ?? "");
    const bars = await page
      .getByRole("table", { name: /questions/i })
      .first()
      .locator("tbody tr td:first-of-type")
      .allTextContents();

    const query = new URLSearchParams({ ...window, metric: "questions" });
    const file = await page.request.get(`${BASE()}/api/v1/export/series.csv?${query}`);
    const rows = (await file.text()).trim().split("\r\n").slice(1);

    const total = stats.summary.current.questions;
    expect(shown).toBe(total);
    expect(sum(stats.activity.map((bucket) => bucket.values.questions ?? 0))).toBe(total);
    expect(sum(bars.map(numberOf))).toBe(total);
    expect(sum(rows.map((row) => Number(row.split(",").at(-1))))).toBe(total);
  });
}

function numberOf(text: string): number {
  return Number(text.replaceAll(/[^\d.-]/g, "") || 0);
}

function sum(numbers: number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
