"""Every point at which a process may die: each is reached, and a kill costs nobody an answer."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from core.failpoints import Failpoint
from core.settings import SendPolicy

from .fault import Record, require_clean
from .test_kills import killed_while_it_migrates
from .world import World

Way = Callable[[World], Awaitable[None]]
STORY = "Once upon a time. " * 40


async def somebody_asks(world: World) -> None:
    ann = await world.join()
    for _ in range(world.chance.each(1, 3, 2)):
        await world.ask(ann, world.long_answer(2) if world.chance.random() < 0.5 else None)


async def a_part_was_left(world: World) -> None:
    """Another process has died with a part in its hands."""
    other = await world.start(failpoints="part_delivered:kill")
    await world.ask(await world.join())
    await world.killed(other)


async def no_model_is_there(world: World) -> None:
    await world.provider_fault(kind="status", status=503, times=3)
    await world.ask(await world.join())


async def it_is_told_to_stop(world: World) -> None:
    """While a model writes."""
    await world.speed(first_token_ms=50, tokens_per_second=30)
    ann = await world.join()
    await world.ask(ann, STORY)
    await world.draft_is_seen(ann)
    assert world.programs[-1].process
    world.programs[-1].process.terminate()


async def somebody_is_erased(world: World) -> None:
    ann = await world.join()
    await world.answered(await world.ask(ann))
    await world.erase(ann)


#: how a process comes to a point, where a question does not lead to it
WAYS: dict[Failpoint, Way] = {
    Failpoint.TURN_WAITS: no_model_is_there,
    Failpoint.WORK_HANDED_BACK: it_is_told_to_stop,
    Failpoint.PERSON_ERASED: somebody_is_erased,
}
#: before it is started
BEFORE: dict[Failpoint, Way] = {Failpoint.PARTS_RECOVERED: a_part_was_left}
MIGRATING = {Failpoint.SCHEMA_MIGRATED}


@pytest.mark.chaos
@pytest.mark.parametrize("policy", list(SendPolicy))
@pytest.mark.parametrize("point", [point for point in Failpoint if point not in MIGRATING])
async def test_a_kill_costs_nobody_an_answer(
    world: World, point: Failpoint, policy: SendPolicy, record_property: Record
) -> None:
    record_property("kill", {"point": str(point), "policy": str(policy)})
    world.variables |= {"SEND_POLICY": str(policy), "DRAIN_SECONDS": "0.2"}
    if before := BEFORE.get(point):
        await before(world)
    armed = await world.start(failpoints=f"{point}:kill")
    if point not in BEFORE:
        await WAYS.get(point, somebody_asks)(world)
    died = await world.killed(armed)
    await world.speed(first_token_ms=0, tokens_per_second=0)
    await world.start()
    await world.settled()
    seconds = asyncio.get_running_loop().time() - died
    await require_clean(world)
    marked = await world.value("SELECT count(*) FROM outbox WHERE delivery_unknown")
    record_property("observed", f"all final {seconds:.1f} s after it; {marked} parts marked")


@pytest.mark.chaos
async def test_a_kill_costs_no_schema(world: World, record_property: Record) -> None:
    record_property("kill", {"point": str(Failpoint.SCHEMA_MIGRATED), "policy": "—"})
    await killed_while_it_migrates(world)
    record_property("observed", "complete after the next start")


async def test_each_point_is_reached(world: World) -> None:
    """Else a kill there would prove nothing."""
    await a_part_was_left(world)
    async with world.empty_database() as url:
        assert await world.manage(url, "upgrade") == 0
    last = await world.start(drain_seconds="0.1")
    await no_model_is_there(world)
    await world.until(lambda: world.has_reached("turn_waits"))
    await somebody_is_erased(world)
    await world.until(lambda: world.has_reached("parts_recovered"))
    await world.until(lambda: world.has_reached("person_erased"))
    await it_is_told_to_stop(world)
    assert last.process
    assert await asyncio.to_thread(last.process.wait, 20) == 0
    missed = {str(point) for point in Failpoint} - set(world.journal.read_text().split())
    assert missed == set()
