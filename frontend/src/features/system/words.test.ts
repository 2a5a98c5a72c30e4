import { describe, expect, it } from "vitest";
import { AUDIT } from "@/features/system/audit-words.ts";
import { ADVICE, TROUBLES } from "@/features/system/trouble-words.ts";
import { SYSTEM } from "@/features/system/words.ts";
import { LANGUAGES } from "@/lib/language.tsx";

const NAMED = ["bot_unserved", "process_silent", "releases_differ", "model_down", "model_fails"];

describe.each(LANGUAGES)("in %s", (language) => {
  it.each(Object.entries(TROUBLES[language]))("%s has whole sentences", (id, { what, todo }) => {
    const sentence = what("bot-1 · 7", "12 s");
    expect(sentence).toMatch(/^\S.*\.$/);
    expect(sentence.includes("bot-1 · 7")).toBe(NAMED.includes(id));
    expect(todo).toMatch(/\.$/);
    expect((todo.split("`").length - 1) % 2).toBe(0);
  });

  it.each(Object.entries(ADVICE[language]))("%s has a whole advice", (_, advice) => {
    expect(advice).toMatch(/\.$/);
    expect((advice?.split("`").length ?? 1) % 2).toBe(1);
  });

  it.each(Object.entries(AUDIT[language].deeds))("%s is told", (_, told) => {
    expect(told("bob")).toMatch(/^\S.*\S$/);
  });

  it("counts processes and sessions", () => {
    const { bots } = SYSTEM[language];
    expect(bots.served(1)).toContain("1");
    expect(bots.served(3)).toContain("3");
    expect(bots.processes("@bot")).toContain("@bot");
    expect(AUDIT[language].sessions(3)).toContain("3");
  });
});
