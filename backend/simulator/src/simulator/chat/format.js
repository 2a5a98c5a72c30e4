/** Values as words: names, days, times, sizes. */

/** @import {Bot, Chat, Message, User} from "./wire" */

/** @param {User} user */
export const fullName = (user) =>
  [user.first_name, user.last_name].filter(Boolean).join(" ") || `Person ${user.id}`;

/**
 * A private chat is called after the bot, a group by its title.
 *
 * @param {Chat} chat
 * @param {Bot | undefined} bot
 */
export function chatTitle(chat, bot) {
  if (chat.type === "private") return bot ? fullName(bot) : "Bot";
  return chat.title || "Group";
}

const clockFormat = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const dayFormat = new Intl.DateTimeFormat("en", { day: "numeric", month: "long" });
const yearFormat = new Intl.DateTimeFormat("en", { dateStyle: "long" });
const shortFormat = new Intl.DateTimeFormat("en", { day: "numeric", month: "short" });
const fullFormat = new Intl.DateTimeFormat("en", { dateStyle: "full", timeStyle: "medium" });

/** @param {number} seconds since 1970 */
export const clock = (seconds) => clockFormat.format(seconds * 1000);

/** @param {number} seconds since 1970 */
export const fullTime = (seconds) => fullFormat.format(seconds * 1000);

/**
 * "Today", "Yesterday", "7 March", "7 March 2024".
 *
 * @param {number} seconds since 1970
 */
export function day(seconds) {
  const date = new Date(seconds * 1000);
  const now = new Date();
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (date.toDateString() === now.toDateString()) return "Today";
  if (date.toDateString() === yesterday.toDateString()) return "Yesterday";
  return (date.getFullYear() === now.getFullYear() ? dayFormat : yearFormat).format(date);
}

/** The clock for today, the date for earlier. @param {number} seconds since 1970 */
export const shortTime = (seconds) =>
  day(seconds) === "Today" ? clock(seconds) : shortFormat.format(seconds * 1000);

const SIZE_UNITS = ["B", "kB", "MB", "GB"];

/** "812 B", "4.2 kB", "1.3 MB". @param {number} bytes */
export function fileSize(bytes) {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), SIZE_UNITS.length - 1);
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${SIZE_UNITS[power]}`;
}

/** The message in one line. @param {Message} message */
export function summary(message) {
  const text = message.text ?? message.caption;
  if (text) return text.replace(/\s+/g, " ").trim().slice(0, 200);
  if (message.photo) return "Photo";
  if (message.document) return message.document.file_name || "File";
  if (message.voice || message.audio) return "Audio";
  if (message.video) return "Video";
  return serviceText(message) ?? "Message";
}

/** @typedef {Partial<Omit<Message, "from">> & {from?: User | undefined}} ServiceFields */

/**
 * What a message that nobody wrote says, or `null` for an ordinary one.
 *
 * @param {ServiceFields} message
 */
export function serviceText(message) {
  const who = message.from ? fullName(message.from) : "Someone";
  if (message.group_chat_created || message.supergroup_chat_created) {
    return `${who} made the group`;
  }
  if (message.new_chat_members) {
    return `${message.new_chat_members.map(fullName).join(", ")} joined the group`;
  }
  if (message.left_chat_member) return `${fullName(message.left_chat_member)} left the group`;
  if (message.new_chat_title) return `${who} named the group “${message.new_chat_title}”`;
  return null;
}

const ACTIONS = new Map([
  ["typing", "is typing"],
  ["upload_photo", "is sending a photo"],
  ["upload_document", "is sending a file"],
  ["record_voice", "is recording"],
  ["upload_voice", "is sending a recording"],
  ["upload_video", "is sending a video"],
]);

/** @param {string} action */
export const actionText = (action) => ACTIONS.get(action) ?? "is busy";
