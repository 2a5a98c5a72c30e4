"""What the bot worked with at each moment of the history, and what troubled it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Literal

from core.chat.context import hash_prompt
from core.settings import Settings
from core.stats.marks import MarkKind, Setup

DAYS = 90
LARGE, SMALL, CODE = "parley/demo-large", "parley/demo-small", "parley/demo-code"
#: what the bot itself will note when it starts, so that it notes nothing new
_RELEASE, _PROMPT = version("parley-bot"), Settings().system_prompt
_PROMPTS = ("You are a helpful assistant.", "You are Parley. Answer briefly.", _PROMPT)
_FRIDAY = 4

Trouble = Literal["flood", "outage"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    at: datetime
    kind: MarkKind
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Era:
    since: datetime
    setup: Setup
    #: shares of answers that are liked and disliked
    liked: float
    disliked: float


class Past:
    def __init__(self, now: datetime) -> None:
        self.start = (now - timedelta(days=DAYS)).replace(hour=0, minute=0, second=0, microsecond=0)
        self._eras = _eras(now, self.start)
        self._troubles: dict[Trouble, tuple[datetime, datetime]] = {
            "outage": _lasting(now, days=12, hour=13, minutes=200),
            "flood": _lasting(now, days=3, hour=15, minutes=50),
        }

    def era(self, moment: datetime) -> Era:
        return [era for era in self._eras if era.since <= moment][-1]

    def trouble(self, moment: datetime) -> Trouble | None:
        for trouble, (start, end) in self._troubles.items():
            if start <= moment < end:
                return trouble
        return None

    def marks(self) -> list[Mark]:
        """As the bot would have noted them."""
        marks, noted = [], dict.fromkeys(MarkKind, "")
        for era in self._eras:
            for kind, label in era.setup.labels().items():
                if noted[kind] != label:
                    marks.append(Mark(at=era.since, kind=kind, label=label))
                    noted[kind] = label
        outage, flood = self._troubles["outage"][0], self._troubles["flood"][0]
        marks.append(Mark(at=outage, kind=MarkKind.BREAKER, label=f"{LARGE} is left alone"))
        marks.append(Mark(at=flood, kind=MarkKind.FLOOD, label="Telegram asked to wait 17 s"))
        return marks


def _eras(now: datetime, start: datetime) -> list[Era]:
    first, second, third = (hash_prompt(prompt) for prompt in _PROMPTS)
    alpha, beta = f"{_RELEASE}a1", f"{_RELEASE}b1"
    told = (
        (start, alpha, first, (CODE,), 0.03, 0.03),
        (_weekday(now, days=61, hour=9), beta, first, (LARGE, CODE), 0.045, 0.025),
        (_weekday(now, days=40, hour=14), beta, second, (LARGE, CODE), 0.055, 0.02),
        (_weekday(now, days=24, hour=9), _RELEASE, second, (LARGE, SMALL), 0.06, 0.018),
        (_weekday(now, days=5, hour=10), _RELEASE, third, (LARGE, SMALL), 0.08, 0.01),
    )
    return [
        Era(
            since=since,
            setup=Setup(release=release, prompt_hash=prompt, models=models),
            liked=liked,
            disliked=disliked,
        )
        for since, release, prompt, models, liked, disliked in told
    ]


def _lasting(now: datetime, *, days: int, hour: int, minutes: int) -> tuple[datetime, datetime]:
    start = _weekday(now, days=days, hour=hour)
    return start, start + timedelta(minutes=minutes)


def _weekday(now: datetime, *, days: int, hour: int) -> datetime:
    """So many days ago, or on the Friday before, when more people write."""
    day = now - timedelta(days=days)
    day -= timedelta(days=max(0, day.weekday() - _FRIDAY))
    return day.replace(hour=hour, minute=5, second=0, microsecond=0)
