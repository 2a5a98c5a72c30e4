"""What calls to models cost, as it is stored before, while and after they are made."""

import asyncio
from decimal import Decimal
from typing import Any

import pytest
from backend.core.tests.chat.test_turns import (
    HERE,
    DyingSink,
    ProcessDied,
    RecordingSink,
    asked,
    claim_again,
    claimed,
    make_turns,
    rows,
)

from core.chat.desk import Desk
from core.chat.inbox import Fenced
from core.chat.outbox import Part
from core.chat.turns import Turns
from core.db.session import Database
from core.llm import errors
from core.llm.model import AttemptFailed, AttemptStarted
from core.llm.scripted import ScriptedModel
from core.llm.usage import CostSource, Price, Usage
from core.stats.rebuild import rebuild

STARTED = AttemptStarted(
    target="large",
    credential="work",
    expected=Usage(prompt_tokens=20, cost_micros=40, cost_source=CostSource.ESTIMATED),
    price=Price(prompt=Decimal(2), completion=Decimal(6)),
)
#: "Hello" are 2 tokens at 6
HALF_WAY = (20, 2, 52, "estimated")


async def attempts(database: Database) -> list[Any]:
    return await rows(
        database,
        "SELECT outcome, prompt_tokens, completion_tokens, cost_micros, cost_source "
        "FROM llm_attempts ORDER BY created_at",
    )


async def money(database: Database) -> list[Any]:
    return await rows(database, "SELECT cost_micros, cost_source, wasted_micros FROM turns")


def turns_of(database: Database, *script: Any) -> Turns:
    return make_turns(database, ScriptedModel(script))


async def test_a_call_that_nobody_hears_of_again_keeps_its_estimate(database: Database) -> None:
    with pytest.raises(ProcessDied):
        await turns_of(database, STARTED, "Hello", 60.0).take(
            await claimed(database), asked("Hi"), DyingSink()
        )
    assert await attempts(database) == [("running", 20, 0, 40, "estimated")]
    assert await rows(database, "SELECT target, credential FROM llm_attempts") == [
        ("large", "work")
    ]
    await turns_of(database, STARTED, "Again").take(
        await claim_again(database), asked("Hi"), RecordingSink()
    )
    assert (await attempts(database))[0] == ("orphaned", 20, 0, 40, "estimated")
    assert await money(database) == [(0, "none", 40)]


async def test_who_lost_the_work_notes_no_further_call(database: Database) -> None:
    """A process that was frozen while another took over: nobody would ever close the row."""
    failed = AttemptFailed(error=errors.TooSlow())
    turns, sink = (
        turns_of(database, STARTED, "Hello", failed, 0.5, STARTED, "Once more"),
        RecordingSink(),
    )
    taking = asyncio.create_task(turns.take(await claimed(database), asked("Hi"), sink))
    while not sink.shown:
        await asyncio.sleep(0.01)
    await claim_again(database)
    with pytest.raises(Fenced):
        await taking
    assert [outcome for outcome, *_ in await attempts(database)] == ["failed"]


async def test_a_stopped_call_has_come_to_what_was_said(database: Database) -> None:
    turns, sink = turns_of(database, STARTED, "Hello", 60.0), RecordingSink()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(turns.take(await claimed(database), asked("Hi"), sink))
        while not sink.shown:
            await asyncio.sleep(0.01)
        await turns.stop(HERE)
    assert await attempts(database) == [("stopped", *HALF_WAY)]
    assert await money(database) == [(52, "estimated", 0)]


async def test_a_call_that_was_handed_back_is_wasted(database: Database) -> None:
    turns, sink = turns_of(database, STARTED, "Hello", 60.0), RecordingSink()
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(turns.take(await claimed(database), asked("Hi"), sink))
        while not sink.shown:
            await asyncio.sleep(0.01)
        running.cancel()
    await turns_of(database, STARTED, "Again").take(
        await claim_again(database), asked("Hi"), RecordingSink()
    )
    assert await money(database) == [(0, "none", 40)]


async def test_calls_of_a_question_that_is_given_up_are_wasted(database: Database) -> None:
    failed = AttemptFailed(error=errors.Garbage(), spent=Usage(cost_micros=38))
    work = await claimed(database)
    for last in (failed, "Hello"):
        with pytest.raises(ProcessDied):
            await turns_of(database, STARTED, last).take(work, asked("Hi"), DyingSink())
        work = await claim_again(database)
    desk = Desk(database, delivered=lambda: None)
    await desk.give_up(work, HERE, 1, [Part(content="Sorry", entities=[])], "boom")
    assert [outcome for outcome, *_ in await attempts(database)] == ["failed", "orphaned"]
    assert await money(database) == [(0, "none", 38 + 40)]
    ended = "SELECT state, verdict, error_kind, attempts, finished_at IS NOT NULL FROM turns"
    assert await rows(database, ended) == [("failed_told", "failed_told", "crashed", 2, True)]
    assert await rows(database, "SELECT state, reason FROM inbox") == [("dead", "boom")]
    booked = "SELECT sum(cost_micros), sum(questions) FROM stats_totals WHERE grain = 'day'"
    assert await rows(database, booked) == [(78, 1)]
    assert (await rebuild(database)).examples == []


@pytest.mark.parametrize(
    ("spent", "cost"),
    [
        (Usage(), (0, 0, 0, "none")),
        (
            Usage(prompt_tokens=20, cost_micros=38, cost_source=CostSource.USAGE),
            (20, 0, 38, "usage"),
        ),
    ],
)
async def test_a_failed_call_costs_what_its_end_tells(
    database: Database, spent: Usage, cost: tuple[Any, ...]
) -> None:
    failed = AttemptFailed(error=errors.Garbage(), spent=spent)
    turns = turns_of(database, STARTED, failed, errors.AllTargetsFailed(()))
    await turns.take(await claimed(database), asked("Hi"), RecordingSink())
    assert await attempts(database) == [("failed", *cost)]
    assert await money(database) == [(0, "none", spent.cost_micros)]
