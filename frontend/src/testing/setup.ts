import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterEach, vi } from "vitest";

// A machine that has more to do is slower, and no test is about that.
vi.setConfig({ testTimeout: 30_000 });
configure({ asyncUtilTimeout: 8000 });

// What jsdom lacks of the browsers we support.
vi.stubGlobal("matchMedia", () => ({
  matches: false,
  addEventListener() {},
  removeEventListener() {},
}));
vi.stubGlobal(
  "ResizeObserver",
  class {
    observe() {}
    unobserve() {}
    disconnect() {}
  },
);
globalThis.scrollTo = () => {};
HTMLDialogElement.prototype.showModal ??= function showModal() {
  this.open = true;
};
HTMLDialogElement.prototype.close ??= function close() {
  this.open = false;
};
HTMLElement.prototype.showPopover ??= function showPopover() {
  this.style.display = "block"; // its style sheet knows of popovers that they are hidden
};
HTMLElement.prototype.hidePopover ??= function hidePopover() {
  this.style.display = "none";
};

afterEach(cleanup);
