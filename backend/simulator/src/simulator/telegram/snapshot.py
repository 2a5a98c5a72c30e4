"""The world on disk, so that chats survive a restart as they do in Telegram.

One JSON file, written beside itself and renamed, at most once a second and at the end. Drafts are
not kept: they live for seconds. Neither are faults, which belong to a test.
"""

import asyncio
import base64
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import orjson

from simulator.telegram.accounts import Account, Update
from simulator.telegram.server import Telegram
from simulator.telegram.world import Chat, File

_PAUSE_SECONDS = 1.0


async def keep(telegram: Telegram, path: Path) -> None:
    """Save the world, for ever, whenever it has changed; once more when cancelled."""
    saved = telegram.world.version
    try:
        while True:
            await asyncio.sleep(_PAUSE_SECONDS)
            if telegram.world.version != saved:
                saved = telegram.world.version
                await asyncio.to_thread(store, path, take(telegram))
    finally:
        store(path, take(telegram))


def load(telegram: Telegram, path: Path) -> None:
    """Bring back what was saved; a file that cannot be read is set aside."""
    try:
        restore(telegram, orjson.loads(path.read_bytes()))
    except FileNotFoundError:
        return
    except (ValueError, KeyError, TypeError):
        with suppress(OSError):
            path.rename(path.with_suffix(".broken"))


def store(path: Path, snapshot: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_bytes(orjson.dumps(snapshot))
    fresh.replace(path)


def take(telegram: Telegram) -> dict[str, Any]:
    world = telegram.world
    return {
        "users": list(world.users.values()),
        "chats": [_chat(chat) for chat in world.chats.values()],
        "files": [
            {
                "file_id": file.file_id,
                "name": file.name,
                "mime": file.mime,
                "content": base64.b64encode(file.content).decode(),
            }
            for file in world.files.values()
        ],
        "accounts": [_account(account) for account in telegram.accounts.values()],
    }


def restore(telegram: Telegram, saved: dict[str, Any]) -> None:
    world = telegram.world
    world.users.update({user["id"]: user for user in saved["users"]})
    for one in saved["chats"]:
        chat = Chat(one["info"], set(one["members"]), is_blocked=one["is_blocked"])
        chat.is_bot_admin = one.get("is_bot_admin", False)
        chat.messages = {message["message_id"]: message for message in one["messages"]}
        for reaction in one.get("reactions", []):
            to_message = chat.reactions.setdefault(reaction["message_id"], {})
            to_message[reaction["user_id"]] = reaction["emoji"]
        chat.numbers = _after(chat.messages)
        world.chats[chat.id] = chat
    for file in saved["files"]:
        content = base64.b64decode(file["content"])
        world.files[file["file_id"]] = File(file["file_id"], file["name"], file["mime"], content)
    world.number_after(world.users, world.chats)
    for one in saved["accounts"]:
        account = Account(one["token"], one["user"], commands=one["commands"])
        account.updates = deque(
            Update(update["update_id"], update["body"].encode(), update["chat_id"], update["kind"])
            for update in one["updates"]
        )
        account.numbers = count(one["next_update"])
        account.allowed = frozenset(one.get("allowed") or ()) or None
        telegram.accounts[account.token] = account


def _chat(chat: Chat) -> dict[str, Any]:
    return {
        "info": chat.info,
        "members": sorted(chat.members),
        "messages": list(chat.messages.values()),
        "reactions": chat.reactions_to(chat.reactions),
        "is_blocked": chat.is_blocked,
        "is_bot_admin": chat.is_bot_admin,
    }


def _account(account: Account) -> dict[str, Any]:
    return {
        "token": account.token,
        "user": account.user,
        "commands": account.commands,
        "allowed": sorted(account.allowed or ()),
        "next_update": account.next_update,
        "updates": [
            {
                "update_id": update.update_id,
                "body": update.body.decode(errors="replace"),
                "chat_id": update.chat_id,
                "kind": update.kind,
            }
            for update in list(account.updates)
        ],
    }


def _after(numbers: Iterable[int]) -> "count[int]":
    return count(max(numbers, default=0) + 1)
