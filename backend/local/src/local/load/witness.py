"""Whether each question was answered exactly once, as the chats' own histories tell."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress

import aiohttp

from core.db.session import Database
from local.replay.material import Script
from local.replay.oracle import Verdict, judge, unfinished
from local.replay.people import Chat, People

#: for answers that are under way when the last question has been asked
SETTLE_SECONDS = 60.0


async def hear(
    database: Database,
    http: aiohttp.ClientSession,
    people: Iterable[int],
    replies: dict[str, str],
) -> Verdict:
    """Judge the private chats of these people once every row is final.

    `http` is a client of the simulator, `replies` what its model says, by question. What a chat's
    history shows as written by the person was asked, whoever remembers having asked it.
    """
    await _settle(database)
    world = People(http, "")
    chats, seen = [], {}
    for user_id in people:
        chat, shown = await _read(world, user_id)
        chats.append(chat)
        seen[user_id] = shown
    async with database.read() as session:
        return await judge(session, chats, seen, replies)


async def _settle(database: Database) -> None:
    """Until every row has its final state, or there is no hope of it."""
    with suppress(TimeoutError):
        async with asyncio.timeout(SETTLE_SECONDS):
            while True:
                async with database.read() as session:
                    if not await unfinished(session):
                        return
                await asyncio.sleep(0.1)


async def _read(world: People, user_id: int) -> tuple[Chat, list[str]]:
    """A chat as it was written, and the texts of the bot in it."""
    nothing = Script(dialog_id=str(user_id), questions=(), is_hasty=False)
    chat = Chat(script=nothing, user_id=user_id)
    messages = await world.seen(chat)
    asked = [message for message in messages if not message["from"]["is_bot"]]
    chat.script = Script(
        dialog_id=str(user_id),
        questions=tuple(message["text"] for message in asked),
        is_hasty=False,
    )
    chat.asked = [(message["message_id"], 0.0) for message in asked]
    return chat, [message.get("text", "") for message in messages if message["from"]["is_bot"]]
