"""What becomes of a question: drawn by chance, with what the bot worked with at that moment."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from simulator.history.past import CODE, LARGE, SMALL, Trouble

#: of what is no text the bot says that it reads text alone
_KINDS = {"text": 960, "photo": 16, "voice": 12, "sticker": 7, "document": 5}
_VERDICTS = {"answered": 950, "cancelled": 28, "answered_partial": 8, "declined": 8, "too_long": 3}
_ERRORS = {"rate_limited": 5, "unavailable": 4, "too_slow": 3, "broken": 2, "garbage": 1}
#: how often the first model fails, and how often the next one does then
_FAILS, _FAILS_TOO = 0.045, 0.2
_FAILS_IN_OUTAGE = 0.97
#: until such a call is given up
_LOST_MS = {
    "rate_limited": 400,
    "unavailable": 1200,
    "too_slow": 8000,
    "broken": 5000,
    "garbage": 900,
    "declined": 700,
}
_SPEED = {LARGE: 1.0, SMALL: 0.45, CODE: 0.7}
_UNKNOWN, _UNKNOWN_IN_FLOOD, _UNDELIVERABLE = 0.006, 0.15, 0.004


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call to a model, and why it failed if it did."""

    model: str
    outcome: str
    error: str | None = None

    @property
    def lost_ms(self) -> int:
        return _LOST_MS[self.error] if self.error else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    kind: str
    verdict: str
    error: str | None
    calls: tuple[Call, ...]
    is_unknown: bool
    is_undeliverable: bool

    @property
    def model(self) -> str | None:
        """The one that answered."""
        return next((call.model for call in self.calls if call.outcome == "answered"), None)

    @property
    def lost_ms(self) -> int:
        return sum(call.lost_ms for call in self.calls)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """Milliseconds of the stages of a turn."""

    queue: int
    first_token: int
    generation: int
    delivery: int


def draw(chance: random.Random, models: tuple[str, ...], trouble: Trouble | None) -> Fate:
    kind, verdict, error, calls = _answering(chance, models, trouble)
    is_undeliverable = chance.random() < _UNDELIVERABLE
    is_unknown = chance.random() < (_UNKNOWN_IN_FLOOD if trouble == "flood" else _UNKNOWN)
    return Fate(
        kind=kind,
        verdict=verdict,
        error=error,
        calls=calls,
        is_unknown=is_unknown and not is_undeliverable,
        is_undeliverable=is_undeliverable,
    )


def draw_waits(chance: random.Random, fate: Fate, trouble: Trouble | None) -> Waits:
    speed = _SPEED[fate.calls[-1].model] if fate.calls else 0.0
    first = fate.lost_ms + round(chance.lognormvariate(6.2, 0.5) * speed)
    held_up = round(chance.uniform(5_000, 40_000)) if trouble == "flood" else 0
    return Waits(
        queue=round(chance.lognormvariate(2.0, 0.8)),
        first_token=first,
        generation=first + round(chance.lognormvariate(7.8, 0.6) * speed),
        delivery=round(chance.lognormvariate(4.2, 0.5)) + held_up,
    )


def _answering(
    chance: random.Random, models: tuple[str, ...], trouble: Trouble | None
) -> tuple[str, str, str | None, tuple[Call, ...]]:
    """Kind, verdict, error, and the calls that were made for it."""
    kind, verdict = _pick(chance, _KINDS), _pick(chance, _VERDICTS)
    failed = tuple(_failing(chance, models, trouble))
    if kind != "text":
        return kind, "declined", "only_text", ()
    if verdict == "too_long":
        return kind, "declined", "too_long", ()
    if verdict == "answered_partial":
        broken = (Call(model=model, outcome="failed", error="broken") for model in models)
        return kind, verdict, "all_targets_failed", tuple(broken)
    if len(failed) == len(models):
        return kind, "failed_told", "all_targets_failed", failed
    model = models[len(failed)]
    match verdict:
        case "declined":
            last = Call(model=model, outcome="failed", error="declined")
            return kind, verdict, "declined", (*failed, last)
        case "cancelled":
            return kind, verdict, None, (*failed, Call(model=model, outcome="stopped"))
        case _:
            return kind, verdict, None, (*failed, Call(model=model, outcome="answered"))


def _failing(
    chance: random.Random, models: tuple[str, ...], trouble: Trouble | None
) -> Iterator[Call]:
    is_out = trouble == "outage"
    share = _FAILS_IN_OUTAGE if is_out else _FAILS
    for model in models:
        if chance.random() >= share:
            return
        error = "unavailable" if is_out and model == LARGE else _pick(chance, _ERRORS)
        yield Call(model=model, outcome="failed", error=error)
        share = _FAILS_TOO


def _pick(chance: random.Random, weights: dict[str, int]) -> str:
    return chance.choices(list(weights), list(weights.values()))[0]
