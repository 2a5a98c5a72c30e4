/** The file of a message: pictures and sound in place, everything else as a card to download. */

/** @import {FileRef, Message} from "./wire" */

import { fileUrl } from "./api.js";
import { h, icon } from "./dom.js";
import { fileSize } from "./format.js";

/**
 * @param {Message} message
 * @returns {HTMLElement | null}
 */
export function renderMedia({ photo, document, voice, audio, video }) {
  const largest = photo?.at(-1);
  if (largest) return picture(largest);
  const sound = voice ?? audio;
  if (sound)
    return h("audio", {
      class: "media",
      controls: true,
      preload: "none",
      src: fileUrl(sound.file_id),
    });
  if (video)
    return h("video", {
      class: "media",
      controls: true,
      preload: "none",
      src: fileUrl(video.file_id),
    });
  return document ? card(document) : null;
}

/** @param {FileRef} file */
function picture(file) {
  const source = fileUrl(file.file_id);
  return h(
    "a",
    {
      class: "media picture",
      href: source,
      target: "_blank",
      rel: "noopener",
      title: "Open the photo",
    },
    h("img", { src: source, alt: "Photo" }),
  );
}

/** @param {FileRef} file */
function card(file) {
  const name = file.file_name || "File";
  return h(
    "a",
    { class: "file", href: fileUrl(file.file_id), download: name, title: `Download ${name}` },
    h("span", { class: "file-icon" }, icon("file")),
    h(
      "span",
      { class: "file-words" },
      h("bdi", { class: "file-name" }, name),
      h("span", { class: "file-size" }, sizeAndKind(file)),
    ),
    h("span", { class: "file-get" }, icon("download")),
  );
}

/** "4.2 kB · PDF". @param {FileRef} file */
function sizeAndKind({ file_size, file_name }) {
  const extension = /\.([a-z0-9]{1,8})$/i.exec(file_name ?? "")?.[1];
  return [file_size === undefined ? null : fileSize(file_size), extension?.toUpperCase()]
    .filter(Boolean)
    .join(" · ");
}
