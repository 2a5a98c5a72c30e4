"""`python -m simulator.people`: virtual people who chat, so that a demonstration lives."""

import asyncio
import os
import random
import signal
from contextlib import suppress

import aiohttp

from simulator.small_talk import NAMES, QUESTIONS

#: seconds between a person's messages: mostly short pauses, some long ones
_PAUSES = (6.0, 45.0)
_START_WITHIN_SECONDS = 15.0
#: how often a person says before the next message what they think of the last answer
_REACTS = 0.3
_REACTIONS = {"👍": 10, "❤": 4, "🔥": 3, "👏": 1, "🤔": 1, "👎": 4, "💩": 1}


async def live(base: str, *, count: int = len(NAMES)) -> None:
    """Let `count` people join and write for ever."""
    async with aiohttp.ClientSession(base) as http, asyncio.TaskGroup() as tasks:
        for name, language in NAMES[:count]:
            person = await _join(http, name, language)
            tasks.create_task(_chat(http, person, language))


async def _join(http: aiohttp.ClientSession, name: str, language: str) -> int:
    body = {"first_name": name, "language_code": language, "username": f"{name.lower()}_sim"}
    async with http.post("/people/users", json=body, raise_for_status=True) as response:
        return int((await response.json())["id"])


async def _chat(http: aiohttp.ClientSession, person: int, language: str) -> None:
    choice = random.Random(person)  # noqa: S311 - the same people say the same each time
    await asyncio.sleep(choice.uniform(0, _START_WITHIN_SECONDS))
    while True:
        body = {"user_id": person, "text": choice.choice(QUESTIONS[language])}
        with suppress(aiohttp.ClientError, TimeoutError):
            async with http.post(f"/people/chats/{person}/messages", json=body):
                pass
        await asyncio.sleep(choice.uniform(*_PAUSES))
        if choice.random() < _REACTS:
            [emoji] = choice.choices(list(_REACTIONS), list(_REACTIONS.values()))
            with suppress(aiohttp.ClientError, TimeoutError):
                await react(http, person, emoji)


async def react(http: aiohttp.ClientSession, person: int, emoji: str) -> None:
    """React to the bot's newest message, if there is one among the last few."""
    chat = f"/people/chats/{person}/messages"
    async with http.get(chat, params={"limit": 10}, raise_for_status=True) as response:
        messages = (await response.json())["messages"]
    answers = [one["message_id"] for one in messages if one["from"]["is_bot"]]
    if answers:
        body = {"user_id": person, "emoji": [emoji]}
        async with http.post(f"{chat}/{answers[-1]}/reaction", json=body):
            pass


async def main() -> None:
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    base = os.environ.get("SIMULATOR", "http://127.0.0.1:8090")  # noqa: TID251 - no setting of the product
    async with asyncio.TaskGroup() as tasks:
        living = tasks.create_task(live(base))
        await told.wait()
        living.cancel()


if __name__ == "__main__":
    asyncio.run(main())
