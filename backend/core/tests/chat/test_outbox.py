"""What the outbox promises: order in a chat, intents, and honesty about what nobody can know."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from core.chat import floods, outbox
from core.chat.inbox import Fenced
from core.chat.outbox import Address, Part, Sending
from core.db.session import Database
from core.db.tables import outbox as outbox_table
from core.settings import SendPolicy

BOT_ID = 42
HERE = Address(bot_id=BOT_ID, chat_id=1)
THERE = Address(bot_id=BOT_ID, chat_id=2)
LEASE = timedelta(seconds=30)
ENDED = timedelta(seconds=-1)
NOW = timedelta()


def part(words: str) -> Part:
    return Part(content=words, entities=[{"type": "bold", "offset": 0, "length": 1}])


async def enqueue(database: Database, address: Address, *texts: str, **where: int) -> None:
    async with database.write() as session:
        await outbox.enqueue(session, address, [part(words) for words in texts], **where)  # type: ignore[arg-type]  # message ids only


async def claim(
    database: Database, lease: timedelta = LEASE, group_limit: int | None = None
) -> list[Sending]:
    async with database.write() as session:
        return await outbox.claim(session, BOT_ID, limit=10, lease=lease, group_limit=group_limit)


async def sent(database: Database, sending: Sending) -> None:
    async with database.write() as session:
        await outbox.sent(session, sending, 100)


async def recover(database: Database, policy: SendPolicy) -> int:
    async with database.write() as session:
        return len(await outbox.recover(session, BOT_ID, policy))


async def rows(database: Database, *columns: Any) -> Sequence[Any]:
    async with database.read() as session:
        return (await session.execute(select(*columns).order_by(outbox_table.c.seq))).all()


STATE = outbox_table.c.state
UNKNOWN = outbox_table.c.delivery_unknown


class TestOrder:
    async def test_parts_of_a_chat_go_one_after_the_other(self, database: Database) -> None:
        await enqueue(database, HERE, "one", "two")
        [first] = await claim(database)
        assert first.part.content == "one"
        assert await claim(database) == []
        await sent(database, first)
        [second] = await claim(database)
        assert (second.part.content, second.is_last) == ("two", True)

    async def test_chats_go_side_by_side(self, database: Database) -> None:
        await enqueue(database, HERE, "one", "two")
        await enqueue(database, THERE, "three")
        assert [sending.part.content for sending in await claim(database)] == ["one", "three"]

    async def test_a_part_that_waits_holds_the_chat(self, database: Database) -> None:
        await enqueue(database, HERE, "one", "two")
        [first] = await claim(database)
        async with database.write() as session:
            await outbox.not_sent(session, first, delay=timedelta(hours=1), reason="flood control")
        assert await claim(database) == []


class TestSilence:
    """Chats in which nothing may be sent for a while."""

    async def test_parts_wait_for_the_end_of_a_flood(self, database: Database) -> None:
        await enqueue(database, HERE, "one")
        await enqueue(database, THERE, "two")
        async with database.write() as session:
            await floods.note(session, BOT_ID, HERE.chat_id, timedelta(seconds=60))
        assert [sending.part.content for sending in await claim(database)] == ["two"]
        async with database.write() as session:
            await session.execute(text("UPDATE chat_floods SET until = now()"))
        [sending] = await claim(database)
        assert (sending.part.content, sending.epoch) == ("one", 1)

    async def test_a_group_gets_so_many_messages_a_minute(self, database: Database) -> None:
        for chat_id in (-5, 5):
            await enqueue(database, Address(bot_id=BOT_ID, chat_id=chat_id), *"abcdef")
        for expected in (2, 2, 2, 1, 1, 1):
            claimed = await claim(database, group_limit=3)
            assert len(claimed) == expected
            for sending in claimed:
                await sent(database, sending)
        async with database.write() as session:
            await session.execute(
                text("UPDATE outbox SET finished_at = finished_at - interval '1 minute'")
            )
        assert len(await claim(database, group_limit=3)) == 1

    async def test_an_edit_in_a_group_need_not_wait(self, database: Database) -> None:
        group = Address(bot_id=BOT_ID, chat_id=-5)
        await enqueue(database, group, "one")
        [sending] = await claim(database, group_limit=1)
        await sent(database, sending)
        await enqueue(database, group, "two", edit_message_id=100)
        await enqueue(database, group, "three")
        [edit] = await claim(database, group_limit=1)
        await sent(database, edit)
        assert await claim(database, group_limit=1) == []


class TestNotSent:
    async def test_it_is_tried_again_without_formatting(self, database: Database) -> None:
        await enqueue(database, HERE, "one", edit_message_id=7)
        [sending] = await claim(database)
        async with database.write() as session:
            await outbox.not_sent(
                session, sending, delay=NOW, reason="refused", as_plain=True, as_new=True
            )
        [again] = await claim(database)
        assert (again.is_plain, again.edit_message_id) == (True, None)
        assert await rows(database, UNKNOWN) == [(False,)]


class TestUnknownDelivery:
    """A sender that vanishes after its intent: the part may or may not have arrived."""

    async def test_resend_sends_one_more_copy_and_no_third(self, database: Database) -> None:
        await enqueue(database, HERE, "one")
        await claim(database, ENDED)
        assert await recover(database, SendPolicy.RESEND) == 1
        assert await rows(database, STATE, UNKNOWN) == [("pending", True)]
        await claim(database, ENDED)
        assert await recover(database, SendPolicy.RESEND) == 1
        assert await rows(database, STATE, UNKNOWN) == [("unknown", True)]
        assert await claim(database) == []

    async def test_hold_never_sends_a_second_copy(self, database: Database) -> None:
        await enqueue(database, HERE, "one", "two")
        await claim(database, ENDED)
        await recover(database, SendPolicy.HOLD)
        assert await rows(database, STATE, UNKNOWN) == [("unknown", True), ("pending", False)]
        assert [sending.part.content for sending in await claim(database)] == ["two"]

    async def test_an_edit_is_simply_repeated(self, database: Database) -> None:
        await enqueue(database, HERE, "one", edit_message_id=7)
        for _ in range(3):
            await claim(database, ENDED)
            await recover(database, SendPolicy.HOLD)
        assert await rows(database, STATE, UNKNOWN) == [("pending", False)]

    async def test_a_call_of_unknown_fate_is_marked(self, database: Database) -> None:
        await enqueue(database, HERE, "one")
        [sending] = await claim(database)
        async with database.write() as session:
            await outbox.ambiguous(
                session, sending, SendPolicy.RESEND, delay=NOW, reason="TimeoutError"
            )
        assert await rows(database, STATE, UNKNOWN) == [("pending", True)]

    async def test_the_vanished_sender_can_change_nothing_later(self, database: Database) -> None:
        await enqueue(database, HERE, "one")
        [late] = await claim(database, ENDED)
        await recover(database, SendPolicy.HOLD)
        with pytest.raises(Fenced):
            await sent(database, late)

    async def test_a_part_within_its_lease_is_left_alone(self, database: Database) -> None:
        await enqueue(database, HERE, "one")
        await claim(database)
        assert await recover(database, SendPolicy.RESEND) == 0


async def test_entities_survive_the_way_through_the_table(database: Database) -> None:
    await enqueue(database, HERE, "one")
    [sending] = await claim(database)
    assert sending.part == part("one")


async def test_a_column_of_a_later_release_does_not_concern_who_runs(database: Database) -> None:
    await enqueue(database, HERE, "one", "two")
    [first] = await claim(database)
    await sent(database, first)
    async with database.write() as session:
        await session.execute(text("ALTER TABLE outbox ADD COLUMN later text"))
    [second] = await claim(database)
    assert second.part.content == "two"
