import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { DialogPage } from "@/features/dialogs/dialog-page.tsx";
import { DialogsPage } from "@/features/dialogs/dialogs-page.tsx";
import {
  call,
  dialogId,
  dialogRow,
  dialogsPage,
  OTTER,
  openedDialog,
  turn,
} from "@/testing/dialogs.ts";
import { NAUGHTY } from "@/testing/naughty.ts";
import { type Answers, refusal, renderPages, stubApi } from "@/testing/page.tsx";

const PATH = `/api/v1/dialogs/${dialogId(1)}`;
const ME = { "/api/v1/auth/me": { name: "ada", role: "analyst", signed_in_by: "session" } };
let client: QueryClient;

function Page() {
  client = useQueryClient();
  return (
    <>
      <DialogPage />
      <Link to="/dialogs/$dialogId" params={{ dialogId: dialogId(2) }}>
        The next dialog
      </Link>
    </>
  );
}

function open(answers: Answers, address = `/dialogs/${dialogId(1)}`) {
  const asked = stubApi({ ...ME, ...answers });
  const page = renderPages(address, { "/dialogs": DialogsPage, "/dialogs/$dialogId": Page });
  return { ...page, opened: () => asked.filter(({ pathname }) => pathname.startsWith(PATH)) };
}

async function giveReason(reason: string) {
  await userEvent.click(await screen.findByRole("textbox", { name: "Reason" }));
  await userEvent.paste(reason);
  await userEvent.click(screen.getByRole("button", { name: "Open the dialog" }));
}

const article = (number: number) => screen.findByRole("article", { name: `Question ${number}` });

afterEach(() => vi.unstubAllGlobals());

it("asks for a reason before it asks for texts, and says that it is recorded", async () => {
  const { opened } = open({ [PATH]: openedDialog([turn(1)]) });
  expect(await screen.findByRole("heading", { level: 1, name: "A dialog" })).toBeVisible();
  expect(await screen.findByText(/audit log: your name \(ada\)/)).toBeVisible();
  expect(screen.queryByText("Without its texts")).toBeNull();
  await giveReason("ab");
  expect(screen.getByRole("textbox")).toHaveAccessibleDescription(/three characters at least/);
  expect(screen.getByRole("textbox")).toHaveFocus();
  expect(opened()).toHaveLength(0);
});

it("offers reasons that can be gone on with", async () => {
  const { opened } = open({ [PATH]: openedDialog([turn(1)]) });
  await userEvent.click(await screen.findByRole("button", { name: "Complaint of…" }));
  await userEvent.keyboard("20 November{Enter}");
  await article(1);
  expect(opened()[0]?.searchParams.get("reason")).toBe("Complaint of 20 November");
});

it("opens once, and remembers the reason nowhere", async () => {
  const { opened, address } = open({ [PATH]: openedDialog([turn(1)]) });
  await giveReason("  quality   sample ");
  expect(await article(1)).toHaveTextContent("Why is the sky blue, 1?");
  expect(screen.getByText(/Opened for:/)).toHaveTextContent("quality sample");
  await act(async () => {
    await client.invalidateQueries();
    window.dispatchEvent(new Event("focus"));
    window.dispatchEvent(new Event("online"));
    document.dispatchEvent(new Event("visibilitychange"));
  });
  expect(opened().map(({ search }) => search)).toEqual(["?reason=quality%20sample"]);
  expect(address()).toBe(`/dialogs/${dialogId(1)}`);
  expect(JSON.stringify([{ ...localStorage }, { ...sessionStorage }])).not.toContain("sample");
});

it("closes the texts, and forgets them", async () => {
  open({ [PATH]: openedDialog([turn(1)]) });
  await giveReason("incident");
  await article(1);
  await userEvent.click(screen.getByRole("button", { name: "Close the texts" }));
  expect(screen.queryByText(/sky blue/)).toBeNull();
  expect(screen.getByRole("textbox", { name: "Reason" })).toHaveValue("");
  expect(screen.getByRole("textbox", { name: "Reason" })).toHaveFocus();
  await waitFor(() => expect(cachedTexts()).not.toContain("sky blue"));
});

it("asks anew for the reason of another dialog", async () => {
  open({ [PATH]: openedDialog([turn(1)]) });
  await giveReason("incident");
  await article(1);
  await userEvent.click(screen.getByRole("link", { name: "The next dialog" }));
  expect(await screen.findByRole("textbox", { name: "Reason" })).toHaveValue("");
  expect(screen.queryByText(/sky blue/)).toBeNull();
  await waitFor(() => expect(cachedTexts()).not.toContain("sky blue"));
});

const cachedTexts = () =>
  JSON.stringify(
    client
      .getQueryCache()
      .getAll()
      .map(({ state }) => state.data),
  );

it("reads on page by page, each time for the same reason", async () => {
  const dialog = dialogRow(1, { questions: 3 });
  const { opened } = open({
    [PATH]: (words: URLSearchParams) =>
      words.get("cursor") === "abc"
        ? openedDialog([turn(3)], { dialog })
        : openedDialog([turn(1), turn(2)], { dialog, next: "abc" }),
  });
  await giveReason("complaint");
  expect(await screen.findByText("2 of 3 questions")).toBeVisible();
  expect(screen.getByText("Each further page is recorded, too.")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Show 1 more" }));
  expect(await article(3)).toBeVisible();
  expect(opened().map(({ search }) => search)).toEqual([
    "?reason=complaint",
    "?reason=complaint&cursor=abc",
  ]);
});

it("keeps what is there when a further page fails, and asks again by hand alone", async () => {
  let isDown = true;
  const { opened } = open({
    [PATH]: (words: URLSearchParams) => {
      if (!words.has("cursor")) return openedDialog([turn(1)], { next: "abc" });
      return isDown ? refusal(503, "database_unreachable") : openedDialog([turn(2)]);
    },
  });
  await giveReason("complaint");
  await userEvent.click(await screen.findByRole("button", { name: "Show 1 more" }));
  expect(await screen.findByRole("alert")).toBeVisible();
  expect(await article(1)).toBeVisible();
  isDown = false;
  await userEvent.click(screen.getByRole("button", { name: "Ask again" }));
  expect(await article(2)).toBeVisible();
  expect(opened()).toHaveLength(3);
});

it("does not try again by itself when it could not be opened", async () => {
  const answers = [refusal(503, "database_unreachable"), openedDialog([turn(1)])];
  const { opened } = open({ [PATH]: () => answers.shift() });
  await giveReason("complaint");
  expect(await screen.findByRole("alert")).toBeVisible();
  expect(screen.getByText("Nothing is asked again here unless you do.")).toBeVisible();
  await act(() => client.invalidateQueries());
  expect(opened()).toHaveLength(1);
  await userEvent.click(screen.getByRole("button", { name: "Ask again" }));
  expect(await article(1)).toBeVisible();
  expect(opened()).toHaveLength(2);
});

it("helps on where there is no such dialog", async () => {
  open({ [PATH]: refusal(404, "dialog_not_found") });
  await giveReason("complaint");
  expect(
    await screen.findByRole("heading", { level: 1, name: "There is no such dialog" }),
  ).toBeVisible();
  expect(screen.getByRole("link", { name: "Search the dialogs" })).toHaveAttribute(
    "href",
    "/dialogs",
  );
});

it.each(["nonsense", "01a1fd6b", "%3Cscript%3E"])("asks nothing about %s", async (id) => {
  const { opened } = open({}, `/dialogs/${id}`);
  expect(
    await screen.findByRole("heading", { level: 1, name: "There is no such dialog" }),
  ).toBeVisible();
  expect(opened()).toHaveLength(0);
});

it("shows what the list knew before it is opened", async () => {
  const row = dialogRow(1, { closed_at: "2026-11-21T10:00:00Z", likes: 1 });
  open({ "/api/v1/dialogs": dialogsPage([row]) }, "/dialogs?tz=Asia%2FTokyo");
  await userEvent.click(await screen.findByRole("link", { name: /Nov 20, 2026/ }));
  expect(
    await screen.findByRole("heading", { level: 1, name: "Dialog of Quiet Otter 01" }),
  ).toBeVisible();
  const facts = screen.getByRole("region", { name: "Without its texts" });
  for (const text of ["Private", "3 / 2", "Answered", "1,306", "Times are in Asia/Tokyo"]) {
    expect(facts).toHaveTextContent(text);
  }
  expect(facts).toHaveTextContent("Ended by /newNov 21, 2026, 19:00");
  expect(screen.getByRole("textbox", { name: "Reason" })).toBeVisible();
});

it("says that nobody has asked anything yet", async () => {
  open({ [PATH]: openedDialog([]) });
  await giveReason("complaint");
  expect(await screen.findByText("Nobody has asked anything here yet")).toBeVisible();
});

it("tells of each answer how it came to be", async () => {
  const served = turn(1, {
    is_fallback: true,
    model_served: "openai/gpt-5-nano",
    cost_source: "estimated",
    cached_tokens: 12,
    reasoning_tokens: 5,
    likes: 1,
    delivery_unknown: true,
    edited_at: "2026-11-20T09:30:00Z",
    calls: [
      call({ target: "openai/gpt-5-nano", duration_ms: 9893 }),
      call({
        outcome: "failed",
        error: "rate_limited",
        http_status: 429,
        first_token_ms: null,
        duration_ms: 800,
        prompt_tokens: 0,
        completion_tokens: 0,
        cost: 0,
        cost_source: "none",
      }),
    ],
  });
  open({ [PATH]: openedDialog([served]) });
  await giveReason("complaint");
  const shown = await article(1);
  for (const text of [
    "Answered",
    "Fallback",
    "Delivery unknown",
    "1likes",
    "openai/gpt-5-mini → openai/gpt-5-nano",
    "OpenAI",
    "prompt 66 · cached 12 · completion 21 · reasoning 5",
    "$0.00018, estimated",
    "0.1.0",
    "edited Nov 20, 2026, 09:30",
    "23 characters",
  ]) {
    expect(shown).toHaveTextContent(text);
  }
  const timings = within(shown).getByRole("table", { name: "Where the time went" });
  expect(
    within(timings)
      .getAllByRole("row")
      .map((row) => row.textContent),
  ).toEqual([
    "Queue8 ms",
    "First token666 ms",
    "Generation466 ms",
    "Delivery109 ms",
    "In all1.25 sec",
  ]);
  expect(
    within(shown)
      .getAllByRole("listitem")
      .map((item) => item.textContent),
  ).toEqual([
    "openai/gpt-5-miniFailedToo many requests · HTTP 429 · ended at 800 ms · no tokens, no cost",
    "openai/gpt-5-nanoAnsweredHTTP 200 · first token at 666 ms · ended at 9.89 sec · prompt 66 · completion 21 · $0.00018, as billed",
  ]);
  expect(within(shown).getByRole("link", { name: "Quiet Otter 4f" })).toHaveAttribute(
    "href",
    `/users/${OTTER}`,
  );
  expect(within(shown).getByRole("link", { name: "openai/gpt-5-nano" })).toHaveAttribute(
    "href",
    "/dialogs?model=openai%2Fgpt-5-nano",
  );
});

it.each([
  [
    "erased",
    { question: "", answer: null, erased_at: "2026-11-21T10:00:00Z" },
    ["Texts erased at the person's wish on Nov 21, 2026, 10:00"],
  ],
  [
    "failed",
    {
      answer: null,
      outcome: "failed_told",
      error: "all_targets_failed",
      first_token_ms: null,
      generation_ms: 8000,
      delivery_ms: null,
    },
    ["Failed", "All models failed", "No text of a model", "8 sec", "none came", "8.01 sec or more"],
  ],
  [
    "a photo",
    { question: "", kind: "photo", answer: "", outcome: "declined", calls: [], cost: 0 },
    ["Declined", "Photo", "without text", "No model was called."],
  ],
  ["a new kind", { kind: "hologram" }, ["hologram"]],
  ["under way", { answer: null, outcome: null, state: "generating" }, ["In progress", "not there"]],
  ["for nobody", { state: "undeliverable" }, ["Undeliverable"]],
])("shows a question that is %s", async (_, changes, texts) => {
  open({ [PATH]: openedDialog([turn(1, changes)]) });
  await giveReason("complaint");
  const shown = await article(1);
  for (const text of texts) expect(shown).toHaveTextContent(text);
});

it("interprets no text", async () => {
  const turns = NAUGHTY.map((word, number) =>
    turn(number, {
      question: word,
      answer: word,
      pseudonym: word,
      provider: word,
      model_asked: word,
      model_served: `${word}!`,
      release: word,
      error: word,
      outcome: word,
      kind: word,
      cost_source: word,
      calls: [call({ target: word, outcome: word, error: word, cost_source: word })],
    }),
  );
  const dialog = dialogRow(1, {
    pseudonym: NAUGHTY[0] ?? "",
    chat_kind: NAUGHTY[1] ?? "",
    model: NAUGHTY[2] ?? "",
    outcome: NAUGHTY[3] ?? "",
  });
  open({ [PATH]: openedDialog(turns, { dialog }) });
  await giveReason("<b>complaint</b>");
  await screen.findByText("<b>complaint</b>");
  for (const [place, word] of NAUGHTY.entries()) {
    const shown = await article(place + 1);
    const [question, answer] = shown.querySelectorAll("[dir=auto]");
    expect(question?.textContent).toBe(word);
    expect(answer?.textContent).toBe(word);
    expect(question).toHaveClass("whitespace-pre-wrap", "[overflow-wrap:anywhere]");
  }
  expect(
    document.querySelector("section :is(script, img, iframe, b, i, style, a[href^=j])"),
  ).toBeNull();
  expect(globalThis).not.toHaveProperty("broken");
}, 30_000);

it("prints", async () => {
  vi.stubGlobal("print", vi.fn());
  open({ [PATH]: openedDialog([turn(1)]) });
  await giveReason("complaint");
  await userEvent.click(await screen.findByRole("button", { name: "Print" }));
  expect(print).toHaveBeenCalledOnce();
});
