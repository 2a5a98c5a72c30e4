"""Caps: what counts, who is refused, and that nobody slips through beside somebody else."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from core.chat import caps, inbox, opening
from core.chat.caps import Books, Cap, Caps, Exceeded, Spent, judge
from core.chat.inbox import Fenced
from core.chat.outbox import Address
from core.chat.values import Person, Question, Turn
from core.db.session import Database
from core.llm import errors
from core.llm.model import AttemptFailed, Completion, Event, Finish, Finished, Prompt
from core.llm.scripted import ScriptedModel
from core.llm.usage import CostSource, Usage
from core.stats.rebuild import rebuild

from .test_turns import ANN, BOT_ID, STARTED, RecordingSink, asked, claimed, make_turns, rows

BOB = Person(id=8, first_name="Bob")
EXPECTED = Usage(prompt_tokens=100, completion_tokens=400, cost_micros=5_000)
TOOK = Usage(prompt_tokens=90, completion_tokens=10, cost_micros=700, cost_source=CostSource.USAGE)
ANSWER = Finished(
    completion=Completion(
        text="Yes", finish=Finish.STOP, model="m", provider=None, generation_id=None, usage=TOOK
    )
)


class Answers:
    """A model whose answers take what they take."""

    name = "scripted"

    def __init__(self) -> None:
        self.asked = 0

    async def stream(self, _: Prompt) -> AsyncGenerator[Event]:
        self.asked += 1
        yield STARTED
        yield ANSWER


class Chat:
    """Asks one question after the other, within caps."""

    def __init__(self, database: Database, **allowed: Any) -> None:
        self.database = database
        self.model = Answers()
        self.caps = Caps(**allowed)
        self.turns = make_turns(database, self.model, expected=EXPECTED, caps=self.caps)
        self.number = 0

    async def ask(self, person: Person = ANN) -> str:
        """Returns what was told."""
        self.number += 1
        question = replace(asked("Hi", message_id=self.number), person=person)
        await self.turns.take(await claimed(self.database, self.number), question, RecordingSink())
        [(told,)] = await rows(
            self.database, "SELECT content FROM outbox ORDER BY seq DESC LIMIT 1"
        )
        return str(told)

    async def pass_time(self, interval: str) -> None:
        async with self.database.write() as session:
            await session.execute(
                text(f"UPDATE turns SET created_at = created_at - interval '{interval}'")
            )


@pytest.mark.parametrize(
    ("cap", "allowed", "fit"),
    [
        # the answers before took 100 tokens and 700 millionths; the next may take 500 and 5000
        (Cap.USER_MESSAGES_PER_MINUTE, 2, 2),
        (Cap.USER_MESSAGES_PER_DAY, 3, 3),
        (Cap.USER_TOKENS_PER_DAY, 699, 2),
        (Cap.USER_TOKENS_PER_DAY, 700, 3),
        (Cap.USER_COST_PER_DAY, 6_399, 2),
        (Cap.USER_COST_PER_DAY, 6_400, 3),
        (Cap.GLOBAL_MESSAGES_PER_DAY, 3, 3),
        (Cap.GLOBAL_TOKENS_PER_DAY, 699, 2),
        (Cap.GLOBAL_TOKENS_PER_DAY, 700, 3),
        (Cap.GLOBAL_COST_PER_DAY, 6_400, 3),
    ],
)
async def test_each_cap_lets_so_many_through_and_names_itself(
    database: Database, cap: Cap, allowed: int, fit: int
) -> None:
    chat = Chat(database, **{cap.value: allowed})
    assert [await chat.ask() for _ in range(fit + 2)] == ["Yes"] * fit + [cap.name] * 2
    assert chat.model.asked == fit
    assert await rows(
        database, "SELECT verdict, error_kind FROM turns ORDER BY created_at DESC LIMIT 1"
    ) == [("declined", f"limit_{cap.value}")]
    others = await chat.ask(BOB)
    assert others == ("Yes" if cap.value.startswith("user") else cap.name)
    assert await rows(database, "SELECT DISTINCT reserved_tokens, reserved_micros FROM turns") == [
        (0, 0)
    ]
    assert (await rebuild(database)).examples == []


async def test_a_minute_later_there_is_room_again(database: Database) -> None:
    chat = Chat(database, user_messages_per_minute=1)
    assert [await chat.ask(), await chat.ask()] == ["Yes", "USER_MESSAGES_PER_MINUTE"]
    await chat.pass_time("61 s")
    assert await chat.ask() == "Yes"


async def test_who_is_refused_again_and_again_hears_of_it_once_a_minute(database: Database) -> None:
    chat = Chat(database, user_messages_per_day=1)
    for _ in range(4):
        await chat.ask()
    told = "SELECT content FROM outbox ORDER BY seq"
    assert await rows(database, told) == [("Yes",), ("USER_MESSAGES_PER_DAY",)]
    assert await rows(
        database, "SELECT state, finished_at IS NOT NULL FROM turns ORDER BY created_at"
    ) == [("ready", False), ("ready", False), ("declined", True), ("declined", True)]
    await chat.pass_time("61 s")
    for _ in range(2):
        await chat.ask()
    assert await rows(database, told) == [("Yes",), *[("USER_MESSAGES_PER_DAY",)] * 2]
    assert (await rebuild(database)).examples == []


async def test_an_answer_between_two_refusals_is_reason_to_tell_again(database: Database) -> None:
    chat = Chat(database, user_tokens_per_day=500)
    greedy = Usage(prompt_tokens=400, completion_tokens=400)
    for expected in (greedy, EXPECTED, greedy, greedy):
        chat.turns = make_turns(database, chat.model, expected=expected, caps=chat.caps)
        await chat.ask()
    assert await rows(database, "SELECT content FROM outbox ORDER BY seq") == [
        ("USER_TOKENS_PER_DAY",),
        ("Yes",),
        ("USER_TOKENS_PER_DAY",),
    ]


async def test_a_day_later_too(database: Database) -> None:
    chat = Chat(database, user_messages_per_day=1, zone=ZoneInfo("Asia/Tokyo"))
    assert [await chat.ask(), await chat.ask()] == ["Yes", "USER_MESSAGES_PER_DAY"]
    await chat.pass_time("24 h")
    assert await chat.ask() == "Yes"


async def test_wasted_calls_count(database: Database) -> None:
    wasted = AttemptFailed(error=errors.Broken(), spent=TOOK)
    turns = make_turns(database, ScriptedModel([STARTED, wasted, STARTED, ANSWER]))
    await turns.take(await claimed(database), asked("Hi"), RecordingSink())
    # 200 are gone, of which 100 for nothing, and the next answer may take 500
    for number, (allowed, told) in enumerate(((699, "USER_TOKENS_PER_DAY"), (700, "Yes")), start=1):
        chat = Chat(database, user_tokens_per_day=allowed)
        chat.number = number
        assert await chat.ask() == told


async def test_who_asks_is_told_what_is_left_of_the_day(database: Database) -> None:
    allowed = Caps(user_messages_per_day=2, user_cost_per_day=10_000, global_tokens_per_day=9_000)
    chat = Chat(database, user_messages_per_day=2, user_cost_per_day=10_000)
    left = []
    for _ in range(3):
        async with database.read() as session:
            found = await caps.left(session, BOT_ID, ANN.id, caps=allowed)
        left.append([(one.cap, one.left) for one in found])
        await chat.ask()
    messages, cost = Cap.USER_MESSAGES_PER_DAY, Cap.USER_COST_PER_DAY
    assert left == [
        [(messages, 2), (cost, 10_000)],
        [(messages, 1), (cost, 9_300)],
        [(messages, 0), (cost, 8_600)],
    ]


async def open_turns(database: Database, people: list[Person]) -> list[tuple[Turn, Person]]:
    turns = []
    for number, person in enumerate(people, start=1):
        question = Question(
            address=Address(bot_id=BOT_ID, chat_id=1000 + number),
            chat_kind="private",
            person=person,
            message_id=1,
            text="Hi",
        )
        async with database.write() as session:
            turn = await opening.open_turn(
                session, question, release="test", prompt_hash="", history_limit=0
            )
        turns.append((turn, person))
    return turns


@pytest.mark.parametrize(
    ("people", "allowed", "admitted"),
    [
        ([ANN] * 8, Caps(user_messages_per_day=3), 3),
        ([ANN] * 8, Caps(user_messages_per_minute=3), 3),
        ([ANN] * 8, Caps(user_tokens_per_day=1_600), 3),
        ([ANN] * 8, Caps(user_cost_per_day=19_999), 3),
        ([ANN, BOB] * 4, Caps(user_messages_per_day=3), 6),
        ([ANN, BOB] * 4, Caps(global_messages_per_day=3), 3),
        ([ANN, BOB] * 4, Caps(global_tokens_per_day=1_600), 3),
        ([ANN, BOB] * 4, Caps(global_cost_per_day=19_999), 3),
    ],
)
async def test_no_two_take_the_last_of_a_cap(
    database: Database, people: list[Person], allowed: Caps, admitted: int
) -> None:
    """Questions of many chats that come at the same moment."""

    async def reserve(turn: Turn, person: Person) -> Exceeded | None:
        async with database.write() as session:
            return await caps.reserve(session, turn, person.id, caps=allowed, expected=EXPECTED)

    turns = await open_turns(database, people)
    async with asyncio.TaskGroup() as tasks:
        tries = [tasks.create_task(reserve(*turn)) for turn in turns]
    assert sum(attempt.result() is None for attempt in tries) == admitted
    reserved = "SELECT count(*), sum(reserved_tokens), sum(reserved_micros) FROM turns"
    assert await rows(database, reserved + " WHERE reserved_tokens > 0") == [
        (admitted, 500 * admitted, 5_000 * admitted)
    ]


async def test_a_turn_that_waits_keeps_its_reservation_and_is_not_looked_at_again(
    database: Database,
) -> None:
    out = errors.AllTargetsFailed((errors.Unavailable(),))
    model = ScriptedModel([STARTED, out], [STARTED, ANSWER])
    allowed = Caps(user_messages_per_day=1)
    turns = make_turns(database, model, expected=EXPECTED, caps=allowed)
    await turns.take(await claimed(database), asked("Hi"), RecordingSink())
    assert await rows(database, "SELECT state, reserved_tokens FROM turns") == [
        ("waiting_provider", 500)
    ]
    async with database.write() as session:
        await session.execute(text("UPDATE inbox SET run_after = now()"))
    async with database.write() as session:
        [work] = await inbox.claim(session, BOT_ID, limit=1, lease=timedelta(seconds=30))
    await turns.take(work, asked("Hi"), RecordingSink())
    assert await rows(database, "SELECT verdict, reserved_tokens FROM turns") == [("answered", 0)]


async def test_a_turn_that_has_ended_reserves_nothing(database: Database) -> None:
    [(turn, _)] = await open_turns(database, [ANN])
    async with database.write() as session:
        await session.execute(text("UPDATE turns SET state = 'erased', verdict = 'erased'"))
    with pytest.raises(Fenced):
        async with database.write() as session:
            await caps.reserve(
                session, turn, ANN.id, caps=Caps(user_messages_per_day=5), expected=EXPECTED
            )


async def test_the_day_begins_and_ends_where_the_statistics_say(database: Database) -> None:
    [(turn, _)] = await open_turns(database, [ANN])
    zone = ZoneInfo("Asia/Tokyo")
    async with database.write() as session:
        exceeded = await caps.reserve(
            session, turn, ANN.id, caps=Caps(user_tokens_per_day=1, zone=zone), expected=EXPECTED
        )
    assert exceeded is not None
    now = datetime.now(zone)
    midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), zone)
    assert exceeded.resets_at == midnight
    assert abs(exceeded.resets_in - (midnight - now)) < timedelta(seconds=30)
    assert exceeded.resets_at.tzinfo == zone


NOW = datetime(2026, 3, 14, 15, 0, tzinfo=UTC)
spent = st.builds(
    Spent, messages=st.integers(0, 9), tokens=st.integers(0, 9), micros=st.integers(0, 9)
)
some = st.none() | st.integers(1, 12)


@given(
    user=spent,
    everybody=spent,
    tokens=st.integers(0, 5),
    micros=st.integers(0, 5),
    allowed=st.builds(
        Caps,
        user_messages_per_day=some,
        user_tokens_per_day=some,
        user_cost_per_day=some,
        global_messages_per_day=some,
        global_tokens_per_day=some,
        global_cost_per_day=some,
    ),
)
def test_who_passes_stays_within_every_cap_and_who_does_not_would_exceed_the_named_one(
    user: Spent, everybody: Spent, tokens: int, micros: int, allowed: Caps
) -> None:
    books = Books(
        now=NOW,
        tomorrow=NOW + timedelta(hours=9),
        minute_is_over=None,
        user=user,
        all=everybody,
    )
    exceeded = judge(books, allowed, Usage(prompt_tokens=tokens, cost_micros=micros))
    sums = {
        Cap.USER_MESSAGES_PER_DAY: user.messages + 1,
        Cap.USER_TOKENS_PER_DAY: user.tokens + tokens,
        Cap.USER_COST_PER_DAY: user.micros + micros,
        Cap.GLOBAL_MESSAGES_PER_DAY: everybody.messages + 1,
        Cap.GLOBAL_TOKENS_PER_DAY: everybody.tokens + tokens,
        Cap.GLOBAL_COST_PER_DAY: everybody.micros + micros,
    }
    over = {cap for cap, sum_ in sums.items() if (limit := allowed.of(cap)) and sum_ > limit}
    assert (exceeded.cap in over) if exceeded else not over
