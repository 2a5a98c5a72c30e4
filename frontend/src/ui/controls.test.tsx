import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { Button, IconButton } from "@/ui/button.tsx";
import { ChoiceList } from "@/ui/choice-list.tsx";
import { Field, Select } from "@/ui/field.tsx";
import { Segmented } from "@/ui/segmented.tsx";

describe("buttons", () => {
  it("submit nothing unless they are told to", () => {
    render(<Button look="main">Show</Button>);
    expect(screen.getByRole("button", { name: "Show" })).toHaveAttribute("type", "button");
  });

  it("without words have a name", () => {
    render(<IconButton label="Print">x</IconButton>);
    expect(screen.getByRole("button", { name: "Print" })).toHaveAttribute("title", "Print");
  });
});

describe("one of a few", () => {
  it("is in sight, and the chosen one is told", async () => {
    const choose = vi.fn();
    const segments = [
      { value: "day", title: "Day" },
      { value: "week", title: "Week" },
    ];
    render(<Segmented label="Period" segments={segments} value="week" onChoose={choose} />);
    expect(screen.getByRole("group", { name: "Period" })).toBeVisible();
    expect(screen.getByRole("button", { pressed: true })).toHaveTextContent("Week");
    await userEvent.click(screen.getByText("Day"));
    expect(choose).toHaveBeenCalledWith("day");
  });

  it("may say what it means", async () => {
    const choose = vi.fn();
    const choices = [
      { value: "a", title: "First", note: "the one" },
      { value: "b", title: "Second" },
    ];
    render(<ChoiceList choices={choices} value="a" onChoose={choose} />);
    expect(screen.getByRole("button", { pressed: true })).toHaveTextContent("the one");
    await userEvent.click(screen.getByText("Second"));
    expect(choose).toHaveBeenCalledWith("b");
  });
});

describe("a field", () => {
  it("is tied to its label, its hint and what is wrong with it", () => {
    const { rerender } = render(<Field label="Zone" hint="Whose hours" />);
    expect(screen.getByLabelText("Zone")).toHaveAccessibleDescription("Whose hours");
    expect(screen.getByLabelText("Zone")).not.toBeInvalid();
    rerender(<Field label="Zone" hint="Whose hours" problem="No such zone" />);
    expect(screen.getByLabelText("Zone")).toBeInvalid();
    expect(screen.getByLabelText("Zone")).toHaveAccessibleDescription(/No such zone/);
  });

  it("of choices has a name, seen or not", () => {
    render(
      <Select label="Order" hiddenLabel>
        <option>cost</option>
      </Select>,
    );
    expect(screen.getByLabelText("Order")).toHaveValue("cost");
  });
});
