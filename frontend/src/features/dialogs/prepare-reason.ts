export type WrongReason = "short" | "long";

const SHORTEST = 3;
export const LONGEST = 200;

/** The reason on one line, as the audit log takes it. */
export function cleanReason(typed: string): string {
  return typed.replace(/[\p{Cc}\s]+/gu, " ").trim();
}

/** Why a reason is none; null if it is one. What cannot be seen says nothing. */
export function wrongIn(reason: string): WrongReason | null {
  const seen = reason.replace(/[\p{Cf}\p{Mn}\p{Z}\u115f\u1160\u3164\uffa0]+/gu, "");
  if ([...seen].length < SHORTEST) return "short";
  return [...reason].length > LONGEST ? "long" : null;
}
