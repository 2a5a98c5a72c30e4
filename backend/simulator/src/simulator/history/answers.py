"""The rows of one question and its answer, beside their texts."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from simulator.history.fates import Call, Fate, Waits
from simulator.history.past import Era
from simulator.history.people import Person
from simulator.history.rows import BOT_ID, Row, make_id
from simulator.provider.catalogue import OFFERS, count_tokens

_ESTIMATED = 0.03


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question, and what came of it."""

    person: Person
    at: datetime
    era: Era
    fate: Fate
    waits: Waits
    opens_dialog: bool
    #: rows of `messages`
    question: Row
    answer: Row | None

    @property
    def ready_at(self) -> datetime:
        return self.at + timedelta(milliseconds=self.waits.queue + self.waits.generation)


def make_turn(chance: random.Random, asked: Asked) -> Row:
    fate, waits, setup = asked.fate, asked.waits, asked.era.setup
    return {
        "id": make_id(chance, asked.at),
        "bot_id": BOT_ID,
        "dialog_id": asked.question["dialog_id"],
        "question_id": asked.question["id"],
        "answer_id": asked.answer["id"] if asked.answer else None,
        "user_id": asked.person.id,
        "chat_id": asked.question["chat_id"],
        "thread_id": 0,
        "state": "undeliverable" if fate.is_undeliverable else fate.verdict,
        "verdict": fate.verdict,
        "generations": 1,
        "draft_id": chance.randrange(1, 2**31),
        "model_asked": setup.models[0],
        "is_fallback": len(fate.calls) > 1,
        "error_kind": fate.error,
        "release": setup.release,
        "prompt_hash": setup.prompt_hash,
        "language": asked.person.language,
        "kind": fate.kind,
        "opens_dialog": asked.opens_dialog,
        "question_length": asked.question["content_length"],
        "answer_length": asked.answer["content_length"] if asked.answer else 0,
        "edited_at": asked.question["edited_at"],
        "delivery_unknown": fate.is_unknown,
        "queue_ms": waits.queue,
        "first_token_ms": waits.first_token if asked.answer else None,
        "generation_ms": waits.generation,
        "delivery_ms": waits.delivery,
        "created_at": asked.at,
        "ready_at": asked.ready_at,
        "finished_at": asked.ready_at + timedelta(milliseconds=waits.delivery),
        **_billed(chance, asked),
    }


def make_calls(chance: random.Random, asked: Asked, turn: Row) -> list[Row]:
    """And the turn's own account of them."""
    calls = list(_calls(chance, asked, turn))
    turn["attempts"] = len(calls)
    turn["wasted_micros"] = sum(call["cost_micros"] for call in calls if call["error_kind"])
    turn["wasted_ms"] = asked.fate.lost_ms
    return calls


def make_rating(chance: random.Random, asked: Asked, turn: Row) -> Row | None:
    """What the person thinks of the answer, in the turn too; mostly nothing."""
    liked, disliked = asked.era.liked, asked.era.disliked
    drawn = chance.choices((1, -1, 0), (liked, disliked, 1 - liked - disliked))[0]
    score = drawn if turn["state"] == "answered" else 0
    turn["likes"], turn["dislikes"] = int(score > 0), int(score < 0)
    if not score:
        return None
    return {
        "turn_id": turn["id"],
        "user_id": turn["user_id"],
        "bot_id": BOT_ID,
        "score": score,
        "created_at": turn["finished_at"],
    }


def make_part(chance: random.Random, turn: Row, content: str) -> Row:
    is_undeliverable = turn["state"] == "undeliverable"
    return {
        "id": make_id(chance, turn["ready_at"]),
        "bot_id": BOT_ID,
        "chat_id": turn["chat_id"],
        "thread_id": 0,
        "turn_id": turn["id"],
        "part": 0,
        "is_last": True,
        "content": content,
        "entities": [],
        "state": "undeliverable" if is_undeliverable else "sent",
        "reason": "forbidden: blocked, left or deleted" if is_undeliverable else None,
        "attempts": 2 if turn["delivery_unknown"] else 1,
        "delivery_unknown": turn["delivery_unknown"],
        "run_after": turn["ready_at"],
        "message_id": None,
        "created_at": turn["ready_at"],
        "finished_at": turn["finished_at"],
    }


def _billed(chance: random.Random, asked: Asked) -> Row:
    billed: Row = {"model_served": asked.fate.model, "provider": None, "cost_source": "none"}
    billed |= dict.fromkeys(("prompt_tokens", "completion_tokens", "cost_micros"), 0)
    is_estimated = chance.random() < _ESTIMATED
    if asked.fate.model is None or asked.answer is None:
        return billed
    prompt = 60 + count_tokens(asked.question["content"])
    completion = count_tokens(asked.answer["content"])
    return billed | {
        "provider": "Simulator",
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "cost_micros": round(OFFERS[asked.fate.model].cost(prompt, completion) * 1_000_000),
        "cost_source": "estimated" if is_estimated else "usage",
    }


def _calls(chance: random.Random, asked: Asked, turn: Row) -> Iterator[Row]:
    """Durations are counted from the start of work."""
    lost_ms = 0
    for call in asked.fate.calls:
        lost_ms += call.lost_ms
        yield {
            "id": make_id(chance, asked.at),
            "bot_id": BOT_ID,
            "turn_id": turn["id"],
            "target": call.model,
            "outcome": call.outcome,
            "error_kind": call.error,
            "first_token_ms": None if call.error else turn["first_token_ms"],
            "duration_ms": lost_ms if call.error else turn["generation_ms"],
            "created_at": asked.at + timedelta(milliseconds=asked.waits.queue),
            **_cost_of(call, turn),
        }


def _cost_of(call: Call, turn: Row) -> Row:
    """An answer that broke off had its price, too."""
    names = ("prompt_tokens", "completion_tokens", "cost_micros", "cost_source")
    if call.outcome == "answered":
        return {name: turn[name] for name in names}
    if call.error == "broken":
        cost = round(OFFERS[call.model].cost(80, 150) * 1_000_000)
        return dict(zip(names, (80, 150, cost, "estimated"), strict=True))
    return dict(zip(names, (0, 0, 0, "none"), strict=True))
