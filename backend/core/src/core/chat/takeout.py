"""What is kept of a person, as one JSON document for them to take along.

The newest come first, and of very much the oldest are left out, which the document says.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson
from sqlalchemy import DateTime, Interval, TextClause, Uuid

from core.db.session import ReadSession, Session
from core.db.sql import sql

#: between two documents of one person
PAUSE = timedelta(hours=1)
#: of a document; Telegram takes 50 MB from a bot
MAX_BYTES = 20_000_000
#: turns that are read at once
_PAGE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    name: str
    content: bytes


async def pause_left(session: ReadSession, bot_id: int, user_id: int) -> timedelta:
    """How long the person has to wait for another document; zero when not at all."""
    who = {"bot_id": bot_id, "user_id": user_id, "pause": PAUSE}
    left: timedelta | None = (await session.execute(_PAUSE_LEFT, who)).scalar_one_or_none()
    return max(left or timedelta(), timedelta())


async def note(session: Session, bot_id: int, user_id: int) -> None:
    """Remember that the person has been given a document just now."""
    await session.execute(_NOTE, {"bot_id": bot_id, "user_id": user_id})


async def collect(
    session: ReadSession, bot_id: int, user_id: int, *, but: int = 0, max_bytes: int = MAX_BYTES
) -> Document:
    """Everything but the update `but`, which asks for it; reads a snapshot."""
    who = {"bot_id": bot_id, "user_id": user_id}
    [head] = (await session.execute(_HEAD, who)).mappings().all()
    writer = _Writer(max_bytes)
    writer.put(
        "about",
        {
            "what": "All that this bot keeps of you",
            "made_at": head["now"],
            "bot": {"id": bot_id, "username": head["bot"]},
        },
    )
    writer.put("you", await _person(session, who))
    await writer.put_list("questions", _turns(session, who))
    await writer.put_list("ratings", _rows(session, _RATINGS, who))
    await writer.put_list("updates_as_telegram_sent_them", _updates(session, {**who, "seq": but}))
    name = f"{head['bot'] or 'bot'}-{head['now']:%Y-%m-%d}.json"
    return Document(name=name, content=writer.end())


class _Writer:
    """An object of JSON, written field by field, that does not grow beyond a number of bytes."""

    def __init__(self, max_bytes: int) -> None:
        self._parts = bytearray(b"{")
        self._max_bytes = max_bytes
        self._left_out: dict[str, int] = {}

    def put(self, name: str, value: object) -> None:
        if len(self._parts) > 1:
            self._parts += b",\n"
        self._parts += orjson.dumps(name) + b": " + orjson.dumps(value, default=str)

    async def put_list(self, name: str, values: AsyncIterator[Any]) -> None:
        self._parts += b",\n" + orjson.dumps(name) + b": ["
        separator, left_out = b"\n", 0
        async for value in values:
            line = orjson.dumps(value, default=str)
            if left_out or len(self._parts) + len(line) > self._max_bytes:
                left_out += 1
                continue
            self._parts += separator + line
            separator = b",\n"
        self._parts += b"]"
        if left_out:
            self._left_out[name] = left_out

    def end(self) -> bytes:
        if self._left_out:
            self.put("left_out_because_the_file_would_be_too_large", self._left_out)
        return bytes(self._parts + b"}\n")


async def _person(session: ReadSession, who: dict[str, Any]) -> dict[str, Any]:
    found = (await session.execute(_PERSON, who)).mappings().one_or_none()
    return {"telegram_id": who["user_id"], **(found or {})}


async def _turns(session: ReadSession, who: dict[str, Any]) -> AsyncIterator[dict[str, Any]]:
    """By pages, as a cursor of the driver's would need a statement of its own for each row."""
    after: dict[str, Any] = {"at": None, "id": None}
    while True:
        rows = (await session.execute(_TURNS, {**who, **after, "limit": _PAGE})).mappings().all()
        for row in rows:
            yield {name: value for name, value in row.items() if name != "id"}
        if len(rows) < _PAGE:
            return
        after = {"at": rows[-1]["asked_at"], "id": rows[-1]["id"]}


async def _rows(
    session: ReadSession, statement: TextClause, who: dict[str, Any]
) -> AsyncIterator[dict[str, Any]]:
    for row in (await session.execute(statement, who)).mappings():
        yield dict(row)


async def _updates(session: ReadSession, who: dict[str, Any]) -> AsyncIterator[orjson.Fragment]:
    """As they came: they may hold escapes of what no text can hold."""
    for raw in (await session.execute(_UPDATES, who)).scalars():
        yield orjson.Fragment(raw)


_PAUSE_LEFT = sql(
    """
    SELECT exported_at + :pause - now() FROM users
    WHERE users.bot_id = :bot_id AND users.id = :user_id
    """,
    pause=Interval,
)
_NOTE = sql(
    """
    UPDATE users SET exported_at = now() WHERE users.bot_id = :bot_id AND users.id = :user_id
    """
)
_HEAD = sql("SELECT now() AS now, (SELECT username FROM bots WHERE bots.id = :bot_id) AS bot")
_PERSON = sql(
    """
    SELECT first_name, last_name, username, language_code, created_at AS known_since,
           public_id AS pseudonym_id
    FROM users WHERE users.bot_id = :bot_id AND users.id = :user_id
    """
)
_TURNS = sql(
    """
    SELECT turn.id, turn.created_at AS asked_at, turn.dialog_id AS conversation,
           dialogs.chat_kind AS chat, turn.chat_id, turn.kind, question.content AS question,
           turn.edited_at, answer.content AS answer, turn.state, turn.model_served AS model,
           turn.prompt_tokens, turn.completion_tokens,
           turn.cost_micros + turn.wasted_micros AS cost_microdollars, turn.finished_at,
           (SELECT score FROM feedback
            WHERE turn_id = turn.id AND feedback.user_id = turn.user_id) AS your_rating
    FROM turns AS turn
    JOIN dialogs ON dialogs.id = turn.dialog_id
    JOIN messages AS question ON question.id = turn.question_id
    LEFT JOIN messages AS answer ON answer.id = turn.answer_id
    WHERE turn.bot_id = :bot_id AND turn.user_id = :user_id
      AND (:at IS NULL OR (turn.created_at, turn.id) < (:at, :id))
    ORDER BY turn.created_at DESC, turn.id DESC LIMIT :limit
    """,
    at=DateTime(timezone=True),
    id=Uuid,
)
_RATINGS = sql(
    """
    SELECT feedback.created_at AS rated_at, feedback.score FROM feedback
    JOIN turns ON turns.id = feedback.turn_id
    WHERE feedback.bot_id = :bot_id AND feedback.user_id = :user_id AND turns.user_id <> :user_id
    ORDER BY feedback.created_at DESC
    """
)
_UPDATES = sql(
    """
    SELECT CAST(raw AS text) FROM inbox
    WHERE inbox.bot_id = :bot_id AND inbox.user_id = :user_id AND inbox.seq <> :seq
    ORDER BY inbox.seq DESC
    """
)
