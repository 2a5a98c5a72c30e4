"""How models and accounts are, for those who look at them."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from core.llm.health import State


class Kind(StrEnum):
    TARGET = "target"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Of one target or account."""

    kind: Kind
    name: str
    state: State
    #: for which it is left alone from now on, zero when it may be asked
    rests: timedelta
    #: the kind of error that led to this
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Of the next question."""

    targets: int
    #: targets that are left alone, by themselves or with their account
    resting: int
    #: until one may be asked; zero unless all rest
    back_in: timedelta = timedelta()

    @property
    def is_well(self) -> bool:
        return not self.resting

    @property
    def is_out(self) -> bool:
        return self.resting == self.targets
