"""What is counted of a turn: its dimensions, its measures and its stages, as SQL over `turns`.

This is the one place that says how a rollup follows from a raw row; booking and rebuilding are both
made from it. A turn counts once it has a verdict, in the hour in which its question came.
"""

from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """When a measure becomes known. Before its step it is zero, so it can be added then."""

    CONCLUDED = "concluded"
    DELIVERED = "delivered"
    EDITED = "edited"
    RATED = "rated"


@dataclass(frozen=True, slots=True)
class Measure:
    #: the column of `stats_facts`
    name: str
    #: over a row of `turns` named `turn`
    sql: str
    step: Step = Step.CONCLUDED


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the time that a person waits, in milliseconds; null where it does not apply."""

    name: str
    title: str
    meaning: str
    sql: str
    step: Step = Step.CONCLUDED


#: turns that count
IS_CONCLUDED = "turn.verdict IS NOT NULL"
_HAS_ANSWER = "turn.answer_length > 0"
_IS_FALLBACK = "turn.is_fallback"
_IS_DELIVERED = "turn.finished_at IS NOT NULL AND turn.state <> 'undeliverable'"

DIMENSIONS = {
    "outcome": "turn.verdict",
    "model": "CASE WHEN turn.attempts > 0 "
    "THEN coalesce(turn.model_served, turn.model_asked, '') ELSE '' END",
    "provider": "coalesce(turn.provider, '')",
    "language": "lower(left(split_part(coalesce(turn.language, ''), '-', 1), 35))",
    "kind": "turn.kind",
    "error_kind": "coalesce(turn.error_kind, '')",
}

#: rollups of the same measures, and of the same stages, by many dimensions and by few
BREAKDOWNS: dict[str, tuple[str, ...]] = {
    "stats_facts": tuple(DIMENSIONS),
    "stats_totals": ("outcome",),
}
LATENCIES: dict[str, tuple[str, ...]] = {"stats_latency": ("model",), "stats_latency_totals": ()}


def _one_if(condition: str) -> str:
    return f"CASE WHEN {condition} THEN 1 ELSE 0 END"


def _if(condition: str, value: str) -> str:
    return f"CASE WHEN {condition} THEN {value} ELSE 0 END"


MEASURES = (
    Measure("questions", "1"),
    Measure("asked", _one_if("turn.attempts > 0")),
    Measure("question_units", "turn.question_length"),
    Measure("answers", _one_if(_HAS_ANSWER)),
    Measure("answer_units", "turn.answer_length"),
    Measure("dialogs", _one_if("turn.opens_dialog")),
    Measure("prompt_tokens", "turn.prompt_tokens"),
    Measure("completion_tokens", "turn.completion_tokens"),
    Measure("cached_tokens", "turn.cached_tokens"),
    Measure("reasoning_tokens", "turn.reasoning_tokens"),
    Measure("cost_micros", "turn.cost_micros + turn.wasted_micros"),
    Measure("estimated_micros", _if("turn.cost_source = 'estimated'", "turn.cost_micros")),
    Measure("attempts", "turn.attempts"),
    Measure("fallbacks", _one_if(_IS_FALLBACK)),
    Measure("saved", _one_if(f"{_IS_FALLBACK} AND {_HAS_ANSWER}")),
    Measure("fallback_micros", _if(_IS_FALLBACK, "turn.wasted_micros")),
    Measure("fallback_ms", _if(_IS_FALLBACK, "turn.wasted_ms")),
    Measure("delivered", _one_if(_IS_DELIVERED), Step.DELIVERED),
    Measure("delivery_unknown", _one_if("turn.delivery_unknown"), Step.DELIVERED),
    Measure("undeliverable", _one_if("turn.state = 'undeliverable'"), Step.DELIVERED),
    Measure("edited", _one_if("turn.edited_at IS NOT NULL"), Step.EDITED),
    Measure("likes", "turn.likes", Step.RATED),
    Measure("dislikes", "turn.dislikes", Step.RATED),
)

_QUEUE = "turn.queue_ms"
_FIRST = "turn.first_token_ms"
_WHOLE = "turn.queue_ms + turn.generation_ms + turn.delivery_ms"
_ARRIVED = f"{_FIRST} IS NOT NULL AND {_IS_DELIVERED}"

#: only of turns whose person saw text of an answer
STAGES = (
    Stage(
        "queue",
        "Queue",
        "From the question's arrival to the start of the work that answered it: the waiting for "
        "earlier questions of the chat, and for a model while none could be reached.",
        f"CASE WHEN {_FIRST} IS NOT NULL THEN {_QUEUE} END",
    ),
    Stage(
        "first_token",
        "First token",
        "From the start of work to the model's first visible text.",
        _FIRST,
    ),
    Stage(
        "generation",
        "Generation",
        "From the model's first visible text to the end of its answer.",
        f"turn.generation_ms - {_FIRST}",
    ),
    Stage(
        "delivery",
        "Delivery",
        "From the end of the answer to the arrival of its last part at Telegram.",
        f"CASE WHEN {_ARRIVED} THEN turn.delivery_ms END",
        Step.DELIVERED,
    ),
    Stage(
        "first_visible",
        "First visible text",
        "From the question's arrival to the first visible text.",
        f"{_QUEUE} + {_FIRST}",
    ),
    Stage(
        "full_answer",
        "Full answer",
        "From the question's arrival to the arrival of the answer's last part at Telegram.",
        f"CASE WHEN {_ARRIVED} THEN {_WHOLE} END",
        Step.DELIVERED,
    ),
)

#: what `stats_users` keeps of each turn
USER_MEASURES = {
    "questions": "1",
    "answers": _one_if(_HAS_ANSWER),
    "tokens": "turn.prompt_tokens + turn.completion_tokens",
    "cost_micros": "turn.cost_micros + turn.wasted_micros",
}

#: over a row of `llm_attempts` named `call`
CALL_DIMENSIONS = {
    "target": "call.target",
    "outcome": "call.outcome",
    "error_kind": "coalesce(call.error_kind, '')",
}
CALL_MEASURES = {
    "calls": "1",
    "cost_micros": "call.cost_micros",
    "duration_ms": "coalesce(call.duration_ms, 0)",
}

#: writers of one bucket are spread over this many rows, by the person
SHARDS = 4
SHARD = f"CAST(mod(abs(turn.user_id), {SHARDS}) AS smallint)"


def measures_of(step: Step) -> tuple[Measure, ...]:
    """The measures to add at a step: all of them when the turn is concluded.

    A question may have been edited before its turn was concluded, so nothing is left out then.
    """
    return tuple(m for m in MEASURES if step is Step.CONCLUDED or m.step is step)


def stages_of(step: Step) -> tuple[Stage, ...]:
    return tuple(s for s in STAGES if s.step is step)
