"""Points of a message's way at which a test may kill, freeze or fail this process.

Each guards a gap between two things that cannot happen at once, such as a call and the note of its
outcome. Nothing is armed in a process that was not told to be, and settings tell only one that runs
in development.
"""

import os
import re
import signal
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self


class Failpoint(StrEnum):
    """Named by what has just happened."""

    #: updates came, and are not stored
    UPDATES_FETCHED = "updates_fetched"
    #: updates are stored, and not confirmed
    UPDATES_STORED = "updates_stored"
    WORK_CLAIMED = "work_claimed"
    #: the question is stored, and nobody is asked
    TURN_OPENED = "turn_opened"
    #: the call is noted, and not made
    CALL_NOTED = "call_noted"
    #: some of the answer has come
    TOKEN_CAME = "token_came"  # noqa: S105 - of a model, not of a person
    #: all of it, and it is not stored
    ANSWER_COMPLETE = "answer_complete"
    ANSWER_STORED = "answer_stored"
    #: no model could be reached, and the turn waits
    TURN_WAITS = "turn_waits"
    WORK_HANDED_BACK = "work_handed_back"
    #: the intent to send is stored, and nothing is sent
    PART_CLAIMED = "part_claimed"
    #: it is sent, and that is not stored
    PART_DELIVERED = "part_delivered"
    PART_SETTLED = "part_settled"
    #: parts of senders that vanished are marked, and that is not committed
    PARTS_RECOVERED = "parts_recovered"
    #: all of a person's is erased, and that is not committed
    PERSON_ERASED = "person_erased"
    #: the schema is changed, and that is not committed
    SCHEMA_MIGRATED = "schema_migrated"


class Action(StrEnum):
    #: as the kernel kills a process: nothing is tidied up
    KILL = "kill"
    #: until somebody continues it
    FREEZE = "freeze"
    #: the whole process, its event loop included
    BLOCK = "block"
    RAISE = "raise"


class FailpointReached(Exception):
    """What `raise` raises."""


_ORDER = re.compile(r"(?P<point>\w+):(?P<action>[a-z]+)(=(?P<seconds>[\d.]+))?(@(?P<at>\d+))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """`part_delivered:kill`, `token_came:block=2.5`, `work_claimed:raise@3`: what happens when the
    point is reached for that time, counted from 1.
    """

    point: Failpoint
    action: Action
    at: int = 1
    seconds: float = 0.0

    @classmethod
    def parse(cls, written: str) -> Self:
        """Raises ValueError."""
        found = _ORDER.fullmatch(written)
        if found is None:
            raise ValueError("needs point:action, such as part_delivered:kill or token_came:kill@2")
        return cls(
            point=Failpoint(found["point"]),
            action=Action(found["action"]),
            at=int(found["at"] or 1),
            seconds=float(found["seconds"] or 0),
        )


class _Armed:
    def __init__(self) -> None:
        self._orders: tuple[Order, ...] = ()
        self._journal: Path | None = None
        self._reached: Counter[Failpoint] = Counter()

    def arm(self, orders: Iterable[Order], journal: Path | None) -> None:
        self._orders, self._journal = tuple(orders), journal
        self._reached.clear()

    def reach(self, point: Failpoint) -> None:
        if not self._orders and self._journal is None:
            return
        self._reached[point] += 1
        if self._journal and self._reached[point] == 1:
            with self._journal.open("a", encoding="ascii") as journal:
                journal.write(f"{point}\n")
        for order in self._orders:
            if order.point is point and order.at == self._reached[point]:
                _act(order)


_ARMED = _Armed()


def arm(orders: Iterable[Order], journal: Path | None = None) -> None:
    """From now on do what is ordered; the points that are reached are named in the journal."""
    _ARMED.arm(orders, journal)


def reach(point: Failpoint) -> None:
    """Says where the process is; does nothing unless something was ordered for this point."""
    _ARMED.reach(point)


def _act(order: Order) -> None:
    match order.action:
        case Action.KILL:
            os.kill(os.getpid(), signal.SIGKILL)
        case Action.FREEZE:
            os.kill(os.getpid(), signal.SIGSTOP)
        case Action.BLOCK:
            time.sleep(order.seconds)
        case Action.RAISE:
            raise FailpointReached(order.point)
