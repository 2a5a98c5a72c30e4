"""What the outbox promises: order in a chat, intents, and honesty about what nobody can know."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text

from core.chat import floods, outbox, repeats
from core.chat.inbox import Fenced
from core.chat.outbox import Address, Part, Sending
from core.chat.reply import Sentence
from core.db.session import Database
from core.db.tables import outbox as outbox_table
from core.llm.scripted import ScriptedModel
from core.settings import SendPolicy
from core.stats.rebuild import rebuild

from .test_turns import RecordingSink, asked, claimed, make_turns
from .test_turns import rows as found

BOT_ID = 42
HERE = Address(bot_id=BOT_ID, chat_id=7)
THERE = Address(bot_id=BOT_ID, chat_id=8)
GROUP = Address(bot_id=BOT_ID, chat_id=-5)
OTHER_BOT = Address(bot_id=43, chat_id=HERE.chat_id)
LEASE = timedelta(seconds=30)
ENDED = timedelta(seconds=-1)
NOW = timedelta()
RESEND, HOLD = SendPolicy.RESEND, SendPolicy.HOLD


def part(words: str) -> Part:
    return Part(content=words, entities=[{"type": "bold", "offset": 0, "length": 1}])


async def enqueue(database: Database, address: Address, *texts: str, **more: Any) -> None:
    async with database.write() as session:
        await outbox.enqueue(session, address, [part(words) for words in texts], **more)


async def claim(
    database: Database,
    lease: timedelta = LEASE,
    group_limit: int | None = None,
    *,
    bot_id: int = BOT_ID,
    limit: int = 10,
) -> list[Sending]:
    async with database.write() as session:
        return await outbox.claim(
            session, bot_id, limit=limit, lease=lease, group_limit=group_limit
        )


async def claim_words(database: Database, **more: Any) -> list[str]:
    return sorted(sending.part.content for sending in await claim(database, **more))


async def sent(database: Database, sending: Sending, message_id: int = 100) -> None:
    async with database.write() as session:
        await outbox.sent(session, sending, message_id)


async def deliver(database: Database, parts: int) -> None:
    """The oldest ones, one after the other."""
    for _ in range(parts):
        [sending] = await claim(database, limit=1)
        await sent(database, sending)


async def undeliverable(database: Database, sending: Sending) -> None:
    async with database.write() as session:
        await outbox.undeliverable(session, sending, "too large")


async def ambiguous(database: Database, sending: Sending, policy: SendPolicy) -> None:
    async with database.write() as session:
        await outbox.ambiguous(session, sending, policy, delay=NOW, reason="TimeoutError")


async def vanish(database: Database, policy: SendPolicy) -> list[UUID | None]:
    """A sender takes the oldest part and is never heard of again."""
    await claim(database, ENDED, limit=1)
    return await recover(database, policy)


async def recover(database: Database, policy: SendPolicy) -> list[UUID | None]:
    async with database.write() as session:
        return await outbox.recover(session, BOT_ID, policy)


async def rows(database: Database, *columns: Any) -> Sequence[Any]:
    async with database.read() as session:
        return (await session.execute(select(*columns).order_by(outbox_table.c.seq))).all()


async def change(database: Database, statement: str) -> None:
    async with database.write() as session:
        await session.execute(text(statement))


@pytest.fixture
async def other_bot(database: Database) -> Address:
    await change(database, "INSERT INTO bots (id, username) VALUES (43, 'other')")
    return OTHER_BOT


STATE = outbox_table.c.state
UNKNOWN = outbox_table.c.delivery_unknown
REASON = outbox_table.c.reason
IS_OVER = outbox_table.c.finished_at.is_not(None)


class TestEnqueue:
    async def test_the_first_part_answers_or_edits_and_the_last_one_is_known(
        self, database: Database
    ) -> None:
        await enqueue(
            database, GROUP, "one", "two", "three", reply_to_message_id=5, edit_message_id=6
        )
        columns = outbox_table.c
        kept = await rows(
            database,
            *(columns.part, columns.is_last, columns.reply_to_message_id, columns.edit_message_id),
        )
        assert kept == [(0, False, 5, 6), (1, False, None, None), (2, True, None, None)]

    async def test_a_part_comes_out_as_it_went_in(self, database: Database) -> None:
        address = Address(bot_id=BOT_ID, chat_id=-5, thread_id=3)
        buttons = {"inline_keyboard": [[{"text": "Again", "callback_data": "x"}]]}
        given = Part(content="one", entities=[{"type": "bold"}], reply_markup=buttons)
        before = datetime.now(UTC)
        async with database.write() as session:
            await outbox.enqueue(session, address, [given], reply_to_message_id=5)
        [sending] = await claim(database)
        assert sending.part == given
        assert sending.address == address
        assert (sending.epoch, sending.turn_id, sending.is_last) == (1, None, True)
        assert (sending.reply_to_message_id, sending.edit_message_id) == (5, None)
        assert not sending.is_plain
        assert before - timedelta(seconds=5) < sending.claimed_at < datetime.now(UTC) + LEASE

    async def test_it_may_be_told_to_wait(self, database: Database) -> None:
        await enqueue(database, HERE, "later", delay=timedelta(hours=1))
        await enqueue(database, THERE, "now")
        assert await claim_words(database) == ["now"]
        await change(database, "UPDATE outbox SET run_after = run_after - interval '1 hour'")
        assert await claim_words(database) == ["later"]

    def test_what_is_asked_outside_of_a_topic_is_in_the_lane_of_the_chat(self) -> None:
        assert HERE.lane == "7:0"
        assert Address(bot_id=BOT_ID, chat_id=-5, thread_id=3).lane == "-5:3"


class TestOrder:
    async def test_parts_of_a_chat_go_one_after_the_other(self, database: Database) -> None:
        await enqueue(database, HERE, "one", "two")
        [first] = await claim(database)
        assert first.part.content == "one"
        assert await claim(database) == []
        await sent(database, first)
        [second] = await claim(database)
        assert (second.part.content, second.is_last) == ("two", True)

    async def test_chats_and_bots_go_side_by_side(
        self, database: Database, other_bot: Address
    ) -> None:
        await enqueue(database, other_bot, "zero")
        await enqueue(database, HERE, "one", "two")
        await enqueue(database, THERE, "three")
        assert await claim_words(database) == ["one", "three"]
        assert await claim_words(database, bot_id=other_bot.bot_id) == ["zero"]

    async def test_the_oldest_go_first(self, database: Database) -> None:
        for number in range(12):
            await enqueue(database, Address(bot_id=BOT_ID, chat_id=100 - number), f"{number}")
        for number in range(12):
            assert await claim_words(database, limit=1) == [f"{number}"]

    async def test_a_part_that_waits_holds_the_chat(self, database: Database) -> None:
        await enqueue(database, HERE, "one", "two")
        [first] = await claim(database)
        async with database.write() as session:
            await outbox.not_sent(session, first, delay=timedelta(hours=1), reason="flood control")
        assert await claim(database) == []

    async def test_one_that_is_over_does_not(self, database: Database) -> None:
        await enqueue(database, HERE, "one", "two", "three", "four")
        await deliver(database, 1)
        await vanish(database, HOLD)
        [third] = await claim(database)
        await undeliverable(database, third)
        assert await claim_words(database) == ["four"]
        assert await rows(database, STATE) == [
            *(("sent",), ("unknown",), ("undeliverable",), ("sending",))
        ]

    async def test_the_intent_is_stored_with_its_number_and_its_lease(
        self, database: Database
    ) -> None:
        await enqueue(database, HERE, "one")
        await claim(database, timedelta(minutes=5))
        columns = outbox_table.c
        [(state, attempts, lease_until)] = await rows(
            database, columns.state, columns.attempts, columns.lease_until
        )
        assert (state, attempts) == ("sending", 1)
        left = lease_until - datetime.now(UTC)
        assert timedelta(minutes=4) < left < timedelta(minutes=6)


class TestSilence:
    """Chats in which nothing may be sent for a while."""

    async def test_parts_wait_for_the_end_of_a_flood(self, database: Database) -> None:
        await enqueue(database, HERE, "one")
        await enqueue(database, THERE, "two")
        async with database.write() as session:
            await floods.note(session, BOT_ID, HERE.chat_id, timedelta(seconds=60))
        assert await claim_words(database) == ["two"]
        await change(database, "UPDATE chat_floods SET until = now()")
        [sending] = await claim(database)
        assert (sending.part.content, sending.epoch) == ("one", 1)

    async def test_those_of_another_bot_do_not(
        self, database: Database, other_bot: Address
    ) -> None:
        await enqueue(database, HERE, "one")
        async with database.write() as session:
            await floods.note(session, other_bot.bot_id, HERE.chat_id, timedelta(seconds=60))
        assert await claim_words(database) == ["one"]

    async def test_a_group_gets_so_many_messages_a_minute(self, database: Database) -> None:
        for chat_id in (-5, 5):
            await enqueue(database, Address(bot_id=BOT_ID, chat_id=chat_id), *"abcdef")
        for expected in (2, 2, 2, 1, 1, 1):
            claimed = await claim(database, group_limit=3)
            assert len(claimed) == expected
            for sending in claimed:
                await sent(database, sending)
        await change(database, "UPDATE outbox SET finished_at = finished_at - interval '1 minute'")
        assert len(await claim(database, group_limit=3)) == 1

    async def test_of_its_messages_the_newest_count(self, database: Database) -> None:
        await enqueue(database, GROUP, "one", "two", "three")
        for message_id in (101, 102):
            [sending] = await claim(database)
            await change(
                database, "UPDATE outbox SET finished_at = finished_at - interval '1 minute'"
            )
            await sent(database, sending, message_id)
        assert await claim(database, group_limit=1) == []
        assert await claim_words(database, group_limit=2) == ["three"]

    async def test_messages_of_other_groups_and_bots_do_not_count(
        self, database: Database, other_bot: Address
    ) -> None:
        for address in (
            Address(bot_id=BOT_ID, chat_id=-6),
            Address(bot_id=other_bot.bot_id, chat_id=GROUP.chat_id),
        ):
            await enqueue(database, address, "one")
            [sending] = await claim(database, bot_id=address.bot_id)
            await sent(database, sending)
        await enqueue(database, GROUP, "mine")
        assert await claim_words(database, group_limit=1) == ["mine"]

    async def test_what_never_arrived_does_not_count(self, database: Database) -> None:
        await enqueue(database, GROUP, "one")
        [sending] = await claim(database)
        await undeliverable(database, sending)
        await enqueue(database, GROUP, "two")
        assert await claim_words(database, group_limit=1) == ["two"]

    async def test_an_edit_in_a_group_need_not_wait(self, database: Database) -> None:
        await enqueue(database, GROUP, "one")
        [sending] = await claim(database, group_limit=1)
        await sent(database, sending)
        await enqueue(database, GROUP, "two", edit_message_id=100)
        await enqueue(database, GROUP, "three")
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

    async def test_else_it_is_tried_again_as_it_was(self, database: Database) -> None:
        await enqueue(database, HERE, "one", edit_message_id=7)
        [sending] = await claim(database)
        async with database.write() as session:
            await outbox.not_sent(session, sending, delay=NOW, reason="telegram unreachable")
        columns = outbox_table.c
        assert await rows(database, columns.reason, columns.lease_until, IS_OVER) == [
            ("telegram unreachable", None, False)
        ]
        [again] = await claim(database)
        assert (again.is_plain, again.edit_message_id, again.epoch) == (False, 7, 2)

    async def test_plain_words_stay_plain(self, database: Database) -> None:
        await enqueue(database, HERE, "one")
        [sending] = await claim(database)
        async with database.write() as session:
            await outbox.not_sent(session, sending, delay=NOW, reason="refused", as_plain=True)
        [sending] = await claim(database)
        async with database.write() as session:
            await outbox.not_sent(session, sending, delay=NOW, reason="telegram unreachable")
        [sending] = await claim(database)
        assert sending.is_plain


class TestUnknownDelivery:
    """A sender that vanishes after its intent: the part may or may not have arrived."""

    async def test_resend_sends_one_more_copy_and_no_third(self, database: Database) -> None:
        await enqueue(database, HERE, "one")
        assert await vanish(database, RESEND) == [None]
        assert await rows(database, STATE, UNKNOWN, IS_OVER) == [("pending", True, False)]
        assert await vanish(database, RESEND) == [None]
        assert await rows(database, STATE, UNKNOWN, IS_OVER) == [("unknown", True, True)]
        assert await claim(database) == []

    async def test_hold_never_sends_a_second_copy(self, database: Database) -> None:
        await enqueue(database, HERE, "one", "two")
        await vanish(database, HOLD)
        assert await rows(database, STATE, UNKNOWN) == [("unknown", True), ("pending", False)]
        assert await claim_words(database) == ["two"]

    @pytest.mark.parametrize("policy", [HOLD, RESEND])
    async def test_an_edit_is_simply_repeated(self, database: Database, policy: SendPolicy) -> None:
        await enqueue(database, HERE, "one", edit_message_id=7)
        for _ in range(3):
            await vanish(database, policy)
            assert await rows(database, STATE, UNKNOWN, IS_OVER) == [("pending", False, False)]
        for _ in range(3):
            [sending] = await claim(database)
            await ambiguous(database, sending, policy)
            assert await rows(database, STATE, UNKNOWN, IS_OVER) == [("pending", False, False)]

    async def test_a_call_without_answer_counts_as_a_copy(self, database: Database) -> None:
        await enqueue(database, HERE, "one")
        for expected in (("pending", True, False), ("unknown", True, True)):
            [sending] = await claim(database)
            await ambiguous(database, sending, RESEND)
            assert await rows(database, STATE, UNKNOWN, IS_OVER) == [expected]
        columns = outbox_table.c
        assert await rows(database, columns.reason, columns.lease_until) == [("TimeoutError", None)]

    async def test_under_hold_it_is_the_last(self, database: Database) -> None:
        await enqueue(database, HERE, "one")
        [sending] = await claim(database)
        await ambiguous(database, sending, HOLD)
        assert await rows(database, STATE, UNKNOWN, IS_OVER) == [("unknown", True, True)]

    async def test_the_second_copy_waits_for_as_long_as_it_is_told(
        self, database: Database
    ) -> None:
        await enqueue(database, HERE, "one")
        [sending] = await claim(database)
        async with database.write() as session:
            await outbox.ambiguous(
                session, sending, RESEND, delay=timedelta(hours=1), reason="TimeoutError"
            )
        assert await claim(database) == []
        await change(database, "UPDATE outbox SET run_after = run_after - interval '1 hour'")
        assert await claim_words(database) == ["one"]

    async def test_a_second_copy_that_arrives_keeps_its_mark(self, database: Database) -> None:
        await enqueue(database, HERE, "one")
        await vanish(database, RESEND)
        await deliver(database, 1)
        assert await rows(database, STATE, UNKNOWN) == [("sent", True)]

    @pytest.mark.parametrize("policy", [HOLD, RESEND])
    async def test_the_vanished_sender_can_change_nothing_later(
        self, database: Database, policy: SendPolicy
    ) -> None:
        await enqueue(database, HERE, "one", edit_message_id=7)
        [late] = await claim(database, ENDED)
        await recover(database, policy)
        await assert_is_fenced(database, late)
        [now] = await claim(database)
        await assert_is_fenced(database, late)
        await sent(database, now)
        await assert_is_fenced(database, now)
        assert await rows(database, STATE) == [("sent",)]

    async def test_a_part_within_its_lease_or_of_another_bot_is_left_alone(
        self, database: Database, other_bot: Address
    ) -> None:
        await enqueue(database, HERE, "one")
        await claim(database)
        await enqueue(database, other_bot, "two")
        await claim(database, ENDED, bot_id=other_bot.bot_id)
        assert await recover(database, RESEND) == []
        assert await rows(database, STATE) == [("sending",), ("sending",)]

    async def test_each_part_whose_lease_has_ended_is_told_with_its_reason(
        self, database: Database
    ) -> None:
        await enqueue(database, HERE, "one")
        await enqueue(database, THERE, "two")
        await claim(database, ENDED)
        assert await recover(database, RESEND) == [None, None]
        assert await rows(database, REASON) == [("sender vanished",)] * 2


async def assert_is_fenced(database: Database, late: Sending) -> None:
    """Nothing of what a sender may have to tell is listened to."""
    with pytest.raises(Fenced):
        await sent(database, late)
    with pytest.raises(Fenced):
        await undeliverable(database, late)
    with pytest.raises(Fenced):
        await ambiguous(database, late, RESEND)
    with pytest.raises(Fenced):
        async with database.write() as session:
            await outbox.not_sent(session, late, delay=NOW, reason="refused", as_new=True)


class TestUndeliverable:
    async def test_the_rest_of_the_answer_is_so_too(self, database: Database) -> None:
        await ask(database, "one", "two", "three")
        await deliver(database, 1)
        [second] = await claim(database)
        await undeliverable(database, second)
        assert await rows(database, STATE, REASON, IS_OVER) == [
            ("sent", None, True),
            ("undeliverable", "too large", True),
            ("undeliverable", "too large", True),
        ]

    async def test_other_answers_are_sent(self, database: Database) -> None:
        await ask(database, "one")
        await ask(database, "two", message_id=2)
        await enqueue(database, THERE, "three")
        [first] = await claim(database, limit=1)
        await undeliverable(database, first)
        assert await claim_words(database) == ["three", "two"]
        assert await found(database, TURNS) == [("undeliverable",), ("ready",)]

    async def test_words_of_our_own_have_no_rest(self, database: Database) -> None:
        await enqueue(database, HERE, "one", "two")
        [first] = await claim(database)
        await undeliverable(database, first)
        assert await claim_words(database) == ["two"]


class SplittingSink(RecordingSink):
    """Makes a part of each word."""

    def compose(self, markdown: str, *, note: Sentence | None = None) -> Sequence[Part]:
        return [part(word) for word in markdown.split()]


async def ask(database: Database, *words: str, message_id: int = 1) -> None:
    """A turn whose answer is as many parts."""
    turns = make_turns(database, ScriptedModel([" ".join(words)]))
    work = await claimed(database, message_id)
    await turns.take(work, asked("Hi", message_id=message_id), SplittingSink())


TURNS = "SELECT state FROM turns ORDER BY created_at, id"
ENDED_TURNS = (
    "SELECT state, delivery_unknown, finished_at IS NOT NULL, delivery_ms IS NOT NULL FROM turns"
)
BOOKED = (
    "SELECT sum(delivered), sum(undeliverable), sum(delivery_unknown) FROM stats_totals "
    "WHERE grain = 'day'"
)


class TestEndOfTurn:
    async def test_it_comes_with_its_last_part(self, database: Database) -> None:
        await ask(database, "one", "two")
        await deliver(database, 1)
        assert await found(database, ENDED_TURNS) == [("ready", False, False, False)]
        assert await found(database, BOOKED) == [(0, 0, 0)]
        await deliver(database, 1)
        assert await found(database, ENDED_TURNS) == [("answered", False, True, True)]
        assert await found(database, BOOKED) == [(1, 0, 0)]
        assert (await rebuild(database)).examples == []

    async def test_not_while_a_part_is_on_its_way(self, database: Database) -> None:
        await ask(database, "one", "two")
        [first] = await claim(database)
        await change(database, "UPDATE outbox SET chat_id = 8 WHERE content = 'two'")
        [second] = await claim(database)
        await sent(database, first)
        assert await found(database, TURNS) == [("ready",)]
        await sent(database, second)
        assert await found(database, TURNS) == [("answered",)]

    async def test_delivery_took_the_time_since_the_answer_was_there(
        self, database: Database
    ) -> None:
        await ask(database, "one")
        await change(database, "UPDATE turns SET ready_at = now() - interval '90 s'")
        await deliver(database, 1)
        [(milliseconds,)] = await found(database, "SELECT delivery_ms FROM turns")
        assert 90_000 <= milliseconds < 120_000

    async def test_one_part_that_never_arrived_decides(self, database: Database) -> None:
        await ask(database, "one", "two")
        await deliver(database, 1)
        [second] = await claim(database)
        await undeliverable(database, second)
        assert await found(database, ENDED_TURNS) == [("undeliverable", False, True, True)]
        assert await found(database, BOOKED) == [(0, 1, 0)]
        assert (await rebuild(database)).examples == []

    @pytest.mark.parametrize("lost", [1, 2])
    async def test_one_part_of_unknown_fate_marks_it(self, database: Database, lost: int) -> None:
        await ask(database, "one", "two")
        await deliver(database, lost - 1)
        [turn_id] = await vanish(database, HOLD)
        assert turn_id is not None
        await deliver(database, 2 - lost)
        assert await found(database, ENDED_TURNS) == [("answered", True, True, True)]
        assert await found(database, BOOKED) == [(1, 0, 1)]
        assert (await rebuild(database)).examples == []

    async def test_so_does_a_call_without_answer(self, database: Database) -> None:
        await ask(database, "one")
        [sending] = await claim(database)
        await ambiguous(database, sending, HOLD)
        assert await found(database, ENDED_TURNS) == [("answered", True, True, True)]

    async def test_it_waits_for_the_second_copy(self, database: Database) -> None:
        await ask(database, "one")
        await vanish(database, RESEND)
        assert await found(database, TURNS) == [("ready",)]
        await deliver(database, 1)
        assert await found(database, ENDED_TURNS) == [("answered", True, True, True)]

    async def test_other_turns_go_on(self, database: Database) -> None:
        await ask(database, "one")
        await ask(database, "two", message_id=2)
        await deliver(database, 1)
        assert await found(database, TURNS) == [("answered",), ("ready",)]

    async def test_what_is_said_beside_the_answer_has_no_say(self, database: Database) -> None:
        await ask(database, "one")
        [(turn_id,)] = await found(database, "SELECT id FROM turns")
        await enqueue(database, HERE, "beside", turn_id=turn_id, is_beside=True)
        await deliver(database, 1)
        assert await found(database, TURNS) == [("answered",)]
        [beside] = await claim(database)
        await undeliverable(database, beside)
        assert await found(database, TURNS) == [("answered",)]

    async def test_it_counts_once_however_often_its_parts_are_sent(
        self, database: Database
    ) -> None:
        await ask(database, "one")
        await vanish(database, HOLD)
        before = await found(database, "SELECT finished_at FROM turns")
        [(turn_id,)] = await found(database, "SELECT id FROM turns")
        async with database.write() as session:
            assert await repeats.send_again(session, HERE, turn_id)
        [sending] = await claim(database)
        await undeliverable(database, sending)
        assert await found(database, TURNS) == [("answered",)]
        assert await found(database, "SELECT finished_at FROM turns") == before
        assert await found(database, BOOKED) == [(1, 0, 1)]


async def test_a_column_of_a_later_release_does_not_concern_who_runs(database: Database) -> None:
    await enqueue(database, HERE, "one", "two")
    await deliver(database, 1)
    await change(database, "ALTER TABLE outbox ADD COLUMN later text")
    assert await claim_words(database) == ["two"]
