"""A bot that is told to stop ends in time, whatever it waits for."""

import asyncio
from functools import partial

import pytest

from .test_kills import both_are_under_way
from .world import World


@pytest.mark.chaos
async def test_told_to_stop_while_the_database_is_silent(world: World) -> None:
    """Nothing can be handed back: the leases of what was under way end by themselves."""
    cable, url = await world.cable(world.database_url)
    bot = await world.start(database_url=url, drain_seconds="4")
    ann, bob = await world.join(), await world.join()
    await world.telegram_fault(method="sendMessage", kind="delay", seconds=3, chat_id=bob.id)
    sent = await world.ask(bob)
    await world.speed(first_token_ms=100, tokens_per_second=10)
    streamed = await world.ask(ann, "Once upon a time. " * 20)
    await world.until(partial(both_are_under_way, world, ann))
    cable.hang()
    started = asyncio.get_running_loop().time()
    await world.end(bot)
    assert asyncio.get_running_loop().time() - started < 30
    await world.speed(first_token_ms=0, tokens_per_second=0)
    await world.start()
    await world.answered(streamed)
    await world.answered(sent)
