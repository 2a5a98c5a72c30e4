"""Who writes in the history: when they came, whether they stayed, where they write."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from simulator.history.rhythm import Rhythm
from simulator.small_talk import NAMES

PEOPLE = 420
#: made-up people have ids that the simulator gives to nobody
FIRST_PERSON = 900_000
#: by the language in which they ask; a client may say another one, or nothing
_CLIENTS: dict[str, dict[str | None, int]] = {
    "en": {"en": 10, "en-GB": 4, "de": 4, "es": 3, "pt-br": 2, "hi": 1, None: 1},
    "ru": {"ru": 12, "uk": 3, "kk": 1},
}
_GROUPS = (-1_000_000_900_001, -1_000_000_900_002, -1_000_000_900_003)
#: one person in so many writes in a group, too
_IN_GROUPS = 12
#: days until those come back who do
_AWAY = (9, 45)


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    #: of a hundred
    people: int
    visits_a_week: float
    #: of a visit, on average
    questions: float
    #: until they leave, on average
    days: float
    #: how likely they come back then
    returns: float


_HABITS = (
    Habit(people=30, visits_a_week=1.0, questions=1.8, days=1.5, returns=0.15),  # have a look
    Habit(people=45, visits_a_week=1.3, questions=2.2, days=25, returns=0.35),
    Habit(people=20, visits_a_week=3.5, questions=2.6, days=50, returns=0.5),
    Habit(people=5, visits_a_week=9.0, questions=3.4, days=90, returns=0.6),  # write most of it
)


@dataclass(frozen=True, slots=True)
class Spell:
    """A time in which somebody is around; the next one begins with their coming back."""

    came: datetime
    left: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    id: int
    public_id: UUID
    name: str
    #: in which they ask
    speaks: str
    #: what their client says
    language: str | None
    #: the group in which they write, too
    group: int | None
    habit: Habit
    spells: tuple[Spell, ...]

    @property
    def came(self) -> datetime:
        return self.spells[0].came


def meet(chance: random.Random, rhythm: Rhythm) -> list[Person]:
    """In the order in which they come."""
    return [
        _person(chance, rhythm, number, came)
        for number, came in enumerate(rhythm.arrivals(chance, PEOPLE))
    ]


def _person(chance: random.Random, rhythm: Rhythm, number: int, came: datetime) -> Person:
    name, speaks = NAMES[number % len(NAMES)]
    clients = _CLIENTS[speaks]
    [habit] = chance.choices(_HABITS, [habit.people for habit in _HABITS])
    is_in_group = number % _IN_GROUPS == _IN_GROUPS - 1
    return Person(
        id=FIRST_PERSON + number,
        public_id=UUID(int=chance.getrandbits(128), version=4),
        name=name,
        speaks=speaks,
        language=chance.choices(list(clients), list(clients.values()))[0],
        group=chance.choice(_GROUPS) if is_in_group else None,
        habit=habit,
        spells=tuple(_spells(chance, rhythm, habit, came)),
    )


def _spells(chance: random.Random, rhythm: Rhythm, habit: Habit, came: datetime) -> Iterator[Spell]:
    while rhythm.is_past(came):
        left = came + timedelta(days=chance.expovariate(1 / habit.days))
        yield Spell(came, left)
        if chance.random() >= habit.returns:
            return
        came = left + timedelta(days=chance.uniform(*_AWAY))
