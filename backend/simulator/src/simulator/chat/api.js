/** The people side of the simulator's HTTP, one function a request. */

/** @import {Chat, Message, Page, Snapshot, User} from "./wire" */

/** A request that failed; the message is a sentence for the person at the screen. */
export class ApiError extends Error {
  /**
   * @param {string} message
   * @param {number} status the HTTP status, or 0 when no answer came
   */
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/** How many messages one page holds. */
export const PAGE_SIZE = 50;

/** What the person sees; `null` when the simulator does not know them. @param {number} userId */
export async function fetchState(userId) {
  /** @type {Snapshot | (Omit<Snapshot, "me"> & {me: null})} */
  const snapshot = await get(`/people/state?user=${userId}`);
  return snapshot.me === null ? null : snapshot;
}

/** Everyone the simulator knows, oldest first. @returns {Promise<User[]>} */
export async function fetchPeople() {
  /** @type {{users: User[]}} */
  const { users } = await get("/people/state");
  return users;
}

/** @type {(chatId: number, userId: number, before?: number) => Promise<Page>} */
export const fetchMessages = (chatId, userId, before) =>
  get(
    `/people/chats/${chatId}/messages?user=${userId}&limit=${PAGE_SIZE}` +
      (before === undefined ? "" : `&before=${before}`),
  );

/** @type {(person: {first_name: string, last_name?: string, username?: string, language_code?: string}) => Promise<User>} */
export const addPerson = (person) => post("/people/users", person);

/** @type {(title: string, userIds: number[]) => Promise<Chat>} */
export const addGroup = (title, userIds) => post("/people/groups", { title, user_ids: userIds });

/** @type {(chatId: number, userId: number, text: string, replyTo?: number) => Promise<{message: Message}>} */
export const sendText = (chatId, userId, text, replyTo) =>
  post(`/people/chats/${chatId}/messages`, {
    user_id: userId,
    text,
    ...(replyTo === undefined ? {} : { reply_to_message_id: replyTo }),
  });

/** @type {(chatId: number, userId: number, file: File, caption: string) => Promise<{message: Message}>} */
export function sendFile(chatId, userId, file, caption) {
  const form = new FormData();
  form.set("user_id", String(userId));
  form.set("kind", fileKind(file.type));
  if (caption) form.set("caption", caption);
  form.set("file", file, file.name);
  return request(`/people/chats/${chatId}/files`, { method: "POST", body: form });
}

/** @param {string} mimeType */
function fileKind(mimeType) {
  if (/^image\/(jpeg|png|webp)$/.test(mimeType)) return "photo";
  return mimeType === "audio/ogg" ? "voice" : "document";
}

/** @type {(chatId: number, messageId: number, userId: number, text: string) => Promise<Message>} */
export const editText = (chatId, messageId, userId, text) =>
  post(`/people/chats/${chatId}/messages/${messageId}/edit`, { user_id: userId, text });

/** @type {(chatId: number, messageId: number, userId: number, data: string) => Promise<{callback_query_id: string}>} */
export const pressButton = (chatId, messageId, userId, data) =>
  post(`/people/chats/${chatId}/messages/${messageId}/press`, { user_id: userId, data });

/** A person's reactions to a message, all of them. @type {(chatId: number, messageId: number, userId: number, emoji: string[]) => Promise<unknown>} */
export const setReaction = (chatId, messageId, userId, emoji) =>
  post(`/people/chats/${chatId}/messages/${messageId}/reaction`, { user_id: userId, emoji });

/** @type {(chatId: number, draftId: number, userId: number) => Promise<void>} */
export const stopDraft = (chatId, draftId, userId) =>
  post(`/people/chats/${chatId}/drafts/${draftId}/stop`, { user_id: userId });

/** @type {(chatId: number, userId: number, blocked: boolean) => Promise<void>} */
export const blockBot = (chatId, userId, blocked) =>
  post(`/people/chats/${chatId}/block`, { user_id: userId, blocked });

/** @type {(chatId: number, userId: number, administrator: boolean) => Promise<Chat>} */
export const promoteBot = (chatId, userId, administrator) =>
  post(`/people/chats/${chatId}/administrator`, { user_id: userId, administrator });

/** @type {(fileId: string) => string} */
export const fileUrl = (fileId) => `/people/files/${encodeURIComponent(fileId)}`;

/** @param {string} path */
const get = (path) => request(path, { headers: { Accept: "application/json" } });

/**
 * @param {string} path
 * @param {object} body
 */
const post = (path, body) =>
  request(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });

/**
 * @param {string} path
 * @param {RequestInit} init
 * @returns {Promise<any>} the answer as the caller's annotation describes it
 */
async function request(path, init) {
  const response = await fetch(path, init).catch(() => {
    throw new ApiError(
      "The simulator does not answer. Check that it still runs, then try again.",
      0,
    );
  });
  if (!response.ok) throw new ApiError(await complaint(response), response.status);
  return response.status === 204 ? undefined : response.json();
}

/** @param {Response} response */
async function complaint(response) {
  const body = await response.json().catch(() => ({}));
  const reason = body.detail ?? `it answered ${response.status}`;
  if (response.status === 413) return "The file is too large. Send a smaller one.";
  if (response.status >= 500) return `The simulator failed (${reason}). Its log says why.`;
  if (response.status === 404)
    return `It is gone: ${reason}. Reload the page to see what is there.`;
  return `That did not work: ${reason}. Change it and try again.`;
}
