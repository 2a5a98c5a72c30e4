"""The beginning of a turn: the question is stored once, however often its update is worked on.

The first time a turn begins; any other time it goes on from where a crash, or the outage of all
models, has left it. One whose chat has closed since is at its end: nobody would hear the answer.
"""

import secrets
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Integer, Text, TextClause, Uuid

from core.chat.context import without_repeats
from core.chat.inbox import Fenced, Work
from core.chat.values import Question, Turn
from core.db.ids import new_id
from core.db.session import ReadSession, Session
from core.db.sql import sql
from core.llm.model import PromptMessage, Role
from core.stats import rollup
from core.stats.measures import Step
from core.text import utf16_length

#: a longer message of the history is cut to this many characters when it is read back
HISTORY_CHARACTERS = 32_000


async def open_turn(
    session: Session,
    question: Question,
    *,
    work: Work | None = None,
    release: str,
    prompt_hash: str,
    history_limit: int,
) -> Turn:
    """Store the question and begin its turn, or begin the turn again that a crash interrupted or
    that waits for a model; where nobody would hear the answer, end it.

    Raises Fenced when the work item, if there is one, is no longer ours: of somebody whose data
    have just been erased not even the name may be written.
    """
    turn = await _begin(session, question, work, release, prompt_hash)
    if turn is None:
        turn = await _resume(session, question, work)
    if turn.is_unheard and turn.state == "generating":
        await end_turn(session, turn.id, "undeliverable")
        await rollup.book(session, turn.id, Step.CONCLUDED)
        return replace(turn, state="undeliverable")
    return await _with_history(session, turn, question, history_limit)


async def end_turn(
    session: Session, turn_id: UUID, state: str, *, error_kind: str | None = None
) -> None:
    """End a turn without an answer, with what its calls have cost."""
    await session.execute(ORPHAN_ATTEMPTS, {"turn_id": turn_id})
    ended = {"turn_id": turn_id, "state": state, "error_kind": error_kind}
    await session.execute(_END, ended)


async def _begin(
    session: Session, question: Question, work: Work | None, release: str, prompt_hash: str
) -> Turn | None:
    address, person = question.address, question.person
    draft_id = secrets.randbelow(2**31 - 1) + 1
    turn_id = new_id()
    rows = await session.execute(
        _BEGIN_QUEUED if work else _BEGIN,
        {
            **held_by(work),
            "received_at": work.received_at if work else None,
            "bot_id": address.bot_id,
            "chat_id": address.chat_id,
            "thread_id": address.thread_id,
            "user_id": person.id,
            "first_name": person.first_name,
            "last_name": person.last_name,
            "username": person.username,
            "language_code": person.language_code,
            "new_dialog_id": new_id(),
            "chat_kind": question.chat_kind,
            "question_id": new_id(),
            "kind": question.kind,
            "message_id": question.message_id,
            "content": question.text,
            "content_length": utf16_length(question.text),
            "turn_id": turn_id,
            "draft_id": draft_id,
            "release": release,
            "prompt_hash": prompt_hash,
        },
    )
    begun = rows.one_or_none()
    if begun is None:
        return None
    return Turn(
        id=turn_id,
        dialog_id=begun.dialog_id,
        address=address,
        draft_id=draft_id,
        state="generating",
        generations=1,
        placeholder_message_id=None,
        silence=begun.silence,
        is_unheard=begun.is_unheard,
    )


async def _resume(session: Session, question: Question, work: Work | None) -> Turn:
    rows = await session.execute(
        _RESUME_QUEUED if work else _RESUME,
        {
            **held_by(work),
            "received_at": work.received_at if work else None,
            "bot_id": question.address.bot_id,
            "chat_id": question.address.chat_id,
            "message_id": question.message_id,
        },
    )
    row = rows.mappings().one_or_none()
    if row is None:
        raise Fenced
    await session.execute(ORPHAN_ATTEMPTS, {"turn_id": row["id"]})
    return Turn(address=question.address, **row)


async def _with_history(session: ReadSession, turn: Turn, question: Question, limit: int) -> Turn:
    if turn.state != "generating" or limit == 0:
        return turn
    rows = await session.execute(
        _HISTORY,
        {
            "dialog_id": turn.dialog_id,
            "message_id": question.message_id,
            "limit": limit,
            "characters": HISTORY_CHARACTERS,
        },
    )
    history = [PromptMessage(role=Role(role), content=content) for role, content in rows]
    asked = PromptMessage(role=Role.USER, content=question.text[:HISTORY_CHARACTERS])
    return replace(turn, history=without_repeats(history[::-1], asked))


def held_by(work: Work | None) -> dict[str, int]:
    return {"bot_id": work.bot_id, "seq": work.seq, "epoch": work.epoch} if work else {}


#: the work item, locked until the transaction ends; nothing when it is no longer ours
HELD = """
    SELECT FROM inbox
    WHERE bot_id = :bot_id AND seq = :seq AND epoch = :epoch AND state = 'running'
    FOR SHARE
"""


_OWN: dict[str, Any] = {
    **dict.fromkeys(("first_name", "last_name", "username", "language_code"), Text),
    **dict.fromkeys(("chat_kind", "kind", "content", "release", "prompt_hash"), Text),
    **dict.fromkeys(("state", "error_kind"), Text),
    **dict.fromkeys(("new_dialog_id", "question_id", "dialog_id"), Uuid),
    **dict.fromkeys(("draft_id", "content_length", "characters"), Integer),
    "received_at": DateTime(timezone=True),
}


def _sql(statement: str) -> TextClause:
    return sql(statement, **_OWN)


_SILENCE = """(
        SELECT until - now() FROM chat_floods AS flood
        WHERE flood.bot_id = turns.bot_id AND flood.chat_id = turns.chat_id AND until > now()
    )"""

# What was never queued is asked just now.
_IS_UNHEARD = """EXISTS (
        SELECT FROM closed_chats AS closed
        WHERE closed.bot_id = turns.bot_id AND closed.chat_id = turns.chat_id
          AND closed.closed_at > :received_at
    )"""


def _begin_sql(held: str) -> TextClause:
    return _sql(
        f"""
    WITH held AS MATERIALIZED ({held}
    ), person AS (
        INSERT INTO users (bot_id, id, first_name, last_name, username, language_code)
        SELECT :bot_id, :user_id, :first_name, :last_name, :username, :language_code FROM held
        ON CONFLICT (bot_id, id) DO UPDATE
        SET first_name = excluded.first_name, last_name = excluded.last_name,
            username = excluded.username, language_code = excluded.language_code
        WHERE (users.first_name, users.last_name, users.username, users.language_code)
              IS DISTINCT FROM (excluded.first_name, excluded.last_name, excluded.username,
                                excluded.language_code)
    ), opened AS (
        INSERT INTO dialogs (id, bot_id, chat_id, thread_id, chat_kind)
        SELECT :new_dialog_id, :bot_id, :chat_id, :thread_id, :chat_kind FROM held
        ON CONFLICT (bot_id, chat_id, thread_id) WHERE closed_at IS NULL DO NOTHING
        RETURNING id
    ), dialog AS (
        SELECT id FROM opened
        UNION ALL
        SELECT id FROM dialogs
        WHERE bot_id = :bot_id AND chat_id = :chat_id AND thread_id = :thread_id
          AND closed_at IS NULL
    ), question AS (
        INSERT INTO messages (id, bot_id, dialog_id, chat_id, user_id, role, kind,
                              telegram_message_id, content, content_length)
        SELECT :question_id, :bot_id, dialog.id, :chat_id, :user_id, 'user', :kind,
               :message_id, :content, :content_length
        FROM held CROSS JOIN dialog
        ON CONFLICT (bot_id, chat_id, telegram_message_id) DO NOTHING
        RETURNING id, dialog_id
    )
    INSERT INTO turns (id, bot_id, dialog_id, question_id, user_id, chat_id, thread_id,
                       state, generations, draft_id, release, prompt_hash, language, kind,
                       question_length, opens_dialog)
    SELECT :turn_id, :bot_id, question.dialog_id, question.id, :user_id, :chat_id, :thread_id,
           'generating', 1, :draft_id, :release, :prompt_hash, :language_code, :kind,
           :content_length, EXISTS (SELECT FROM opened)
    FROM question
    RETURNING dialog_id, {_SILENCE} AS silence, {_IS_UNHEARD} AS is_unheard
    """
    )


_BEGIN = _begin_sql("SELECT")
_BEGIN_QUEUED = _begin_sql(HELD)


def _resume_sql(held: str) -> TextClause:
    return _sql(
        f"""
    WITH held AS MATERIALIZED ({held}
    )
    UPDATE turns
    SET state = CASE turns.state WHEN 'waiting_provider' THEN 'generating' ELSE turns.state END,
        generations = CASE WHEN turns.state NOT IN ('generating', 'waiting_provider')
        THEN generations ELSE 1 + (
            SELECT count(*) FROM llm_attempts
            WHERE turn_id = turns.id AND outcome IN ('running', 'orphaned')
        ) END
    FROM messages
    WHERE EXISTS (SELECT FROM held)
      AND messages.bot_id = :bot_id AND messages.chat_id = :chat_id
      AND messages.telegram_message_id = :message_id
      AND turns.question_id = messages.id
    RETURNING turns.id, turns.dialog_id, turns.draft_id, turns.state, turns.generations,
              turns.placeholder_message_id, now() - turns.waiting_since AS waited,
              turns.stop_requested_at IS NOT NULL AS is_stopped,
              turns.reserved_tokens > 0 AS is_admitted, {_SILENCE} AS silence,
              {_IS_UNHEARD} AS is_unheard
    """
    )


_RESUME = _resume_sql("SELECT")
_RESUME_QUEUED = _resume_sql(HELD)

#: the calls of a turn, as its row sums them up when it ends
CALLS = """(
        SELECT least(count(*), 32767) AS made,
               coalesce(sum(cost_micros) FILTER (
                   WHERE outcome IN ('failed', 'orphaned') OR error_kind = 'handed_back'
               ), 0) AS wasted_micros,
               coalesce(max(duration_ms) FILTER (WHERE outcome = 'failed'), 0) AS wasted_ms
        FROM llm_attempts WHERE turn_id = :turn_id
    ) AS calls"""

_END = _sql(
    f"""
    UPDATE turns
    SET state = :state, verdict = :state, error_kind = :error_kind, finished_at = now(),
        attempts = calls.made, wasted_micros = calls.wasted_micros, wasted_ms = calls.wasted_ms,
        reserved_tokens = 0, reserved_micros = 0
    FROM {CALLS}
    WHERE id = :turn_id
    """
)

ORPHAN_ATTEMPTS = _sql(
    "UPDATE llm_attempts SET outcome = 'orphaned' WHERE turn_id = :turn_id AND outcome = 'running'"
)

_HISTORY = _sql(
    """
    SELECT role, left(content, :characters)
    FROM messages
    WHERE dialog_id = :dialog_id
      AND deleted_at IS NULL
      AND telegram_message_id IS DISTINCT FROM :message_id
      AND content <> ''
    ORDER BY created_at DESC, id DESC
    LIMIT :limit
    """
)
