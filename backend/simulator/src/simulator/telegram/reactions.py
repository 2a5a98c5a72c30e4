"""Reactions of people to messages, and who hears of them.

As in Telegram, the bot is told in private chats and in groups whose administrator it is, and only
if it has asked for `message_reaction`.
"""

import time

from aiohttp import web

from simulator.telegram.asking import (
    as_json,
    bad,
    body_of,
    named_chat,
    named_member,
    named_message,
)
from simulator.telegram.server import TELEGRAM, Telegram
from simulator.telegram.world import Chat, Json, without_color

#: a person with Telegram Premium may give as many
MAX_REACTIONS = 3
_JOINED = "\N{ZERO WIDTH JOINER}"
#: what Telegram offers in every chat
EMOJI = frozenset(
    (
        f"👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤{_JOINED}🔥 "
        "🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👀 🎃 🙈 😇 😨 🤝 "
        "✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 😡 🤷 "
        f"🤷{_JOINED}♂ 🤷{_JOINED}♀ 👨{_JOINED}💻"
    ).split()
)


def reaction_routes() -> list[web.AbstractRouteDef]:
    return [web.post("/people/chats/{chat_id}/messages/{message_id}/reaction", react)]


async def react(request: web.Request) -> web.Response:
    """Set a person's reactions to a message, all of them; an empty list takes them back."""
    chat = named_chat(request)
    body = await body_of(request)
    message = named_message(request, chat)
    user = named_member(request, chat, body)
    emoji = _chosen(body)
    former = request.app[TELEGRAM].world.set_reaction(
        chat, message["message_id"], user["id"], emoji
    )
    if former != emoji:
        _tell_bot(request.app[TELEGRAM], chat, message["message_id"], user, former, emoji)
    return as_json({"message_id": message["message_id"], "user_id": user["id"], "emoji": emoji})


def _chosen(body: Json) -> list[str]:
    emoji = body.get("emoji")
    if not isinstance(emoji, list) or not all(isinstance(one, str) for one in emoji):
        raise bad("emoji is not a list of reactions")
    plain = list(dict.fromkeys(one.replace("\N{VARIATION SELECTOR-16}", "") for one in emoji))
    if strange := [one for one in plain if one not in EMOJI]:
        raise bad(f"Telegram has no such reaction: {' '.join(strange)}")
    if len(plain) > MAX_REACTIONS:
        raise bad(f"nobody may give more than {MAX_REACTIONS} reactions to a message")
    return plain


def _tell_bot(
    telegram: Telegram,
    chat: Chat,
    message_id: int,
    user: Json,
    former: list[str],
    emoji: list[str],
) -> None:
    if chat.is_blocked or not (chat.is_private or chat.is_bot_admin):
        return
    event = {
        "chat": chat.info,
        "message_id": message_id,
        "user": without_color(user),
        "date": int(time.time()),
        "old_reaction": _types(former),
        "new_reaction": _types(emoji),
    }
    telegram.notify_bot("message_reaction", event, chat)


def _types(emoji: list[str]) -> list[Json]:
    return [{"type": "emoji", "emoji": one} for one in emoji]
