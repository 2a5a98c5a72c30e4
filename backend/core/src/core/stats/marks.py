"""Marks: moments at which numbers may change for a reason, so that charts can draw them.

A bot that starts notes its release, prompt and models where they differ from what was noted last.
Whoever notes takes the bot's lock first, so that processes that start together note once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Interval, Text, Uuid, text

from core.db.ids import new_id
from core.db.session import ReadSession, Session
from core.db.sql import sql
from core.stats.calendar import Span

#: marks of one answer; a window with more shows its newest
MAX_MARKS = 500
#: a trouble that goes on is noted again after this long
TROUBLE_PAUSE = timedelta(minutes=10)


class MarkKind(StrEnum):
    RELEASE = "release"
    PROMPT = "prompt"
    MODELS = "models"
    #: Telegram asked the bot to wait
    FLOOD = "flood"
    #: a model was left alone for a while
    BREAKER = "breaker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    bot_id: int
    at: datetime
    kind: MarkKind
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What a process of a bot works with."""

    release: str
    prompt_hash: str
    #: in the order in which they are asked
    models: Sequence[str]

    def labels(self) -> dict[MarkKind, str]:
        return {
            MarkKind.RELEASE: self.release,
            MarkKind.PROMPT: self.prompt_hash[:8],
            MarkKind.MODELS: " → ".join(self.models),
        }


async def note_setup(session: Session, bot_id: int, setup: Setup) -> None:
    """Mark each part of the setup that differs from the newest mark of its kind."""
    await session.execute(_LOCK, {"bot_id": bot_id})
    for kind, label in setup.labels().items():
        await session.execute(_NOTE_CHANGE, _row(bot_id, kind, label))


async def note_flood(session: Session, bot_id: int, wait: timedelta) -> None:
    """Mark that Telegram asked the bot to wait, unless that was marked a short while ago."""
    seconds = round(wait.total_seconds())
    row = _row(bot_id, MarkKind.FLOOD, f"Telegram asked to wait {seconds} s", {"seconds": seconds})
    await _note_trouble(session, row)


async def note_breaker(session: Session, bot_id: int, model: str) -> None:
    """Mark that a model is left alone, unless that was marked a short while ago."""
    row = _row(bot_id, MarkKind.BREAKER, model, {"model": model})
    await _note_trouble(session, row, label=model)


async def _note_trouble(session: Session, row: Mapping[str, Any], label: str | None = None) -> None:
    await session.execute(_LOCK, {"bot_id": row["bot_id"]})
    await session.execute(_NOTE_TROUBLE, {**row, "same": label, "pause": TROUBLE_PAUSE})


async def marks(session: ReadSession, span: Span, bot: int | None = None) -> list[Mark]:
    """The marks of a span, the oldest first; of too many the newest."""
    where = "AND bot_id = :bot" if bot is not None else ""
    statement = text(
        f"""
        SELECT bot_id, at, kind, label FROM stats_marks
        WHERE at >= :start AND at < :end {where}
        ORDER BY at DESC, id DESC LIMIT {MAX_MARKS:d}
        """
    ).execution_options(query="stats.marks")
    binds = {"start": span.start, "end": span.end, **({} if bot is None else {"bot": bot})}
    rows = (await session.execute(statement, binds)).mappings().all()
    return [Mark(**{**row, "kind": MarkKind(row["kind"])}) for row in reversed(rows)]


def _row(bot_id: int, kind: MarkKind, label: str, details: Any = None) -> dict[str, Any]:
    return {"id": new_id(), "bot_id": bot_id, "kind": kind, "label": label, "details": details}


_LOCK = sql("SELECT pg_advisory_xact_lock(hashtextextended('parley.marks', :bot_id))")

_MARK = {"id": Uuid, "kind": Text, "label": Text, "details": JSON(none_as_null=True)}
# `clock_timestamp`, as `now()` may lie before the mark of whoever held the lock
_NOTE = """
    INSERT INTO stats_marks (id, bot_id, at, kind, label, details)
    SELECT :id, :bot_id, clock_timestamp(), :kind, :label, :details
"""
_NOTE_CHANGE = sql(
    f"""
    {_NOTE} WHERE :label IS DISTINCT FROM (
        SELECT label FROM stats_marks AS noted
        WHERE noted.bot_id = :bot_id AND noted.kind = :kind ORDER BY at DESC, id DESC LIMIT 1
    )
    """,
    **_MARK,
)
_NOTE_TROUBLE = sql(
    f"""
    {_NOTE} WHERE NOT EXISTS (
        SELECT FROM stats_marks AS noted
        WHERE noted.bot_id = :bot_id AND noted.kind = :kind
          AND (:same IS NULL OR noted.label = :same) AND noted.at > clock_timestamp() - :pause
    )
    """,
    **_MARK,
    same=Text,
    pause=Interval,
)
