import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { CohortsPanel } from "@/features/users/cohorts-panel.tsx";
import { type Answers, refusal, renderPages, stubApi } from "@/testing/page.tsx";
import { RETENTION } from "@/testing/stats.tsx";

function open(address = "/users", answers: Answers = {}) {
  const asked = stubApi({ "/api/v1/stats/retention": RETENTION, ...answers });
  const { address: now } = renderPages(address, {
    "/users": () => <CohortsPanel asOf="2026-11-21T09:30:00Z" />,
  });
  const to = (path: string) => asked.filter(({ pathname }) => pathname === path);
  return { to, now };
}

describe("cohorts", () => {
  const cells = (row: HTMLElement) =>
    within(row)
      .getAllByRole("cell")
      .map((cell) => cell.textContent);

  it("say who came back, and what may still grow", async () => {
    open();
    const square = await screen.findByRole("table", {
      name: /Of the people first seen on each UTC day/,
    });
    const heads = within(square).getAllByRole("columnheader");
    expect(heads.map(({ textContent }) => textContent)).toEqual([
      "First seen",
      "People",
      "Day 1",
      "Day 2",
    ]);
    const running = "not over yet and may grow, or cut by the window";
    expect(within(square).getAllByRole("row").slice(1).map(cells)).toEqual([
      ["", "25%", "–"],
      ["8", "25%22 of 8 people", `50%44 of 8 people, ${running}`],
      ["4", `75%33 of 4 people, ${running}`],
      [`1, ${running}`],
    ]);
  });

  it("are asked for in larger spans where there are too many", async () => {
    const { to } = open("/users?from=2026-08-01&to=2026-11-22&bucket=day", {
      "/api/v1/stats/retention": (words: URLSearchParams) =>
        words.get("bucket") === "day"
          ? refusal(422, "too_many_cohorts")
          : { ...RETENTION, bucket: words.get("bucket") },
    });
    expect(await screen.findByRole("table", { name: /in each UTC week/ })).toBeVisible();
    expect(
      to("/api/v1/stats/retention").map(({ searchParams }) => searchParams.get("bucket")),
    ).toEqual(["day", "week"]);
  });

  it.each([
    [
      "nobody is new",
      RETENTION.cohorts.map((one) => ({ ...one, size: 0 })),
      "Nobody was first seen in this window",
    ],
    ["there is one span", RETENTION.cohorts.slice(0, 1), "This window is too short for cohorts"],
  ])("where %s show the way to a longer window", async (_, cohorts, sentence) => {
    const { now } = open("/users", { "/api/v1/stats/retention": { ...RETENTION, cohorts } });
    expect(await screen.findByText(sentence)).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Last 30 days" }));
    await waitFor(() => expect(now()).toBe("/users?period=month"));
  });
});
