"""Random histories: turns as they are told, and their way into the tables, step by step."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import insert, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from core.db.ids import new_id
from core.db.session import Session
from core.db.tables import bots, dialogs, feedback, llm_attempts, messages, turns, users
from core.stats import rollup
from core.stats.measures import Step

BOTS = (42, 43)
#: before a night that Berlin and New York lose an hour of, and after one that they have twice
START = datetime(2026, 3, 6, tzinfo=UTC)
DAYS = 30
ANSWERED = ("answered", "answered_partial", "cancelled")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One turn, from its question to whatever became of it."""

    bot_id: int
    user_id: int
    moment: datetime
    language: str | None
    kind: str
    verdict: str
    model: str | None
    error_kind: str | None
    failed_calls: int
    words: int
    tokens: int
    cost: int
    is_estimated: bool
    queue_ms: int
    first_token_ms: int
    generation_ms: int
    delivery_ms: int
    fate: str
    is_edited: bool
    score: int | None
    is_erased: bool
    opens_dialog: bool

    @property
    def has_answer(self) -> bool:
        return self.verdict in ANSWERED and self.model is not None and self.words > 0


def moments(days: int) -> st.SearchStrategy[datetime]:
    """Moments from START on; many of them in the same few hours, and on the edges of hours."""
    anywhere = st.integers(0, days * 1440 - 1)
    crowded = st.integers(0, min(5, days - 1)).map(lambda n: n * 1440 + 23 * 60)
    edges = st.integers(0, days * 24 - 1).map(lambda hour: hour * 60)
    return st.one_of(anywhere, crowded, edges).map(lambda m: START + timedelta(minutes=m))


def durations() -> st.SearchStrategy[int]:
    return st.one_of(st.integers(0, 5), st.integers(1, 100_000))


def tellings(days: int) -> st.SearchStrategy[Told]:
    return st.builds(
        Told,
        bot_id=st.sampled_from(BOTS),
        user_id=st.integers(1, 5),
        moment=moments(days),
        language=st.sampled_from(["en", "ru", "pt-BR", "PT", None]),
        kind=st.sampled_from(["text", "text", "photo"]),
        verdict=st.sampled_from(
            ["answered"] * 4 + ["answered_partial", "declined", "failed_told", "cancelled"]
        ),
        model=st.sampled_from(["large", "small", None]),
        error_kind=st.sampled_from([None, "rate_limited", "too_long"]),
        failed_calls=st.integers(0, 2),
        words=st.integers(0, 4000),
        tokens=st.integers(0, 5000),
        cost=st.integers(0, 10_000),
        is_estimated=st.booleans(),
        queue_ms=durations(),
        first_token_ms=durations(),
        generation_ms=durations(),
        delivery_ms=durations(),
        fate=st.sampled_from(["open", "sent", "sent", "sent", "unknown", "undeliverable"]),
        is_edited=st.booleans(),
        score=st.sampled_from([None, None, 1, -1]),
        is_erased=st.booleans(),
        opens_dialog=st.booleans(),
    )


def histories(days: int = DAYS) -> st.SearchStrategy[list[Told]]:
    """Histories in the order in which they are booked, which need not be that of the clock."""
    one = tellings(days)
    return st.one_of(st.lists(one, max_size=4), st.lists(one, min_size=12, max_size=25))


def comings_and_goings(days: int = DAYS) -> st.SearchStrategy[list[Told]]:
    """Long histories of few people in which nothing varies but who wrote when."""
    visits = st.tuples(st.sampled_from(BOTS), st.integers(1, 2), moments(days))
    return st.lists(visits, min_size=8, max_size=40).map(lambda drawn: [_visit(*v) for v in drawn])


def _visit(bot_id: int, user_id: int, moment: datetime) -> Told:
    return Told(
        bot_id=bot_id,
        user_id=user_id,
        moment=moment,
        language="en",
        kind="text",
        verdict="answered",
        model="large",
        error_kind=None,
        failed_calls=0,
        words=1,
        tokens=1,
        cost=1,
        is_estimated=False,
        queue_ms=1,
        first_token_ms=1,
        generation_ms=1,
        delivery_ms=1,
        fate="open",
        is_edited=False,
        score=None,
        is_erased=False,
        opens_dialog=False,
    )


class Teller:
    """Writes a history into the tables and books it as the product does."""

    def __init__(self, session: Session, *, books: bool = True) -> None:
        self._session = session
        self.books = books
        self._number = 0

    async def tell(self, history: Sequence[Told], seed: int = 0) -> None:
        """Interleave the later steps of the turns: an edit may come before the answer."""
        for bot_id in BOTS:
            bot = {"id": bot_id, "username": f"bot{bot_id}"}
            await self._session.execute(upsert(bots).values(bot).on_conflict_do_nothing())
        chance = random.Random(seed)
        steps: list[tuple[float, int, str, Told, Any]] = []
        for told in history:
            turn_id = await self._ask(told)
            start = chance.random()
            steps.append((start, len(steps), "conclude", told, turn_id))
            for step in ("deliver", "rate", "erase"):
                start += chance.random()
                steps.append((start, len(steps), step, told, turn_id))
            steps.append((chance.uniform(0, 2), len(steps), "edit", told, turn_id))
        for _, _, step, told, turn_id in sorted(steps, key=lambda s: s[:2]):
            await getattr(self, f"_{step}")(told, turn_id)

    async def _ask(self, told: Told) -> Any:
        self._number += 1
        ids = {name: new_id() for name in ("dialog", "question", "turn")}
        user = {
            "bot_id": told.bot_id,
            "id": told.user_id,
            "first_name": "Ann",
            "language_code": told.language,
        }
        await self._session.execute(upsert(users).values(user).on_conflict_do_nothing())
        await self._session.execute(
            insert(dialogs),
            {
                "id": ids["dialog"],
                "bot_id": told.bot_id,
                "chat_id": told.user_id,
                "thread_id": self._number,
                "chat_kind": "private",
                "created_at": told.moment,
            },
        )
        await self._session.execute(
            insert(messages),
            {
                "id": ids["question"],
                "bot_id": told.bot_id,
                "dialog_id": ids["dialog"],
                "chat_id": told.user_id,
                "user_id": told.user_id,
                "role": "user",
                "kind": told.kind,
                "telegram_message_id": self._number,
                "content": "x" * (told.words % 50),
                "content_length": told.words % 50,
                "created_at": told.moment,
            },
        )
        await self._session.execute(
            insert(turns),
            {
                "id": ids["turn"],
                "bot_id": told.bot_id,
                "dialog_id": ids["dialog"],
                "question_id": ids["question"],
                "user_id": told.user_id,
                "chat_id": told.user_id,
                "thread_id": self._number,
                "state": "generating",
                "draft_id": 1,
                "release": "test",
                "language": told.language,
                "kind": told.kind,
                "question_length": told.words % 50,
                "opens_dialog": told.opens_dialog,
                "created_at": told.moment,
            },
        )
        return ids["turn"]

    async def _conclude(self, told: Told, turn_id: Any) -> None:
        answer_id = await self._answer(told, turn_id) if told.has_answer else None
        calls = [await self._call(told, turn_id, failed=True) for _ in range(told.failed_calls)]
        if told.model:
            calls.append(await self._call(told, turn_id, failed=False))
        served = told.model if told.has_answer else None
        await self._change(
            turn_id,
            {
                "state": "ready",
                "verdict": told.verdict,
                "answer_id": answer_id,
                "answer_length": told.words if told.has_answer else 0,
                "model_asked": "large",
                "model_served": served,
                "provider": "P" if served else None,
                "is_fallback": len(calls) > 1,
                "error_kind": told.error_kind,
                "attempts": len(calls),
                "wasted_micros": 7 * told.failed_calls,
                "wasted_ms": 100 if told.failed_calls else 0,
                "prompt_tokens": told.tokens,
                "completion_tokens": told.tokens // 3,
                "cached_tokens": told.tokens // 5,
                "reasoning_tokens": told.tokens // 7,
                "cost_micros": told.cost,
                "cost_source": "estimated" if told.is_estimated else "usage",
                "queue_ms": told.queue_ms,
                "first_token_ms": told.first_token_ms if told.has_answer else None,
                "generation_ms": told.first_token_ms + told.generation_ms,
                "ready_at": told.moment,
            },
        )
        await self._book(turn_id, Step.CONCLUDED)

    async def _answer(self, told: Told, turn_id: Any) -> Any:
        answer_id = new_id()
        await self._session.execute(
            text(
                "INSERT INTO messages (id, bot_id, dialog_id, chat_id, role, content, "
                "content_length, created_at) SELECT :id, bot_id, dialog_id, chat_id, 'assistant', "
                "'y', :words, :moment FROM turns WHERE id = :turn"
            ),
            {"id": answer_id, "words": told.words, "moment": told.moment, "turn": turn_id},
        )
        return answer_id

    async def _call(self, told: Told, turn_id: Any, *, failed: bool) -> str:
        target = "large" if failed else told.model
        await self._session.execute(
            insert(llm_attempts),
            {
                "id": new_id(),
                "bot_id": told.bot_id,
                "turn_id": turn_id,
                "target": target,
                "outcome": "failed" if failed else "answered",
                "error_kind": "unavailable" if failed else None,
                "cost_micros": 7 if failed else told.cost,
                "duration_ms": 100,
            },
        )
        return str(target)

    async def _deliver(self, told: Told, turn_id: Any) -> None:
        if told.fate == "open":
            return
        await self._change(
            turn_id,
            {
                "state": "undeliverable" if told.fate == "undeliverable" else told.verdict,
                "delivery_unknown": told.fate == "unknown",
                "delivery_ms": told.delivery_ms,
                "finished_at": told.moment,
            },
        )
        await self._book(turn_id, Step.DELIVERED)

    async def _edit(self, told: Told, turn_id: Any) -> None:
        if told.is_edited:
            await self._change(turn_id, {"edited_at": told.moment})
            await self._book(turn_id, Step.EDITED)

    async def _rate(self, told: Told, turn_id: Any) -> None:
        """Change one's mind once on the way."""
        for score in [] if told.score is None else [-told.score, told.score]:
            if self.books:
                await rollup.book(self._session, turn_id, Step.RATED, sign=-1)
            row = {
                "turn_id": turn_id,
                "user_id": told.user_id,
                "bot_id": told.bot_id,
                "score": score,
            }
            await self._session.execute(
                upsert(feedback)
                .values(row)
                .on_conflict_do_update(index_elements=["turn_id", "user_id"], set_={"score": score})
            )
            await self._change(turn_id, {"likes": int(score > 0), "dislikes": int(score < 0)})
            await self._book(turn_id, Step.RATED)

    async def _erase(self, told: Told, turn_id: Any) -> None:
        """Texts and names go, numbers stay."""
        if told.is_erased:
            await self._session.execute(
                text(
                    "UPDATE messages SET content = '', deleted_at = now() FROM turns "
                    "WHERE turns.id = :id AND messages.id IN (turns.question_id, turns.answer_id)"
                ),
                {"id": turn_id},
            )

    async def _change(self, turn_id: Any, values: dict[str, Any]) -> None:
        await self._session.execute(update(turns).where(turns.c.id == turn_id).values(values))

    async def _book(self, turn_id: Any, step: Step) -> None:
        if self.books:
            await rollup.book(self._session, turn_id, step)
