import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import { ChartActions } from "@/charts/chart-actions.tsx";
import { savePicture } from "@/charts/picture.ts";

vi.mock("@/charts/picture.ts", () => ({ savePicture: vi.fn() }));

const WINDOW = {
  start: "2026-11-15T00:00:00Z",
  end: "2026-11-22T00:00:00Z",
  previous_start: "2026-11-08T00:00:00Z",
  previous_end: "2026-11-15T00:00:00Z",
  timezone: "UTC",
};
const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
const chart = { current: svg };

beforeEach(() => {
  vi.mocked(savePicture).mockReset().mockResolvedValue();
});

it("offers the numbers as a file", () => {
  render(<ChartActions name="Questions" window={WINDOW} csv="/api/v1/export/series.csv?x=1" />);
  const link = screen.getByRole("link", { name: "Questions: all rows as CSV" });
  expect(link).toHaveAttribute("href", "/api/v1/export/series.csv?x=1");
  expect(link).toHaveAttribute("download");
  expect(screen.queryByRole("button")).toBeNull();
});

it.each([
  ["[]", "Parley · Nov 15 – 21, 2026 · UTC (UTC)"],
  [
    '[["Before","--series-ghost"]]',
    "Parley · Nov 15 – 21, 2026 · before: Nov 8 – 14, 2026 · UTC (UTC)",
  ],
])("saves the picture with its time, of a legend %s", async (legend, note) => {
  svg.setAttribute("data-legend", legend);
  render(<ChartActions name="Full answer, p95" window={WINDOW} chart={chart} />);
  await userEvent.click(screen.getByRole("button", { name: /PNG/ }));
  const [, caption, file] = vi.mocked(savePicture).mock.calls[0] ?? [];
  expect(caption?.title).toBe("Full answer, p95");
  expect(caption?.note.replaceAll(/[\u2009\u202f]/g, " ").replace("UTC+0", "UTC")).toBe(note);
  expect(file).toBe("parley-full-answer-p95-2026-11-15.png");
});

it("says when a browser cannot", async () => {
  vi.mocked(savePicture).mockRejectedValue(new Error("no canvas"));
  render(<ChartActions name="Questions" window={WINDOW} chart={chart} />);
  await userEvent.click(screen.getByRole("button", { name: /PNG/ }));
  expect(await screen.findByRole("alert")).toHaveTextContent("could not draw");
});

it("saves nothing before there is something", async () => {
  render(<ChartActions name="Questions" window={undefined} chart={chart} />);
  await userEvent.click(screen.getByRole("button", { name: /PNG/ }));
  expect(savePicture).not.toHaveBeenCalled();
});
