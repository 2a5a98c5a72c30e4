"""Who asks when and in which chat, and what of it begins a new dialog."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from simulator.history.people import Habit, Person, Spell
from simulator.history.rhythm import Rhythm

#: how often a visit begins with /new, and how often it comes before a later question
_BEGINS_NEW, _GOES_ON_NEW = 0.4, 0.04
#: seconds between two questions of a visit
_PAUSE = (40, 240)
_IN_GROUP = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A person is about to ask something."""

    at: datetime
    person: Person
    chat_id: int
    #: after /new
    is_new: bool


def askings(chance: random.Random, people: Sequence[Person], rhythm: Rhythm) -> list[Asking]:
    """All of the history, in order."""
    made = [
        asking
        for person in people
        for spell in person.spells
        for began in _visits(chance, rhythm, person.habit, spell)
        for asking in _visit(chance, person, began)
        if rhythm.is_past(asking.at)
    ]
    return sorted(made, key=lambda asking: asking.at)


def _visits(
    chance: random.Random, rhythm: Rhythm, habit: Habit, spell: Spell
) -> Iterator[datetime]:
    """The first is that with which the spell begins."""
    yield spell.came
    yield from rhythm.visits(chance, habit.visits_a_week, spell.came, spell.left)


def _visit(chance: random.Random, person: Person, began: datetime) -> Iterator[Asking]:
    at, share = began, _BEGINS_NEW
    is_in_group = person.group is not None and began > person.came and chance.random() < _IN_GROUP
    chat_id = person.group if person.group is not None and is_in_group else person.id
    while True:
        yield Asking(at=at, person=person, chat_id=chat_id, is_new=chance.random() < share)
        if chance.random() < 1 / person.habit.questions:
            return
        at, share = at + timedelta(seconds=chance.uniform(*_PAUSE)), _GOES_ON_NEW
