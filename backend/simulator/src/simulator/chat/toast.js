/** Short notices that come and go, and the alert that waits. */

import { ApiError } from "./api.js";
import { byId, h } from "./dom.js";

const NOTICE_MS = 4000;
const ERROR_MS = 9000;

/** @param {string} text */
export const tell = (text) => show(text, "notice", NOTICE_MS);

/** Says what a person can do about the error. @param {unknown} error */
export function tellError(error) {
  if (!(error instanceof ApiError)) throw error;
  show(error.message, "error", ERROR_MS);
}

/** @param {string} text */
export function alertBox(text) {
  byId("alert-text").textContent = text;
  /** @type {HTMLDialogElement} */ (byId("alert")).showModal();
}

/**
 * @param {string} text
 * @param {"notice" | "error"} kind
 * @param {number} milliseconds
 */
function show(text, kind, milliseconds) {
  const toast = h(
    "div",
    { class: `toast ${kind}`, role: kind === "error" ? "alert" : "status" },
    h("span", { dir: "auto" }, text),
    h(
      "button",
      { type: "button", class: "close", "aria-label": "Dismiss", onclick: () => toast.remove() },
      "×",
    ),
  );
  byId("toasts").append(toast);
  setTimeout(() => toast.remove(), milliseconds);
}

/** @param {string} text */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    tell("Copied");
  } catch {
    tell("The browser did not allow it. Select the text and copy it with Ctrl+C.");
  }
}
