import { act, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "@/api/problem.ts";
import { LanguageProvider } from "@/lib/language.tsx";
import { ProblemNote } from "@/ui/problem-note.tsx";

const show = (problem: Error, language = "en") => {
  localStorage.setItem("parley.language", language);
  return render(<ProblemNote problem={problem} onAgain={() => {}} />, {
    wrapper: LanguageProvider,
  });
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  localStorage.clear();
});

describe("a problem", () => {
  it.each<[Problem, RegExp, RegExp]>([
    [new Problem("unreachable"), /does not answer/, /не отвечает/],
    [new Problem("slow"), /too long/, /слишком много времени/],
    [new Problem("incomplete"), /broke off/, /оборвался/],
    [new Problem("forbidden", { detail: "Admins only." }), /Admins only\./, /Admins only\./],
    [new Problem("missing"), /does not exist/, /больше нет/],
    [new Problem("limited"), /Too many/, /Слишком много вопросов/],
    [new Problem("refused", { detail: "Odd." }), /Odd\./, /Odd\./],
    [
      new Problem("refused", { code: "not_on_the_hour", detail: "English." }),
      /half or quarter hours/,
      /половинами и четвертями/,
    ],
    [new Problem("broken", { code: "too_slow" }), /shorter time/, /время короче/],
  ])("%s is a sentence in both languages", (problem, en, ru) => {
    show(problem).unmount();
    show(problem);
    expect(screen.getByRole("alert")).toHaveTextContent(en);
    show(problem, "ru");
    expect(screen.getAllByRole("alert").at(-1)).toHaveTextContent(ru);
  });

  it("tells how long to wait, and not each second aloud", () => {
    show(new Problem("limited", { retryAfter: 34 }));
    expect(screen.getByText(/in 34 s/)).toBeVisible();
    act(() => vi.advanceTimersByTime(3000));
    expect(screen.getByText(/in 31 s/)).toBeVisible();
    expect(screen.getByRole("alert")).not.toHaveTextContent(/31/);
    act(() => vi.advanceTimersByTime(40_000));
    expect(screen.getByText(/asks again by itself\.$/)).toBeVisible();
  });

  it("names itself for the operator, where one can help", () => {
    show(new Problem("broken", { traceId: "9e58" }));
    expect(screen.getByText("9e58")).toBeVisible();
    expect(screen.getByRole("button", { name: /Ask again/ })).toBeVisible();
  });

  it("is not asked again where that would not help", () => {
    show(new Problem("refused", { traceId: "9e58", detail: "Odd." }));
    expect(screen.queryByRole("button")).not.toBeInTheDocument();
    expect(screen.queryByText("9e58")).not.toBeInTheDocument();
  });

  it("of our own making is one of the service's", () => {
    show(new Error("boom"));
    expect(screen.getByRole("alert")).toHaveTextContent(/Something failed/);
    expect(screen.queryByText(/boom/)).not.toBeInTheDocument();
  });
});
