import { act, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem, type ProblemKind } from "@/api/problem.ts";
import { Refusal, sentenceOf } from "@/ui/refusal.tsx";

describe("the sentence", () => {
  it.each<[ProblemKind, string | undefined, string | undefined, RegExp]>([
    ["refused", "last_admin", "The API's words.", /ours for this place/],
    ["broken", "database_unreachable", undefined, /its database does not answer/],
    ["forbidden", "foreign_origin", "x", /CORS_ORIGINS/],
    ["refused", "new_tomorrow", "The API's words.", /^The API's words\.$/],
    ["refused", undefined, undefined, /could not take this/],
    ["unreachable", undefined, undefined, /does not answer.*still here/],
    ["slow", undefined, undefined, /in time/],
    ["broken", undefined, "secrets of a proxy", /Something failed/],
  ])("of %s with code %s and detail %s", (kind, code, detail, sentence) => {
    const problem = new Problem(kind, { code, detail } as Partial<Problem>);
    expect(sentenceOf(problem, { last_admin: "ours for this place" }, "en")).toMatch(sentence);
  });
});

describe("the wait", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("counts down for the eyes, and is told to the ears at both ends alone", () => {
    render(<Refusal problem={new Problem("limited", { retryAfter: 3 })} />);
    expect(screen.getByRole("alert")).toHaveTextContent("You can try again in 3 sec.");
    act(() => void vi.advanceTimersByTime(2000));
    expect(screen.getByText("You can try again in 1 sec.")).toHaveAttribute("aria-hidden");
    expect(screen.queryByRole("status")).not.toBeInTheDocument();
    act(() => void vi.advanceTimersByTime(1000));
    expect(screen.getByRole("status")).toHaveTextContent("You can try again now.");
  });
});

it("gives the operator's number where the service failed", () => {
  render(<Refusal problem={new Problem("broken", { traceId: "0b7c1f" })} />);
  expect(screen.getByText("0b7c1f")).toBeInTheDocument();
});
