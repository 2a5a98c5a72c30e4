"""The world in which people and bots meet: users, chats, messages, drafts, files. In memory.

Bounded: a chat keeps its newest 10,000 messages, the world 500 files; a watcher who reads too
slowly loses events and is told so by a gap in their numbers.
"""

import asyncio
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import orjson

MAX_MESSAGES = 10_000
MAX_FILES = 500
MAX_EVENTS = 50_000
DRAFT_SECONDS = 30.0
#: 2023-11-14, when this clock of ids begins
_EPOCH = 1_700_000_000
#: ids of supergroups lie below minus this
_GROUPS = 1_000_000_000_000

Json = dict[str, Any]


@dataclass(slots=True)
class Draft:
    bot_id: int
    draft_id: int
    text: str
    entities: list[Json]
    can_stop: bool
    thread_id: int | None
    expires: asyncio.TimerHandle

    def shown(self) -> Json:
        return {
            "draft_id": self.draft_id,
            "text": self.text,
            "entities": self.entities,
            "can_stop": self.can_stop,
            "message_thread_id": self.thread_id,
        }


@dataclass(slots=True)
class Chat:
    info: Json
    members: set[int]
    messages: dict[int, Json] = field(default_factory=dict)
    drafts: dict[int, Draft] = field(default_factory=dict)
    #: what people think of a message, by message and person; a person without reactions is absent
    reactions: dict[int, dict[int, list[str]]] = field(default_factory=dict)
    is_blocked: bool = False
    is_bot_admin: bool = False
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def id(self) -> int:
        return int(self.info["id"])

    @property
    def is_private(self) -> bool:
        return bool(self.info["type"] == "private")

    def reactions_to(self, message_ids: Iterable[int]) -> list[Json]:
        return [
            {"message_id": message_id, "user_id": user_id, "emoji": emoji}
            for message_id in message_ids
            for user_id, emoji in self.reactions.get(message_id, {}).items()
        ]


@dataclass(slots=True)
class File:
    file_id: str
    name: str
    mime: str
    content: bytes


@dataclass(slots=True, eq=False)
class Watcher:
    """Somebody who follows events: one user, or everybody (None)."""

    user_id: int | None
    events: deque[bytes] = field(default_factory=lambda: deque(maxlen=MAX_EVENTS))
    news: asyncio.Event = field(default_factory=asyncio.Event)


class World:
    def __init__(self) -> None:
        self.users: dict[int, Json] = {}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, File] = {}
        self.watchers: set[Watcher] = set()
        # By the clock, so that a world begun anew never reuses an id that a database remembers.
        self._user_ids = count(int(time.time()) - _EPOCH)
        self._group_ids = count(int(time.time()) - _EPOCH)
        self._event_numbers = count(1)
        #: grows with each change that is worth keeping
        self.version = 0

    def add_user(self, person: Json) -> Json:
        user_id = next(self._user_ids)
        user = {"id": user_id, "is_bot": False, **person, "color": user_id % 8}
        self.users[user_id] = user
        named = {k: v for k, v in person.items() if k in {"first_name", "last_name", "username"}}
        self.chats[user_id] = Chat({"id": user_id, "type": "private", **named}, {user_id})
        self.tell([user_id], {"type": "user", "user": user})
        return user

    def add_group(self, title: str, members: Iterable[int], *, is_forum: bool) -> Chat:
        info: Json = {"id": -_GROUPS - next(self._group_ids), "type": "supergroup"}
        info["title"] = title
        if is_forum:
            info["is_forum"] = True
        chat = Chat(info, set(members))
        self.chats[chat.id] = chat
        self.tell(chat.members, {"type": "chat", "chat": info})
        return chat

    def add_message(self, chat: Chat, author: Json, content: Json) -> Json:
        """Put a message into the chat and show it to its members."""
        message = {
            "message_id": next(chat.numbers),
            "from": without_color(author),
            "chat": chat.info,
            "date": int(time.time()),
            **{name: value for name, value in content.items() if value not in (None, [])},
        }
        chat.messages[message["message_id"]] = message
        if len(chat.messages) > MAX_MESSAGES:
            oldest = next(iter(chat.messages))
            del chat.messages[oldest]
            chat.reactions.pop(oldest, None)
        self.tell(chat.members, {"type": "message", "message": message})
        return message

    def edit_message(self, chat: Chat, message: Json, changes: Json) -> Json:
        message.update(changes)
        for name in [name for name, value in changes.items() if value in (None, [])]:
            del message[name]
        message["edit_date"] = int(time.time())
        self.tell(chat.members, {"type": "edited", "message": message})
        return message

    def delete_message(self, chat: Chat, message_id: int) -> None:
        del chat.messages[message_id]
        chat.reactions.pop(message_id, None)
        event = {"type": "deleted", "chat_id": chat.id, "message_id": message_id}
        self.tell(chat.members, event)

    def set_reaction(
        self, chat: Chat, message_id: int, user_id: int, emoji: list[str]
    ) -> list[str]:
        """Replace a person's reactions to a message; returns the former ones."""
        to_message = chat.reactions.setdefault(message_id, {})
        former = to_message.pop(user_id, [])
        if emoji:
            to_message[user_id] = emoji
        event = {
            "type": "reaction",
            "chat_id": chat.id,
            "reaction": {"message_id": message_id, "user_id": user_id, "emoji": emoji},
        }
        self.tell(chat.members, event)
        return former

    def put_draft(self, chat: Chat, draft: Draft) -> None:
        former = chat.drafts.get(draft.draft_id)
        if former:
            former.expires.cancel()
        chat.drafts[draft.draft_id] = draft
        self.tell(chat.members, {"type": "draft", "chat_id": chat.id, "draft": draft.shown()})

    def drop_draft(self, chat: Chat, draft_id: int) -> Draft | None:
        draft = chat.drafts.pop(draft_id, None)
        if draft:
            draft.expires.cancel()
            event = {"type": "draft_gone", "chat_id": chat.id, "draft_id": draft_id}
            self.tell(chat.members, event)
        return draft

    def drop_drafts(self, chat: Chat, thread_id: int | None) -> None:
        """A message in the thread ends the previews there."""
        for draft in list(chat.drafts.values()):
            if draft.thread_id == thread_id:
                self.drop_draft(chat, draft.draft_id)

    def add_file(self, name: str, mime: str, content: bytes) -> File:
        file = File(f"file{len(self.files)}-{time.time_ns():x}", name, mime, content)
        self.files[file.file_id] = file
        if len(self.files) > MAX_FILES:
            del self.files[next(iter(self.files))]
        return file

    def tell(self, user_ids: Iterable[int], event: Json) -> None:
        """Show an event to the users and to those who watch everybody."""
        self.version += 1
        if not self.watchers:
            return
        members = list(user_ids)
        number = next(self._event_numbers)
        body = orjson.dumps({"n": number, "user_ids": members, **event})
        for watcher in self.watchers:
            if watcher.user_id is None or watcher.user_id in members:
                watcher.events.append(body)
                watcher.news.set()

    def number_after(self, users: Iterable[int], chats: Iterable[int]) -> None:
        """Go on numbering behind the ids that are taken."""
        newest_user = max(users, default=0)
        newest_group = max((-chat - _GROUPS for chat in chats if chat < 0), default=0)
        self._user_ids = count(max(next(self._user_ids), newest_user + 1))
        self._group_ids = count(max(next(self._group_ids), newest_group + 1))

    def forget_drafts(self) -> None:
        for chat in self.chats.values():
            for draft in chat.drafts.values():
                draft.expires.cancel()
            chat.drafts.clear()

    def reset(self) -> None:
        self.forget_drafts()
        self.users.clear()
        self.chats.clear()
        self.files.clear()


def without_color(user: Json) -> Json:
    return {name: value for name, value in user.items() if name != "color"}
