import { useQuery } from "@tanstack/react-query";
import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { overviewQuery } from "@/api/queries.ts";
import { useView } from "@/lib/use-view.ts";
import { FakeApi, renderApp } from "@/testing/app.tsx";
import { refusal } from "@/testing/page.tsx";
import { windowOf } from "@/testing/window.ts";
import { Panel } from "@/ui/panel.tsx";

vi.mock("@/features/overview/overview-page.tsx", () => ({ OverviewPage: Numbers }));
vi.mock("@/features/dialogs/dialogs-page.tsx", () => ({ DialogsPage: Numbers }));

function Numbers() {
  const [view] = useView();
  return (
    <Panel title="Numbers" query={useQuery(overviewQuery(view))} skeleton={<p>soon</p>}>
      {() => <p>7 questions</p>}
    </Panel>
  );
}

const USER = "fd4a99c1-87ff-47e7-910d-56f239bbb66e";
const breakdown = (by: string, keys: string[], more = 0) => ({
  window: windowOf(),
  by,
  keys: keys.length + more,
  slices: keys.map((key, place) => ({ key, values: { questions: 300 - place } })),
});

let api: FakeApi;

beforeEach(() => {
  api = new FakeApi();
  localStorage.clear();
  localStorage.setItem("parley.language", "en");
  api.on("GET /api/v1/system", () => ({ bots: [{ id: 42, username: "parley_bot" }] }));
  api.on("GET /api/v1/stats/breakdown", (url) => {
    const by = url.searchParams.get("by") ?? "";
    const keys = { model: ["openai/gpt", "", "x/y"], bot: ["42"], language: ["ru"] }[by] ?? [];
    return breakdown(by, keys, by === "model" ? 9 : 0);
  });
  api.on(`GET /api/v1/users/${USER}`, () => ({ id: USER, pseudonym: "Quiet Otter 4f" }));
});
afterEach(() => vi.useRealTimers());

async function open(address = "/") {
  const app = renderApp(address);
  await screen.findByText("7 questions");
  const bar = within(screen.getByRole("region", { name: "What is shown" }));
  return { ...app, bar };
}

const button = (name: string | RegExp) => screen.getByRole("button", { name });
const press = (keys: string) => userEvent.keyboard(keys);

describe("the time", () => {
  it("is said in days, and chosen by buttons or keys", async () => {
    const { href, bar } = await open();
    expect(bar.getByText("Nov 15 – 21, 2026")).toBeVisible();
    await userEvent.click(button("Month"));
    await waitFor(() => expect(href()).toBe("/?period=month"));
    expect(button("Month")).toHaveAttribute("aria-pressed", "true");
    await press("d");
    await waitFor(() => expect(href()).toBe("/?period=day"));
    await press("w");
    await waitFor(() => expect(href()).toBe("/"));
  });

  it("goes back and forth", async () => {
    api.on("GET /api/v1/stats", ({ searchParams }) => {
      const [from, to] = [searchParams.get("from"), searchParams.get("to")];
      const span = from ? { start: `${from}T00:00:00Z`, end: `${to}T00:00:00Z` } : {};
      return { window: windowOf(span), summary: {} };
    });
    const { href, bar } = await open();
    expect(button("The time after (])")).toBeDisabled();
    await press("[[");
    await waitFor(() => expect(href()).toBe("/?from=2026-11-08&to=2026-11-15"));
    expect(await bar.findByText("Nov 8 – 14, 2026")).toBeVisible();
    await userEvent.click(button("The time after (])"));
    await waitFor(() => expect(href()).toBe("/"));
  });

  it("may be days of one's own, the last one included", async () => {
    const { href } = await open("/?tz=UTC");
    await press("c");
    expect(screen.getByLabelText("From")).toHaveValue("2026-11-15");
    expect(screen.getByLabelText("From")).toHaveFocus();
    await userEvent.clear(screen.getByLabelText("To, included"));
    await userEvent.type(screen.getByLabelText("To, included"), "2026-11-01");
    await userEvent.click(button("Show"));
    expect(screen.getByRole("alert")).toHaveTextContent("before the last");
    await userEvent.clear(screen.getByLabelText("From"));
    await userEvent.type(screen.getByLabelText("From"), "2026-11-01");
    await userEvent.click(button("Show"));
    await waitFor(() => expect(href()).toBe("/?tz=UTC&from=2026-11-01&to=2026-11-02"));
    expect(screen.queryByLabelText("From")).not.toBeInTheDocument();
  });

  it("offers spans by the server's day, whatever this clock says", async () => {
    vi.setSystemTime("2031-05-05T00:00:00Z");
    const { href } = await open();
    await press("c");
    await userEvent.click(button("Yesterday"));
    await waitFor(() => expect(href()).toBe("/?from=2026-11-20&to=2026-11-21"));
  });
});

describe("the comparison", () => {
  it("is said with its days, chosen, and toggled by X", async () => {
    const { href, bar } = await open();
    const said = /compared with the same weekdays: Nov 8, 00:00\s–\sNov 14, 10:00/;
    await userEvent.click(bar.getByRole("button", { name: said }));
    await userEvent.click(button(/^The time just before/));
    await waitFor(() => expect(href()).toBe("/?compare=previous"));
    await press("x");
    await waitFor(() => expect(href()).toBe("/?compare=none"));
    expect(bar.getByRole("button", { name: "not compared" })).toBeVisible();
    await press("x");
    await waitFor(() => expect(href()).toBe("/?compare=weekday"));
  });
});

describe("a page that compares nothing", () => {
  it("offers no comparison, and leaves the one of other pages alone", async () => {
    const { href, bar } = await open("/dialogs?compare=previous");
    expect(bar.queryByRole("button", { name: /compared/ })).not.toBeInTheDocument();
    await press("x");
    await press("d");
    await waitFor(() => expect(href()).toContain("period=day"));
    expect(href()).toContain("compare=previous");
  });
});

describe("the zone", () => {
  it("is the answer's, and can be another", async () => {
    const { href, bar } = await open();
    await userEvent.click(bar.getByRole("button", { name: "UTC" }));
    const box = screen.getByRole("combobox", { name: "Time zone" });
    await userEvent.clear(box);
    await userEvent.type(box, "Mars/Olympus{Enter}");
    expect(box).toHaveAccessibleDescription(/There is no such zone/);
    await userEvent.clear(box);
    await userEvent.type(box, "Europe/Berlin{Enter}");
    await waitFor(() => expect(href()).toBe("/?tz=Europe%2FBerlin"));
    await userEvent.click(await bar.findByRole("button", { name: /Europe\/Berlin, UTC\+1/ }));
    await userEvent.click(button("The service's own"));
    await waitFor(() => expect(href()).toBe("/"));
  });

  it("of half hours is refused in a sentence, with a way back", async () => {
    const { href } = await open();
    api.on("GET /api/v1/stats", (url) =>
      url.searchParams.get("tz") === "Asia/Kolkata"
        ? refusal(422, "not_on_the_hour")
        : { window: windowOf(), summary: {} },
    );
    await userEvent.click(button("UTC"));
    const box = screen.getByRole("combobox", { name: "Time zone" });
    await userEvent.clear(box);
    await userEvent.type(box, "Asia/Kolkata{Enter}");
    const back = await screen.findByRole("button", { name: "Take UTC" });
    expect(screen.getAllByText(/half or quarter hours/).length).toBeGreaterThan(0);
    await userEvent.click(back);
    await waitFor(() => expect(href()).toBe("/?tz=UTC"));
    await waitFor(() => expect(screen.queryByText("Take UTC")).not.toBeInTheDocument());
  });
});

describe("filters", () => {
  it("are asked for when somebody wants one", async () => {
    const { href, bar } = await open();
    expect(api.questions("/api/v1/stats/breakdown")).toEqual([]);
    await userEvent.click(button("Filter"));
    expect(await screen.findByText("openai/gpt")).toBeVisible();
    expect(screen.getByText("3 of 12")).toBeVisible();
    expect(api.questions("/api/v1/stats/breakdown")).toHaveLength(1);
    await userEvent.click(button(/openai\/gpt/));
    await waitFor(() => expect(href()).toBe("/?model=openai%2Fgpt"));
    await userEvent.click(
      bar.getByRole("button", { name: "Without the filter: Model openai/gpt" }),
    );
    await waitFor(() => expect(href()).toBe("/"));
  });

  it("bear names", async () => {
    const { bar } = await open(`/?bot=42&language=ru&user=${USER}`);
    expect(await bar.findByText("@parley_bot")).toBeVisible();
    expect(bar.getByText("Russian")).toBeVisible();
    expect(await bar.findByText("Quiet Otter 4f")).toBeVisible();
  });

  it("may be a person, found by pseudonym", async () => {
    const { href } = await open();
    api.on("GET /api/v1/users", (url) => ({
      window: windowOf(),
      users:
        url.searchParams.get("search") === "otter"
          ? [{ id: USER, pseudonym: "Quiet Otter 4f", questions: 7 }]
          : [],
    }));
    await userEvent.click(button("Filter"));
    await userEvent.click(button("Person"));
    await userEvent.type(screen.getByRole("searchbox"), "nobody{Enter}");
    expect(await screen.findByText(/Nobody of that name/)).toBeVisible();
    await userEvent.clear(screen.getByRole("searchbox"));
    await userEvent.type(screen.getByRole("searchbox"), "otter{Enter}");
    await userEvent.click(await screen.findByRole("button", { name: /Quiet Otter 4f/ }));
    await waitFor(() => expect(href()).toBe(`/?user=${USER}`));
  });

  it("go by Esc, but first what is open", async () => {
    const { href } = await open("/?bot=42&language=ru");
    await userEvent.click(button("Filter"));
    await press("{Escape}");
    expect(href()).toBe("/?bot=42&language=ru");
    await press("{Escape}");
    await waitFor(() => expect(href()).toBe("/"));
  });

  it("say why there is nothing to choose", async () => {
    await open();
    api.on("GET /api/v1/stats/breakdown", () => breakdown("model", [""]));
    await userEvent.click(button("Filter"));
    expect(await screen.findByText(/Nothing to choose from/)).toBeVisible();
    api.on("GET /api/v1/stats/breakdown", () => refusal(422, "wrong_filter", "No."));
    await userEvent.click(button("Bot"));
    expect(await screen.findByText("No.")).toBeVisible();
  });
});

describe("saved views", () => {
  it("are kept, opened and forgotten", async () => {
    const { href } = await open("/?period=month");
    await userEvent.click(button("Saved views"));
    await userEvent.type(screen.getByLabelText("Name of the shown view"), "A month{Enter}");
    expect(await screen.findByText("Saved as “A month”")).toBeVisible();
    await press("d");
    await waitFor(() => expect(href()).toBe("/?period=day"));
    await userEvent.click(button("Saved views"));
    await userEvent.click(button("A month"));
    await waitFor(() => expect(href()).toBe("/?period=month"));
    await userEvent.click(button("Saved views"));
    await userEvent.click(button("Forget “A month”"));
    expect(screen.getByText(/can be kept here/)).toBeVisible();
  });

  it("are addresses, which can be copied", async () => {
    const user = userEvent.setup();
    await open("/?period=month");
    await user.click(button("Saved views"));
    await user.click(button("Copy link to this view"));
    expect(await screen.findByText("Link copied")).toBeVisible();
    expect(await navigator.clipboard.readText()).toBe(location.href);
  });
});

describe("freshness", () => {
  it("is by the server's clock, and counts by itself", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const { bar } = await open("/?tz=Europe%2FBerlin");
    expect(bar.getByText(/as of 10:30/)).toBeVisible();
    vi.setSystemTime("2031-05-05");
    await act(() => vi.advanceTimersByTimeAsync(12_000));
    expect(bar.getByText(/as of 10:30/)).toHaveTextContent(/1[234] sec\. ago/);
  });
});

it("prints", async () => {
  const print = vi.fn();
  vi.stubGlobal("print", print);
  await open();
  await userEvent.click(button("Print"));
  expect(print).toHaveBeenCalledOnce();
});

it("is not there where time has no meaning", async () => {
  renderApp("/settings");
  await screen.findByRole("link", { name: "Settings", current: "page" });
  expect(screen.queryByRole("region", { name: "What is shown" })).not.toBeInTheDocument();
});

describe("on a phone", () => {
  beforeEach(() => {
    vi.stubGlobal("matchMedia", (query: string) => ({
      matches: query.includes("max-width"),
      addEventListener() {},
      removeEventListener() {},
    }));
  });
  afterEach(() => {
    vi.stubGlobal("matchMedia", () => ({
      matches: false,
      addEventListener() {},
      removeEventListener() {},
    }));
  });

  it("is a line, and the rest a sheet", async () => {
    const { href, bar } = await open("/?language=ru");
    expect(bar.queryByRole("button", { name: "Month" })).not.toBeInTheDocument();
    const line = bar.getByRole("button", { name: /Change what is shown/ });
    expect(line).toHaveTextContent(/Week.*Nov 15 – 21, 2026.*1/);
    await userEvent.click(line);
    const sheet = within(screen.getByRole("dialog", { name: "What is shown" }));
    await userEvent.click(sheet.getByRole("button", { name: "Month" }));
    await waitFor(() => expect(href()).toBe("/?language=ru&period=month"));
    await userEvent.click(sheet.getByRole("button", { name: "Close" }));
    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  });

  it("has the pages at its foot, and the rest behind More", async () => {
    const { href } = await open();
    await userEvent.click(button("More"));
    await userEvent.click(screen.getByRole("link", { name: "System" }));
    await waitFor(() => expect(href()).toBe("/system"));
  });
});
