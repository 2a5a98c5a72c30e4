"""Answers of which nobody knows whether they arrived: offered again, sent again, seen."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

import pytest
from sqlalchemy import text

from core.chat import outbox, repeats
from core.chat.outbox import Address, Part
from core.db.session import Database
from core.llm.scripted import ScriptedModel
from core.settings import SendPolicy

from .test_turns import BOT_ID, HERE, RecordingSink, asked, claimed, make_turns, rows

ENDED = timedelta(seconds=-1)
LEASE = timedelta(seconds=30)


def apology(language: str | None, _: UUID) -> Sequence[Part]:
    return [Part(content=f"sorry in {language}", entities=[])]


@pytest.fixture
async def turn_id(database: Database) -> UUID:
    """A turn whose answer has been claimed by a sender that vanished."""
    turns = make_turns(database, ScriptedModel(["The answer"]))
    await turns.take(await claimed(database), asked("Hi"), RecordingSink())
    async with database.write() as session:
        await outbox.claim(session, BOT_ID, limit=9, lease=ENDED)
    async with database.write() as session:
        [turn_id] = await outbox.recover(session, BOT_ID, SendPolicy.HOLD)
    assert turn_id
    return turn_id


async def offer(database: Database, turn_id: UUID) -> None:
    async with database.write() as session:
        await repeats.offer(session, turn_id, apology)


async def send_again(database: Database, turn_id: UUID, address: Address = HERE) -> bool:
    async with database.write() as session:
        return await repeats.send_again(session, address, turn_id)


async def seen(database: Database, words: str, message_id: int = 500) -> bool:
    async with database.write() as session:
        return await repeats.seen(session, HERE, message_id, words)


async def parts(database: Database) -> list[Any]:
    return await rows(database, "SELECT content, state FROM outbox ORDER BY seq")


async def deliver_all(database: Database) -> None:
    for message_id in range(900, 910):
        async with database.write() as session:
            for sending in await outbox.claim(session, BOT_ID, limit=9, lease=LEASE):
                await outbox.sent(session, sending, message_id)


async def question(database: Database, turn_id: UUID) -> repeats.Asked | None:
    async with database.read() as session:
        return await repeats.question_of(session, HERE, turn_id)


async def change(database: Database, statement: str, **values: object) -> None:
    async with database.write() as session:
        await session.execute(text(statement), values)


class TestAskingAgain:
    PHOTO: ClassVar[list[Any]] = [{"file_id": "x", "width": 9, "height": 9}]

    async def photographed(self, database: Database, *, message_id: int = 1) -> None:
        """The question was a photograph, and its update says so."""
        await change(database, "UPDATE messages SET kind = 'photo' WHERE role = 'user'")
        await change(
            database,
            "UPDATE inbox SET raw = CAST(:raw AS json), user_id = 7, identity = :identity",
            raw=json.dumps({"message": {"photo": self.PHOTO, "text": "\0"}}),
            identity=f"message:7:{message_id}:1000",
        )

    async def test_words_as_they_are_now(self, database: Database, turn_id: UUID) -> None:
        await change(database, "UPDATE messages SET content = 'Hi you' WHERE role = 'user'")
        assert await question(database, turn_id) == repeats.Asked(user_id=7, text="Hi you")

    async def test_a_photograph_with_the_words_below_it(
        self, database: Database, turn_id: UUID
    ) -> None:
        await self.photographed(database)
        asked = repeats.Asked(user_id=7, text="Hi", photo=self.PHOTO)
        assert await question(database, turn_id) == asked
        await change(database, "UPDATE messages SET content = '' WHERE role = 'user'")
        assert await question(database, turn_id) == replace(asked, text="")

    async def test_not_that_of_another_message_or_person(
        self, database: Database, turn_id: UUID
    ) -> None:
        await self.photographed(database, message_id=11)
        assert await question(database, turn_id) is None
        await self.photographed(database)
        await change(database, "UPDATE inbox SET user_id = 8")
        assert await question(database, turn_id) is None

    async def test_not_once_its_update_is_gone(self, database: Database, turn_id: UUID) -> None:
        await self.photographed(database)
        await change(database, "DELETE FROM inbox")
        assert await question(database, turn_id) is None

    @pytest.mark.parametrize(
        "now", ["kind = 'voice'", "deleted_at = now()", "content = ''", "kind = 'photo'"]
    )
    async def test_nothing_else(self, database: Database, turn_id: UUID, now: str) -> None:
        await change(database, f"UPDATE messages SET {now} WHERE role = 'user'")
        assert await question(database, turn_id) is None

    async def test_not_in_another_chat(self, database: Database, turn_id: UUID) -> None:
        await change(database, "UPDATE turns SET chat_id = 8")
        assert await question(database, turn_id) is None


class TestOffers:
    async def test_it_is_offered_once_in_the_persons_language(
        self, database: Database, turn_id: UUID
    ) -> None:
        for _ in range(3):
            await offer(database, turn_id)
        assert await parts(database) == [("The answer", "unknown"), ("sorry in en", "pending")]

    async def test_it_changes_nothing_about_how_the_turn_ended(
        self, database: Database, turn_id: UUID
    ) -> None:
        await offer(database, turn_id)
        await deliver_all(database)
        assert await rows(database, "SELECT state, delivery_unknown FROM turns") == [
            ("answered", True)
        ]

    async def test_an_offer_that_cannot_be_delivered_neither(self, database: Database) -> None:
        turns = make_turns(database, ScriptedModel(["The answer"]))
        await turns.take(await claimed(database), asked("Hi"), RecordingSink())
        async with database.write() as session:
            await outbox.enqueue(
                session,
                HERE,
                apology("en", UUID(int=1)),
                turn_id=(await session.execute(text("SELECT id FROM turns"))).scalar_one(),
                is_beside=True,
            )
        async with database.write() as session:
            [answer] = await outbox.claim(session, BOT_ID, limit=9, lease=LEASE)
            await outbox.sent(session, answer, 500)
        assert await rows(database, "SELECT state FROM turns") == [("answered",)]

    async def test_what_has_arrived_is_not_offered(self, database: Database) -> None:
        turns = make_turns(database, ScriptedModel(["The answer"]))
        await turns.take(await claimed(database), asked("Hi"), RecordingSink())
        await deliver_all(database)
        [(turn_id,)] = await rows(database, "SELECT id FROM turns")
        await offer(database, turn_id)
        assert await parts(database) == [("The answer", "sent")]


class TestSendingAgain:
    async def test_the_parts_are_sent_once_more_and_no_third_time(
        self, database: Database, turn_id: UUID
    ) -> None:
        await offer(database, turn_id)
        assert await send_again(database, turn_id)
        assert not await send_again(database, turn_id)
        await deliver_all(database)
        assert await parts(database) == [
            ("The answer", "unknown"),
            ("sorry in en", "sent"),
            ("The answer", "sent"),
        ]
        assert not await send_again(database, turn_id)

    async def test_not_into_another_chat(self, database: Database, turn_id: UUID) -> None:
        elsewhere = Address(bot_id=BOT_ID, chat_id=HERE.chat_id + 1)
        assert not await send_again(database, turn_id, elsewhere)

    async def test_not_what_was_erased(self, database: Database, turn_id: UUID) -> None:
        async with database.write() as session:
            await session.execute(text("UPDATE outbox SET content = ''"))
        assert not await send_again(database, turn_id)


class TestSeen:
    @pytest.mark.usefixtures("turn_id")
    async def test_what_somebody_has_before_them_has_arrived(self, database: Database) -> None:
        assert await seen(database, "The answer")
        assert await rows(database, "SELECT state, message_id, delivery_unknown FROM outbox") == [
            ("sent", 500, True)
        ]
        assert not await seen(database, "The answer")

    @pytest.mark.usefixtures("turn_id")
    async def test_other_words_are_another_message(self, database: Database) -> None:
        assert not await seen(database, "Another answer")
        assert await parts(database) == [("The answer", "unknown")]

    async def test_a_message_that_is_known_is_no_other_part(
        self, database: Database, turn_id: UUID
    ) -> None:
        await send_again(database, turn_id)
        async with database.write() as session:
            [copy] = await outbox.claim(session, BOT_ID, limit=9, lease=LEASE)
            await outbox.sent(session, copy, 500)
        assert not await seen(database, "The answer", 500)
        assert await parts(database) == [("The answer", "unknown"), ("The answer", "sent")]
