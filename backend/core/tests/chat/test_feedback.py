"""What a reaction does to the turn of the answer, one by one and all at once."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text, update

from core.chat import feedback, opening, outbox
from core.chat.feedback import DISLIKE, LIKE
from core.chat.outbox import Address, Part
from core.chat.values import Person, Question
from core.db.session import Database, ReadSession, Session
from core.db.tables import outbox as outbox_table

BOT_ID = 42
HERE = Address(bot_id=BOT_ID, chat_id=7)
ANN, BOB = 7, 8
#: the messages in which the answer was sent, and one in which a command was answered
FIRST, SECOND, HELP = 101, 102, 103


@pytest.fixture
async def turn_id(database: Database) -> UUID:
    """A turn whose answer was sent in two parts; beside it, the answer to a command."""
    question = Question(
        address=HERE,
        chat_kind="private",
        person=Person(id=ANN, first_name="Ann"),
        message_id=1,
        text="Why?",
    )
    async with database.write() as session:
        turn = await opening.open_turn(
            session, question, release="test", prompt_hash="test", history_limit=0
        )
        parts = [Part(content=content, entities=[]) for content in ("Because", "of that")]
        await outbox.enqueue(session, HERE, parts, turn_id=turn.id)
        await outbox.enqueue(session, HERE, [Part(content="Help", entities=[])])
        for content, message_id in (("Because", FIRST), ("of that", SECOND), ("Help", HELP)):
            await session.execute(
                update(outbox_table)
                .where(outbox_table.c.content == content)
                .values(state="sent", message_id=message_id)
            )
    return turn.id


async def react(
    database: Database, score: int | None, *, by: int = ANN, to: int = FIRST, at: Address = HERE
) -> UUID | None:
    async with database.write() as session:
        return await feedback.react(session, at, to, by, score)


async def counts(database: Database) -> tuple[int, int]:
    [(likes, dislikes)] = await rows(database, "SELECT likes, dislikes FROM turns")
    return likes, dislikes


async def rows(database: Database, query: str) -> list[Any]:
    async with database.read() as session:
        return [tuple(row) for row in await session.execute(text(query))]


class TestOneVote:
    async def test_a_like_is_kept_and_counted(self, database: Database, turn_id: UUID) -> None:
        assert await react(database, LIKE) == turn_id
        assert await counts(database) == (1, 0)
        assert await rows(database, "SELECT turn_id, user_id, bot_id, score FROM feedback") == [
            (turn_id, ANN, BOT_ID, LIKE)
        ]

    @pytest.mark.parametrize(
        ("scores", "expected"),
        [
            ([LIKE, LIKE], (1, 0)),  # the same again, as when an update comes twice
            ([LIKE, DISLIKE], (0, 1)),
            ([DISLIKE, LIKE], (1, 0)),
            ([LIKE, None], (0, 0)),
            ([DISLIKE, None, None], (0, 0)),
            ([None], (0, 0)),
            ([None, DISLIKE, DISLIKE, LIKE, None, LIKE], (1, 0)),
        ],
    )
    async def test_the_last_one_counts(
        self,
        database: Database,
        turn_id: UUID,
        scores: list[int | None],
        expected: tuple[int, int],
    ) -> None:
        for score in scores:
            await react(database, score)
        assert await counts(database) == expected
        kept = await rows(database, "SELECT score FROM feedback")
        assert kept == [(score,) for score in scores[-1:] if score]

    async def test_a_person_has_one_vote_for_all_parts(
        self, database: Database, turn_id: UUID
    ) -> None:
        assert await react(database, LIKE, to=FIRST) == turn_id
        assert await react(database, DISLIKE, to=SECOND) == turn_id
        assert await counts(database) == (0, 1)


class TestWhichMessage:
    @pytest.mark.parametrize("message_id", [1, HELP, 999])
    async def test_what_is_no_answer_has_no_feedback(
        self, database: Database, turn_id: UUID, message_id: int
    ) -> None:
        assert await react(database, LIKE, to=message_id) is None
        assert await counts(database) == (0, 0)

    @pytest.mark.parametrize(
        "elsewhere", [Address(bot_id=BOT_ID, chat_id=8), Address(bot_id=43, chat_id=7)]
    )
    async def test_the_same_number_in_another_chat_is_another_message(
        self, database: Database, turn_id: UUID, elsewhere: Address
    ) -> None:
        assert await react(database, LIKE, at=elsewhere) is None

    async def test_the_chat_decides_and_not_the_thread(
        self, database: Database, turn_id: UUID
    ) -> None:
        thread = Address(bot_id=BOT_ID, chat_id=7, thread_id=5)
        assert await react(database, LIKE, at=thread) == turn_id

    async def test_a_placeholder_is_the_answer_that_will_replace_it(
        self, database: Database, turn_id: UUID
    ) -> None:
        async with database.write() as session:
            part = Part(content="the rest", entities=[])
            await outbox.enqueue(session, HERE, [part], turn_id=turn_id, edit_message_id=77)
        assert await react(database, LIKE, to=77) == turn_id


class TestManyVotes:
    async def test_votes_of_one_moment_are_all_counted(
        self, database: Database, turn_id: UUID
    ) -> None:
        people = range(100, 115)
        await asyncio.gather(*(react(database, LIKE, by=person) for person in people))
        assert await counts(database) == (15, 0)
        changing = [react(database, DISLIKE, by=person) for person in people[:5]]
        leaving = [react(database, None, by=person) for person in people[5:8]]
        await asyncio.gather(*changing, *leaving)
        assert await counts(database) == (7, 5)

    async def test_one_person_in_a_hurry_still_has_one_vote(
        self, database: Database, turn_id: UUID
    ) -> None:
        await asyncio.gather(*(react(database, score) for score in [LIKE, DISLIKE, None, LIKE] * 4))
        kept = [score for (score,) in await rows(database, "SELECT score FROM feedback")]
        assert await counts(database) == (kept.count(LIKE), kept.count(DISLIKE))
        assert len(kept) <= 1

    async def test_a_vote_that_is_rolled_back_leaves_nothing(
        self, database: Database, turn_id: UUID
    ) -> None:
        async with database.engine.connect() as connection:
            session = Session(ReadSession(connection))
            assert await feedback.react(session, HERE, FIRST, BOB, LIKE) == turn_id
            await connection.rollback()
        assert await counts(database) == (0, 0)
        assert await rows(database, "SELECT score FROM feedback") == []
