import { fireEvent, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { HeatMap } from "@/charts/heat-map.tsx";
import { renderPages } from "@/testing/page.tsx";

const VALUES = { "1-09": 8, "1-10": 0, "2-09": 3 };

async function show(more: Partial<React.ComponentProps<typeof HeatMap>> = {}) {
  const map = () => (
    <HeatMap label="Hours" title="Questions" unit="count" values={VALUES} {...more} />
  );
  const page = renderPages("/", { "/": map, "/models": () => <p>Models</p> });
  await screen.findByRole("figure");
  return page;
}

it("has its numbers in a table, with unknown ones as such", async () => {
  await show();
  const rows = within(screen.getByRole("table", { name: "Hours" })).getAllByRole("row");
  const textOf = (place: number) => rows[place]?.textContent;
  expect([textOf(9), textOf(10), textOf(11)]).toEqual([
    "Mon, 09:00–10:008",
    "Mon, 10:00–11:000",
    "Mon, 11:00–12:00–",
  ]);
});

it("says what its colours mean", async () => {
  await show();
  const steps = within(screen.getByRole("list", { name: "By hour" })).getAllByRole("listitem");
  expect(steps.map((step) => step.textContent)).toEqual(["0", "1–2", "3–4", "5–6", "7–8"]);
});

it("is walked through by arrows in both directions", async () => {
  await show();
  const slider = screen.getByRole("slider", { name: "Hours" });
  slider.focus();
  const walk = async (keys: string) => {
    await userEvent.keyboard(keys);
    return slider.getAttribute("aria-valuetext");
  };
  expect(slider).toHaveAttribute("aria-valuetext", "Mon, 09:00–10:00: Questions 8");
  expect(await walk("{ArrowRight}")).toBe("Mon, 10:00–11:00: Questions 0");
  expect(await walk("{ArrowUp}")).toBe("Mon, 10:00–11:00: Questions 0");
  expect(await walk("{ArrowDown}{ArrowLeft}")).toBe("Tue, 09:00–10:00: Questions 3");
  expect(await walk("{End}")).toBe("Tue, 23:00–00:00: Questions Not in the window");
  expect(await walk("{Home}")).toBe("Tue, 00:00–01:00: Questions Not in the window");
});

it("shows the cell below the pointer", async () => {
  await show();
  fireEvent.pointerMove(screen.getByRole("slider"), { clientX: 60, clientY: 5 });
  expect(screen.getByText(/^Mon, 0\d:00–0\d:00: Questions/)).toBeVisible();
  fireEvent.pointerMove(screen.getByRole("slider"), { clientX: 5, clientY: 5 });
  expect(screen.queryByText(/^Mon, 0\d:00–0\d:00: Questions/)).toBeNull();
});

it("may lead somewhere", async () => {
  await show({ hrefOf: () => ({ to: "/models" }) });
  screen.getByRole("link", { name: "Hours. Mon, 09:00–10:00: Questions 8" }).focus();
  await userEvent.keyboard("{Enter}");
  await screen.findByText("Models");
});
