"""Compares what the people saw with what was asked and what the model said.

The chats' own histories are the witness. The tables say which question each message answers and
which parts were marked as of unknown delivery.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from sqlalchemy import text

from core.db.session import ReadSession
from local.replay.material import is_command
from local.replay.people import Chat
from simulator.reading import shown_words, visible_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A row of the outbox and the question that it answers; 0 for the product's own words."""

    question_id: int
    content: str
    state: str
    is_marked: bool


@dataclass(slots=True, kw_only=True)
class Verdict:
    """Counts of a run; everything but the first six must be 0 for it to be clean."""

    questions: int = 0
    answered: int = 0
    #: a question that is a command has no turn; the product answers it itself
    commands: int = 0
    messages: int = 0
    marked_duplicates: int = 0
    regenerated: int = 0
    lost: int = 0
    unmarked_duplicates: int = 0
    out_of_order: int = 0
    other_text: int = 0
    unexplained_messages: int = 0
    rows_not_final: int = 0
    #: a few of the chats in which something was wrong
    suspects: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not any(
            (
                self.lost,
                self.unmarked_duplicates,
                self.out_of_order,
                self.other_text,
                self.unexplained_messages,
                self.rows_not_final,
            )
        )


async def judge(
    session: ReadSession,
    chats: Sequence[Chat],
    seen: dict[int, list[str]],
    replies: dict[str, str],
) -> Verdict:
    """Judge a finished run; `seen` holds the texts of the bot's messages by chat, in order."""
    parts = await _parts(session)
    verdict = Verdict(
        regenerated=await _count(session, _REGENERATED),
        rows_not_final=await unfinished(session),
    )
    for chat in chats:
        before = _wrongs(verdict)
        _judge_chat(verdict, chat, seen[chat.user_id], parts.get(chat.user_id, []), replies)
        if _wrongs(verdict) != before:
            verdict.suspects.append(chat.script.dialog_id)
    return verdict


def _judge_chat(
    verdict: Verdict, chat: Chat, seen: list[str], parts: list[Part], replies: dict[str, str]
) -> None:
    verdict.questions += len(chat.script.questions)
    verdict.messages += len(seen)
    arrived = _follow(verdict, seen, parts)
    order = [part.question_id for part in parts if part.question_id]
    verdict.out_of_order += order != sorted(order)
    by_question = {
        question: list(group) for question, group in groupby(parts, lambda part: part.question_id)
    }
    own_words = [part for part in parts if not part.question_id and id(part) in arrived]
    for question, (message_id, _) in zip(chat.script.questions, chat.asked, strict=False):
        if is_command(question) and own_words:
            own_words.pop()
            verdict.commands += 1
            continue
        answer = by_question.get(message_id, [])
        if not answer or not all(id(part) in arrived for part in answer):
            verdict.lost += 1
            continue
        verdict.answered += 1
        shown = shown_words("\n".join(part.content for part in answer))
        verdict.other_text += shown != visible_words(replies[question])
    verdict.lost += len(chat.script.questions) - len(chat.asked)


def _follow(verdict: Verdict, seen: list[str], parts: list[Part]) -> set[int]:
    """Walk along what was seen; returns the identities of the parts that arrived.

    Neighbours with the same words (a question asked twice) cannot be told apart, so each run of
    them is compared as one: so many were due, so many of those are marked, so many were seen.
    """
    arrived: set[int] = set()
    position = 0
    for shown, group in groupby(parts, _as_shown):
        due = list(group)
        copies = 0
        while position < len(seen) and seen[position] == shown:
            position += 1
            copies += 1
        arrived.update(id(part) for part in due[:copies])
        surplus = max(0, copies - len(due))
        marked = min(surplus, sum(part.is_marked for part in due))
        verdict.marked_duplicates += marked
        verdict.unmarked_duplicates += surplus - marked
    verdict.unexplained_messages += len(seen) - position
    return arrived


def _as_shown(part: Part) -> str:
    """Telegram shows a tab as a space and cuts outer white space."""
    return part.content.replace("\t", " ").strip()


def _wrongs(verdict: Verdict) -> tuple[int, ...]:
    return (
        verdict.lost,
        verdict.unmarked_duplicates,
        verdict.out_of_order,
        verdict.other_text,
        verdict.unexplained_messages,
    )


async def _parts(session: ReadSession) -> dict[int, list[Part]]:
    rows = await session.execute(_PARTS)
    return {
        chat_id: [
            Part(
                question_id=row.telegram_message_id or 0,
                content=row.content,
                state=row.state,
                is_marked=row.delivery_unknown,
            )
            for row in group
        ]
        for chat_id, group in groupby(rows.all(), lambda row: row.chat_id)
    }


async def _count(session: ReadSession, query: Any) -> int:
    return int((await session.execute(query)).scalar_one())


async def unfinished(session: ReadSession) -> int:
    """Rows that still wait for something."""
    return await _count(session, _NOT_FINAL)


async def model_times(session: ReadSession) -> dict[tuple[int, int], int]:
    """Milliseconds the model took, by chat and question."""
    rows = await session.execute(_MODEL_TIMES)
    return {(row.chat_id, row.telegram_message_id): row.generation_ms for row in rows}


async def states(session: ReadSession) -> Counter[str]:
    """How many turns ended in which state."""
    rows = await session.execute(text("SELECT state, count(*) AS turns FROM turns GROUP BY state"))
    return Counter({row.state: row.turns for row in rows})


_PARTS = text(
    """
    SELECT outbox.chat_id, messages.telegram_message_id, outbox.content, outbox.state,
           outbox.delivery_unknown
    FROM outbox
    LEFT JOIN turns ON turns.id = outbox.turn_id
    LEFT JOIN messages ON messages.id = turns.question_id
    ORDER BY outbox.chat_id, outbox.seq
    """
)

_MODEL_TIMES = text(
    """
    SELECT turns.chat_id, messages.telegram_message_id, turns.generation_ms
    FROM turns JOIN messages ON messages.id = turns.question_id
    WHERE turns.generation_ms IS NOT NULL
    """
)

_REGENERATED = text("SELECT count(*) FROM turns WHERE generations > 1")

_NOT_FINAL = text(
    """
    SELECT (SELECT count(*) FROM inbox WHERE state IN ('pending', 'running'))
         + (SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending'))
         + (SELECT count(*) FROM turns
            WHERE state IN ('received', 'generating', 'ready', 'waiting_provider'))
         + (SELECT count(*) FROM llm_attempts WHERE outcome = 'running')
    """
)
