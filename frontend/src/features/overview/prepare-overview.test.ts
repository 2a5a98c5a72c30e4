import { describe, expect, it } from "vitest";
import type { Overview, Series } from "@/api/types.ts";
import { factOf } from "@/features/overview/facts.ts";
import { prepareModels } from "@/features/overview/prepare-models.ts";
import { isQuiet, seriesOf, stageOf } from "@/features/overview/prepare-overview.ts";
import { ratesQuery } from "@/features/overview/queries.ts";
import { spansOf } from "@/testing/spans.ts";
import { NOT_COMPARED, windowOf } from "@/testing/window.ts";

const WINDOW = windowOf({ start: "2026-11-20T00:00:00Z", ...NOT_COMPARED });
const buckets = (start: string, values: Series["buckets"][number]["values"][]) =>
  spansOf(values.length, start).map((span, place) => ({ ...span, values: values[place] ?? {} }));

const OVERVIEW: Pick<Overview, "window" | "summary" | "activity"> = {
  window: WINDOW,
  summary: { current: { questions: 12 }, previous: null },
  activity: buckets(WINDOW.start, [{ questions: 5 }, { questions: 7 }]),
};

describe("the overview as a series", () => {
  it("has the rates in its own buckets", () => {
    const rates = { buckets: buckets(WINDOW.start, [{ error_rate: 0.1 }, { error_rate: null }]) };
    const { total, buckets: made } = seriesOf(OVERVIEW, rates);
    expect(total).toBe(OVERVIEW.summary);
    expect(made.map(({ values }) => values)).toEqual([
      { questions: 5, error_rate: 0.1 },
      { questions: 7, error_rate: null },
    ]);
  });

  it.each([
    ["none yet", undefined],
    ["those of other days", { buckets: buckets("2026-11-13T00:00:00Z", [{ error_rate: 1 }, {}]) }],
    ["those of other hours", { buckets: buckets(WINDOW.start, [{ error_rate: 1 }]) }],
  ])("waits for its rates while there are %s", (_, rates) => {
    const made = seriesOf(OVERVIEW, rates).buckets;
    expect(made.map(({ values }) => values)).toEqual([{ questions: 5 }, { questions: 7 }]);
  });
});

it.each([
  [0, null, true],
  [0, 0, true],
  [0, 5, false],
  [5, 0, false],
])("with %d questions now and %s before, quiet is %s", (now, before, expected) => {
  const previous = before === null ? null : { questions: before };
  expect(isQuiet({ total: { current: { questions: now }, previous } })).toBe(expected);
});

it.each([
  ["2026-11-21T09:00:00Z", "underWay"],
  ["2026-11-23T23:30:00Z", "over"],
  ["2026-12-01T00:00:00Z", "over"],
  ["2026-11-20T00:00:00Z", "notBegun"],
])("at %s the window is %s", (now, stage) => {
  const [start, end] = ["2026-11-20T00:00:00Z", "2026-11-24T00:00:00Z"].map(Date.parse);
  expect(stageOf(start ?? 0, end ?? 0, Date.parse(now))).toBe(stage);
});

describe("models", () => {
  const slice = (key: string, answers: number, cost: number) => ({
    key,
    values: { answers, cost },
  });
  const breakdown = {
    keys: 3,
    slices: [slice("large", 30, 100), slice("small", 10, 900), slice("", 0, 50)],
  };

  it("are ordered by the metric, with their part of the stated whole", () => {
    expect(prepareModels(breakdown, "cost", { cost: 2000 })).toEqual({
      ranks: [
        { model: "small", value: 900, share: 0.45 },
        { model: "large", value: 100, share: 0.05 },
        { model: "", value: 50, share: 0.025 },
      ],
      count: 3,
    });
  });

  it("do not count what came to none and has nothing", () => {
    const { ranks, count } = prepareModels(breakdown, "answers", undefined);
    expect(ranks.map(({ model, share }) => [model, share])).toEqual([
      ["large", null],
      ["small", null],
    ]);
    expect(count).toBe(2);
  });

  it("are five, of however many", () => {
    const slices = Array.from({ length: 50 }, (_, place) => slice(`m${place}`, place, 0));
    const { ranks, count } = prepareModels({ keys: 80, slices }, "answers", undefined);
    expect([ranks.length, ranks[0]?.model, count]).toEqual([5, "m49", 80]);
  });
});

describe("facts beside the numbers", () => {
  const values = {
    dialogs: 1,
    answer_length: 752.3,
    new_users: 0,
    estimated_cost_share: 0,
    declined_rate: 0.0084,
    full_answer_p50: 3430,
    stopped_rate: null,
    saved_answers: 21,
  };
  it.each([
    ["questions", "1 new dialog", "1 новый диалог"],
    ["answers", "752 characters each", "в среднем 752 зн."],
    ["active_users", "0 of them new", "из них новых 0"],
    ["cost", "none of it estimated", "без оценок"],
    ["error_rate", "0.84% declined", "отклонено 0,84 %"],
    ["full_answer_p95", "half within 3.43 sec", "половина за 3,43 с"],
    ["feedback_score", undefined, undefined],
    ["fallback_rate", "21 answers saved", "спасён 21 ответ"],
    ["tokens", undefined, undefined],
  ] as const)("%s", (slug, english, russian) => {
    expect(factOf(slug, values, "en")).toBe(english);
    expect(factOf(slug, values, "ru")?.replaceAll("\u00a0", " ")).toBe(russian);
  });

  it("says how much of a cost is estimated", () => {
    expect(factOf("cost", { estimated_cost_share: 0.125 }, "en")).toBe("12.5% estimated");
  });
});

describe("what is asked", () => {
  it("leaves out what a filter cannot narrow", () => {
    expect(ratesQuery({ language: "de" }).queryKey).toEqual([
      "stats",
      "series",
      { language: "de", compare: "none" },
      ["error_rate", "feedback_score", "fallback_rate"],
    ]);
  });
});
