import { expect, it } from "vitest";
import { prepareDeed } from "@/features/system/prepare-audit.ts";

const entry = (action: string, details: Record<string, unknown> = {}, subject = "bob") => ({
  id: "1",
  at: "2026-11-21T09:00:00Z",
  actor: "ada",
  action,
  subject,
  address: null,
  trace_id: null,
  details,
});

it.each<[string, Record<string, unknown>, object]>([
  ["signed_in", {}, { id: "signed_in", isWarning: false, more: "" }],
  ["sign_in_failed", { reason: "disabled" }, { isWarning: true, reason: "disabled" }],
  ["token_refused", {}, { isWarning: true }],
  ["registered", { role: "admin", token: 2 }, { role: "admin", more: "token: 2" }],
  ["user_changed", { role: "admin" }, { id: "role_changed", role: "admin" }],
  ["user_changed", { disabled: true, role: "admin" }, { id: "disabled", role: "admin" }],
  ["user_changed", { disabled: false }, { id: "enabled", more: "" }],
  ["session_revoked", { session: "01a1" }, { id: "session_ended", sessions: null, more: "" }],
  ["session_revoked", { sessions_ended: 3 }, { id: "sessions_ended", sessions: 3 }],
  ["password_changed", { sessions_ended: 0 }, { id: "password_changed", sessions: 0 }],
  ["dialog_opened", { reason: "a complaint" }, { reason: "a complaint", dialogId: "bob" }],
  ["exported", {}, { id: "exported", dialogId: null }],
  [
    "new_tomorrow",
    { reason: "x", rows: 7, what: { a: 1 } },
    { id: null, word: "new_tomorrow", more: 'reason: x, rows: 7, what: {"a":1}' },
  ],
])("%s with %j", (action, details, deed) => {
  expect(prepareDeed(entry(action, details))).toMatchObject(deed);
});
