"""The tables of the conversation, in the order in which a message travels through them.

`bot_id` is on every fact, so that one database can serve several bots. Times are `timestamptz` and
written by the database's clock; money is in integer micro-dollars; durations are in milliseconds.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Named,
    SmallInteger,
    Table,
    Text,
    TypedColumns,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import JSON

from core.db.tables.base import RawJson, metadata, moment, one_of


class _Bots(TypedColumns):
    id: Named[int] = Column(BigInteger, primary_key=True, autoincrement=False)
    username: Named[str]
    #: makes the digests in `erasures`: 244 random bits, never changed
    erasure_key: Named[bytes] = Column(
        LargeBinary,
        server_default=text("(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))"),
        nullable=False,
    )
    created_at: Named[datetime] = moment()


bots = Table("bots", metadata, _Bots)


class _Erasures(TypedColumns):
    """Whom the bot has forgotten at their wish: what is older than that moment stays away.

    The person is `sha256(bots.erasure_key || int8send(user id))`.
    """

    bot_id: Named[int] = Column(BigInteger, ForeignKey("bots.id"), primary_key=True)
    person: Named[bytes] = Column(LargeBinary, primary_key=True)
    #: the newest
    erased_at: Named[datetime] = moment()


erasures = Table("erasures", metadata, _Erasures)


class _Inbox(TypedColumns):
    """Raw updates, committed before they are confirmed to Telegram; the row is the queue item."""

    bot_id: Named[int] = Column(BigInteger, ForeignKey("bots.id"), primary_key=True)
    update_id: Named[int] = Column(BigInteger, primary_key=True, autoincrement=False)
    #: what the update is about: Telegram may reuse an update_id after a quiet week
    identity: Named[str] = Column(Text, primary_key=True)
    #: the order of arrival
    seq: Named[int] = Column(BigInteger, Identity(always=True), nullable=False)
    #: at most one item of a lane runs; null runs at once, beside everything
    lane: Named[str | None] = Column(Text)
    kind: Named[str]
    #: whose doing it is; null where nobody's, or erased
    user_id: Named[int | None] = Column(BigInteger)
    raw: Named[Any] = Column(RawJson, nullable=False)
    state: Named[str] = Column(Text, server_default="pending", nullable=False)
    #: why a dead item could not be handled
    reason: Named[str | None] = Column(Text)
    attempts: Named[int] = Column(SmallInteger, server_default="0", nullable=False)
    #: raised by each claim; who holds an older one may write nothing any more
    epoch: Named[int] = Column(Integer, server_default="0", nullable=False)
    lease_until: Named[datetime | None] = Column(DateTime(timezone=True))
    run_after: Named[datetime] = moment()
    received_at: Named[datetime] = moment()
    finished_at: Named[datetime | None] = Column(DateTime(timezone=True))


_INBOX_OPEN = text("state IN ('pending', 'running')")

inbox = Table(
    "inbox",
    metadata,
    _Inbox,
    one_of("state", "pending", "running", "done", "dead"),
    Index("ix_inbox_open", "bot_id", "seq", postgresql_where=_INBOX_OPEN),
    Index("ix_inbox_open_lane", "bot_id", "lane", "seq", postgresql_where=_INBOX_OPEN),
    Index(
        "uq_inbox_running_lane",
        "bot_id",
        "lane",
        unique=True,
        postgresql_where=text("state = 'running'"),
    ),
    Index("ix_inbox_dead", "bot_id", "seq", postgresql_where=text("state = 'dead'")),
    Index(None, "bot_id", "user_id", postgresql_where=text("user_id IS NOT NULL")),
    Index(None, "received_at", postgresql_using="brin"),  # small; the old lie side by side
)


class _Users(TypedColumns):
    bot_id: Named[int] = Column(BigInteger, ForeignKey("bots.id"), primary_key=True)
    id: Named[int] = Column(BigInteger, primary_key=True, autoincrement=False)
    #: names the person to analysts, who see no name unless they open a dialog
    public_id: Named[UUID] = Column(
        server_default=text("gen_random_uuid()"), nullable=False, unique=True
    )
    first_name: Named[str]
    last_name: Named[str | None]
    username: Named[str | None]
    language_code: Named[str | None]
    created_at: Named[datetime] = moment()
    #: when they were last given all that is kept of them
    exported_at: Named[datetime | None] = Column(DateTime(timezone=True))


users = Table("users", metadata, _Users)


class _Dialogs(TypedColumns):
    """What the model remembers together; `/new` closes one and opens the next."""

    id: Named[UUID] = Column(primary_key=True)
    bot_id: Named[int] = Column(BigInteger, ForeignKey("bots.id"), nullable=False)
    chat_id: Named[int] = Column(BigInteger, nullable=False)
    #: the forum topic, 0 outside one
    thread_id: Named[int] = Column(BigInteger, nullable=False)
    chat_kind: Named[str]
    created_at: Named[datetime] = moment()
    closed_at: Named[datetime | None] = Column(DateTime(timezone=True))


dialogs = Table(
    "dialogs",
    metadata,
    _Dialogs,
    Index(
        "uq_dialogs_open",
        "bot_id",
        "chat_id",
        "thread_id",
        unique=True,
        postgresql_where=text("closed_at IS NULL"),
    ),
)


class _Messages(TypedColumns):
    id: Named[UUID] = Column(primary_key=True)
    bot_id: Named[int] = Column(BigInteger, ForeignKey("bots.id"), nullable=False)
    dialog_id: Named[UUID] = Column(ForeignKey("dialogs.id"), nullable=False)
    chat_id: Named[int] = Column(BigInteger, nullable=False)
    #: null for the assistant
    user_id: Named[int | None] = Column(BigInteger)
    role: Named[str]
    #: text, or the kind of attachment that was sent
    kind: Named[str] = Column(Text, server_default="text", nullable=False)
    #: null for the assistant: its parts are in the outbox
    telegram_message_id: Named[int | None] = Column(BigInteger)
    content: Named[str]
    #: in UTF-16 units, as Telegram counts
    content_length: Named[int]
    created_at: Named[datetime] = moment()
    edited_at: Named[datetime | None] = Column(DateTime(timezone=True))
    deleted_at: Named[datetime | None] = Column(DateTime(timezone=True))


messages = Table(
    "messages",
    metadata,
    _Messages,
    one_of("role", "user", "assistant"),
    UniqueConstraint("bot_id", "chat_id", "telegram_message_id"),
    ForeignKeyConstraint(["bot_id", "user_id"], ["users.bot_id", "users.id"]),
    Index(None, "dialog_id", "created_at", "id"),
    Index(None, "bot_id", "user_id", postgresql_where=text("user_id IS NOT NULL")),
    Index(None, "bot_id", "created_at"),
)


class _Turns(TypedColumns):
    """One question and what became of it: the wide row that every statistic starts from."""

    id: Named[UUID] = Column(primary_key=True)
    bot_id: Named[int] = Column(BigInteger, ForeignKey("bots.id"), nullable=False)
    dialog_id: Named[UUID] = Column(ForeignKey("dialogs.id"), nullable=False)
    question_id: Named[UUID] = Column(ForeignKey("messages.id"), nullable=False, unique=True)
    answer_id: Named[UUID | None] = Column(ForeignKey("messages.id"))
    user_id: Named[int] = Column(BigInteger, nullable=False)
    chat_id: Named[int] = Column(BigInteger, nullable=False)
    thread_id: Named[int] = Column(BigInteger, nullable=False)
    state: Named[str]
    #: the state that follows `ready` once every part has reached Telegram
    verdict: Named[str | None] = Column(Text)
    #: how often the model was asked to answer from the start because a process died in between
    generations: Named[int] = Column(SmallInteger, server_default="0", nullable=False)
    #: names the native draft, by which Telegram's Stop button finds the turn
    draft_id: Named[int]
    #: the message in a group that is edited while the answer grows
    placeholder_message_id: Named[int | None] = Column(BigInteger)
    #: what the person's client said when the question came
    language: Named[str | None] = Column(Text)
    #: of the question: text, or the kind of attachment
    kind: Named[str] = Column(Text, server_default="text", nullable=False)
    opens_dialog: Named[bool] = Column(server_default=text("false"), nullable=False)
    #: in UTF-16 units, as the question was first sent and as the answer was first given
    question_length: Named[int] = Column(Integer, server_default="0", nullable=False)
    answer_length: Named[int] = Column(Integer, server_default="0", nullable=False)
    #: when the author first changed the question
    edited_at: Named[datetime | None] = Column(DateTime(timezone=True))
    stop_requested_at: Named[datetime | None] = Column(DateTime(timezone=True))
    #: when no model could be reached for the first time
    waiting_since: Named[datetime | None] = Column(DateTime(timezone=True))
    #: what the answer may take at most, as far as it is not known yet; 0 once it is
    reserved_tokens: Named[int] = Column(Integer, server_default="0", nullable=False)
    reserved_micros: Named[int] = Column(BigInteger, server_default="0", nullable=False)
    model_asked: Named[str | None] = Column(Text)
    model_served: Named[str | None] = Column(Text)
    provider: Named[str | None] = Column(Text)
    #: of the system prompt: SHA-256 in hexadecimal digits
    prompt_hash: Named[str | None] = Column(Text)
    release: Named[str]
    prompt_tokens: Named[int] = Column(Integer, server_default="0", nullable=False)
    completion_tokens: Named[int] = Column(Integer, server_default="0", nullable=False)
    cached_tokens: Named[int] = Column(Integer, server_default="0", nullable=False)
    reasoning_tokens: Named[int] = Column(Integer, server_default="0", nullable=False)
    cost_micros: Named[int] = Column(BigInteger, server_default="0", nullable=False)
    cost_source: Named[str] = Column(Text, server_default="none", nullable=False)
    is_fallback: Named[bool] = Column(server_default=text("false"), nullable=False)
    error_kind: Named[str | None] = Column(Text)
    #: calls to models, and what those cost that gave no answer
    attempts: Named[int] = Column(SmallInteger, server_default="0", nullable=False)
    wasted_micros: Named[int] = Column(BigInteger, server_default="0", nullable=False)
    wasted_ms: Named[int] = Column(Integer, server_default="0", nullable=False)
    #: at least one part may have arrived without Telegram saying so
    delivery_unknown: Named[bool] = Column(server_default=text("false"), nullable=False)
    likes: Named[int] = Column(SmallInteger, server_default="0", nullable=False)
    dislikes: Named[int] = Column(SmallInteger, server_default="0", nullable=False)
    #: from the update's arrival to the start of work; from there to the first visible text, and to
    #: the end of the answer; from there to the last part's arrival at Telegram
    queue_ms: Named[int | None]
    first_token_ms: Named[int | None]
    generation_ms: Named[int | None]
    delivery_ms: Named[int | None]
    created_at: Named[datetime] = moment()
    ready_at: Named[datetime | None] = Column(DateTime(timezone=True))
    finished_at: Named[datetime | None] = Column(DateTime(timezone=True))


TURN_FINAL = (
    "answered",
    "answered_partial",
    "declined",
    "failed_told",
    "cancelled",
    "undeliverable",
    "erased",
)

turns = Table(
    "turns",
    metadata,
    _Turns,
    one_of("state", "received", "generating", "ready", "waiting_provider", *TURN_FINAL),
    one_of("verdict", *TURN_FINAL),
    one_of("cost_source", "usage", "estimated", "none"),
    Index(None, "bot_id", "chat_id", "draft_id"),
    Index(None, "bot_id", "created_at"),
    Index(None, "bot_id", "user_id", "created_at"),
    Index(None, "created_at", "id"),
    Index(None, "dialog_id", "created_at"),
    Index(
        "ix_turns_open",
        "bot_id",
        postgresql_where=text("state IN ('received', 'generating', 'waiting_provider')"),
    ),
)


class _LlmAttempts(TypedColumns):
    """Each call to a model, written before it is made."""

    id: Named[UUID] = Column(primary_key=True)
    bot_id: Named[int] = Column(BigInteger, ForeignKey("bots.id"), nullable=False)
    turn_id: Named[UUID] = Column(ForeignKey("turns.id"), nullable=False)
    target: Named[str]
    #: the account that pays for it, by its name in the models' file
    credential: Named[str | None] = Column(Text)
    outcome: Named[str] = Column(Text, server_default="running", nullable=False)
    error_kind: Named[str | None] = Column(Text)
    http_status: Named[int | None] = Column(SmallInteger)
    provider_code: Named[str | None] = Column(Text)
    generation_id: Named[str | None] = Column(Text)
    prompt_tokens: Named[int] = Column(Integer, server_default="0", nullable=False)
    completion_tokens: Named[int] = Column(Integer, server_default="0", nullable=False)
    cached_tokens: Named[int] = Column(Integer, server_default="0", nullable=False)
    reasoning_tokens: Named[int] = Column(Integer, server_default="0", nullable=False)
    #: before its end what it may come to, estimated
    cost_micros: Named[int] = Column(BigInteger, server_default="0", nullable=False)
    cost_source: Named[str] = Column(Text, server_default="none", nullable=False)
    first_token_ms: Named[int | None]
    duration_ms: Named[int | None]
    created_at: Named[datetime] = moment()


llm_attempts = Table(
    "llm_attempts",
    metadata,
    _LlmAttempts,
    one_of("outcome", "running", "answered", "failed", "stopped", "orphaned"),
    one_of("cost_source", "usage", "estimated", "none"),
    Index(None, "created_at"),
    Index(None, "turn_id"),
)


class _Outbox(TypedColumns):
    """Parts to send, in order within a chat; the intent is committed before the call is made."""

    id: Named[UUID] = Column(primary_key=True)
    bot_id: Named[int] = Column(BigInteger, ForeignKey("bots.id"), nullable=False)
    seq: Named[int] = Column(BigInteger, Identity(always=True), nullable=False)
    chat_id: Named[int] = Column(BigInteger, nullable=False)
    thread_id: Named[int] = Column(BigInteger, nullable=False)
    turn_id: Named[UUID | None] = Column(ForeignKey("turns.id"))
    #: 0 for the first part of an answer
    part: Named[int] = Column(SmallInteger, nullable=False)
    is_last: Named[bool]
    content: Named[str]
    entities: Named[Any] = Column(JSON, nullable=False)
    reply_markup: Named[Any] = Column(JSON(none_as_null=True), nullable=True)
    reply_to_message_id: Named[int | None] = Column(BigInteger)
    #: set: edit this message instead of sending a new one
    edit_message_id: Named[int | None] = Column(BigInteger)
    state: Named[str] = Column(Text, server_default="pending", nullable=False)
    attempts: Named[int] = Column(SmallInteger, server_default="0", nullable=False)
    #: a call may have reached Telegram without an answer reaching us: nobody can know
    delivery_unknown: Named[bool] = Column(server_default=text("false"), nullable=False)
    #: Telegram refused the formatting; the words went out plain
    is_plain: Named[bool] = Column(server_default=text("false"), nullable=False)
    reason: Named[str | None] = Column(Text)
    epoch: Named[int] = Column(Integer, server_default="0", nullable=False)
    lease_until: Named[datetime | None] = Column(DateTime(timezone=True))
    run_after: Named[datetime] = moment()
    message_id: Named[int | None] = Column(BigInteger)
    created_at: Named[datetime] = moment()
    finished_at: Named[datetime | None] = Column(DateTime(timezone=True))


_OUTBOX_OPEN = text("state IN ('pending', 'sending')")

outbox = Table(
    "outbox",
    metadata,
    _Outbox,
    one_of("state", "pending", "sending", "sent", "unknown", "undeliverable"),
    Index("ix_outbox_open", "bot_id", "chat_id", "seq", postgresql_where=_OUTBOX_OPEN),
    Index(
        "uq_outbox_sending_chat",
        "bot_id",
        "chat_id",
        unique=True,
        postgresql_where=text("state = 'sending'"),
    ),
    Index(None, "turn_id"),
    Index(None, "bot_id", "chat_id", "message_id"),
    Index(None, "created_at", postgresql_where=text("turn_id IS NULL")),
)


class _ChatFloods(TypedColumns):
    """Chats in which Telegram asked for silence: nothing is sent before that moment."""

    bot_id: Named[int] = Column(BigInteger, ForeignKey("bots.id"), primary_key=True)
    chat_id: Named[int] = Column(BigInteger, primary_key=True, autoincrement=False)
    until: Named[datetime] = Column(DateTime(timezone=True), nullable=False)


chat_floods = Table("chat_floods", metadata, _ChatFloods)


class _ClosedChats(TypedColumns):
    """Chats in which nobody can be reached: what was asked before that moment is not answered."""

    bot_id: Named[int] = Column(BigInteger, ForeignKey("bots.id"), primary_key=True)
    chat_id: Named[int] = Column(BigInteger, primary_key=True, autoincrement=False)
    closed_at: Named[datetime] = Column(DateTime(timezone=True), nullable=False)
    reason: Named[str] = Column(Text, nullable=False)


closed_chats = Table("closed_chats", metadata, _ClosedChats)


class _Feedback(TypedColumns):
    """What a person thinks of an answer, by a reaction to its message."""

    turn_id: Named[UUID] = Column(ForeignKey("turns.id"), primary_key=True)
    user_id: Named[int] = Column(BigInteger, primary_key=True, autoincrement=False)
    bot_id: Named[int] = Column(BigInteger, ForeignKey("bots.id"), nullable=False)
    #: 1 or -1
    score: Named[int] = Column(SmallInteger, nullable=False)
    created_at: Named[datetime] = moment()


feedback = Table("feedback", metadata, _Feedback, CheckConstraint("score IN (-1, 1)", name="score"))
