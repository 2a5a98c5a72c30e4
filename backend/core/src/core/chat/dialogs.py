"""Dialogs, messages and turns in PostgreSQL: one function for each step of a turn.

How one begins is told in `core.chat.opening`, how it waits for a model in `core.chat.waiting`.
"""

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
from core.chat.opening import CALLS, HELD, end_turn, held_by
from core.chat.outbox import Address
from core.chat.values import Answer, Turn, Verdict
from core.db.ids import new_id
from core.db.session import ReadSession, Session
from core.db.sql import sql
from core.db.tables import llm_attempts, messages, turns
from core.llm.model import AttemptFailed, AttemptStarted, Role
from core.llm.usage import Usage
from core.text import utf16_length


async def start_attempt(
    session: Session, turn: Turn, call: AttemptStarted, *, work: Work | None = None
) -> UUID:
    """Note a call that is about to be made, and what it costs at least if nobody hears its end.

    Raises Fenced when nobody wants it any more, or the work item, if there is one, is somebody
    else's: nobody would ever close the row.
    """
    attempt_id = new_id()
    noted = await session.execute(
        _START_ATTEMPT_QUEUED if work else _START_ATTEMPT,
        {
            **held_by(work),
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
        _FAILING,
        {
            "bot_id": address.bot_id,
            "chat_id": address.chat_id,
            "message_id": message_id,
        },
    )
    turn_id = rows.scalar_one_or_none()
    if turn_id:
        await end_turn(session, turn_id, Verdict.FAILED_TOLD, error_kind="crashed")
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
    """Ask for open turns of a chat to stop: `draft_id=`, `turn_id=`, or all of the thread.

    Every process hears of it when the transaction commits. A turn that waits for a model ends when
    its work item is taken again.
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


# The lock is that of the foreign key, taken while the state is looked at.
def _start_attempt_sql(held: str) -> TextClause:
    return sql(
        f"""
    WITH held AS MATERIALIZED ({held})
    INSERT INTO llm_attempts (id, bot_id, turn_id, target, credential, prompt_tokens,
                              cost_micros, cost_source)
    SELECT :id, bot_id, id, :target, :credential, :prompt_tokens, :cost_micros, :cost_source
    FROM turns
    WHERE id = :turn_id AND state = 'generating' AND EXISTS (SELECT FROM held)
    FOR KEY SHARE OF turns
    """,
        id=Uuid,
        target=Text,
        credential=Text,
        prompt_tokens=Integer,
        cost_micros=BigInteger,
        cost_source=Text,
    )


_START_ATTEMPT = _start_attempt_sql("SELECT")
_START_ATTEMPT_QUEUED = _start_attempt_sql(HELD)

_COMPLETE = text(
    f"""
    UPDATE turns
    SET state = 'ready', ready_at = now(), answer_id = :answer_id, verdict = :verdict,
        answer_length = :answer_length, attempts = calls.made,
        wasted_micros = calls.wasted_micros, wasted_ms = calls.wasted_ms,
        model_asked = :model_asked, model_served = :model_served, provider = :provider,
        is_fallback = :is_fallback, error_kind = :error_kind, queue_ms = :queue_ms,
        first_token_ms = :first_token_ms, generation_ms = :generation_ms,
        prompt_tokens = :prompt_tokens, completion_tokens = :completion_tokens,
        cached_tokens = :cached_tokens, reasoning_tokens = :reasoning_tokens,
        cost_micros = :cost_micros, cost_source = :cost_source,
        reserved_tokens = 0, reserved_micros = 0
    FROM {CALLS}
    WHERE id = :turn_id AND state = 'generating'
    """
)

_FAILING = sql(
    """
    SELECT turns.id FROM turns JOIN messages ON messages.id = turns.question_id
    WHERE messages.bot_id = :bot_id AND messages.chat_id = :chat_id
      AND messages.telegram_message_id = :message_id
      AND turns.state IN ('generating', 'waiting_provider')
    FOR NO KEY UPDATE OF turns
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
