"""Turns that wait for a model: what is stored, when they are taken again, and how they end."""

import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from core.chat import dialogs, erasure, inbox
from core.chat.desk import Desk
from core.chat.inbox import Fenced, Incoming, Work
from core.chat.turns import Turns
from core.db.session import Database
from core.llm import errors
from core.llm.model import AttemptFailed, Event, Prompt
from core.llm.scripted import ScriptedModel
from core.stats import system
from core.stats.rebuild import rebuild

from .test_turns import ANN, BOT_ID, HERE, STARTED, RecordingSink, asked, make_turns, rows

LEASE = timedelta(seconds=30)
ALL_OUT = errors.AllTargetsFailed((errors.Unavailable(),))
OUT: list[Any] = [STARTED, AttemptFailed(error=errors.Unavailable()), ALL_OUT]


class Meanwhile:
    """A model that fails, and something happens just before."""

    def __init__(self, model: ScriptedModel, do: Callable[[], Awaitable[None]]) -> None:
        self._model = model
        self._do = do

    @property
    def name(self) -> str:
        return self._model.name

    async def stream(self, prompt: Prompt) -> AsyncGenerator[Event]:
        try:
            async for event in self._model.stream(prompt):
                yield event
        except errors.ModelError:
            await self._do()
            raise


class Lane:
    """A chat whose questions come one after the other."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.number = 0

    async def write(self) -> None:
        self.number += 1
        update = Incoming(
            update_id=self.number,
            identity=f"{self.number}",
            lane=HERE.lane,
            kind="message",
            raw="{}",
            user_id=ANN.id,
        )
        async with self.database.write() as session:
            await inbox.accept(session, BOT_ID, [update])

    async def claim(self) -> list[Work]:
        async with self.database.write() as session:
            return await inbox.claim(session, BOT_ID, limit=9, lease=LEASE)

    async def claim_when_due(self, after: str = "0 s") -> Work:
        """What is taken when its time has come, and a while has passed since the first try."""
        await self.pass_time(after)
        [work] = await self.claim()
        return work

    async def pass_time(self, after: str) -> None:
        async with self.database.write() as session:
            await session.execute(text("UPDATE inbox SET run_after = now()"))
            await session.execute(
                text(f"UPDATE turns SET waiting_since = waiting_since - interval '{after}'")
            )

    async def waits(self, turns: Turns, after: str | None = None) -> RecordingSink:
        """Ask, or ask again, while all models are out."""
        if after is None:
            await self.write()
            [work] = await self.claim()
        else:
            work = await self.claim_when_due(after)
        sink = RecordingSink()
        await turns.take(work, asked("Hi", message_id=1), sink)
        return sink

    async def pause(self) -> float:
        """Seconds until the next try."""
        [(seconds,)] = await rows(
            self.database,
            "SELECT extract(epoch FROM run_after - now()) FROM inbox WHERE state = 'pending'",
        )
        return float(seconds)


@pytest.fixture
def lane(database: Database) -> Lane:
    return Lane(database)


async def test_the_question_waits_and_its_person_is_told_once(
    database: Database, lane: Lane
) -> None:
    turns = make_turns(database, ScriptedModel(OUT))
    await lane.waits(turns)
    await lane.waits(turns, after="3 s")
    assert await rows(database, "SELECT state, verdict FROM turns") == [("waiting_provider", None)]
    assert await rows(database, "SELECT content, turn_id FROM outbox") == [("WAITING", None)]
    assert await rows(database, "SELECT state, attempts FROM inbox") == [("pending", 0)]
    assert await rows(database, "SELECT outcome FROM llm_attempts") == [("failed",), ("failed",)]


async def test_the_answer_comes_when_a_model_is_back(database: Database, lane: Lane) -> None:
    turns = make_turns(database, ScriptedModel(OUT, [STARTED, "Here I am"]))
    await lane.waits(turns)
    await lane.waits(turns, after="5 s")
    assert await rows(database, "SELECT verdict, generations, attempts FROM turns") == [
        ("answered", 1, 2)
    ]
    assert await rows(database, "SELECT content FROM outbox ORDER BY seq") == [
        ("WAITING",),
        ("Here I am",),
    ]
    assert (await rebuild(database)).examples == []


async def test_who_looks_sees_a_turn_wait_until_it_is_answered(
    database: Database, lane: Lane
) -> None:
    seen: list[system.TurnState] = []

    async def look() -> None:
        async with database.read() as session:
            seen.append((await system.look_at_waiting(session)).turns)

    model = ScriptedModel(OUT, OUT, [STARTED, "Here I am"])
    turns = make_turns(database, Meanwhile(model, look))
    await lane.waits(turns)
    await lane.waits(turns, after="30 s")
    await look()
    await lane.waits(turns, after="1 s")
    await look()
    assert [turn.waiting for turn in seen] == [0, 1, 1, 0]
    assert seen[0].oldest_waiting_seconds is None
    for turn in seen[1:3]:
        assert turn.oldest_waiting_seconds is not None
        assert 30 < turn.oldest_waiting_seconds < 60


@pytest.mark.parametrize(
    ("waited", "back_in", "pause"),
    [
        ("0 s", 0, 2),
        ("4 s", 0, 4),
        ("4 s", 9, 9),
        ("100 s", 0, 60),
        ("4 s", 900, 60),
        ("595 s", 0, 5),
    ],
)
async def test_the_pause_grows_within_bounds_and_ends_with_the_patience(
    database: Database, lane: Lane, waited: str, back_in: int, pause: float
) -> None:
    out = errors.AllTargetsFailed((errors.Unavailable(),), back_in=timedelta(seconds=back_in))
    turns = make_turns(database, ScriptedModel(OUT, [out]))
    started = time.monotonic()
    await lane.waits(turns)
    await lane.waits(turns, after=waited)
    left = await lane.pause()
    took = time.monotonic() - started  # of which the clock of the database knows, too
    assert pause - 1 - took < left < pause + 1 + took


async def test_after_ten_minutes_it_fails_in_words(database: Database, lane: Lane) -> None:
    turns = make_turns(database, ScriptedModel(OUT))
    await lane.waits(turns)
    await lane.waits(turns, after="600 s")
    assert await rows(database, "SELECT verdict, error_kind FROM turns") == [
        ("failed_told", "all_targets_failed")
    ]
    assert await rows(database, "SELECT content FROM outbox ORDER BY seq") == [
        ("WAITING",),
        ("FAILED",),
    ]
    assert (await rebuild(database)).examples == []


async def test_who_does_not_want_to_wait_fails_at_once(database: Database, lane: Lane) -> None:
    turns = make_turns(database, ScriptedModel(OUT), patience=timedelta())
    await lane.waits(turns)
    assert await rows(database, "SELECT verdict FROM turns") == [("failed_told",)]


async def test_what_cannot_pass_is_not_waited_for(database: Database, lane: Lane) -> None:
    bad = errors.AllTargetsFailed((errors.BadRequest(), errors.Gone()))
    await lane.waits(make_turns(database, ScriptedModel([STARTED, bad])))
    assert await rows(database, "SELECT verdict FROM turns") == [("failed_told",)]


async def test_later_questions_wait_behind_it(database: Database, lane: Lane) -> None:
    turns = make_turns(database, ScriptedModel(OUT))
    await lane.waits(turns)
    await lane.write()
    assert await lane.claim() == []
    assert (await lane.claim_when_due()).update_id == 1


async def test_it_may_wait_more_often_than_it_may_crash(database: Database, lane: Lane) -> None:
    turns = make_turns(database, ScriptedModel(OUT))
    await lane.waits(turns)
    for _ in range(15):
        await lane.waits(turns, after="3 s")
    assert (await lane.claim_when_due()).attempts == 1


class TestStopping:
    async def test_stop_ends_the_waiting_at_once(self, database: Database, lane: Lane) -> None:
        model = ScriptedModel(OUT)
        turns = make_turns(database, model)
        await lane.waits(turns)
        assert await turns.stop(HERE) == 1
        [work] = await lane.claim()
        await turns.take(work, asked("Hi"), RecordingSink())
        assert len(model.prompts) == 1
        assert await rows(database, "SELECT verdict, error_kind FROM turns") == [
            ("cancelled", None)
        ]
        assert await rows(database, "SELECT content FROM outbox ORDER BY seq") == [
            ("WAITING",),
            ("STOPPED",),
        ]

    async def test_a_stop_that_came_with_the_last_failure_is_heard(
        self, database: Database, lane: Lane
    ) -> None:
        async def stop_elsewhere() -> None:
            async with database.write() as session:
                assert await dialogs.request_stop(session, HERE)

        turns = make_turns(database, Meanwhile(ScriptedModel(OUT), stop_elsewhere))
        await lane.waits(turns)
        [again] = await lane.claim()
        assert again.attempts == 1

    async def test_a_draft_stops_only_its_own_turn(self, database: Database, lane: Lane) -> None:
        turns = make_turns(database, ScriptedModel(OUT))
        await lane.waits(turns)
        [(draft_id,)] = await rows(database, "SELECT draft_id FROM turns")
        assert await turns.stop(HERE, draft_id=draft_id + 1) == 0
        assert await turns.stop(HERE, draft_id=draft_id) == 1


class TestErasing:
    async def test_nothing_is_written_for_who_was_erased_while_they_waited(
        self, database: Database, lane: Lane
    ) -> None:
        turns = make_turns(database, ScriptedModel(OUT))
        await lane.waits(turns)
        await self._erase(database)
        assert await lane.claim() == []
        await lane.pass_time("0 s")
        assert await lane.claim() == []
        assert await rows(database, "SELECT state, verdict FROM turns") == [("erased", "erased")]
        assert await rows(database, "SELECT count(*) FROM outbox WHERE content <> ''") == [(0,)]
        assert (await rebuild(database)).examples == []

    async def test_nor_for_who_was_erased_while_the_last_model_failed(
        self, database: Database, lane: Lane
    ) -> None:
        turns = make_turns(database, Meanwhile(ScriptedModel(OUT), lambda: self._erase(database)))
        with pytest.raises(Fenced):
            await lane.waits(turns)
        assert await rows(database, "SELECT state FROM turns") == [("erased",)]
        assert await rows(database, "SELECT count(*) FROM outbox") == [(0,)]

    async def _erase(self, database: Database) -> None:
        async with database.write() as session:
            await erasure.lock(session, BOT_ID, ANN.id)
            await erasure.erase(session, BOT_ID, ANN.id)


async def test_the_queue_tells_what_waits_and_what_comes_after(
    database: Database, lane: Lane
) -> None:
    turns = make_turns(database, ScriptedModel(OUT))
    desk = Desk(database, delivered=lambda: None)
    assert (await desk.queue(HERE, ANN.id)).waiting_since is None
    await lane.waits(turns)
    await lane.write()
    await lane.write()
    queue = await desk.queue(HERE, ANN.id)
    assert queue.waiting_since is not None
    assert queue.next_try_in is not None
    assert timedelta() < queue.next_try_in <= timedelta(seconds=2)
    assert queue.behind == 2
    assert (await desk.queue(HERE, ANN.id + 1)).behind == 0


async def test_a_question_asked_again_is_seen_once(database: Database, lane: Lane) -> None:
    failed = errors.AllTargetsFailed((errors.Gone(),))
    model = ScriptedModel([STARTED, failed], ["one"], ["two"])
    turns = make_turns(database, model)
    for number, words in enumerate(("Hi", "Hi", "And now?"), start=1):
        await lane.write()
        [work] = await lane.claim()
        await turns.take(work, asked(words, message_id=number), RecordingSink())
    seen = [[message.content for message in prompt.messages[1:]] for prompt in model.prompts]
    assert seen == [["Hi"], ["Hi"], ["Hi", "one", "And now?"]]
