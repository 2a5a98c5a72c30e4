import { fireEvent, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { dialogsIn } from "@/charts/drill.ts";
import { TimeChart } from "@/charts/time-chart.tsx";
import type { ChartSeries, Mark, Span } from "@/charts/types.ts";
import { renderPages } from "@/testing/page.tsx";
import { spansOf } from "@/testing/spans.ts";

const WINDOW = { as_of: "2026-11-21T09:30:00Z", bucket: "day", timezone: "UTC" } as const;
const SPANS = spansOf(4, "2026-11-19T00:00:00Z").map((span, place) => ({
  ...span,
  is_partial: place === 2,
}));
const SERIES: ChartSeries[] = [
  { id: "questions", title: "Questions", unit: "count", values: [57, 60, 6, 0], tone: 1 },
];
const GHOST = { title: "Before", values: [78, 50, 15] };
const MARKS: Mark[] = [{ at: "2026-11-20T08:00:00Z", kind: "release", label: "0.1.0" }];

async function show(chart: React.ReactNode) {
  const page = renderPages("/", { "/": () => chart, "/dialogs": () => <p>Rows</p> });
  await screen.findByRole("figure");
  return page;
}
const chart = (more: Partial<React.ComponentProps<typeof TimeChart>> = {}) => (
  <TimeChart
    label="Questions by day"
    window={WINDOW}
    spans={SPANS}
    series={SERIES}
    ghost={GHOST}
    marks={MARKS}
    {...more}
  />
);
const drilling = { hrefOf: (span: Span) => dialogsIn({ language: "ru" }, span) };

/** jsdom measures nothing: a chart is 640 pixels wide, and its plot takes nearly all of it. */
const at = (clientX: number) => ({ clientX, clientY: 100 });

describe("a chart over time", () => {
  it("has the same numbers in a table", async () => {
    await show(chart());
    const table = screen.getByRole("table", { name: "Questions by day" });
    const rows = within(table).getAllByRole("row");
    expect(rows.map((row) => [...row.children].map((cell) => cell.textContent))).toEqual([
      ["Time", "Questions", "Before", "What happened"],
      ["Thu, Nov 19", "57", "78", ""],
      ["Fri, Nov 20", "60", "50", "08:00 Release: 0.1.0"],
      ["Sat, Nov 21", "6", "15", "Not over yet"],
      ["Sun, Nov 22", "–", "–", "Has not begun"],
    ]);
  });

  it("is one stop for Tab, and begins with the last bucket that has begun", async () => {
    await show(chart(drilling));
    await userEvent.tab();
    const link = screen.getByRole("link");
    expect(link).toHaveFocus();
    expect(link).toHaveAccessibleName(
      "Questions by day. Sat, Nov 21: Questions 6, Before 15. Not over yet",
    );
    await userEvent.tab();
    expect(document.body).toHaveFocus();
  });

  it("is walked through by arrows, and each step is said", async () => {
    await show(chart(drilling));
    const link = screen.getByRole("link");
    link.focus();
    await userEvent.keyboard("{ArrowLeft}");
    expect(
      screen.getByText(/^Fri, Nov 20: Questions 60, Before 50. 08:00 Release: 0.1.0$/),
    ).toBeVisible();
    await userEvent.keyboard("{Home}");
    expect(link).toHaveAccessibleName(/Thu, Nov 19: Questions 57/);
    await userEvent.keyboard("{End}{ArrowRight}");
    expect(link).toHaveAccessibleName(/Sat, Nov 21/);
    expect(link).toHaveFocus();
  });

  it("leads to the rows of its bucket by Enter", async () => {
    const page = await show(chart(drilling));
    screen.getByRole("link").focus();
    await userEvent.keyboard("{ArrowLeft}{Enter}");
    await screen.findByText("Rows");
    const address = new URL(page.address(), "http://parley");
    expect(Object.fromEntries(address.searchParams)).toEqual({
      language: "ru",
      from: "2026-11-20T00:00:00Z",
      to: "2026-11-21T00:00:00Z",
    });
  });

  it("leads to the rows of the bucket that is pressed, also when the link was elsewhere", async () => {
    const page = await show(chart(drilling));
    const plot = screen.getByRole("figure").querySelector("svg") as Element;
    fireEvent.pointerDown(plot, { ...at(60), pointerType: "mouse" });
    fireEvent.click(plot, at(60));
    await screen.findByText("Rows");
    expect(page.address()).toContain("from=2026-11-19");
  });

  it("does not lead to what has not begun", async () => {
    await show(chart(drilling));
    const plot = screen.getByRole("figure").querySelector("svg") as Element;
    fireEvent.pointerDown(plot, { ...at(620), pointerType: "mouse" });
    fireEvent.click(plot, at(620));
    expect(screen.queryByText("Rows")).toBeNull();
    expect(screen.getAllByText("Has not begun")).toHaveLength(2);
  });

  it("shows what a finger touches, and follows when it touches that again", async () => {
    await show(chart(drilling));
    const touch = () => {
      const link = screen.getByRole("link");
      fireEvent.pointerDown(link, { ...at(60), pointerType: "touch" });
      fireEvent.pointerLeave(link, { ...at(60), pointerType: "touch" });
      fireEvent.click(link, at(60));
    };
    touch();
    expect(screen.getByText("Press to see its dialogs")).toBeVisible();
    expect(screen.queryByText("Rows")).toBeNull();
    fireEvent.pointerDown(document.body, { pointerType: "touch" });
    expect(screen.queryByText("Press to see its dialogs")).toBeNull();
    touch();
    touch();
    await screen.findByText("Rows");
  });

  it("puts away what it shows by Escape and when the pointer leaves", async () => {
    await show(chart(drilling));
    const link = screen.getByRole("link");
    const hint = () => screen.queryByText("Press to see its dialogs");
    link.focus();
    await userEvent.keyboard("{ArrowLeft}");
    expect(hint()).not.toBeNull();
    await userEvent.keyboard("{Escape}");
    expect(hint()).toBeNull();
    fireEvent.pointerMove(link, at(60));
    expect(hint()).not.toBeNull();
    fireEvent.pointerLeave(screen.getByRole("figure").firstElementChild as Element);
    expect(hint()).toBeNull();
  });

  it("is a slider where nothing is behind it", async () => {
    await show(chart());
    const slider = screen.getByRole("slider", { name: "Questions by day" });
    slider.focus();
    await userEvent.keyboard("{ArrowLeft}");
    expect(slider).toHaveAttribute("aria-valuetext", expect.stringContaining("Fri, Nov 20"));
    expect(slider).toHaveAttribute("aria-valuenow", "2");
  });

  it("is as wide as its room, also when that changes", async () => {
    let resize = () => {};
    vi.stubGlobal(
      "ResizeObserver",
      class {
        constructor(callback: () => void) {
          resize = callback;
        }
        observe() {}
        disconnect() {}
      },
    );
    const width = vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(1200);
    await show(chart());
    const svg = screen.getByRole("figure").querySelector("svg");
    expect(svg).toHaveAttribute("width", "1200");
    width.mockReturnValue(320);
    resize();
    await vi.waitFor(() => expect(svg).toHaveAttribute("width", "320"));
  });

  it.each(["bars", "stack", "lines"] as const)("draws %s without buckets", async (form) => {
    await show(chart({ form, spans: [], series: [], ...drilling }));
    expect(screen.queryByRole("link")).toBeNull();
  });

  it("draws a line with a dot where the pointer is", async () => {
    await show(chart({ form: "lines" }));
    fireEvent.pointerMove(screen.getByRole("slider"), at(60));
    expect(screen.getByRole("figure").querySelector(".rounded-full")).not.toBeNull();
  });

  it("tells what a flag stands for to a pointer on it", async () => {
    await show(chart());
    const flag = Number(
      screen.getByRole("figure").querySelector("svg line[stroke]")?.getAttribute("x1"),
    );
    fireEvent.pointerMove(screen.getByRole("slider"), { clientX: flag + 5, clientY: 4 });
    expect(screen.getAllByText("08:00 Release: 0.1.0")).toHaveLength(2);
  });
});
