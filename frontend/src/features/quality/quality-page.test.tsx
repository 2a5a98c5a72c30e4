import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { Values } from "@/api/types.ts";
import { QualityPage } from "@/features/quality/quality-page.tsx";
import { type Answers, refusal } from "@/testing/page.tsx";
import { openStats, PATHS, seriesOf, TWO_DAYS } from "@/testing/stats.tsx";

const NUMBERS: Values = {
  questions: 356,
  feedback_score: 0.833,
  likes: 20,
  dislikes: 4,
  edited: 6,
  stopped: 12,
  stopped_rate: 0.0337,
  failed: 5,
  error_rate: 0.014,
  partial: 0,
  declined: 3,
  declined_rate: 0.0084,
  delivery_unknown: 0,
  undeliverable: 2,
};
const KEYS: Record<string, string[]> = {
  model: ["a/b", ""],
  language: ["de", ""],
  kind: ["text"],
  outcome: ["answered", "cancelled"],
};

function breakdown(asked: URLSearchParams) {
  const by = asked.get("by") ?? "";
  const slices = (KEYS[by] ?? []).map((key) => ({ key, values: NUMBERS }));
  return { window: TWO_DAYS, by, keys: 60, slices };
}

const open = (address = "/quality", answers: Answers = {}) =>
  openStats(address, QualityPage, {
    [PATHS.series]: (words: URLSearchParams) => seriesOf(words, NUMBERS),
    [PATHS.breakdown]: breakdown,
    ...answers,
  });

describe("the page of quality", () => {
  it("needs four questions", async () => {
    const { asked } = open();
    await screen.findByRole("table", { name: "Broken down" });
    await waitFor(() => expect(asked).toHaveLength(4));
  });

  it("shows what people said, and what went wrong", async () => {
    open();
    const said = await screen.findByRole("region", { name: "What people said and did" });
    expect(await within(said).findByText("83.3%")).toBeVisible();
    const wrong = screen.getByRole("region", { name: "What went wrong" });
    expect(within(wrong).getByText("1.4%")).toBeVisible();
    expect(within(wrong).getAllByText("of 356 questions")).toHaveLength(3);
  });

  it("leads from a tile to its course, and to its dialogs", async () => {
    const { now } = open("/quality?period=month");
    await userEvent.click(await screen.findByRole("link", { name: "Stopped" }));
    await waitFor(() => expect(now()).toBe("/quality?period=month&metric=stopped"));
    expect(await screen.findByRole("heading", { level: 2, name: /^Stopped/ })).toBeVisible();
    await userEvent.click(screen.getByRole("link", { name: "Stopped: Their dialogs" }));
    expect(await screen.findByText("some dialogs")).toBeVisible();
    expect(now()).toBe("/dialogs?period=month&having=stopped");
  });

  it("draws another metric by choice", async () => {
    const { now } = open("/quality?metric=likes");
    const choice = await screen.findByRole("combobox", { name: "Metric of the chart" });
    expect(choice).toHaveValue("likes");
    await userEvent.selectOptions(choice, "feedback_score");
    await waitFor(() => expect(now()).toBe("/quality"));
  });

  it("teaches what each number means", async () => {
    open();
    const meanings = await screen.findByRole("region", { name: "What these numbers mean" });
    expect(within(meanings).getAllByRole("term")).toHaveLength(12);
    expect(within(meanings).getByText("Questions whose person stopped the answer.")).toBeVisible();
  });

  it("teaches where there is nothing", async () => {
    open("/quality", {
      [PATHS.series]: (words: URLSearchParams) => seriesOf(words, { questions: 0 }),
      [PATHS.breakdown]: { window: TWO_DAYS, by: "model", keys: 0, slices: [] },
    });
    await waitFor(() => expect(screen.getAllByText("No questions in this window")).toHaveLength(2));
  });

  it("keeps its other parts where the numbers are refused", async () => {
    open("/quality", { [PATHS.series]: refusal(403, "forbidden", "Not yours.") });
    expect((await screen.findAllByText("Not yours."))[0]).toBeVisible();
    expect(await screen.findByRole("table", { name: "Broken down" })).toBeVisible();
  });
});

describe("the breakdown", () => {
  it.each([
    ["model", "No model", "2 of 60 models"],
    ["language", "German", "2 of 60 languages"],
    ["kind", "Text", "1 of 60 kinds"],
    ["outcome", "Answered", "2 of 60 outcomes"],
  ])("by %s has rows and says how many of all", async (by, name, count) => {
    const { asked } = open(`/quality?by=${by}`);
    const table = await screen.findByRole("table", { name: "Broken down" });
    expect(within(table).getByRole("row", { name: new RegExp(name) })).toHaveTextContent(
      /356.*83.3%.*20.*4.*6.*123.37%.*51.4%/,
    );
    expect(screen.getByText(count)).toBeVisible();
    const [question] = asked.filter(({ pathname }) => pathname === PATHS.breakdown);
    expect(question?.searchParams.get("by")).toBe(by);
  });

  it("is chosen in the address", async () => {
    const { now } = open("/quality?metric=likes");
    await userEvent.click(await screen.findByRole("button", { name: "Outcome" }));
    await waitFor(() => expect(now()).toBe("/quality?metric=likes&by=outcome"));
    await userEvent.click(screen.getByRole("button", { name: "Model" }));
    await waitFor(() => expect(now()).toBe("/quality?metric=likes"));
  });

  it("leads from a number to the dialogs of its row", async () => {
    const { now } = open("/quality?period=month");
    const row = await screen.findByRole("row", { name: /a\/b/ });
    await userEvent.click(within(row).getByRole("link", { name: "12" }));
    expect(await screen.findByText("some dialogs")).toBeVisible();
    expect(now()).toBe("/dialogs?period=month&having=stopped&model=a%2Fb");
  });

  it("has no links from what nobody can list", async () => {
    open();
    const row = await screen.findByRole("row", { name: /No model/ });
    expect(within(row).queryByRole("link")).toBeNull();
  });

  it("says where dialogs cannot be listed by its rows", async () => {
    open("/quality?by=language");
    expect(await screen.findByText(/a number leads to those of all rows/)).toBeVisible();
  });
});
