"""What becomes of a chat: closed, open again, moved; and of what waits there."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from core.chat import chats, inbox, outbox
from core.chat.desk import Desk
from core.chat.inbox import Fenced, Incoming, Work
from core.chat.outbox import Address, Part, Sending
from core.db.session import Database
from core.llm.scripted import ScriptedModel, Step
from core.settings import SendPolicy
from core.stats.rebuild import rebuild

from .test_turns import (
    BOT_ID,
    HERE,
    STARTED,
    DyingSink,
    ProcessDied,
    RecordingSink,
    asked,
    claim_again,
    make_turns,
    rows,
)
from .test_waiting import OUT

LEASE = timedelta(seconds=30)
THERE = Address(bot_id=BOT_ID, chat_id=8)
OTHER_BOT = Address(bot_id=BOT_ID + 1, chat_id=HERE.chat_id)
MOVED = -100
FLAG = "SELECT chat_id, reason FROM closed_chats"
PARTS = "SELECT content, state, reason FROM outbox ORDER BY seq"
STATES = "SELECT state, verdict FROM turns ORDER BY created_at, id"


def answer(number: int) -> Sequence[Step]:
    return [STARTED, f"Answer {number}"]


class Chat:
    """One whose questions come one after the other; the model answers each with its number."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.model = ScriptedModel(*(answer(number) for number in range(1, 9)))
        self.turns = make_turns(database, self.model)
        self.desk = Desk(database, delivered=lambda: None)
        self.number = 0
        #: claimed and not yet begun
        self.works: list[Work] = []

    async def hear(self, kind: str = "message") -> None:
        """An update has come."""
        self.number += 1
        update = Incoming(
            update_id=self.number,
            identity=f"{self.number}",
            lane=f"{HERE.lane}:{kind}",
            kind=kind,
            raw="{}",
        )
        async with self.database.write() as session:
            await inbox.accept(session, BOT_ID, [update])

    async def claim(self, kind: str = "message") -> Work:
        """The oldest of its kind."""
        async with self.database.write() as session:
            self.works += await inbox.claim(session, BOT_ID, limit=9, lease=LEASE)
        work = next(work for work in self.works if work.kind == kind)
        self.works.remove(work)
        return work

    async def answer(self) -> None:
        """The oldest question."""
        await self.take(await self.claim())

    async def take(self, work: Work) -> None:
        question = asked(f"Question {work.update_id}", message_id=work.update_id)
        await self.turns.take(work, question, RecordingSink())

    async def ask(self) -> None:
        await self.hear()
        await self.answer()

    async def meet(self, refused: str | None) -> None:
        """Telegram tells what the bot is here."""
        await self.hear("my_chat_member")
        await self.desk.meet(await self.claim("my_chat_member"), HERE.chat_id, refused=refused)

    async def send(self) -> Sending:
        [sending] = await claim(self.database)
        return sending

    async def refuse(self, sending: Sending | None = None) -> None:
        sending = sending or await self.send()
        async with self.database.write() as session:
            await chats.refuse(session, sending, "blocked")

    @property
    def asked_of_models(self) -> int:
        return len(self.model.prompts)


@pytest.fixture
def chat(database: Database) -> Chat:
    return Chat(database)


async def enqueue(database: Database, address: Address, *words: str) -> None:
    async with database.write() as session:
        parts = [Part(content=one, entities=[]) for one in words]
        await outbox.enqueue(session, address, parts, reply_to_message_id=5)


async def claim(database: Database, bot_id: int = BOT_ID) -> list[Sending]:
    async with database.write() as session:
        return await outbox.claim(session, bot_id, limit=9, lease=LEASE)


async def close(database: Database, *addresses: Address) -> None:
    async with database.write() as session:
        for address in addresses:
            now = datetime.now(UTC)
            await chats.close(session, address.bot_id, address.chat_id, now, "blocked")


async def add_other_bot(database: Database) -> None:
    async with database.write() as session:
        await session.execute(text("INSERT INTO bots (id, username) VALUES (43, 'other')"))


async def assert_reconciles(database: Database) -> None:
    assert (await rebuild(database)).examples == []


class TestRefused:
    async def test_all_that_waits_for_the_chat_is_undeliverable_and_its_turns_end(
        self, database: Database, chat: Chat
    ) -> None:
        await chat.ask()
        await chat.ask()
        await enqueue(database, HERE, "Help")
        await chat.refuse()
        open_parts = "SELECT count(*) FROM outbox WHERE finished_at IS NULL"
        assert await rows(database, open_parts) == [(0,)]
        assert await rows(database, PARTS) == [
            ("Answer 1", "undeliverable", "blocked"),
            ("Answer 2", "undeliverable", "blocked"),
            ("Help", "undeliverable", "blocked"),
        ]
        assert await rows(database, STATES) == [("undeliverable", "answered")] * 2
        assert await rows(database, FLAG) == [(HERE.chat_id, "blocked")]
        sums = "SELECT sum(questions), sum(undeliverable), sum(delivered) FROM stats_totals"
        assert await rows(database, sums) == [(4, 4, 0)]  # by hour and by day
        await assert_reconciles(database)

    async def test_other_chats_and_bots_go_on(self, database: Database, chat: Chat) -> None:
        await add_other_bot(database)
        await enqueue(database, HERE, "mine")
        mine = await chat.send()
        await enqueue(database, THERE, "there")
        await enqueue(database, OTHER_BOT, "of another bot")
        await chat.refuse(mine)
        assert [sending.part.content for sending in await claim(database)] == ["there"]
        assert len(await claim(database, OTHER_BOT.bot_id)) == 1

    async def test_what_had_arrived_has(self, database: Database, chat: Chat) -> None:
        await enqueue(database, HERE, "one", "two")
        first = await chat.send()
        async with database.write() as session:
            await outbox.sent(session, first, 100)
        await chat.refuse()
        assert [row[1] for row in await rows(database, PARTS)] == ["sent", "undeliverable"]

    async def test_a_sender_that_was_given_up_closes_nothing(
        self, database: Database, chat: Chat
    ) -> None:
        await enqueue(database, HERE, "one", "two")
        late = await chat.send()
        async with database.write() as session:
            await session.execute(text("UPDATE outbox SET lease_until = now() - interval '1 s'"))
            await outbox.recover(session, BOT_ID, SendPolicy.RESEND)
        with pytest.raises(Fenced):
            await chat.refuse(late)
        assert await rows(database, FLAG) == []
        assert [row[1] for row in await rows(database, PARTS)] == ["pending", "pending"]


class TestAskedBefore:
    async def test_no_model_is_asked_and_the_question_is_kept(
        self, database: Database, chat: Chat
    ) -> None:
        await chat.ask()
        await chat.hear()
        await chat.refuse()
        await chat.answer()
        assert chat.asked_of_models == 1
        assert await rows(database, STATES) == [
            ("undeliverable", "answered"),
            ("undeliverable", "undeliverable"),
        ]
        assert await rows(database, "SELECT DISTINCT state FROM inbox") == [("done",)]
        kept = "SELECT content FROM messages WHERE role = 'user' ORDER BY created_at"
        assert await rows(database, kept) == [("Question 1",), ("Question 2",)]
        assert await rows(database, "SELECT count(*) FROM outbox") == [(1,)]

    async def test_it_counts_as_a_question_that_nobody_was_asked(
        self, database: Database, chat: Chat
    ) -> None:
        await chat.hear()
        await chat.meet("kicked")
        await chat.answer()
        sums = (
            "SELECT outcome, questions, asked, answers, attempts, delivered, undeliverable "
            "FROM stats_totals WHERE grain = 'day'"
        )
        assert await rows(database, sums) == [("undeliverable", 1, 0, 0, 0, 0, 1)]
        ended = "SELECT finished_at IS NOT NULL, delivery_unknown, attempts FROM turns"
        assert await rows(database, ended) == [(True, False, 0)]
        await assert_reconciles(database)

    async def test_one_that_waits_for_a_model_ends_with_what_its_calls_have_cost(
        self, database: Database, chat: Chat
    ) -> None:
        await chat.hear()
        turns = make_turns(database, ScriptedModel(OUT))
        await turns.take(await chat.claim(), asked("Question 1"), RecordingSink())
        async with database.write() as session:
            await session.execute(text("UPDATE llm_attempts SET cost_micros = 5, duration_ms = 7"))
            await session.execute(text("UPDATE turns SET reserved_tokens = 9, reserved_micros = 9"))
            await session.execute(text("UPDATE inbox SET run_after = now()"))
        await chat.meet("left")
        await chat.answer()
        ended = (
            "SELECT state, attempts, wasted_micros, wasted_ms, reserved_tokens, reserved_micros "
            "FROM turns"
        )
        assert await rows(database, ended) == [("undeliverable", 1, 5, 7, 0, 0)]
        assert chat.asked_of_models == 0
        await assert_reconciles(database)

    async def test_one_that_a_crash_interrupted_ends_without_another_call(
        self, database: Database, chat: Chat
    ) -> None:
        await chat.hear()
        work = await chat.claim()
        with pytest.raises(ProcessDied):
            await chat.turns.take(work, asked("Question 1"), DyingSink())
        await chat.meet("kicked")
        await chat.take(await claim_again(database))
        assert await rows(database, "SELECT state, attempts FROM turns") == [("undeliverable", 1)]
        assert await rows(database, "SELECT outcome FROM llm_attempts") == [("orphaned",)]
        assert chat.asked_of_models == 1
        await assert_reconciles(database)

    async def test_an_answer_that_is_ready_is_left_to_the_outbox(
        self, database: Database, chat: Chat
    ) -> None:
        await chat.ask()
        await chat.meet("kicked")
        async with database.write() as session:
            await session.execute(text("UPDATE inbox SET state = 'running' WHERE seq = 1"))
        await chat.take(await claim_again(database))
        assert await rows(database, STATES) == [("ready", "answered")]
        assert [row[1] for row in await rows(database, PARTS)] == ["pending"]

    async def test_other_chats_are_answered(self, database: Database, chat: Chat) -> None:
        await add_other_bot(database)
        await chat.hear()
        await close(database, THERE, OTHER_BOT)
        await chat.answer()
        assert await rows(database, STATES) == [("ready", "answered")]


class TestAskedLater:
    async def test_what_is_asked_later_is_answered(self, database: Database, chat: Chat) -> None:
        """Whether or not Telegram has told that the chat is open again."""
        await enqueue(database, HERE, "Help")
        await chat.refuse()
        await chat.ask()
        assert chat.asked_of_models == 1
        assert await rows(database, STATES) == [("ready", "answered")]

    async def test_what_was_asked_while_a_part_was_on_its_way_is_answered(
        self, database: Database, chat: Chat
    ) -> None:
        """They may have come back after Telegram refused, and before that was noted."""
        await enqueue(database, HERE, "Help")
        sending = await chat.send()
        await chat.hear()
        await chat.refuse(sending)
        await chat.answer()
        assert chat.asked_of_models == 1


class TestTold:
    """By updates, of which the newest counts."""

    async def test_a_chat_that_is_open_again_is_forgotten(
        self, database: Database, chat: Chat
    ) -> None:
        await chat.hear()
        work = await chat.claim()
        await chat.meet("kicked")
        assert await rows(database, FLAG) == [(HERE.chat_id, "kicked")]
        await chat.meet(None)
        assert await rows(database, FLAG) == []
        await chat.take(work)
        assert chat.asked_of_models == 1

    async def test_only_that_chat_of_that_bot(self, database: Database, chat: Chat) -> None:
        await add_other_bot(database)
        await close(database, HERE, THERE, OTHER_BOT)
        await chat.meet(None)
        assert await rows(database, f"{FLAG} ORDER BY chat_id DESC") == [
            (THERE.chat_id, "blocked"),
            (OTHER_BOT.chat_id, "blocked"),
        ]

    async def test_what_is_older_than_what_is_known_changes_nothing(
        self, database: Database
    ) -> None:
        now = datetime.now(UTC)
        earlier = now - timedelta(seconds=1)
        async with database.write() as session:
            await chats.close(session, BOT_ID, HERE.chat_id, now, "newer")
            await chats.close(session, BOT_ID, HERE.chat_id, earlier, "older")
            await chats.reopen(session, BOT_ID, HERE.chat_id, earlier)
        assert await rows(database, "SELECT closed_at, reason FROM closed_chats") == [
            (now, "newer")
        ]
        async with database.write() as session:
            later = now + timedelta(seconds=1)
            await chats.close(session, BOT_ID, HERE.chat_id, later, "newest")
        assert await rows(database, "SELECT closed_at, reason FROM closed_chats") == [
            (later, "newest")
        ]

    async def test_parts_that_wait_are_left_to_be_tried(
        self, database: Database, chat: Chat
    ) -> None:
        await enqueue(database, HERE, "Help")
        await chat.meet("left")
        assert len(await claim(database)) == 1


class TestMoved:
    async def move(self, database: Database, chat: Chat) -> None:
        sending = await chat.send()
        async with database.write() as session:
            await chats.move(session, sending, MOVED)

    async def test_open_parts_and_the_dialog_go_along(self, database: Database, chat: Chat) -> None:
        await chat.ask()
        await enqueue(database, HERE, "Help")
        await self.move(database, chat)
        [sending] = await claim(database)
        assert (sending.part.content, sending.address.chat_id) == ("Answer 1", MOVED)
        assert (sending.reply_to_message_id, sending.edit_message_id) == (None, None)
        where = "SELECT chat_id, reply_to_message_id, reason FROM outbox ORDER BY seq"
        assert await rows(database, where) == [(MOVED, None, "moved"), (MOVED, None, None)]
        assert await rows(database, "SELECT chat_id FROM dialogs") == [(MOVED,)]

    async def test_an_edit_becomes_a_message_of_its_own(
        self, database: Database, chat: Chat
    ) -> None:
        async with database.write() as session:
            part = Part(content="one", entities=[])
            await outbox.enqueue(session, HERE, [part], edit_message_id=7)
        await self.move(database, chat)
        [sending] = await claim(database)
        assert (sending.edit_message_id, sending.is_plain) == (None, False)

    async def test_what_is_over_and_what_is_of_others_stays(
        self, database: Database, chat: Chat
    ) -> None:
        await add_other_bot(database)
        async with database.write() as session:
            for address in (HERE, THERE, OTHER_BOT):
                for closed_at in ("NULL", "now()"):
                    await session.execute(
                        text(
                            "INSERT INTO dialogs (id, bot_id, chat_id, thread_id, chat_kind, "
                            f"closed_at) VALUES (gen_random_uuid(), {address.bot_id}, "
                            f"{address.chat_id}, 0, 'group', {closed_at})"
                        )
                    )
        await enqueue(database, HERE, "sent")
        async with database.write() as session:
            await outbox.sent(session, await chat.send(), 100)
        await enqueue(database, HERE, "mine")
        await enqueue(database, OTHER_BOT, "of another bot")
        sending = await chat.send()
        await enqueue(database, THERE, "there")
        async with database.write() as session:
            await chats.move(session, sending, MOVED)
        moved = "SELECT content FROM outbox WHERE chat_id = -100"
        assert await rows(database, moved) == [("mine",)]
        moved = "SELECT bot_id, closed_at FROM dialogs WHERE chat_id = -100"
        assert await rows(database, moved) == [(BOT_ID, None)]

    async def test_what_was_asked_under_the_old_id_is_answered(
        self, database: Database, chat: Chat
    ) -> None:
        await enqueue(database, HERE, "Help")
        await chat.hear()
        await chat.meet("left")
        await self.move(database, chat)
        assert await rows(database, FLAG) == []
        await chat.answer()
        assert chat.asked_of_models == 1

    async def test_other_chats_that_are_closed_stay_so(
        self, database: Database, chat: Chat
    ) -> None:
        await add_other_bot(database)
        await close(database, THERE, OTHER_BOT)
        await enqueue(database, HERE, "Help")
        await self.move(database, chat)
        assert await rows(database, "SELECT count(*) FROM closed_chats") == [(2,)]
