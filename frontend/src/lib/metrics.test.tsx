import { renderHook } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { DICTIONARY, type Slug } from "@/api/types.ts";
import { fitting, metricIn, useMetric } from "@/lib/metrics.ts";
import { METRICS_RU } from "@/lib/metrics-ru.ts";

const SLUGS = Object.keys(DICTIONARY) as Slug[];

describe("metrics", () => {
  it("have a title and a definition in Russian, each its own", () => {
    expect(Object.keys(METRICS_RU).sort()).toEqual([...SLUGS].sort());
    for (const slug of SLUGS) {
      const { title, definition } = metricIn("ru", slug);
      expect(title).toMatch(/[а-яё]/i);
      expect(definition).toMatch(/^[А-ЯЁ].*\.$/s);
    }
    const titles = SLUGS.map((slug) => metricIn("ru", slug).title);
    expect(new Set(titles).size).toBe(SLUGS.length);
  });

  it("keep everything else of the dictionary", () => {
    expect(metricIn("en", "tokens")).toBe(DICTIONARY.tokens);
    expect(metricIn("ru", "tokens")).toMatchObject({ title: "Токены", unit: "tokens" });
    expect(metricIn("ru", "queue_p50").title).toBe("Ожидание в очереди, медиана");
    expect(metricIn("ru", "queue_p95").title).toBe("Ожидание в очереди, p95");
  });

  it("are said in the reader's language", () => {
    const { result } = renderHook(useMetric);
    expect(result.current("cost").title).toBe("Cost");
  });

  it("can be narrowed as the dictionary says", () => {
    expect(fitting(["questions", "active_users", "calls"], { model: "a" })).toEqual([
      "questions",
      "calls",
    ]);
    expect(fitting(["full_answer_p95", "cost"], { language: "de" })).toEqual(["cost"]);
    expect(fitting(["questions", "active_users"], {})).toEqual(["questions", "active_users"]);
  });
});
