"""Ninety days of made-up history in the product's own tables, for demonstrations.

The same each time but for its end, which is now. Busy on weekdays and in the afternoon, a few heavy
users, some fallbacks, some failures: what an analyst would recognise.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Table, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from core.db.ids import new_id
from core.db.session import Database, Session
from core.db.tables import (
    bots,
    dialogs,
    feedback,
    llm_attempts,
    messages,
    outbox,
    turns,
    users,
)
from core.stats.rebuild import rebuild
from core.text import utf16_length
from simulator.provider.catalogue import OFFERS, count_tokens
from simulator.provider.demo import reply_to
from simulator.small_talk import NAMES, QUESTIONS

DAYS = 90
PEOPLE = 120
BOT_ID = 42
#: made-up people have ids that the simulator gives to nobody
_FIRST_PERSON = 900_000
_TURNS_A_WEEKDAY = 70
_LARGE, _SMALL = "parley/demo-large", "parley/demo-small"
#: how busy each hour of the day is, UTC
_HOURS = (2, 1, 1, 1, 1, 2, 4, 7, 10, 12, 12, 11, 10, 12, 13, 13, 12, 11, 10, 9, 8, 7, 5, 3)
_VERDICTS = {"answered": 94, "cancelled": 3, "declined": 1, "failed_told": 2}
_DIALOG_PAUSE = timedelta(days=3)
#: shares of questions and of answers
_EDITED, _LIKED, _DISLIKED = 0.02, 0.06, 0.015
#: until a call was given up that another one made good
_LOST_MS = 8000


async def generate(url: str) -> int:
    """Fill the tables unless they hold history already; returns how many days were made."""
    database = Database(url)
    try:
        async with database.write() as session:
            if await _has_history(session):
                return 0
            await _write(session)
        await rebuild(database)
    finally:
        await database.close()
    return DAYS


@dataclass(slots=True)
class _Rows:
    """Rows by table, in the order in which their references allow them to be written."""

    users: list[dict[str, Any]] = field(default_factory=list)
    dialogs: list[dict[str, Any]] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)
    turns: list[dict[str, Any]] = field(default_factory=list)
    attempts: list[dict[str, Any]] = field(default_factory=list)
    outbox: list[dict[str, Any]] = field(default_factory=list)
    feedback: list[dict[str, Any]] = field(default_factory=list)


class _Story:
    """Makes the rows of the history, one question after the other."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._chance = random.Random(20)  # noqa: S311 - the same history each time
        self._open: dict[int, dict[str, Any]] = {}
        self._last: dict[int, datetime] = {}
        self._numbers: dict[int, int] = {}
        self.rows = _Rows()

    def tell(self) -> _Rows:
        people = [self._person(number) for number in range(PEOPLE)]
        # a few people write most of the messages
        weights = [1 / (number + 1) ** 0.8 for number in range(PEOPLE)]
        for moment in self._moments():
            self._turn(self._chance.choices(people, weights)[0], moment)
        return self.rows

    def _person(self, number: int) -> dict[str, Any]:
        name, language = NAMES[number % len(NAMES)]
        person = {
            "bot_id": BOT_ID,
            "id": _FIRST_PERSON + number,
            "first_name": name,
            "last_name": None,
            "username": None,
            "language_code": language,
            "created_at": self._now - timedelta(days=DAYS),
        }
        self.rows.users.append(person)
        return person

    def _moments(self) -> Iterator[datetime]:
        start = (self._now - timedelta(days=DAYS)).replace(hour=0, minute=0, second=0)
        for day in range(DAYS + 1):
            date = start + timedelta(days=day)
            growth = 0.6 + 0.4 * day / DAYS
            weekend = 0.45 if date.weekday() > 4 else 1.0  # noqa: PLR2004 - Saturday and Sunday
            count = round(_TURNS_A_WEEKDAY * growth * weekend * self._chance.uniform(0.8, 1.2))
            hours = self._chance.choices(range(24), _HOURS, k=count)
            for hour in sorted(hours):
                moment = date + timedelta(hours=hour, seconds=self._chance.uniform(0, 3599))
                if moment < self._now - timedelta(minutes=10):
                    yield moment

    def _turn(self, person: dict[str, Any], asked_at: datetime) -> None:
        chance = self._chance
        question = chance.choice(QUESTIONS[person["language_code"]])
        dialog = self._dialog(person, asked_at)
        opens_dialog = dialog["created_at"] == asked_at
        question_row = self._message(dialog, person["id"], question, asked_at)
        verdict = chance.choices(list(_VERDICTS), list(_VERDICTS.values()))[0]
        is_fallback = chance.random() < 0.04  # noqa: PLR2004 - one in twenty-five
        waits = _Waits.drawn(chance, is_fallback=is_fallback)
        answer = reply_to([("user", question)]) if verdict in {"answered", "cancelled"} else ""
        answer = answer[: len(answer) // 3] if verdict == "cancelled" else answer
        ready_at = asked_at + timedelta(milliseconds=waits.queue + waits.generation)
        answer_row = self._message(dialog, None, answer, ready_at) if answer else None
        turn = {
            "id": new_id(),
            "bot_id": BOT_ID,
            "dialog_id": dialog["id"],
            "question_id": question_row["id"],
            "answer_id": answer_row["id"] if answer_row else None,
            "user_id": person["id"],
            "chat_id": person["id"],
            "thread_id": 0,
            "state": verdict,
            "verdict": verdict,
            "generations": 1,
            "draft_id": chance.randrange(1, 2**31),
            "model_asked": _LARGE,
            "is_fallback": is_fallback,
            "error_kind": {"declined": "declined", "failed_told": "all_targets_failed"}.get(
                verdict
            ),
            "release": "0.1.0",
            "language": person["language_code"],
            "opens_dialog": opens_dialog,
            "question_length": utf16_length(question),
            "answer_length": utf16_length(answer),
            "edited_at": asked_at if chance.random() < _EDITED else None,
            "queue_ms": waits.queue,
            "first_token_ms": waits.first_token if answer else None,
            "generation_ms": waits.generation,
            "delivery_ms": waits.delivery,
            "created_at": asked_at,
            "ready_at": ready_at,
            "finished_at": ready_at + timedelta(milliseconds=waits.delivery),
            **self._served(question, answer, is_fallback=is_fallback),
        }
        self.rows.turns.append(turn)
        self._attempts(turn)
        self._feedback(turn)
        self._sent(turn, answer or "Sorry, no answer.", ready_at)

    def _dialog(self, person: dict[str, Any], moment: datetime) -> dict[str, Any]:
        chat_id = person["id"]
        last = self._last.get(chat_id)
        self._last[chat_id] = moment
        if last and moment - last < _DIALOG_PAUSE:
            return self._open[chat_id]
        if last:
            self._open[chat_id]["closed_at"] = last
        dialog: dict[str, Any] = {
            "id": new_id(),
            "bot_id": BOT_ID,
            "chat_id": chat_id,
            "thread_id": 0,
            "chat_kind": "private",
            "created_at": moment,
            "closed_at": None,
        }
        self._open[chat_id] = dialog
        self.rows.dialogs.append(dialog)
        return dialog

    def _message(
        self, dialog: dict[str, Any], user_id: int | None, content: str, moment: datetime
    ) -> dict[str, Any]:
        number = None
        if user_id is not None:
            number = self._numbers[user_id] = self._numbers.get(user_id, 0) + 1
        message = {
            "id": new_id(),
            "bot_id": BOT_ID,
            "dialog_id": dialog["id"],
            "chat_id": dialog["chat_id"],
            "user_id": user_id,
            "role": "assistant" if user_id is None else "user",
            "telegram_message_id": number,
            "content": content,
            "content_length": utf16_length(content),
            "created_at": moment,
        }
        self.rows.messages.append(message)
        return message

    def _served(self, question: str, answer: str, *, is_fallback: bool) -> dict[str, Any]:
        if not answer:
            return {
                "model_served": None,
                "provider": None,
                "prompt_tokens": 0,
                "completion_tokens": 0,
                "cost_micros": 0,
                "cost_source": "none",
            }
        offer = OFFERS[_SMALL if is_fallback else _LARGE]
        prompt, completion = 60 + count_tokens(question), count_tokens(answer)
        return {
            "model_served": offer.id,
            "provider": "Simulator",
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "cost_micros": round(offer.cost(prompt, completion) * 1_000_000),
            "cost_source": "usage",
        }

    def _attempts(self, turn: dict[str, Any]) -> None:
        attempts: list[dict[str, Any]] = []
        if turn["is_fallback"] or turn["state"] == "failed_told":
            attempts.append(self._attempt(turn, _LARGE, "failed"))
        if turn["model_served"]:
            outcome = "answered" if turn["state"] == "answered" else "stopped"
            attempts.append(self._attempt(turn, turn["model_served"], outcome))
        turn["attempts"] = len(attempts)
        turn["wasted_ms"] = attempts[0]["duration_ms"] if turn["is_fallback"] else 0
        self.rows.attempts += attempts

    def _attempt(self, turn: dict[str, Any], target: str, outcome: str) -> dict[str, Any]:
        has_failed = outcome == "failed"
        return {
            "id": new_id(),
            "bot_id": BOT_ID,
            "turn_id": turn["id"],
            "target": target,
            "outcome": outcome,
            "error_kind": self._chance.choice(["rate_limited", "unavailable", "too_slow"])
            if has_failed
            else None,
            "prompt_tokens": 0 if has_failed else turn["prompt_tokens"],
            "completion_tokens": 0 if has_failed else turn["completion_tokens"],
            "cost_micros": 0 if has_failed else turn["cost_micros"],
            "cost_source": "none" if has_failed else turn["cost_source"],
            "first_token_ms": None if has_failed else turn["first_token_ms"],
            "duration_ms": _LOST_MS if has_failed else turn["generation_ms"],
            "created_at": turn["created_at"],
        }

    def _feedback(self, turn: dict[str, Any]) -> None:
        likes, dislikes = (_LIKED, _DISLIKED) if turn["state"] == "answered" else (0, 0)
        score = self._chance.choices((1, -1, 0), (likes, dislikes, 1 - likes - dislikes))[0]
        turn["likes"], turn["dislikes"] = int(score > 0), int(score < 0)
        if score:
            self.rows.feedback.append(
                {
                    "turn_id": turn["id"],
                    "user_id": turn["user_id"],
                    "bot_id": BOT_ID,
                    "score": score,
                    "created_at": turn["finished_at"],
                }
            )

    def _sent(self, turn: dict[str, Any], content: str, moment: datetime) -> None:
        self.rows.outbox.append(
            {
                "id": new_id(),
                "bot_id": BOT_ID,
                "chat_id": turn["chat_id"],
                "thread_id": 0,
                "turn_id": turn["id"],
                "part": 0,
                "is_last": True,
                "content": content,
                "entities": [],
                "state": "sent",
                "attempts": 1,
                "run_after": moment,
                "message_id": None,
                "created_at": moment,
                "finished_at": turn["finished_at"],
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waits:
    """Milliseconds of the stages of a turn."""

    queue: int
    first_token: int
    generation: int
    delivery: int

    @classmethod
    def drawn(cls, chance: random.Random, *, is_fallback: bool) -> "_Waits":
        first = round(chance.lognormvariate(6.2, 0.5)) + (_LOST_MS if is_fallback else 0)
        return cls(
            queue=round(chance.lognormvariate(2.0, 0.8)),
            first_token=first,
            generation=first + round(chance.lognormvariate(7.8, 0.6)),
            delivery=round(chance.lognormvariate(4.2, 0.5)),
        )


async def _has_history(session: Session) -> bool:
    counted = await session.execute(
        select(func.count()).select_from(turns).where(turns.c.user_id >= _FIRST_PERSON)
    )
    return bool(counted.scalar_one())


async def _write(session: Session) -> None:
    bot = {"id": BOT_ID, "username": "parley_bot"}
    await session.execute(upsert(bots).values(bot).on_conflict_do_nothing())
    rows = _Story(datetime.now(UTC)).tell()
    ordered: tuple[tuple[Table[Any], list[dict[str, Any]]], ...] = (
        (users, rows.users),
        (dialogs, rows.dialogs),
        (messages, rows.messages),
        (turns, rows.turns),
        (llm_attempts, rows.attempts),
        (outbox, rows.outbox),
        (feedback, rows.feedback),
    )
    for table, values in ordered:
        await session.execute(insert(table), values)
