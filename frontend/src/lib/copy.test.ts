import { afterEach, describe, expect, it, vi } from "vitest";
import { copy } from "@/lib/copy.ts";

const clipboard = (writeText: unknown) =>
  vi.stubGlobal("navigator", { ...navigator, clipboard: writeText ? { writeText } : undefined });

afterEach(() => {
  vi.unstubAllGlobals();
  document.body.replaceChildren();
  Reflect.deleteProperty(document, "execCommand");
});

describe("copying", () => {
  it("uses the clipboard", async () => {
    const write = vi.fn(async () => {});
    clipboard(write);
    expect(await copy("text")).toBe(true);
    expect(write).toHaveBeenCalledWith("text");
  });

  it("copies a selection where there is no clipboard, inside of what is modal", async () => {
    clipboard(undefined);
    document.body.innerHTML = "<dialog open><button>Link</button></dialog>";
    const button = document.querySelector("button");
    button?.focus();
    let copied = "";
    Object.assign(document, {
      execCommand: () => {
        const box = document.activeElement;
        copied = box instanceof HTMLTextAreaElement ? box.value : "";
        expect(box?.closest("dialog")).not.toBeNull();
        return true;
      },
    });
    expect(await copy("text")).toBe(true);
    expect(copied).toBe("text");
    expect(document.activeElement).toBe(button);
    expect(document.querySelector("textarea")).toBeNull();
  });

  it("says when it could not", async () => {
    clipboard(async () => {
      throw new DOMException("no", "NotAllowedError");
    });
    expect(await copy("text")).toBe(false);
  });
});
