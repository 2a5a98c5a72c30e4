import type { Problem } from "@/api/problem.ts";
import { brokenRule, NAME, type Rule } from "@/lib/password-rules.ts";

/** What is wrong with each field; "refused" by the service. */
export type WrongFields = {
  token?: "empty" | "refused";
  name?: "form" | "refused";
  password?: Rule | "refused";
};

export type Registration = {
  token: string;
  name: string;
  password: string;
  role: "analyst" | "admin";
};

/** A token is a word of ASCII; nothing else fits into a header. */
const TOKEN = /^[!-~]+$/;

/** Before anything is sent. */
export function wrongFields({ token, name, password }: Registration): WrongFields {
  const rule = brokenRule(password, name);
  return {
    ...(TOKEN.test(token) ? {} : { token: token === "" ? "empty" : "refused" }),
    ...(NAME.test(name) ? {} : { name: "form" }),
    ...(rule ? { password: rule } : {}),
  };
}

const BY_CODE: Partial<Record<string, WrongFields>> = {
  wrong_token: { token: "refused" },
  name_taken: { name: "refused" },
  weak_password: { password: "refused" },
};

/** Of the service's answer; nothing where it concerns no field. */
export function refusedFields(problem: Problem | null): WrongFields {
  if (problem?.code !== "invalid_request") return BY_CODE[problem?.code ?? ""] ?? {};
  const detail = problem.detail ?? "";
  return {
    ...(detail.includes("body.name:") ? { name: "form" } : {}),
    ...(detail.includes("body.password:") ? { password: "refused" } : {}),
  };
}
