/** What the simulator's server says: Bot API objects, of which the chat reads these fields. */

export interface User {
  id: number;
  is_bot?: boolean;
  first_name: string;
  last_name?: string;
  username?: string;
  language_code?: string;
  /** Which of the tints an avatar takes. */
  color?: number;
}

export interface Command {
  command: string;
  description: string;
}

export interface Bot extends User {
  commands: Command[];
}

export interface Chat {
  id: number;
  type: "private" | "group" | "supergroup" | "channel";
  title?: string;
  first_name?: string;
  member_count?: number;
  /** This person blocked the bot here. */
  blocked?: boolean;
  bot_is_administrator?: boolean;
}

/** `offset` and `length` count UTF-16 units, as JavaScript strings do. */
export interface Entity {
  type: string;
  offset: number;
  length: number;
  url?: string;
  language?: string;
  unix_time?: number;
}

export interface Button {
  text: string;
  style?: string;
  url?: string;
  callback_data?: string;
  copy_text?: { text: string };
  disabled?: object;
}

export interface ReplyMarkup {
  inline_keyboard?: Button[][];
}

export interface FileRef {
  file_id: string;
  file_size?: number;
  file_name?: string;
  mime_type?: string;
  width?: number;
  height?: number;
  duration?: number;
}

export interface Message {
  message_id: number;
  /** Seconds since 1970. */
  date: number;
  edit_date?: number;
  chat: Chat;
  from?: User;
  text?: string;
  entities?: Entity[];
  caption?: string;
  caption_entities?: Entity[];
  photo?: FileRef[];
  document?: FileRef;
  voice?: FileRef;
  audio?: FileRef;
  video?: FileRef;
  reply_to_message?: Message;
  reply_markup?: ReplyMarkup;
  new_chat_members?: User[];
  left_chat_member?: User;
  group_chat_created?: boolean;
  supergroup_chat_created?: boolean;
  new_chat_title?: string;
}

export interface Draft {
  draft_id: number;
  text: string;
  entities?: Entity[];
  can_stop?: boolean;
}

/** All that one person thinks of a message; without emoji, nothing any more. */
export interface Reaction {
  message_id: number;
  user_id: number;
  emoji: string[];
}

export interface Snapshot {
  bot: Bot;
  users: User[];
  chats: Chat[];
  me: User;
}

export interface Page {
  /** Oldest first. */
  messages: Message[];
  drafts: Draft[];
  /** To these messages. */
  reactions: Reaction[];
}

/** The bot's answer to somebody's press: everyone is told of all of them. */
export interface Answer {
  type: "callback_answer";
  callback_query_id: string;
  text?: string;
  show_alert?: boolean;
}

export type ServerEvent =
  | { type: "message" | "edited"; message: Message }
  | { type: "deleted"; chat_id: number; message_id: number }
  | { type: "reaction"; chat_id: number; reaction: Reaction }
  | { type: "draft"; chat_id: number; draft: Draft }
  | { type: "draft_gone"; chat_id: number; draft_id: number }
  | { type: "action"; chat_id: number; action: string }
  | Answer
  | { type: "chat"; chat: Chat }
  | { type: "user"; user: User };
