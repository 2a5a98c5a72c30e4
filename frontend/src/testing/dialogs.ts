import type { DialogRow, OpenedDialog, Turn } from "@/api/types.ts";
import { NOT_COMPARED, windowOf } from "@/testing/window.ts";

/** Dialogs in the API's form. */

export const OTTER = "0ffdf2e8-8991-462d-bb95-316b8b6fc100";

export const WINDOW = windowOf({ ...NOT_COMPARED, as_of: "2026-11-21T09:40:00Z" });

export const dialogId = (number: number) =>
  `01a1fd6b-3104-708a-aa54-${String(number).padStart(12, "0")}`;

export const dialogRow = (number: number, changes: Partial<DialogRow> = {}): DialogRow => ({
  id: dialogId(number),
  bot_id: 42,
  user_id: OTTER,
  pseudonym: `Quiet Otter ${String(number % 100).padStart(2, "0")}`,
  chat_kind: "private",
  created_at: "2026-11-20T08:53:57.276653Z",
  closed_at: null,
  last_at: "2026-11-20T13:48:18.224106Z",
  questions: 3,
  answers: 2,
  tokens: 1306,
  cost: 12_781,
  likes: 0,
  dislikes: 0,
  outcome: "answered",
  model: "openai/gpt-5-mini",
  ...changes,
});

export const dialogsPage = (
  dialogs: DialogRow[],
  changes: { total?: number; is_total_exact?: boolean; next?: string | null } = {},
) => ({
  window: WINDOW,
  dialogs,
  total: dialogs.length,
  is_total_exact: true,
  next: null,
  ...changes,
});

export const call = (changes: Partial<Turn["calls"][number]> = {}): Turn["calls"][number] => ({
  target: "openai/gpt-5-mini",
  outcome: "answered",
  error: null,
  http_status: 200,
  first_token_ms: 666,
  duration_ms: 1132,
  prompt_tokens: 66,
  completion_tokens: 21,
  cost: 180,
  cost_source: "usage",
  created_at: "2026-11-20T08:53:57.276653Z",
  ...changes,
});

export const turn = (number: number, changes: Partial<Turn> = {}): Turn => ({
  id: `02b1fd6b-3104-708a-aa54-${String(number).padStart(12, "0")}`,
  created_at: "2026-11-20T08:53:57.276653Z",
  state: "answered",
  outcome: "answered",
  error: null,
  user_id: OTTER,
  pseudonym: "Quiet Otter 4f",
  kind: "text",
  question: `Why is the sky blue, ${number}?`,
  answer: `Because air scatters short waves more, ${number}.`,
  erased_at: null,
  edited_at: null,
  model_asked: "openai/gpt-5-mini",
  model_served: "openai/gpt-5-mini",
  provider: "OpenAI",
  is_fallback: false,
  prompt_tokens: 66,
  completion_tokens: 21,
  reasoning_tokens: 0,
  cached_tokens: 0,
  cost: 180,
  cost_source: "usage",
  queue_ms: 8,
  first_token_ms: 666,
  generation_ms: 1132,
  delivery_ms: 109,
  delivery_unknown: false,
  likes: 0,
  dislikes: 0,
  release: "0.1.0",
  calls: [call()],
  ...changes,
});

export const openedDialog = (turns: Turn[], changes: Partial<OpenedDialog> = {}): OpenedDialog => ({
  dialog: dialogRow(1, { questions: turns.length }),
  turns,
  next: null,
  ...changes,
});
