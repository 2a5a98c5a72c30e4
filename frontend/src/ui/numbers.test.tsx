import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { DICTIONARY, type Slug, type Window } from "@/api/types.ts";
import { directionOf } from "@/lib/directions.ts";
import { LanguageProvider } from "@/lib/language.tsx";
import { renderPages } from "@/testing/page.tsx";
import { Delta } from "@/ui/delta.tsx";
import { Explain } from "@/ui/explain.tsx";
import { Tile, TileSkeleton } from "@/ui/tile.tsx";

const WINDOW: Window = {
  start: "2026-11-15T00:00:00+01:00",
  end: "2026-11-22T00:00:00+01:00",
  previous_start: "2026-11-08T00:00:00+01:00",
  previous_end: "2026-11-14T11:00:00+01:00",
  timezone: "Europe/Berlin",
  bucket: "day",
  as_of: "2026-11-21T09:30:00Z",
};

describe("a delta", () => {
  it.each<[Slug, number | null, number | null, string]>([
    ["questions", 110, 100, "+10%, betterbefore: 100"],
    ["questions", 90, 100, "-10%, worsebefore: 100"],
    ["error_rate", 0.05, 0.03, "+2 pp, worsebefore: 3%"],
    ["error_rate", 0.01, 0.03, "-2 pp, betterbefore: 3%"],
    ["full_answer_p95", 8000, 10_000, "-20%, betterbefore: 10 sec"],
    ["cost", 2_000_000, 1_000_000, "+100%before: $1.00"],
    ["cost", 5, 5, "unchangedbefore: $0.000005"],
    ["questions", 3, 0, ", betterbefore: 0"],
    ["feedback_score", null, 0.5, "nothing to compare with"],
    ["feedback_score", 0.5, null, "nothing to compare with"],
  ])("of %s %s after %s", (slug, current, previous, words) => {
    const { container } = render(<Delta slug={slug} current={current} previous={previous} />);
    expect(container).toHaveTextContent(words);
  });

  it("knows of every metric whether more of it is good", () => {
    const directions = Object.keys(DICTIONARY).map((slug) => directionOf(slug as Slug));
    expect(new Set(directions)).toEqual(new Set(["good", "bad", "neither"]));
    expect(directionOf("queue_p99")).toBe("bad");
  });
});

describe("an explanation", () => {
  async function explained(slug: Slug, more: object = {}) {
    render(
      <LanguageProvider>
        <Explain slug={slug} window={WINDOW} {...more} />
      </LanguageProvider>,
    );
    await userEvent.click(
      screen.getByRole("button", { name: `What is “${DICTIONARY[slug].title}”?` }),
    );
    return screen.getByRole("dialog", { name: DICTIONARY[slug].title });
  }

  it("says what a number means, how it adds up, of which time and how old it is", async () => {
    const sheet = await explained("full_answer_p95");
    expect(sheet).toHaveTextContent(DICTIONARY.full_answer_p95.definition);
    const facts = within(sheet)
      .getAllByRole("definition")
      .map((fact) => fact.textContent);
    expect(facts.map((fact) => fact?.replaceAll(/[\u2009\u202f]/g, " "))).toEqual([
      "time",
      "A percentile of each span as a whole; off by 2 % at most.",
      "Nov 15 – 21, 2026",
      "Nov 8, 00:00 – Nov 14, 11:00",
      "Europe/Berlin (UTC+1)",
      "Nov 21, 2026, 10:30 (now)",
    ]);
  });

  it("says of a cost which part is estimated", async () => {
    expect(await explained("cost", { estimatedShare: 0.12 })).toHaveTextContent(
      "Estimated part12%",
    );
  });

  it("says of all else nothing of estimates, and nothing of a window that is not known", async () => {
    const sheet = await explained("questions", { estimatedShare: 0.12, window: undefined });
    expect(within(sheet).getAllByRole("definition")).toHaveLength(2);
  });
});

describe("a tile", () => {
  const tile = (more: Partial<React.ComponentProps<typeof Tile>> = {}) => (
    <Tile
      slug="questions"
      window={WINDOW}
      current={{ questions: 12_345 }}
      previous={{ questions: 10_000 }}
      spark={[1, 2, 3]}
      note="84 new dialogs"
      {...more}
    />
  );

  it("says a number, what it was, and what is asked next", () => {
    render(tile());
    const shown = screen.getByRole("article");
    expect(within(shown).getByRole("heading", { name: "Questions" })).toBeVisible();
    expect(shown).toHaveTextContent("12.3K+23%, betterbefore: 10,00084 new dialogs");
  });

  it("has a dash for what is not known, and no comparison where there is none", () => {
    render(tile({ current: {}, previous: null, spark: undefined }));
    expect(screen.getByRole("article")).toHaveTextContent("Questions–84 new dialogs");
  });

  it("is a link as a whole, and its explanation is a button of its own", async () => {
    const page = renderPages("/", {
      "/": () => tile({ to: { to: "/models" }, isChosen: true }),
      "/models": () => <p>Models</p>,
    });
    const link = await screen.findByRole("link", { name: "Questions" });
    expect(link).toHaveAttribute("aria-current", "true");
    await userEvent.click(screen.getByRole("button", { name: /What is/ }));
    expect(page.address()).toBe("/");
    await userEvent.click(link);
    await screen.findByText("Models");
  });

  it("keeps its room while it is loading", () => {
    const { container } = render(<TileSkeleton hasNote />);
    expect(container.querySelectorAll(".skeleton")).toHaveLength(5);
  });
});
