"""Erasing a person, on a real PostgreSQL: what goes, what stays, and who comes too late."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from core.chat import chats, erasure, feedback, floods, inbox, outbox, tombstones
from core.chat.desk import Desk
from core.chat.inbox import Fenced, Incoming, Work
from core.chat.outbox import Address, Part
from core.chat.turns import Turns
from core.chat.values import Person, Question
from core.db.session import Database
from core.llm import errors
from core.llm.model import AttemptFailed, AttemptStarted
from core.llm.scripted import ScriptedModel
from core.settings import SendPolicy
from core.stats.rebuild import rebuild

from .test_turns import RecordingSink, make_turns, rows

BOT_ID = 42
ANN = Person(id=7, first_name="Anneliese", last_name="Muster", username="annimuster")
BOB = Person(id=8, first_name="Robert")
PRIVATE = Address(bot_id=BOT_ID, chat_id=ANN.id)
GROUP = Address(bot_id=BOT_ID, chat_id=-100_500)
STARTED = AttemptStarted(target="scripted")
LEASE = timedelta(seconds=30)
#: words that must be nowhere afterwards
SECRETS = ("Anneliese", "Muster", "annimuster", "tangerine", "marmalade")


def raw_message(
    person: Person, message_id: int, words: str, at: Address, **more: Any
) -> dict[str, Any]:
    author = {
        "id": person.id,
        "is_bot": False,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "username": person.username,
    }
    kind = "private" if at.chat_id > 0 else "supergroup"
    return {
        "message_id": message_id,
        "from": author,
        "chat": {"id": at.chat_id, "type": kind},
        "date": int(datetime.now(UTC).timestamp()),
        "text": words,
        **more,
    }


def incoming(number: int, person: Person, message: dict[str, Any]) -> Incoming:
    return Incoming(
        update_id=number,
        identity=f"message:{message['chat']['id']}:{message['message_id']}:{message['date']}",
        lane=f"{message['chat']['id']}:0",
        kind="message",
        raw=json.dumps({"update_id": number, "message": message}),
        user_id=person.id,
        sent_at=message["date"],
    )


async def accept(database: Database, update: Incoming) -> list[str]:
    async with database.write() as session:
        return await inbox.accept(session, BOT_ID, [update])


async def claim(database: Database) -> list[Work]:
    async with database.write() as session:
        return await inbox.claim(session, BOT_ID, limit=9, lease=LEASE)


class Talk:
    """People who ask, each question a message of its own."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.number = 0

    async def begin(
        self, person: Person, words: str, at: Address = PRIVATE, **more: Any
    ) -> tuple[Work, Question]:
        self.number += 1
        message = raw_message(person, self.number, words, at, **more)
        await accept(self.database, incoming(self.number, person, message))
        [work] = await claim(self.database)
        question = Question(
            address=at,
            chat_kind=message["chat"]["type"],
            person=person,
            message_id=self.number,
            text=words,
            is_private=at.chat_id > 0,
        )
        return work, question

    async def ask(
        self, person: Person, words: str, answer: str, at: Address = PRIVATE, **more: Any
    ) -> None:
        work, question = await self.begin(person, words, at, **more)
        turns = make_turns(self.database, ScriptedModel([STARTED, answer]))
        await turns.take(work, question, RecordingSink())

    async def deliver(self, message_id: int | None = None) -> int:
        """Send the oldest part of each chat."""
        async with self.database.write() as session:
            parts = await outbox.claim(session, BOT_ID, limit=9, lease=LEASE)
            for part in parts:
                await outbox.sent(session, part, message_id or part.address.chat_id + 1000)
        return len(parts)


@pytest.fixture
def talk(database: Database) -> Talk:
    return Talk(database)


async def erase(database: Database, person: Person = ANN, **more: Any) -> erasure.Erased:
    async with database.write() as session:
        await erasure.lock(session, BOT_ID, person.id)
        return await erasure.erase(session, BOT_ID, person.id, **more)


async def found(database: Database, *words: str) -> list[str]:
    """Where any column of any table has one of the words in its text."""
    places = await rows(
        database,
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_schema = 'public' ORDER BY 1, 2",
    )
    hits = []
    async with database.read() as session:
        for table, column in places:
            for word in words:
                hit = await session.execute(
                    text(
                        f'SELECT count(*) FROM "{table}" WHERE CAST("{column}" AS text) ILIKE :word'
                    ),
                    {"word": f"%{word}%"},
                )
                if hit.scalar_one():
                    hits.append(f"{table}.{column}: {word}")
    return hits


async def assert_reconciles(database: Database) -> None:
    assert (await rebuild(database)).examples == []


class TestWhatGoes:
    async def test_no_column_of_any_table_knows_the_person(
        self, database: Database, talk: Talk
    ) -> None:
        await talk.ask(ANN, "Where grows the tangerine?", "Where marmalade is made.")
        await talk.deliver()
        await talk.ask(ANN, "And in the group, tangerine?", "Marmalade, Anneliese.", GROUP)
        await talk.deliver()
        await talk.ask(ANN, "Unsent tangerine?", "Unsent marmalade.")
        assert len({hit.split(": ")[1] for hit in await found(database, *SECRETS)}) == len(SECRETS)
        await erase(database)
        assert await found(database, *SECRETS) == []
        assert await rows(database, "SELECT count(*) FROM inbox") == [(0,)]
        assert await rows(database, "SELECT DISTINCT first_name, last_name FROM users") == [
            ("", None)
        ]
        await assert_reconciles(database)

    async def test_nothing_is_under_the_persons_id(self, database: Database, talk: Talk) -> None:
        await talk.ask(ANN, "Hello", "Hi")
        await talk.deliver()
        async with database.write() as session:
            await feedback.react(session, PRIVATE, PRIVATE.chat_id + 1000, ANN.id, 1)
            await outbox.enqueue(session, PRIVATE, [Part(content="Help", entities=[])])
            await chats.close(session, BOT_ID, PRIVATE.chat_id, datetime.now(UTC), "blocked")
            await floods.note(session, BOT_ID, PRIVATE.chat_id, LEASE)
        await erase(database)
        for table, column in (
            *(("users", "id"), ("turns", "user_id"), ("messages", "user_id")),
            *(("stats_users", "user_id"), ("feedback", "user_id"), ("inbox", "user_id")),
            *(("turns", "chat_id"), ("messages", "chat_id"), ("dialogs", "chat_id")),
            *(("outbox", "chat_id"), ("closed_chats", "chat_id"), ("chat_floods", "chat_id")),
        ):
            query = f"SELECT count(*) FROM {table} WHERE {column} = {ANN.id}"
            assert await rows(database, query) == [(0,)], table
        assert await rows(database, "SELECT likes FROM turns") == [(1,)]
        await assert_reconciles(database)

    async def test_the_dashboard_can_tell_that_it_was_erased(
        self, database: Database, talk: Talk
    ) -> None:
        await talk.ask(ANN, "Hello", "Hi")
        erased = await erase(database)
        assert await rows(database, "SELECT content, deleted_at FROM messages") == [
            ("", erased.until),
            ("", erased.until),
        ]

    async def test_an_edit_that_comes_later_brings_nothing_back(
        self, database: Database, talk: Talk
    ) -> None:
        await talk.ask(ANN, "Hello", "Hi", GROUP)
        await erase(database)
        work, _ = await talk.begin(ANN, "edited", GROUP)
        desk = Desk(database, delivered=lambda: None)
        await desk.revise(work, GROUP, 1, "The tangerine again")
        assert await rows(database, "SELECT DISTINCT content FROM messages") == [("",)]


class TestWhatStays:
    async def test_others_keep_theirs(self, database: Database, talk: Talk) -> None:
        bobs = Address(bot_id=BOT_ID, chat_id=BOB.id)
        await talk.ask(BOB, "My question", "An answer", bobs)
        await talk.ask(BOB, "In the group", "Another", GROUP)
        await talk.ask(ANN, "Hers", "Hers too", GROUP)
        await erase(database)
        assert await rows(
            database, "SELECT content FROM messages WHERE content <> '' ORDER BY created_at"
        ) == [("My question",), ("An answer",), ("In the group",), ("Another",)]
        assert await rows(database, "SELECT count(*) FROM inbox") == [(2,)]
        open_dialogs = "SELECT count(*) FROM dialogs WHERE closed_at IS NULL"
        assert await rows(database, open_dialogs) == [(2,)]
        await assert_reconciles(database)

    async def test_a_closed_update_of_somebody_else_that_quotes_the_person_goes(
        self, database: Database, talk: Talk
    ) -> None:
        quoted = raw_message(ANN, 90, "Do tangerines fly?", GROUP)
        await talk.ask(BOB, "What does she mean?", "Hm.", GROUP, reply_to_message=quoted)
        await erase(database)
        assert await found(database, *SECRETS) == []
        kept = "SELECT content FROM messages WHERE role = 'user'"
        assert await rows(database, kept) == [("What does she mean?",)]

    async def test_an_open_one_loses_the_quotation_and_is_answered(
        self, database: Database, talk: Talk
    ) -> None:
        quoted = raw_message(ANN, 90, "Do tangerines fly?", GROUP)
        message = raw_message(BOB, 1, "What does she mean?", GROUP, reply_to_message=quoted)
        await accept(database, incoming(1, BOB, message))
        await erase(database)
        assert await found(database, *SECRETS) == []
        [work] = await claim(database)
        assert work.raw["message"]["text"] == "What does she mean?"

    async def test_what_somebody_forwards_in_their_own_chat_is_theirs(
        self, database: Database, talk: Talk
    ) -> None:
        origin = {"type": "user", "sender_user": {"id": ANN.id, "first_name": "A"}, "date": 1}
        bobs = Address(bot_id=BOT_ID, chat_id=BOB.id)
        await talk.ask(BOB, "She said so", "Well.", bobs, forward_origin=origin)
        await erase(database)
        assert await rows(database, "SELECT count(*) FROM inbox") == [(1,)]

    async def test_the_vote_of_the_person_still_counts(
        self, database: Database, talk: Talk
    ) -> None:
        await talk.ask(BOB, "In the group", "An answer", GROUP)
        await talk.deliver(message_id=77)
        async with database.write() as session:
            await feedback.react(session, GROUP, 77, ANN.id, -1)
        await erase(database)
        assert await rows(database, "SELECT dislikes FROM turns") == [(1,)]
        assert await rows(database, "SELECT count(*) FROM feedback") == [(0,)]
        await assert_reconciles(database)


class TestUnderWay:
    async def test_a_turn_that_is_being_written_ends_and_its_late_answer_is_stored_nowhere(
        self, database: Database, talk: Talk
    ) -> None:
        model = ScriptedModel([STARTED, "The marmalade ", 0.3, "of tangerines"])
        sink = RecordingSink()
        work, question = await talk.begin(ANN, "Tell me of tangerines")
        async with asyncio.TaskGroup() as tasks:
            late = tasks.create_task(fenced(make_turns(database, model), work, question, sink))
            while not sink.shown:
                await asyncio.sleep(0.01)
            erased = await erase(database)
        assert late.result()
        assert model.interrupted == 0  # nobody has told the process: its answer was complete
        [unfinished] = erased.unfinished
        assert not unfinished.was_ready
        assert await rows(database, "SELECT state, verdict, attempts FROM turns") == [
            ("erased", "erased", 1)
        ]
        assert await rows(database, "SELECT outcome FROM llm_attempts") == [("stopped",)]
        assert await rows(database, "SELECT count(*) FROM outbox") == [(0,)]
        assert await found(database, *SECRETS) == []
        assert await rows(database, "SELECT sum(questions) FROM stats_totals") == [(2,)]
        await assert_reconciles(database)

    async def test_a_next_attempt_is_not_begun(self, database: Database, talk: Talk) -> None:
        failed = AttemptFailed(error=errors.Broken())
        model = ScriptedModel([STARTED, "Half", 0.3, failed, STARTED, "Whole"])
        sink = RecordingSink()
        work, question = await talk.begin(ANN, "Tell me of tangerines")
        async with asyncio.TaskGroup() as tasks:
            late = tasks.create_task(fenced(make_turns(database, model), work, question, sink))
            while not sink.shown:
                await asyncio.sleep(0.01)
            await erase(database)
        assert late.result()
        assert "Whole" not in sink.shown
        assert await rows(database, "SELECT outcome FROM llm_attempts") == [("stopped",)]
        await assert_reconciles(database)

    async def test_who_has_just_taken_a_question_stores_nothing(
        self, database: Database, talk: Talk
    ) -> None:
        work, question = await talk.begin(ANN, "Tell me of tangerines")
        await erase(database)
        assert await fenced(
            make_turns(database, ScriptedModel(["Late"])), work, question, RecordingSink()
        )
        assert await found(database, *SECRETS) == []
        assert await rows(database, "SELECT count(*) FROM users") == [(0,)]

    async def test_a_question_that_waits_is_never_handled(
        self, database: Database, talk: Talk
    ) -> None:
        message = raw_message(ANN, 1, "tangerine", PRIVATE)
        await accept(database, incoming(1, ANN, message))
        await erase(database)
        assert await claim(database) == []
        assert await rows(database, "SELECT state, reason FROM inbox") == [("done", "erased")]

    async def test_parts_that_wait_are_not_sent_and_the_one_on_its_way_changes_nothing(
        self, database: Database, talk: Talk
    ) -> None:
        await talk.ask(ANN, "Hello", "Hi")
        async with database.write() as session:
            [sending] = await outbox.claim(session, BOT_ID, limit=9, lease=LEASE)
        await erase(database)
        with pytest.raises(Fenced):
            async with database.write() as session:
                await outbox.sent(session, sending, 5)
        async with database.write() as session:
            assert await outbox.recover(session, BOT_ID, SendPolicy.RESEND) == []
        assert await talk.deliver() == 0
        assert await rows(database, "SELECT state, verdict, finished_at FROM turns") == [
            ("erased", "answered", None)
        ]
        await assert_reconciles(database)

    async def test_many_questions_at_once_are_erased_or_those_of_somebody_new(
        self, database: Database
    ) -> None:
        """Whatever the moment, no text is left of before and every row has its person."""
        turns = make_turns(database, ScriptedModel(*[["Late marmalade"]] * 30))
        works = []
        for number in range(30):
            at = Address(bot_id=BOT_ID, chat_id=-number - 1)
            message = raw_message(ANN, number, f"tangerine {number}", at)
            await accept(database, incoming(number, ANN, message))
            question = Question(
                address=at,
                chat_kind="supergroup",
                person=ANN,
                message_id=number,
                text=f"tangerine {number}",
                is_private=False,
            )
            works.append(question)
        async with database.write() as session:
            claimed = await inbox.claim(session, BOT_ID, limit=30, lease=LEASE)
        async with asyncio.TaskGroup() as tasks:
            for work, question in zip(claimed, works, strict=True):
                tasks.create_task(fenced(turns, work, question, RecordingSink()))
            await asyncio.sleep(0.02)
            tasks.create_task(erase(database))
        assert await found(database, *SECRETS) == []
        await assert_reconciles(database)


async def fenced(turns: Turns, work: Work, question: Question, sink: RecordingSink) -> bool:
    """Whether the turn came too late."""
    try:
        await turns.take(work, question, sink)
    except Fenced:
        return True
    return False


class TestAfterwards:
    async def test_what_is_older_is_not_taken_when_it_comes_again(self, database: Database) -> None:
        message = raw_message(ANN, 1, "tangerine", PRIVATE)
        message["date"] -= 60
        await erase(database)
        assert await accept(database, incoming(1, ANN, message)) == []
        assert await rows(database, "SELECT count(*) FROM inbox") == [(0,)]

    async def test_what_is_newer_or_of_others_is(self, database: Database) -> None:
        await erase(database)
        newer = raw_message(ANN, 1, "I am back", PRIVATE)
        older = raw_message(BOB, 2, "I was here", GROUP)
        older["date"] -= 60
        assert await accept(database, incoming(1, ANN, newer)) == ["message"]
        assert await accept(database, incoming(2, BOB, older)) == ["message"]

    async def test_who_writes_again_is_somebody_new(self, database: Database, talk: Talk) -> None:
        await talk.ask(ANN, "Hello", "Hi")
        before = await rows(database, "SELECT public_id FROM users")
        await erase(database)
        await talk.ask(ANN, "I am back", "Welcome")
        people = await rows(database, "SELECT id, public_id FROM users ORDER BY id")
        assert [id_ == ANN.id for id_, _ in people] == [True, False]
        assert before[0] not in [(public_id,) for _, public_id in people]
        assert await rows(database, "SELECT count(DISTINCT dialog_id) FROM turns") == [(2,)]
        new = "SELECT sum(users) FROM stats_activity WHERE grain = 'day' AND previous = '-infinity'"
        assert await rows(database, new) == [(2,)]
        await assert_reconciles(database)
        await erase(database)
        assert await rows(database, f"SELECT count(*) FROM users WHERE id = {ANN.id}") == [(0,)]
        assert await rows(database, "SELECT count(*) FROM erasures") == [(1,)]
        await assert_reconciles(database)

    async def test_nothing_of_the_person_is_known(self, database: Database, talk: Talk) -> None:
        await talk.ask(ANN, "Hello", "Hi")
        work, _ = await talk.begin(ANN, "/delete")
        async with database.read() as session:
            assert await erasure.is_known(session, work, ANN.id)
        await erase(database)
        work, _ = await talk.begin(ANN, "/delete")
        async with database.write() as session:
            assert not await erasure.is_known(session, work, ANN.id)
            await inbox.forget(session, work)
        assert await found(database, "Anneliese", "/delete") == []


class TestReplay:
    async def test_forgets_again_whom_a_dump_brings_back(
        self, database: Database, talk: Talk
    ) -> None:
        await talk.ask(ANN, "Where grows the tangerine?", "Where marmalade is made.")
        await talk.ask(BOB, "Mine", "stays", Address(bot_id=BOT_ID, chat_id=BOB.id))
        [(key,)] = await rows(database, "SELECT erasure_key FROM bots")
        digest = f"sha256(erasure_key || int8send({ANN.id}))"
        [(person,)] = await rows(database, f"SELECT {digest} FROM bots")
        told = tombstones.Tombstone(
            bot_id=BOT_ID, key=key, person=person, erased_at=datetime.now(UTC)
        )
        stranger = tombstones.Tombstone(
            bot_id=BOT_ID, key=key, person=b"\x01" * 32, erased_at=datetime.now(UTC)
        )
        lines = [f"{told}\n", "\n", f"{stranger}\n", f"{told}\n"]
        done = await tombstones.replay(database, tombstones.parse(lines))
        assert (done.tombstones, done.erased, done.strange) == (2, 1, 0)
        assert await found(database, *SECRETS) == []
        assert await found(database, "Mine") != []
        await assert_reconciles(database)
        async with database.read() as session:
            assert sorted(await tombstones.read(session)) == sorted([told, stranger])
        again = await tombstones.replay(database, [told])
        assert again.erased == 0

    async def test_leaves_what_is_newer(self, database: Database, talk: Talk) -> None:
        await erase(database)
        async with database.read() as session:
            known = await tombstones.read(session)
        await talk.ask(ANN, "I am back", "Welcome")
        await tombstones.replay(database, known)
        assert await found(database, "I am back") != []
        assert await rows(database, f"SELECT count(*) FROM users WHERE id = {ANN.id}") == [(1,)]

    async def test_a_dump_of_a_release_without_keys_takes_over_that_of_the_tombstones(
        self, database: Database, talk: Talk
    ) -> None:
        """Its migration gave it another one, and its raw updates do not say whose they are."""
        await talk.ask(ANN, "Where grows the tangerine?", "Where marmalade is made.")
        async with database.write() as session:
            key = bytes(range(32))
            statement = text("SELECT sha256(:key || int8send(7))")
            person = (await session.execute(statement, {"key": key})).scalar_one()
            await session.execute(text("UPDATE inbox SET user_id = NULL"))
        told = tombstones.Tombstone(
            bot_id=BOT_ID, key=key, person=person, erased_at=datetime.now(UTC)
        )
        done = await tombstones.replay(database, [told])
        assert (done.erased, done.strange) == (1, 0)
        assert await found(database, *SECRETS) == []
        assert await rows(database, "SELECT erasure_key FROM bots") == [(key,)]

    async def test_tombstones_of_a_key_that_the_database_has_not_are_counted(
        self, database: Database
    ) -> None:
        await erase(database)
        told = tombstones.Tombstone(
            bot_id=BOT_ID, key=b"another", person=b"\x01", erased_at=datetime.now(UTC)
        )
        done = await tombstones.replay(database, [told])
        assert (done.erased, done.strange) == (0, 1)

    async def test_tombstones_of_a_bot_that_is_not_there_are_counted(
        self, database: Database
    ) -> None:
        told = tombstones.Tombstone(
            bot_id=BOT_ID + 1, key=b"key", person=b"\x01", erased_at=datetime.now(UTC)
        )
        assert (await tombstones.replay(database, [told])).strange == 1

    @pytest.mark.parametrize("line", ["42\tzz\t00\t2026-01-01T00:00:00Z", "42", "x\t\t\t", "1 2 3"])
    def test_what_is_no_tombstone_is_named(self, line: str) -> None:
        with pytest.raises(tombstones.Unreadable, match="line 2"):
            tombstones.parse(["", line])
