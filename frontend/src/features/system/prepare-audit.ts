import type { AuditEntry } from "@/features/system/queries.ts";
import { shownName } from "@/lib/shown-name.ts";

/** An entry of the log as a sentence's parts; what the API may say tomorrow is shown as it is. */
export type Deed = {
  id: DeedId | null;
  /** The API's word, where it is not among ours. */
  word: string;
  subject: string | null;
  reason: string | null;
  role: string | null;
  sessions: number | null;
  isWarning: boolean;
  dialogId: string | null;
  /** Everything else that the entry tells. */
  more: string;
};

const IDS = [
  "registered",
  "token_refused",
  "signed_in",
  "sign_in_failed",
  "signed_out",
  "session_ended",
  "sessions_ended",
  "password_changed",
  "role_changed",
  "disabled",
  "enabled",
  "dialog_opened",
  "exported",
] as const;
export type DeedId = (typeof IDS)[number];

const TOLD = ["reason", "role", "sessions_ended", "disabled", "session"];

export function prepareDeed({ action, subject, details }: AuditEntry): Deed {
  const { reason, role, sessions_ended: sessions } = details;
  const id = idOf(action, details);
  return {
    id,
    word: action,
    subject: subject && shownName(subject),
    reason: text(reason),
    role: text(role),
    sessions: typeof sessions === "number" ? sessions : null,
    isWarning: id === "sign_in_failed" || id === "token_refused",
    dialogId: id === "dialog_opened" ? subject : null,
    more: Object.entries(details)
      .filter(([name]) => id === null || !TOLD.includes(name))
      .map(
        ([name, value]) => `${name}: ${typeof value === "object" ? JSON.stringify(value) : value}`,
      )
      .join(", "),
  };
}

/** A role and a state that were changed at once are told as the graver of the two. */
function idOf(action: string, details: AuditEntry["details"]): DeedId | null {
  if (action === "session_revoked")
    return "sessions_ended" in details ? "sessions_ended" : "session_ended";
  if (action !== "user_changed") return IDS.find((id) => id === action) ?? null;
  if (details.disabled === true) return "disabled";
  return details.disabled === false ? "enabled" : "role_changed";
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? shownName(value) : null;
}
