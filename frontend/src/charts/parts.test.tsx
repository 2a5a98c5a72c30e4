import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { Legend, useHidden } from "@/charts/legend.tsx";
import { RankedBars } from "@/charts/ranked-bars.tsx";
import { Sparkline } from "@/charts/sparkline.tsx";
import { renderPages } from "@/testing/page.tsx";

describe("ranked bars", () => {
  const rows = [
    { id: "a", title: "vendor/large", value: 331, share: 0.951, to: { to: "/models" } as const },
    { id: "b", title: "vendor/small", value: 17, note: "since Tuesday" },
  ];

  it("name values and parts, and lead on", async () => {
    renderPages("/", {
      "/": () => <RankedBars label="Answers" unit="count" rows={rows} total={9} />,
      "/models": () => <p>Models</p>,
    });
    const list = await screen.findByRole("list", { name: "Answers" });
    expect(within(list).getAllByRole("listitem")[1]).toHaveTextContent(
      "vendor/small17since Tuesday",
    );
    expect(screen.getByText("2 of 9 are shown")).toBeVisible();
    await userEvent.click(screen.getByRole("link", { name: /vendor\/large\s*331\s*95.1%/ }));
    await screen.findByText("Models");
  });

  it("say nothing of the rest where there is none", () => {
    render(<RankedBars label="Answers" unit="count" rows={rows.slice(1)} total={1} />);
    expect(screen.queryByText(/are shown/)).toBeNull();
  });
});

it("a legend hides series and shows them again, but never the last one", async () => {
  const items = [
    { id: "a", title: "Questions", tone: 1 },
    { id: "b", title: "Answers", tone: 2 },
  ] as const;
  function Shown() {
    const [hidden, toggle] = useHidden();
    return (
      <>
        <Legend items={items} hidden={hidden} onToggle={toggle} />
        <p>hidden: {[...hidden].join()}</p>
      </>
    );
  }
  render(<Shown />);
  const [questions, answers] = [
    screen.getByRole("button", { name: "Questions" }),
    screen.getByRole("button", { name: "Answers" }),
  ];
  await userEvent.click(questions);
  expect(screen.getByText("hidden: a")).toBeVisible();
  expect(questions).toHaveAttribute("aria-pressed", "false");
  expect(answers).toBeDisabled();
  await userEvent.click(questions);
  expect(screen.getByText("hidden:")).toBeVisible();
});

it("a sparkline is decoration", () => {
  const { container } = render(<Sparkline values={[1, null, 3]} isLastPartial />);
  expect(container.querySelector("svg")).toHaveAttribute("aria-hidden", "true");
  expect(container.querySelectorAll("path[d^='M'][d$='h0.001']")).toHaveLength(2);
});
