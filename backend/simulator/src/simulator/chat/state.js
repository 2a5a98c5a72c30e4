/** What one person sees of the simulator. Views read it and redraw when it says it changed. */

/** @import {Bot, Chat, Message, Page, ServerEvent, Snapshot, User} from "./wire" */

import { Talk } from "./talk.js";

/** A chat in which nothing was said yet. @type {Page} */
const NOTHING = { messages: [], drafts: [], reactions: [] };

export class State {
  /** @type {User | undefined} */
  me;
  /** @type {Bot | undefined} */
  bot;
  /** @type {Map<number, User>} */
  users = new Map();
  /** @type {Map<number, Talk>} */
  talks = new Map();
  /** @type {number | null} the chat on screen */
  openId = null;
  /** The event stream is down; what is shown may be old. */
  isLost = false;
  /** @type {(() => void)[]} */
  #views = [];
  #scheduled = false;

  /** Calls the view once a frame in which something changed. @param {() => void} view */
  watch(view) {
    this.#views.push(view);
  }

  /** Redraws soon: at the next frame, or at once enough when the page is hidden and has no frames. */
  changed = () => {
    if (this.#scheduled) return;
    this.#scheduled = true;
    const redraw = () => {
      this.#scheduled = false;
      for (const view of this.#views) view();
    };
    if (document.hidden) setTimeout(redraw, 50);
    else requestAnimationFrame(redraw);
  };

  /** @param {User[]} people everyone there is */
  meetPeople(people) {
    this.users = new Map(people.map((user) => [user.id, user]));
    this.changed();
  }

  /** Forgets the person on screen, before another one is loaded. */
  clear() {
    this.me = undefined;
    this.talks.clear();
    this.openId = null;
  }

  /**
   * Takes the server's picture: at the start, and after each gap in the stream.
   *
   * @param {Snapshot} snapshot
   * @param {Map<number, Page>} pages the newest page of each chat
   */
  load(snapshot, pages) {
    this.me = snapshot.me;
    this.bot = snapshot.bot;
    this.meetPeople(snapshot.users);
    const gone = new Set(this.talks.keys());
    for (const chat of snapshot.chats) {
      gone.delete(chat.id);
      const talk = this.talks.get(chat.id) ?? this.#recall(snapshot.me.id, chat);
      talk.chat = chat;
      talk.refresh(pages.get(chat.id) ?? NOTHING);
    }
    for (const id of gone) this.talks.delete(id);
    this.isLost = false;
    this.changed();
  }

  /** @param {ServerEvent} event */
  apply(event) {
    switch (event.type) {
      case "message":
        this.#talk(event.message.chat).put(event.message);
        break;
      case "edited":
        this.talks.get(event.message.chat.id)?.put(event.message);
        break;
      case "deleted":
        this.talks.get(event.chat_id)?.remove(event.message_id);
        break;
      case "reaction":
        this.talks.get(event.chat_id)?.putReaction(event.reaction);
        break;
      case "draft":
        this.talks.get(event.chat_id)?.putDraft(event.draft);
        break;
      case "draft_gone":
        this.talks.get(event.chat_id)?.fadeDraft(event.draft_id);
        break;
      case "action":
        this.talks.get(event.chat_id)?.setAction(event.action);
        break;
      case "chat":
        this.#meet(event.chat);
        break;
      case "user":
        this.users.set(event.user.id, event.user);
        break;
    }
    this.changed();
  }

  /** @param {Chat} chat whose event says less than the picture did */
  #meet(chat) {
    const talk = this.#talk(chat);
    talk.chat = { ...talk.chat, ...chat };
  }

  get open() {
    return this.openId === null ? undefined : this.talks.get(this.openId);
  }

  /** Everything in the open chat has been seen. */
  markRead() {
    const { me, open } = this;
    const lastId = open?.lastMessage?.message_id;
    if (!me || !open || lastId === undefined || lastId <= open.readId) return;
    open.readId = lastId;
    localStorage.setItem(readKey(me.id, open.chat.id), String(lastId));
    this.changed();
  }

  /** A talk with what this person had read of it before. @type {(myId: number, chat: Chat) => Talk} */
  #recall(myId, chat) {
    const talk = this.#talk(chat);
    talk.readId = Number(localStorage.getItem(readKey(myId, chat.id)) ?? 0);
    return talk;
  }

  /**
   * The talk of a chat, made when it is new.
   *
   * @param {Chat} chat
   */
  #talk(chat) {
    const known = this.talks.get(chat.id);
    if (known) return known;
    const talk = new Talk(chat, this.changed);
    this.talks.set(chat.id, talk);
    return talk;
  }

  /** @param {Message} message */
  isOwn(message) {
    return message.from?.id === this.me?.id;
  }

  get unread() {
    const myId = this.me?.id ?? 0;
    return [...this.talks.values()].reduce((sum, talk) => sum + talk.unread(myId), 0);
  }
}

/** @type {(userId: number, chatId: number) => string} */
const readKey = (userId, chatId) => `parley:read:${userId}:${chatId}`;
