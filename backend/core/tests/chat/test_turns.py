"""A turn's story with a scripted model: what is stored at each step, and what is never lost."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from core.chat import inbox
from core.chat.caps import Exceeded
from core.chat.inbox import Fenced, Incoming, Work
from core.chat.outbox import Address, Part
from core.chat.reply import Sentence, Show
from core.chat.turns import MAX_GENERATIONS, Policy, Turns
from core.chat.values import Person, Question, Turn
from core.db.session import Database
from core.llm import errors
from core.llm.model import AttemptFailed, AttemptStarted, ChatModel, Image, Role
from core.llm.scripted import ScriptedModel
from core.llm.usage import NOTHING, Usage

BOT_ID = 42
HERE = Address(bot_id=BOT_ID, chat_id=7)
ANN = Person(id=7, first_name="Ann", language_code="en")
STARTED = AttemptStarted(target="scripted")


class RecordingSink:
    """Shows nothing to anybody and remembers everything."""

    def __init__(self) -> None:
        self.shown: list[str] = []
        self.placeholder_message_id: int | None = None

    @asynccontextmanager
    async def live(self, turn: Turn) -> AsyncGenerator[Show]:
        yield self.shown.append

    def compose(self, markdown: str, *, note: Sentence | None = None) -> Sequence[Part]:
        return [Part(content=markdown + (f" [{note.name}]" if note else ""), entities=[])]

    def say(self, sentence: Sentence, turn_id: UUID | None = None) -> Sequence[Part]:
        return [Part(content=sentence.name, entities=[])]

    def refuse(self, exceeded: Exceeded) -> Sequence[Part]:
        return [Part(content=exceeded.cap.name, entities=[])]


class ProcessDied(Exception):
    pass


class DyingSink(RecordingSink):
    """The process dies as soon as there is something to show."""

    @asynccontextmanager
    async def live(self, turn: Turn) -> AsyncGenerator[Show]:
        def die(_: str) -> None:
            raise ProcessDied

        yield die


def asked(words: str, *, message_id: int = 1, kind: str = "text") -> Question:
    return Question(
        address=HERE, chat_kind="private", person=ANN, message_id=message_id, text=words, kind=kind
    )


def make_turns(
    database: Database, model: ChatModel, *, expected: Usage = NOTHING, **more: Any
) -> Turns:
    policy = Policy(
        system_prompt="Be brief.",
        history_limit=20,
        release="test",
        pseudonym_key=b"key",
        **more,
    )
    return Turns(database, model, policy, delivered=lambda: None, expected=lambda _: expected)


async def claimed(database: Database, number: int = 1) -> Work:
    update = Incoming(update_id=number, identity=f"{number}", lane="7:0", kind="message", raw="{}")
    async with database.write() as session:
        await inbox.accept(session, BOT_ID, [update])
    return await claim_again(database)


async def claim_again(database: Database) -> Work:
    async with database.write() as session:
        await session.execute(text("UPDATE inbox SET lease_until = now() - interval '1 second'"))
    async with database.write() as session:
        [work] = await inbox.claim(session, BOT_ID, limit=1, lease=timedelta(seconds=30))
    return work


async def rows(database: Database, query: str) -> list[Any]:
    async with database.read() as session:
        return [tuple(row) for row in await session.execute(text(query))]


async def verdict(database: Database) -> tuple[str, str]:
    [(state, content)] = await rows(
        database,
        "SELECT turns.verdict, outbox.content FROM turns JOIN outbox ON turn_id = turns.id",
    )
    return state, content


class TestAnswers:
    async def test_everything_is_stored_in_the_transaction_that_ends_the_work(
        self, database: Database
    ) -> None:
        model = ScriptedModel(["Hello", ", Ann"])
        sink = RecordingSink()
        await make_turns(database, model).take(await claimed(database), asked("Hi"), sink)
        assert sink.shown == ["Hello", "Hello, Ann"]
        assert await verdict(database) == ("answered", "Hello, Ann")
        assert await rows(database, "SELECT state FROM inbox") == [("done",)]
        assert await rows(database, "SELECT role, content FROM messages ORDER BY created_at") == [
            ("user", "Hi"),
            ("assistant", "Hello, Ann"),
        ]

    async def test_the_model_sees_what_was_said_before(self, database: Database) -> None:
        model = ScriptedModel(["one"], ["two"])
        turns = make_turns(database, model)
        await turns.take(await claimed(database), asked("first"), RecordingSink())
        second = asked("second", message_id=2)
        await turns.take(await claimed(database, 2), second, RecordingSink())
        said = [(message.role, message.content) for message in model.prompts[1].messages]
        assert said == [
            (Role.SYSTEM, "Be brief."),
            (Role.USER, "first"),
            (Role.ASSISTANT, "one"),
            (Role.USER, "second"),
        ]
        assert model.prompts[0].user == model.prompts[1].user != str(ANN.id)

    @pytest.mark.parametrize(
        ("question", "expected"),
        [
            (asked("\u200b"), ("declined", "NOTHING_TO_READ")),
            (asked("", kind="photo"), ("declined", "ONLY_TEXT")),
        ],
    )
    async def test_what_cannot_be_answered_is_declined_in_words(
        self, database: Database, question: Question, expected: tuple[str, str]
    ) -> None:
        model = ScriptedModel()
        turns = make_turns(database, model)
        await turns.take(await claimed(database), question, RecordingSink())
        assert await verdict(database) == expected
        assert model.prompts == []

    async def test_a_picture_is_a_question_without_a_word(self, database: Database) -> None:
        photo = Image(mime_type="image/jpeg", data=b"jpeg")
        model = ScriptedModel(["A cat"])
        question = replace(asked("", kind="photo"), images=(photo,))
        await make_turns(database, model).take(await claimed(database), question, RecordingSink())
        assert await verdict(database) == ("answered", "A cat")
        assert model.prompts[0].question.images == (photo,)


class TestFailures:
    @pytest.mark.parametrize(
        ("script", "expected"),
        [
            ([errors.ContextTooLong()], ("declined", "TOO_LONG")),
            ([STARTED, errors.AllTargetsFailed(())], ("failed_told", "FAILED")),
            ([STARTED, errors.Declined()], ("declined", "DECLINED")),
            (
                [
                    STARTED,
                    "x" * 200,
                    AttemptFailed(error=errors.Broken()),
                    errors.AllTargetsFailed(()),
                ],
                ("answered_partial", "x" * 200 + " [BROKEN_OFF]"),
            ),
            (
                [STARTED, "x", AttemptFailed(error=errors.Broken()), errors.AllTargetsFailed(())],
                ("failed_told", "FAILED"),
            ),
        ],
    )
    async def test_each_ends_in_words(
        self, database: Database, script: list[Any], expected: tuple[str, str]
    ) -> None:
        turns = make_turns(database, ScriptedModel(script))
        await turns.take(await claimed(database), asked("Hi"), RecordingSink())
        assert await verdict(database) == expected

    async def test_a_failed_attempt_is_recorded_and_its_text_void(self, database: Database) -> None:
        failure = errors.RateLimited(http_status=429, provider_code="slow_down")
        script: list[Any] = [
            STARTED,
            "half an",
            AttemptFailed(error=failure),
            errors.AllTargetsFailed(()),
        ]
        sink = RecordingSink()
        await make_turns(database, ScriptedModel(script)).take(
            await claimed(database), asked("Hi"), sink
        )
        assert sink.shown == ["half an", ""]
        assert await rows(
            database, "SELECT outcome, error_kind, http_status, provider_code FROM llm_attempts"
        ) == [("failed", "rate_limited", 429, "slow_down")]


class TestStopping:
    async def test_stop_keeps_what_there_is(self, database: Database) -> None:
        model = ScriptedModel([STARTED, "So far", 60.0])
        turns = make_turns(database, model)
        sink = RecordingSink()
        work = await claimed(database)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(turns.take(work, asked("Hi"), sink))
            while not sink.shown:
                await asyncio.sleep(0.01)
            assert await turns.stop(HERE) == 1
        assert await verdict(database) == ("cancelled", "So far [STOPPED]")
        assert model.interrupted == 1
        assert await rows(database, "SELECT outcome FROM llm_attempts") == [("stopped",)]
        assert await turns.stop(HERE) == 0

    async def test_a_missed_notification_is_found_by_looking(self, database: Database) -> None:
        turns = make_turns(database, ScriptedModel([STARTED, "So far", 60.0]))
        sink = RecordingSink()
        work = await claimed(database)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(turns.take(work, asked("Hi"), sink))
            while not sink.shown:
                await asyncio.sleep(0.01)
            async with database.write() as session:
                await session.execute(text("UPDATE turns SET stop_requested_at = now()"))
            await turns.obey_stop_requests()
        assert (await verdict(database))[0] == "cancelled"


class TestCrashes:
    """What the next process finds after one has died, at each step."""

    async def test_while_the_model_wrote_it_is_asked_again(self, database: Database) -> None:
        await self._die_while_writing(database)
        turns = make_turns(database, ScriptedModel([STARTED, "Again"], ["Again"]))
        await turns.take(await claim_again(database), asked("Hi"), RecordingSink())
        assert await rows(database, "SELECT generations FROM turns") == [(2,)]
        assert await rows(database, "SELECT count(*) FROM messages WHERE role = 'user'") == [(1,)]

    async def test_too_often_it_is_told(self, database: Database) -> None:
        await self._die_while_writing(database)
        for _ in range(MAX_GENERATIONS - 1):
            await self._die_while_writing(database, work=await claim_again(database))
        turns = make_turns(database, ScriptedModel(["never asked"]))
        await turns.take(await claim_again(database), asked("Hi"), RecordingSink())
        assert await verdict(database) == ("failed_told", "FAILED")

    async def test_after_the_answer_was_stored_nothing_is_asked(self, database: Database) -> None:
        model = ScriptedModel(["Once"])
        turns = make_turns(database, model)
        await turns.take(await claimed(database), asked("Hi"), RecordingSink())
        await turns.take(await claimed(database, 2), asked("Hi"), RecordingSink())
        assert len(model.prompts) == 1
        assert await rows(database, "SELECT count(*) FROM outbox") == [(1,)]

    async def test_who_lost_the_work_stores_nothing(self, database: Database) -> None:
        former = await claimed(database)
        await claim_again(database)
        turns = make_turns(database, ScriptedModel(["Late"]))
        with pytest.raises(Fenced):
            await turns.take(former, asked("Hi"), RecordingSink())
        for table in ("users", "dialogs", "messages", "turns", "outbox"):
            assert await rows(database, f"SELECT count(*) FROM {table}") == [(0,)]

    async def test_a_cancelled_turn_is_handed_back_and_costs_no_try(
        self, database: Database
    ) -> None:
        turns = make_turns(database, ScriptedModel([STARTED, "So far", 60.0], ["Done"]))
        sink = RecordingSink()
        work = await claimed(database)
        running = asyncio.get_running_loop().create_task(turns.take(work, asked("Hi"), sink))
        while not sink.shown:
            await asyncio.sleep(0.01)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert await rows(database, "SELECT state, attempts FROM inbox") == [("pending", 0)]
        async with database.write() as session:
            [again] = await inbox.claim(session, BOT_ID, limit=1, lease=timedelta(seconds=30))
        await turns.take(again, asked("Hi"), RecordingSink())
        assert await verdict(database) == ("answered", "Done")
        assert await rows(database, "SELECT generations FROM turns") == [(1,)]

    async def _die_while_writing(self, database: Database, work: Work | None = None) -> None:
        """A process that vanishes leaves its rows as they are: nothing of it is cleaned up."""
        turns = make_turns(database, ScriptedModel([STARTED, "So far"]))
        taken = work or await claimed(database)
        with pytest.raises(ProcessDied):
            await turns.take(taken, asked("Hi"), DyingSink())
