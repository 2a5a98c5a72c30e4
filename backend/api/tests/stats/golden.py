"""A history small enough to add up by hand, around the night in which Berlin's clocks go back.

On 25 October 2026 Berlin has 25 hours: 02:30 comes twice, at 00:30 and at 01:30 UTC.

UTC            Berlin       who  dialog  outcome      model   tokens  cost  length
22nd 10:00     22nd 12:00   ann  A1 new  answered     large   10+5     100      50
24th 21:30     24th 23:30   ann  A1      answered     large   20+10    200     100
24th 22:30     25th 00:30   ben  B1 new  answered     small   30+15    300      60  fallback, liked
25th 00:30     25th 02:30   ann  A1      declined     -        0+0       0       0
25th 01:30     25th 02:30   ben  B1      failed_told  large    0+0       0       0
25th 22:30     25th 23:30   cid  C1 new  answered     large   40+20    400      40  disliked
26th 08:00     26th 09:00   ann  A2 new  cancelled    large    5+2      50      10

Ben's first answer needed two calls, of which the first cost 7 microdollars for nothing. Cid writes
to the other bot. Each text and each name holds the word SECRET.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.dialects.postgresql import insert

from core.db.ids import new_id
from core.db.session import Database, Session
from core.db.tables import bots, dialogs, llm_attempts, messages, turns, users
from core.stats.rebuild import rebuild

_NAMES = UUID("5b0c3d0e-6f0b-4d55-9d55-0a3f6f1b7a11")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    name: str
    id: int
    bot_id: int = 42
    language: str | None = "en"

    @property
    def public_id(self) -> UUID:
        return uuid5(_NAMES, f"{self.bot_id} {self.id}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One question and what became of it."""

    at: datetime
    who: Person
    dialog: str
    opens: bool = False
    outcome: str = "answered"
    model: str | None = "large"
    tokens: tuple[int, int] = (0, 0)
    cost: int = 0
    length: int = 0
    wasted: int = 0
    score: int = 0
    error: str | None = None


def utc(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of October 2026."""
    return datetime(2026, 10, day, hour, minute, tzinfo=UTC)


ANN = Person(name="Ann SECRET", id=1)
BEN = Person(name="Ben SECRET", id=2, language="de")
CID = Person(name="Cid SECRET", id=1, bot_id=43, language=None)

GOLDEN = (
    Told(at=utc(22, 10), who=ANN, dialog="A1", opens=True, tokens=(10, 5), cost=100, length=50),
    Told(at=utc(24, 21, 30), who=ANN, dialog="A1", tokens=(20, 10), cost=200, length=100),
    Told(
        at=utc(24, 22, 30),
        who=BEN,
        dialog="B1",
        opens=True,
        model="small",
        tokens=(30, 15),
        cost=300,
        length=60,
        wasted=7,
        score=1,
    ),
    Told(at=utc(25, 0, 30), who=ANN, dialog="A1", outcome="declined", model=None),
    Told(
        at=utc(25, 1, 30), who=BEN, dialog="B1", outcome="failed_told", error="all_targets_failed"
    ),
    Told(
        at=utc(25, 22, 30),
        who=CID,
        dialog="C1",
        opens=True,
        tokens=(40, 20),
        cost=400,
        length=40,
        score=-1,
    ),
    Told(
        at=utc(26, 8),
        who=ANN,
        dialog="A2",
        opens=True,
        outcome="cancelled",
        tokens=(5, 2),
        cost=50,
        length=10,
    ),
)


async def fill(database: Database, history: Iterable[Told] = GOLDEN) -> None:
    """Write the history and roll it up."""
    rows = _Rows()
    for told in history:
        rows.add(told)
    async with database.write() as session:
        await rows.write(session)
    await rebuild(database)


def dialog_id(name: str) -> UUID:
    return uuid5(_NAMES, name)


@dataclass(slots=True)
class _Rows:
    bots: dict[int, dict[str, Any]] = field(default_factory=dict)
    users: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    dialogs: dict[str, dict[str, Any]] = field(default_factory=dict)
    messages: list[dict[str, Any]] = field(default_factory=list)
    turns: list[dict[str, Any]] = field(default_factory=list)
    calls: list[dict[str, Any]] = field(default_factory=list)

    def add(self, told: Told) -> None:
        who = told.who
        self.bots[who.bot_id] = {"id": who.bot_id, "username": f"bot{who.bot_id}"}
        self.users[who.public_id] = {
            "bot_id": who.bot_id,
            "id": who.id,
            "public_id": who.public_id,
            "first_name": who.name,
            "last_name": f"{who.name} the SECRET",
            "username": "SECRET",
            "language_code": who.language,
        }
        self.dialogs.setdefault(told.dialog, self._dialog(told))
        turn = self._turn(told)
        self.turns.append(turn)
        if told.wasted or told.outcome == "failed_told":
            self.calls.append(_call(turn, "large", "failed", told.wasted))
        if told.length:
            self.calls.append(_call(turn, str(told.model), "answered", told.cost))

    async def write(self, session: Session) -> None:
        for table, rows in (
            (bots, list(self.bots.values())),
            (users, list(self.users.values())),
            (dialogs, list(self.dialogs.values())),
            (messages, self.messages),
            (turns, self.turns),
            (llm_attempts, self.calls),
        ):
            if rows:  # bots and people may be there already
                await session.execute(insert(table).on_conflict_do_nothing(), rows)

    def _dialog(self, told: Told) -> dict[str, Any]:
        return {
            "id": dialog_id(told.dialog),
            "bot_id": told.who.bot_id,
            "chat_id": told.who.id,
            "thread_id": len(self.dialogs),
            "chat_kind": "private",
            "created_at": told.at,
        }

    def _message(self, told: Told, role: str, length: int) -> UUID:
        message_id = new_id()
        row = {
            "id": message_id,
            "bot_id": told.who.bot_id,
            "dialog_id": dialog_id(told.dialog),
            "chat_id": told.who.id,
            "user_id": told.who.id if role == "user" else None,
            "role": role,
            "content": f"SECRET {role} {len(self.turns)}",
            "content_length": length,
            "created_at": told.at,
        }
        self.messages.append(row)
        return message_id

    def _turn(self, told: Told) -> dict[str, Any]:
        has_answer = told.length > 0
        return {
            "id": new_id(),
            "bot_id": told.who.bot_id,
            "dialog_id": dialog_id(told.dialog),
            "question_id": self._message(told, "user", 20),
            "answer_id": self._message(told, "assistant", told.length) if has_answer else None,
            "user_id": told.who.id,
            "chat_id": told.who.id,
            "thread_id": 0,
            "state": told.outcome,
            "verdict": told.outcome,
            "draft_id": 1,
            "language": told.who.language,
            "opens_dialog": told.opens,
            "question_length": 20,
            "answer_length": told.length,
            "model_asked": "large" if told.model else None,
            "model_served": told.model if has_answer else None,
            "provider": "Simulator" if has_answer else None,
            "release": "test",
            "prompt_tokens": told.tokens[0],
            "completion_tokens": told.tokens[1],
            "cost_micros": told.cost,
            "cost_source": "usage" if told.cost else "none",
            "is_fallback": told.wasted > 0,
            "error_kind": told.error,
            "attempts": (told.wasted > 0) + (told.model is not None),
            "wasted_micros": told.wasted,
            "likes": int(told.score > 0),
            "dislikes": int(told.score < 0),
            "queue_ms": 10,
            "first_token_ms": 100 if has_answer else None,
            "generation_ms": 300,
            "delivery_ms": 20,
            "created_at": told.at,
            "ready_at": told.at,
            "finished_at": told.at,
        }


def _call(turn: dict[str, Any], target: str, outcome: str, cost: int) -> dict[str, Any]:
    return {
        "id": new_id(),
        "bot_id": turn["bot_id"],
        "turn_id": turn["id"],
        "target": target,
        "outcome": outcome,
        "error_kind": "unavailable" if outcome == "failed" else None,
        "cost_micros": cost,
        "duration_ms": 100,
        "created_at": turn["created_at"],
    }
