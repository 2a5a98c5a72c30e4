import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { Values } from "@/api/types.ts";
import { FAILURES, LATENCIES, LEDGER } from "@/features/models/metrics.ts";
import { ModelsPage } from "@/features/models/models-page.tsx";
import { type Answers, refusal } from "@/testing/page.tsx";
import { openStats, PATHS, seriesOf, TWO_DAYS } from "@/testing/stats.tsx";

const NUMBERS: Values = {
  questions: 356,
  answers: 348,
  cost: 550_000,
  cost_per_answer: 1580.4,
  tokens: 88_646,
  estimated_cost_share: 0.25,
  first_visible_p95: 2040,
  full_answer_p95: 9710,
  call_error_rate: 0.0595,
  fallback_rate: 0.0482,
  saved_answers: 17,
  fallback_cost: 1234,
  fallback_time: 136_000,
  failed: 5,
  failed_calls: 22,
};
const TIMES: Values = Object.fromEntries(
  LATENCIES.map((slug, place) => [slug, 10 * 2 ** (place / 2)]),
);
const series = (asked: URLSearchParams, numbers: Values = { ...NUMBERS, ...TIMES }) =>
  seriesOf(asked, numbers);

const MODELS = [
  { key: "parley/demo-large", values: { ...NUMBERS, answers: 331, saved_answers: 0 } },
  { key: "parley/demo-small", values: { ...NUMBERS, answers: 17, feedback_score: null } },
  { key: "", values: { cost: 0, answers: 0, cost_per_answer: null, fallback_rate: null } },
];
const ERRORS = [
  { key: "rate_limited", values: { failed: 0, failed_calls: 12 } },
  { key: "too_slow", values: { failed: 0, failed_calls: 10 } },
  { key: "all_targets_failed", values: { failed: 5, failed_calls: 0 } },
];

function breakdown(asked: URLSearchParams) {
  const by = asked.get("by");
  const slices = by === "error" ? ERRORS : MODELS;
  return { window: TWO_DAYS, by, keys: slices.length, slices };
}

const open = (address = "/models", answers: Answers = {}) =>
  openStats(address, ModelsPage, {
    [PATHS.series]: (words: URLSearchParams) => series(words),
    [PATHS.breakdown]: breakdown,
    ...answers,
  });

const currentOf = (within: Element) =>
  [...within.querySelectorAll("[aria-current]")].map((link) => link.textContent);
const panel = (name: string) => screen.findByRole("region", { name });

describe("the page of models", () => {
  it("needs six questions", async () => {
    const { asked } = open();
    await screen.findByRole("table", { name: "By model" });
    await waitFor(() => expect(asked).toHaveLength(6));
    const [before] = asked.filter((url) => url.searchParams.get("from") === "2026-11-13T00:00:00Z");
    expect(before?.searchParams.get("bucket")).toBe("day");
    expect(before?.searchParams.get("compare")).toBe("none");
  });

  it("shows its numbers with what they were", async () => {
    open();
    const numbers = await panel("In this window");
    expect(await within(numbers).findByText("$0.55")).toBeVisible();
    expect(within(numbers).getByText("5.95%")).toBeVisible();
    expect(currentOf(numbers)).toEqual(["Cost"]);
  });

  it("draws the metric of the address, and puts another one there", async () => {
    const { now } = open("/models?metric=tokens&period=month");
    const choice = await screen.findByRole("combobox", { name: "Metric of the chart" });
    expect(choice).toHaveValue("tokens");
    expect(screen.getByRole("heading", { level: 2, name: /^Tokens/ })).toBeVisible();
    await userEvent.selectOptions(choice, "answers");
    await waitFor(() => expect(now()).toBe("/models?metric=answers&period=month"));
    await userEvent.click(screen.getByRole("link", { name: "Cost" }));
    await waitFor(() => expect(now()).toBe("/models?period=month"));
  });

  it("draws costs where the address is nonsense", async () => {
    open("/models?metric=toString&stage=nowhere");
    expect(await screen.findByRole("combobox", { name: "Metric of the chart" })).toHaveValue(
      "cost",
    );
  });

  it("teaches where there is nothing", async () => {
    const nothing = { questions: 0, answers: 0, cost: 0 };
    open("/models", {
      [PATHS.series]: (words: URLSearchParams) => series(words, nothing),
      [PATHS.breakdown]: { window: TWO_DAYS, by: "model", keys: 0, slices: [] },
    });
    await waitFor(() => expect(screen.getAllByText("No questions in this window")).toHaveLength(4));
    expect(screen.getAllByText("make demo")).toHaveLength(4);
    expect(screen.getByText("No answers in this window")).toBeVisible();
  });

  it("is glad where nothing failed", async () => {
    const good: Values = { ...NUMBERS, ...TIMES };
    for (const slug of [...LEDGER, ...FAILURES]) good[slug] = 0;
    open("/models", {
      [PATHS.series]: (words: URLSearchParams) => series(words, good),
      [PATHS.breakdown]: (words: URLSearchParams) => ({ ...breakdown(words), slices: [] }),
    });
    expect(await screen.findByText("Nothing failed in this window")).toBeVisible();
    expect(await screen.findByText("No fallback was needed in this window")).toBeVisible();
  });

  it("says so if what happened meanwhile is not known", async () => {
    open("/models", { [PATHS.marks]: refusal(403, "forbidden") });
    expect(await screen.findByText(/could not be fetched, so none are marked/)).toBeVisible();
  });

  it("keeps its other panels where one is refused", async () => {
    open("/models", { [PATHS.breakdown]: refusal(403, "forbidden", "Not yours.") });
    expect((await screen.findAllByText("Not yours."))[0]).toBeVisible();
    expect(await screen.findByText("88.6K")).toBeVisible();
  });
});

describe("the table of models", () => {
  it("has a row for each, and for none", async () => {
    open();
    const table = await screen.findByRole("table", { name: "By model" });
    expect(within(table).getByRole("row", { name: /demo-large/ })).toHaveTextContent("331");
    expect(within(table).getByRole("row", { name: /No model/ })).toHaveTextContent("–");
    expect(screen.getByText("3 of 3 models")).toBeVisible();
  });

  it("spells out a name of which nothing would be seen", async () => {
    open("/models", {
      [PATHS.breakdown]: (words: URLSearchParams) => ({
        ...breakdown(words),
        slices: [{ key: "\u200b\u2060", values: NUMBERS }],
      }),
    });
    const table = await screen.findByRole("table", { name: "By model" });
    expect(within(table).getByRole("rowheader")).toHaveTextContent("U+200B U+2060");
    expect(within(table).getByRole("link")).toHaveAttribute("title", "Only U+200B U+2060");
  });

  it("narrows the page to a model, and back to all", async () => {
    const { asked, now } = open("/models?period=month");
    const table = await screen.findByRole("table", { name: "By model" });
    await userEvent.click(within(table).getByRole("link", { name: "parley/demo-small" }));
    await waitFor(() => expect(now()).toBe("/models?period=month&model=parley%2Fdemo-small"));
    await waitFor(() =>
      expect(asked.some((url) => url.searchParams.get("model") === "parley/demo-small")).toBe(true),
    );
    await userEvent.click(await screen.findByRole("link", { name: "Show all models" }));
    await waitFor(() => expect(now()).toBe("/models?period=month"));
  });

  it("can be taken away as a file", async () => {
    open("/models?period=month");
    const link = await screen.findByRole("link", { name: "By model: all rows as CSV" });
    expect(link.getAttribute("href")).toMatch(
      /^\/api\/v1\/export\/breakdown\.csv\?period=month&.*by=model&metric=cost&metric=/,
    );
  });
});

describe("latency", () => {
  it("is said by stage, and drawn over time for the chosen one", async () => {
    const { now } = open("/models?stage=queue");
    const latency = await panel("Latency by stage");
    const queue = await within(latency).findByRole("link", { name: "Queue" });
    expect(currentOf(latency)).toEqual(["Queue"]);
    expect(queue.closest("li")).toHaveTextContent(/p50 10 ms.*p95 14 ms.*p99 20 ms/);
    expect(within(latency).getByRole("heading", { name: "Queue over time" })).toBeVisible();
    await userEvent.click(within(latency).getByRole("link", { name: "Delivery" }));
    await waitFor(() => expect(now()).toBe("/models?stage=delivery"));
    expect(
      await within(latency).findByRole("heading", { name: "Delivery over time" }),
    ).toBeVisible();
  });

  it("says how exact it is", async () => {
    open();
    expect(await screen.findByText(/off by 2 % at most/)).toBeVisible();
  });
});

describe("errors", () => {
  it("lead to the dialogs in which questions failed", async () => {
    const { now } = open("/models?period=month");
    const failed = await screen.findByRole("list", { name: "Failed questions" });
    await userEvent.click(within(failed).getByRole("link", { name: /All models failed/ }));
    expect(await screen.findByText("some dialogs")).toBeVisible();
    expect(now()).toBe("/dialogs?period=month&having=failed");
  });

  it("of calls are ranked beside them", async () => {
    open();
    const calls = await screen.findByRole("list", { name: "Failed calls to models" });
    const rows = within(calls).getAllByRole("listitem");
    expect(rows.map((row) => row.textContent)).toEqual([
      "Too many requests1254.5%",
      "Silent for too long1045.5%",
    ]);
  });
});

describe("the ledger", () => {
  it("says what was saved and what it cost", async () => {
    open();
    const ledger = await panel("Fallback ledger");
    await within(ledger).findByRole("heading", { name: "Answers saved over time" });
    for (const text of ["17", "$0.0012", "2.3 min", "4.82%"])
      expect(within(ledger).getAllByText(text)[0]).toBeVisible();
    const table = within(ledger).getByRole("table", { name: /Fallback by the model/ });
    expect(within(table).getAllByRole("row")).toHaveLength(3);
    expect(within(ledger).getByText("2 of 3 models")).toBeVisible();
  });
});

describe("a filter by language", () => {
  it("leaves out what it does not fit, and says so", async () => {
    const { asked } = open("/models?language=de&metric=call_error_rate");
    const note = (await screen.findAllByRole("note"))[0];
    expect(note).toHaveTextContent(/Not known for the chosen filters: .*Error rate of calls/);
    expect(await screen.findByRole("combobox", { name: "Metric of the chart" })).toHaveValue(
      "cost",
    );
    expect(await screen.findByText("Not narrowed here by language.")).toBeVisible();
    expect(screen.getByText("Calls are not known by language.")).toBeVisible();
    expect(screen.getAllByText("not known for this filter")).toHaveLength(3);
    for (const { searchParams } of asked) {
      const slugs = searchParams.getAll("metric");
      if (searchParams.get("language")) expect(slugs).not.toContain("failed_calls");
      else expect(slugs.every((slug) => /_p\d\d$/.test(slug))).toBe(true);
    }
  });
});
