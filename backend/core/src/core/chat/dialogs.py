"""Dialogs, messages and turns in PostgreSQL: one function for each step of a turn."""

import secrets
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Integer,
    Text,
    TextClause,
    Uuid,
    bindparam,
    insert,
    text,
    update,
)

from core.chat.inbox import Fenced, Work
from core.chat.outbox import Address
from core.chat.values import Answer, Question, Turn
from core.db.ids import new_id
from core.db.session import ReadSession, Session
from core.db.tables import llm_attempts, messages, turns
from core.llm.model import AttemptFailed, AttemptStarted, PromptMessage, Role
from core.llm.usage import Usage
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
    """Store the question and begin its turn, or begin the turn again that a crash interrupted.

    Raises Fenced when the work item, if there is one, is no longer ours: of somebody whose data
    have just been erased not even the name may be written.
    """
    turn = await _begin(session, question, work, release, prompt_hash)
    if turn is None:
        turn = await _resume(session, question, work)
    return await _with_history(session, turn, question, history_limit)


async def start_attempt(session: Session, turn: Turn, call: AttemptStarted) -> UUID:
    """Note a call that is about to be made, and what it costs at least if nobody hears its end.

    Raises Fenced when nobody wants it any more.
    """
    attempt_id = new_id()
    noted = await session.execute(
        _START_ATTEMPT,
        {
            "id": attempt_id,
            "turn_id": turn.id,
            "target": call.target,
            "credential": call.credential,
            "prompt_tokens": call.expected.prompt_tokens,
            "cost_micros": call.expected.cost_micros,
            "cost_source": call.expected.cost_source,
        },
    )
    if noted.rowcount != 1:
        raise Fenced
    return attempt_id


async def fail_attempt(
    session: Session, attempt_id: UUID, failed: AttemptFailed, *, duration_ms: int
) -> None:
    error = failed.error
    await session.execute(
        update(llm_attempts).where(
            llm_attempts.c.id == bindparam("attempt_id"), llm_attempts.c.outcome == "running"
        ),
        {
            "attempt_id": attempt_id,
            "outcome": "failed",
            "error_kind": error.kind,
            "http_status": error.http_status,
            "provider_code": error.provider_code,
            "duration_ms": duration_ms,
            **_billed(failed.spent),
        },
    )


async def end_attempt(session: Session, attempt_id: UUID, answer: Answer) -> None:
    """Close the attempt that gave the answer, or that was stopped on the way."""
    completion = answer.completion
    await session.execute(
        update(llm_attempts).where(llm_attempts.c.id == bindparam("attempt_id")),
        {
            "attempt_id": attempt_id,
            "outcome": "answered" if completion else "stopped",
            "generation_id": completion.generation_id if completion else None,
            "first_token_ms": answer.timing.first_token_ms,
            "duration_ms": answer.timing.generation_ms,
            **_billed(answer.spent),
        },
    )


async def complete_turn(
    session: Session, turn: Turn, answer: Answer, *, model_asked: str, queue_ms: int
) -> None:
    """Store the answer; the turn waits for its parts to be delivered.

    Raises Fenced when the turn has ended in the meantime.
    """
    completion = answer.completion
    answer_id = await _store_answer(session, turn, answer.text) if answer.text else None
    completed = await session.execute(
        _COMPLETE,
        {
            "turn_id": turn.id,
            "answer_id": answer_id,
            "answer_length": utf16_length(answer.text),
            "verdict": answer.verdict,
            "model_asked": model_asked,
            "model_served": completion.model if completion else None,
            "provider": completion.provider if completion else None,
            "is_fallback": answer.is_fallback,
            "error_kind": answer.error_kind,
            "queue_ms": queue_ms,
            "first_token_ms": answer.timing.first_token_ms,
            "generation_ms": answer.timing.generation_ms,
            **_billed(answer.spent),
        },
    )
    if completed.rowcount != 1:
        raise Fenced


async def fail_turn(session: Session, address: Address, message_id: int) -> UUID | None:
    """End the turn of a question that could not be worked on; None if there is none."""
    rows = await session.execute(
        _FAIL,
        {
            "bot_id": address.bot_id,
            "chat_id": address.chat_id,
            "message_id": message_id,
        },
    )
    turn_id = rows.scalar_one_or_none()
    if turn_id:
        await session.execute(_ORPHAN_ATTEMPTS, {"turn_id": turn_id})
    return turn_id


async def hand_back(session: Session, turn: Turn) -> None:
    """Close the call of a generation that this process will not finish."""
    await session.execute(
        update(llm_attempts)
        .where(llm_attempts.c.turn_id == turn.id, llm_attempts.c.outcome == "running")
        .values(outcome="stopped", error_kind=_HANDED_BACK)
    )


async def remember_placeholder(session: Session, turn: Turn, message_id: int) -> None:
    await session.execute(
        update(turns)
        .where(turns.c.id == turn.id, turns.c.state == "generating")
        .values(placeholder_message_id=message_id)
    )


async def request_stop(session: Session, address: Address, **which: object) -> list[UUID]:
    """Ask for running turns of a chat to stop: `draft_id=`, `turn_id=`, or all of the thread.

    Every process hears of it when the transaction commits.
    """
    clause = {"draft_id": "draft_id = :draft_id", "turn_id": "id = :turn_id"}
    where = " AND ".join([_STOPPABLE, *(clause[name] for name in which)])
    rows = await session.execute(
        text(f"UPDATE turns SET stop_requested_at = now() {where} RETURNING id"),
        {
            "bot_id": address.bot_id,
            "chat_id": address.chat_id,
            "thread_id": address.thread_id,
            **which,
        },
    )
    stopped = list(rows.scalars())
    for turn_id in stopped:
        await session.execute(_NOTIFY_STOP, {"turn_id": str(turn_id)})
    return stopped


async def stop_requests(session: ReadSession, turn_ids: list[UUID]) -> set[UUID]:
    rows = await session.execute(
        text("SELECT id FROM turns WHERE id = ANY(:ids) AND stop_requested_at IS NOT NULL"),
        {"ids": turn_ids},
    )
    return set(rows.scalars())


async def close_dialog(session: Session, address: Address) -> bool:
    """End the open dialog; the next question begins another. False when there was none."""
    result = await session.execute(
        _CLOSE_DIALOG,
        {
            "bot_id": address.bot_id,
            "chat_id": address.chat_id,
            "thread_id": address.thread_id,
        },
    )
    return bool(result.rowcount)


async def revise_question(
    session: Session, address: Address, message_id: int, text: str
) -> UUID | None:
    """Keep the newest wording of a question that its author has edited.

    Returns the turn if this is the first edit of its question.
    """
    rows = await session.execute(
        update(messages)
        .where(
            messages.c.bot_id == address.bot_id,
            messages.c.chat_id == address.chat_id,
            messages.c.telegram_message_id == message_id,
            messages.c.deleted_at.is_(None),
        )
        .values(content=text, content_length=utf16_length(text), edited_at=_NOW)
        .returning(messages.c.id)
    )
    question_id = rows.scalar_one_or_none()
    rows = await session.execute(
        update(turns)
        .where(turns.c.question_id == question_id, turns.c.edited_at.is_(None))
        .values(edited_at=_NOW)
        .returning(turns.c.id)
    )
    return rows.scalar_one_or_none()


async def _begin(
    session: Session, question: Question, work: Work | None, release: str, prompt_hash: str
) -> Turn | None:
    address, person = question.address, question.person
    draft_id = secrets.randbelow(2**31 - 1) + 1
    turn_id = new_id()
    rows = await session.execute(
        _BEGIN_QUEUED if work else _BEGIN,
        {
            **_held(work),
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
    dialog_id = rows.scalar_one_or_none()
    if dialog_id is None:
        return None
    return Turn(
        id=turn_id,
        dialog_id=dialog_id,
        address=address,
        draft_id=draft_id,
        state="generating",
        generations=1,
        placeholder_message_id=None,
    )


async def _resume(session: Session, question: Question, work: Work | None) -> Turn:
    rows = await session.execute(
        _RESUME_QUEUED if work else _RESUME,
        {
            **_held(work),
            "bot_id": question.address.bot_id,
            "chat_id": question.address.chat_id,
            "message_id": question.message_id,
        },
    )
    row = rows.mappings().one_or_none()
    if row is None:
        raise Fenced
    await session.execute(_ORPHAN_ATTEMPTS, {"turn_id": row["id"]})
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
    history = tuple(PromptMessage(role=Role(role), content=content) for role, content in rows)
    return replace(turn, history=history[::-1])


async def _store_answer(session: Session, turn: Turn, content: str) -> UUID:
    answer_id = new_id()
    await session.execute(
        insert(messages),
        {
            "id": answer_id,
            "bot_id": turn.address.bot_id,
            "dialog_id": turn.dialog_id,
            "chat_id": turn.address.chat_id,
            "role": Role.ASSISTANT,
            "content": content,
            "content_length": utf16_length(content),
        },
    )
    return answer_id


def _held(work: Work | None) -> dict[str, int]:
    return {"seq": work.seq, "epoch": work.epoch} if work else {}


def _billed(usage: Usage) -> dict[str, Any]:
    return {
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
        "cached_tokens": usage.cached_tokens,
        "reasoning_tokens": usage.reasoning_tokens,
        "cost_micros": usage.cost_micros,
        "cost_source": usage.cost_source,
    }


_NOW = text("now()")
#: of a call that was stopped for the process to end, not by the person
_HANDED_BACK = "handed_back"

#: the work item, locked until the transaction ends; nothing when it is no longer ours
_HELD = """
    SELECT FROM inbox
    WHERE bot_id = :bot_id AND seq = :seq AND epoch = :epoch AND state = 'running'
    FOR SHARE
"""


def _typed(statement: str) -> TextClause:
    return text(statement).bindparams(
        *(bindparam(name, type_=type_) for name, type_ in _TYPES.items() if f":{name}" in statement)
    )


_TYPES: dict[str, Any] = {
    **dict.fromkeys(("bot_id", "chat_id", "user_id", "thread_id", "seq"), BigInteger),
    **dict.fromkeys(("last_name", "username", "language_code", "kind"), Text),
    **dict.fromkeys(("content", "release", "prompt_hash"), Text),
    "epoch": Integer,
}


def _begin_sql(held: str) -> TextClause:
    return _typed(
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
    RETURNING dialog_id
    """
    )


_BEGIN = _begin_sql("SELECT")
_BEGIN_QUEUED = _begin_sql(_HELD)


def _resume_sql(held: str) -> TextClause:
    return _typed(
        f"""
    WITH held AS MATERIALIZED ({held}
    )
    UPDATE turns
    SET generations = CASE WHEN turns.state <> 'generating' THEN generations ELSE 1 + (
        SELECT count(*) FROM llm_attempts
        WHERE turn_id = turns.id AND outcome IN ('running', 'orphaned')
    ) END
    FROM messages
    WHERE EXISTS (SELECT FROM held)
      AND messages.bot_id = :bot_id AND messages.chat_id = :chat_id
      AND messages.telegram_message_id = :message_id
      AND turns.question_id = messages.id
    RETURNING turns.id, turns.dialog_id, turns.draft_id, turns.state, turns.generations,
              turns.placeholder_message_id
    """
    )


_RESUME = _resume_sql("SELECT")
_RESUME_QUEUED = _resume_sql(_HELD)

# The lock is that of the foreign key, taken while the state is looked at.
_START_ATTEMPT = text(
    """
    INSERT INTO llm_attempts (id, bot_id, turn_id, target, credential, prompt_tokens,
                              cost_micros, cost_source)
    SELECT :id, bot_id, id, :target, :credential, :prompt_tokens, :cost_micros, :cost_source
    FROM turns
    WHERE id = :turn_id AND state = 'generating'
    FOR KEY SHARE
    """
).bindparams(
    bindparam("id", type_=Uuid),
    bindparam("turn_id", type_=Uuid),
    bindparam("target", type_=Text),
    bindparam("credential", type_=Text),
    bindparam("prompt_tokens", type_=Integer),
    bindparam("cost_micros", type_=BigInteger),
    bindparam("cost_source", type_=Text),
)

_ORPHAN_ATTEMPTS = text(
    "UPDATE llm_attempts SET outcome = 'orphaned' WHERE turn_id = :turn_id AND outcome = 'running'"
)

_HISTORY = text(
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
).bindparams(bindparam("message_id", type_=BigInteger))

_COMPLETE = text(
    """
    UPDATE turns
    SET state = 'ready', ready_at = now(), answer_id = :answer_id, verdict = :verdict,
        answer_length = :answer_length, attempts = calls.made,
        wasted_micros = calls.wasted_micros, wasted_ms = calls.wasted_ms,
        model_asked = :model_asked, model_served = :model_served, provider = :provider,
        is_fallback = :is_fallback, error_kind = :error_kind, queue_ms = :queue_ms,
        first_token_ms = :first_token_ms, generation_ms = :generation_ms,
        prompt_tokens = :prompt_tokens, completion_tokens = :completion_tokens,
        cached_tokens = :cached_tokens, reasoning_tokens = :reasoning_tokens,
        cost_micros = :cost_micros, cost_source = :cost_source
    FROM (
        SELECT least(count(*), 32767) AS made,
               coalesce(sum(cost_micros) FILTER (
                   WHERE outcome IN ('failed', 'orphaned') OR error_kind = 'handed_back'
               ), 0) AS wasted_micros,
               coalesce(max(duration_ms) FILTER (WHERE outcome = 'failed'), 0) AS wasted_ms
        FROM llm_attempts WHERE turn_id = :turn_id
    ) AS calls
    WHERE id = :turn_id AND state = 'generating'
    """
)

_FAIL = text(
    """
    UPDATE turns
    SET state = 'failed_told', verdict = 'failed_told', error_kind = 'crashed',
        finished_at = now(),
        attempts = (SELECT count(*) FROM llm_attempts WHERE turn_id = turns.id)
    FROM messages
    WHERE messages.bot_id = :bot_id AND messages.chat_id = :chat_id
      AND messages.telegram_message_id = :message_id
      AND turns.question_id = messages.id AND turns.state = 'generating'
    RETURNING turns.id
    """
)

_STOPPABLE = (
    "WHERE bot_id = :bot_id AND chat_id = :chat_id AND thread_id = :thread_id "
    "AND state IN ('received', 'generating', 'waiting_provider')"
)
_NOTIFY_STOP = text("SELECT pg_notify('parley_stop', :turn_id)")

_CLOSE_DIALOG = text(
    "UPDATE dialogs SET closed_at = now() WHERE bot_id = :bot_id AND chat_id = :chat_id "
    "AND thread_id = :thread_id AND closed_at IS NULL"
)
