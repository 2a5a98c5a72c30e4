import { BASE, expect, settled, test, tile } from "./fixtures.ts";

/** What is shown is what the API says, and what the file says. */

type Stats = {
  window: { start: string; end: string };
  summary: { current: Record<string, number> };
  activity: { values: Record<string, number> }[];
};

for (const period of ["day", "week", "month"]) {
  test(`the ${period}'s questions are one number on the page, in the API and in the file`, async ({
    signedIn: page,
  }) => {
    const answered = page.waitForResponse((one) => new URL(one.url()).pathname === "/api/v1/stats");
    await page.goto(`/?period=${period}&tz=Europe/Berlin`);
    const stats: Stats = await (await answered).json();
    await settled(page);

    const shown = numberOf((await tile(page, "Questions").textContent()) ?? "");
    const bars = await page
      .getByRole("table", { name: /questions/i })
      .first()
      .locator("tbody tr td:first-of-type")
      .allTextContents();

    const query = new URLSearchParams({
      from: stats.window.start,
      to: stats.window.end,
      tz: "Europe/Berlin",
      metric: "questions",
      bucket: period === "day" ? "hour" : "day",
    });
    const file = await page.request.get(`${BASE()}/api/v1/export/series.csv?${query}`);
    const rows = (await file.text()).trim().split("\r\n").slice(1);

    const total = stats.summary.current["questions"];
    expect(shown).toBe(total);
    expect(sum(stats.activity.map((bucket) => bucket.values["questions"] ?? 0))).toBe(total);
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
