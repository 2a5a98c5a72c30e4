import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LanguageProvider, plural, useLanguage, useWords } from "@/lib/language.tsx";

const WORDS = { en: { hello: "Hello" }, ru: { hello: "Привет" } };

function Greeting() {
  const words = useWords(WORDS);
  const { speak } = useLanguage();
  return (
    <button type="button" onClick={() => speak("ru")}>
      {words.hello}
    </button>
  );
}

const speakers = (...tags: string[]) =>
  vi.spyOn(navigator, "languages", "get").mockReturnValue(tags);

beforeEach(() => localStorage.clear());
afterEach(() => vi.restoreAllMocks());

describe("the language", () => {
  it.each([
    [["ru-RU", "en"], "Привет"],
    [["fr-FR", "ru"], "Привет"],
    [["en-GB", "ru"], "Hello"],
    [["fr"], "Hello"],
    [[], "Hello"],
  ])("for browsers of %s says %s", (tags, text) => {
    speakers(...tags);
    render(<Greeting />, { wrapper: LanguageProvider });
    expect(screen.getByRole("button")).toHaveTextContent(text);
  });

  it("that was chosen is kept and told to those who read the page aloud", async () => {
    speakers("en");
    render(<Greeting />, { wrapper: LanguageProvider });
    await userEvent.click(screen.getByRole("button"));
    expect(screen.getByRole("button")).toHaveTextContent("Привет");
    expect(document.documentElement.lang).toBe("ru");
    expect(localStorage.getItem("parley.language")).toBe("ru");
  });

  it("is not what somebody wrote into the browser's storage", () => {
    speakers("en");
    localStorage.setItem("parley.language", "tlh");
    render(<Greeting />, { wrapper: LanguageProvider });
    expect(screen.getByRole("button")).toHaveTextContent("Hello");
  });
});

describe("counted nouns", () => {
  const answers = { one: "ответ", few: "ответа", many: "ответов" };
  it.each([
    [1, "ответ"],
    [2, "ответа"],
    [5, "ответов"],
    [11, "ответов"],
    [21, "ответ"],
    [0, "ответов"],
    [1.5, "ответов"],
  ])("%s is %s in Russian", (count, text) => {
    expect(plural("ru", count, answers)).toBe(text);
  });

  it.each([
    [1, "answer"],
    [0, "answers"],
    [2, "answers"],
  ])("%s is %s in English", (count, text) => {
    expect(plural("en", count, { one: "answer", other: "answers" })).toBe(text);
  });
});
