/** Files chosen, dropped or pasted, which wait above the text field until they are sent. */

import { byId, h, icon } from "./dom.js";
import { fileSize } from "./format.js";

export class Attachments {
  /** @type {File[]} */
  files = [];
  #list = byId("attachments");

  constructor() {
    const input = /** @type {HTMLInputElement} */ (byId("files"));
    byId("attach").addEventListener("click", () => input.click());
    input.addEventListener("change", () => {
      this.add(input.files);
      input.value = "";
    });
    this.#list.addEventListener("click", ({ target }) => {
      const item = /** @type {Element} */ (target).closest("button")?.closest("li");
      if (item) this.#remove([...this.#list.children].indexOf(item));
    });
    this.#acceptDrops();
  }

  /** @param {Iterable<File> | null | undefined} files */
  add(files) {
    this.files.push(...(files ?? []));
    this.#draw();
    byId("text").focus();
  }

  /** Hands the files over and forgets them. */
  take() {
    const files = this.files;
    this.files = [];
    this.#draw();
    return files;
  }

  /** @param {number} index */
  #remove(index) {
    this.files.splice(index, 1);
    this.#draw();
    byId("text").focus();
  }

  #draw() {
    for (const image of this.#list.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    this.#list.hidden = this.files.length === 0;
    this.#list.replaceChildren(...this.files.map(chip));
  }

  #acceptDrops() {
    const talk = byId("talk");
    talk.addEventListener("dragover", (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      talk.classList.add("dropping");
    });
    talk.addEventListener("dragleave", (event) => {
      if (!talk.contains(/** @type {Node | null} */ (event.relatedTarget)))
        talk.classList.remove("dropping");
    });
    talk.addEventListener("drop", (event) => {
      event.preventDefault();
      talk.classList.remove("dropping");
      this.add(event.dataTransfer?.files);
    });
    byId("text").addEventListener("paste", (event) => {
      const files = /** @type {ClipboardEvent} */ (event).clipboardData?.files;
      if (!files?.length) return;
      event.preventDefault();
      this.add(files);
    });
  }
}

/** @param {File} file */
const chip = (file) =>
  h(
    "li",
    {},
    file.type.startsWith("image/")
      ? h("img", { src: URL.createObjectURL(file), alt: "" })
      : h("span", { class: "file-icon" }, icon("file")),
    h("bdi", { class: "file-name" }, file.name),
    h("span", { class: "file-size" }, fileSize(file.size)),
    h("button", { type: "button", class: "close", "aria-label": `Remove ${file.name}` }, "×"),
  );
