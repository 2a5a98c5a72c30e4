import { describe, expect, it } from "vitest";
import { Problem, type ProblemKind, problemOf, problemThrown } from "@/api/problem.ts";

const response = (status: number, headers: Record<string, string> = {}) =>
  new Response(status === 204 ? null : "", { status, headers });

describe("an answer outside of 2xx", () => {
  it.each<[number, ProblemKind, boolean]>([
    [400, "refused", false],
    [401, "signed_out", false],
    [403, "forbidden", false],
    [404, "missing", false],
    [409, "refused", false],
    [422, "refused", false],
    [429, "limited", true],
    [500, "broken", true],
    [502, "broken", true],
    [503, "broken", true],
  ])("%s is %s", (status, kind, isPassing) => {
    const problem = problemOf(response(status), {});
    expect([problem.kind, problem.status, problem.isPassing]).toEqual([kind, status, isPassing]);
  });

  it("brings the API's words along", () => {
    const body = { code: "not_on_the_hour", detail: "Take UTC.", trace_id: "9e58", status: 422 };
    expect(problemOf(response(422), body)).toMatchObject({
      code: "not_on_the_hour",
      detail: "Take UTC.",
      message: "Take UTC.",
      traceId: "9e58",
    });
  });

  it.each([
    ["HTML of a proxy", "<html>Bad gateway</html>"],
    ["nothing", undefined],
    ["null", null],
    ["a list", [1]],
    ["words of another kind", { code: 7, detail: ["x"], trace_id: {} }],
  ])("may be %s", (_, body) => {
    const problem = problemOf(response(502, { "x-trace-id": "of-the-header" }), body);
    expect(problem).toMatchObject({ kind: "broken", message: "broken", traceId: "of-the-header" });
    expect([problem.code, problem.detail]).toEqual([undefined, undefined]);
  });

  it.each([
    ["34", 34],
    ["0", 1],
    ["-5", 1],
    ["86400", 3600],
    ["Wed, 21 Oct 2026 07:28:00 GMT", undefined],
    ["", undefined],
  ])("tells to wait %s: %s seconds", (header, seconds) => {
    const problem = problemOf(response(429, { "retry-after": header }), {});
    expect(problem.retryAfter).toBe(seconds);
  });
});

describe("what was thrown", () => {
  it.each<[string, unknown, ProblemKind]>([
    ["no connection", new TypeError("Failed to fetch"), "unreachable"],
    ["no answer in time", new DOMException("", "TimeoutError"), "slow"],
    ["half of a JSON", new SyntaxError("Unexpected end"), "incomplete"],
    ["anything else", "surprise", "unreachable"],
  ])("%s", (_, error, kind) => {
    expect(problemThrown(error).kind).toBe(kind);
  });

  it("is a problem already", () => {
    const problem = new Problem("limited");
    expect(problemThrown(problem)).toBe(problem);
  });
});
