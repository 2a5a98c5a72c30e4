import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import type { OpenedDialog } from "@/api/types.ts";
import { DialogPage } from "@/features/dialogs/dialog-page.tsx";
import { call, dialogId, dialogRow, OTTER, openedDialog, turn } from "@/testing/dialogs.ts";
import { NAUGHTY } from "@/testing/naughty.ts";
import { renderPages, stubApi } from "@/testing/page.tsx";

async function open(dialog: OpenedDialog, reason = "complaint") {
  stubApi({ [`/api/v1/dialogs/${dialogId(1)}`]: dialog });
  renderPages(`/dialogs/${dialogId(1)}`, { "/dialogs/$dialogId": DialogPage });
  await userEvent.click(await screen.findByRole("textbox", { name: "Reason" }));
  await userEvent.paste(reason);
  await userEvent.keyboard("{Enter}");
}

const article = (number: number) => screen.findByRole("article", { name: `Question ${number}` });

afterEach(() => vi.unstubAllGlobals());

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
  await open(openedDialog([served]));
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
  await open(openedDialog([turn(1, changes)]));
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
  await open(openedDialog(turns, { dialog }), "<b>complaint</b>");
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
  await open(openedDialog([turn(1)]));
  await userEvent.click(await screen.findByRole("button", { name: "Print" }));
  expect(print).toHaveBeenCalledOnce();
});
