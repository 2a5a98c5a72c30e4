"""Messages, calls of Telegram and what waits, as Prometheus sees them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramNetworkError, TelegramRetryAfter
from aiogram.methods import Response, SendMessage, TelegramMethod
from aiogram.methods.base import TelegramType
from prometheus_client import CollectorRegistry
from sqlalchemy import text

from bot.metrics_calls import Calls
from bot.metrics_messages import Messages
from bot.metrics_queues import Queues
from bot.outcome import Fate, Outcome
from core.chat import inbox, outbox
from core.chat.inbox import Incoming
from core.chat.outbox import Address, Part
from core.db.session import Database

WAITING_TURN = text(
    """
    WITH dialog AS (
        INSERT INTO dialogs (id, bot_id, chat_id, thread_id, chat_kind)
        VALUES (gen_random_uuid(), 42, 1, 0, 'private') RETURNING id
    ), question AS (
        INSERT INTO messages (id, bot_id, dialog_id, chat_id, role, content, content_length)
        SELECT gen_random_uuid(), 42, id, 1, 'user', 'Hello', 5 FROM dialog
        RETURNING id, dialog_id
    )
    INSERT INTO turns (id, bot_id, dialog_id, question_id, user_id, chat_id, thread_id, state,
                       waiting_since, draft_id, release)
    SELECT gen_random_uuid(), 42, dialog_id, id, 7, 1, 0, 'waiting_provider',
           now() - interval '9 s', 1, 'test'
    FROM question
    """
)


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


def value(registry: CollectorRegistry, name: str, **labels: str) -> float | None:
    return registry.get_sample_value(name, labels)


class TestMessages:
    def test_updates_are_counted_by_the_kinds_the_bot_knows(
        self, registry: CollectorRegistry
    ) -> None:
        Messages(registry).came(["message", "message", "unknown", "my_secret"])
        assert value(registry, "telegram_messages_received_total", kind="message") == 2
        assert value(registry, "telegram_messages_received_total", kind="other") == 2
        assert value(registry, "telegram_messages_received_total", kind="callback_query") == 0

    @pytest.mark.parametrize(
        ("fate", "kind", "unknown"),
        [
            (None, "new", 0),
            (Fate.NOT_SENT_RETRY, "new", 0),
            (Fate.AMBIGUOUS, "new", 1),
            (Fate.AMBIGUOUS, "edit", 0),
        ],
    )
    def test_a_part_that_may_have_arrived_is_unknown(
        self, registry: CollectorRegistry, fate: Fate | None, kind: str, unknown: int
    ) -> None:
        outcome = Outcome(fate=fate, reason="") if fate else None
        Messages(registry).sent(outcome, is_edit=kind == "edit")
        word = fate.name.lower() if fate else "sent"
        assert value(registry, "telegram_messages_sent_total", outcome=word) == 1
        assert value(registry, "telegram_delivery_unknown_total") == unknown


class TestCalls:
    METHOD = SendMessage(chat_id=1, text="hello")

    @pytest.fixture
    def call(self, registry: CollectorRegistry) -> Any:
        calls = Calls(registry)

        async def call(error: Exception | None = None) -> None:
            async def request(
                bot: Bot, method: TelegramMethod[TelegramType]
            ) -> Response[TelegramType]:
                if error:
                    raise error
                return Response(ok=True)

            await calls(request, Bot("42:token"), self.METHOD)

        return call

    @pytest.mark.parametrize(
        ("error", "outcome"),
        [
            (TelegramRetryAfter(METHOD, "Too Many Requests", 7), "flood"),
            (TelegramBadRequest(METHOD, "chat not found"), "refused"),
            (TelegramNetworkError(METHOD, "no route"), "failed"),
            (TimeoutError(), "failed"),
        ],
    )
    async def test_one_that_fails_is_timed_and_still_fails(
        self, registry: CollectorRegistry, call: Any, error: Exception, outcome: str
    ) -> None:
        with pytest.raises(type(error)):
            await call(error)
        timed = {"method": "sendMessage", "outcome": outcome}
        assert value(registry, "telegram_request_duration_seconds_count", **timed) == 1

    async def test_a_flood_tells_how_long(self, registry: CollectorRegistry, call: Any) -> None:
        await call()
        for seconds in (7, 30):
            with pytest.raises(TelegramRetryAfter):
                await call(TelegramRetryAfter(self.METHOD, "Too Many Requests", seconds))
        assert value(registry, "telegram_flood_waits_total", method="sendMessage") == 2
        assert value(registry, "telegram_flood_wait_seconds_total", method="sendMessage") == 37
        assert value(registry, "telegram_flood_waits_total", method="editMessageText") == 0


class TestQueues:
    async def test_what_waits_is_seen(
        self, registry: CollectorRegistry, database: Database
    ) -> None:
        update = Incoming(update_id=1, identity="1", lane="1:0", kind="message", raw="{}")
        others = [replace(update, update_id=n, identity=str(n)) for n in (2, 3)]
        useless = replace(update, update_id=0, identity="0", lane=None, reason="no update")
        async with database.write() as session:
            await inbox.accept(session, 42, [update, *others, useless])
            part = Part(content="hello", entities=[])
            await outbox.enqueue(session, Address(bot_id=42, chat_id=1), [part])
            await session.execute(WAITING_TURN)
        async with database.write() as session:
            await inbox.claim(session, 42, limit=1, lease=timedelta(seconds=9))
        queues = Queues(database)
        registry.register(queues)
        await queues.look()
        assert value(registry, "database_reachable") == 1
        states = {
            state: value(registry, "inbox_depth", state=state)
            for state in ("waiting", "running", "dead")
        }
        assert states == {"waiting": 2, "running": 1, "dead": 1}
        assert value(registry, "outbox_depth") == 1
        assert value(registry, "turns_waiting") == 1
        ages = ("inbox", "outbox", "turns_waiting")
        for name in (f"{what}_oldest_age_seconds" for what in ages):
            age = value(registry, name)
            assert age is not None
            assert 0 < age < 60

    async def test_it_looks_no_more_often_than_it_has_to(
        self, registry: CollectorRegistry, database: Database
    ) -> None:
        queues = Queues(database)
        registry.register(queues)
        await queues.look()
        async with database.write() as session:
            part = Part(content="hello", entities=[])
            await outbox.enqueue(session, Address(bot_id=42, chat_id=1), [part])
        await queues.look()
        assert value(registry, "outbox_depth") == 0

    async def test_without_a_database_nothing_is_known_but_that(
        self, registry: CollectorRegistry, unused_port: int
    ) -> None:
        database = Database(f"postgresql+asyncpg://nobody@127.0.0.1:{unused_port}/none")
        queues = Queues(database)
        registry.register(queues)
        await queues.look()
        assert value(registry, "database_reachable") == 0
        assert value(registry, "outbox_depth") is None
        await database.close()
