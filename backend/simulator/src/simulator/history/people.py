"""Who writes in the history: when they came, whether they stayed, where they write."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from simulator.history.past import DAYS
from simulator.small_talk import NAMES

PEOPLE = 120
#: made-up people have ids that the simulator gives to nobody
FIRST_PERSON = 900_000
#: by the language in which they ask; a client may say another one, or nothing
_CLIENTS: dict[str, dict[str | None, int]] = {
    "en": {"en": 10, "en-GB": 4, "de": 4, "es": 3, "pt-br": 2, "hi": 1, None: 1},
    "ru": {"ru": 12, "uk": 3, "kk": 1},
}
_GROUPS = (-1_000_000_900_001, -1_000_000_900_002)
#: one person in so many writes in a group
_IN_GROUPS = 9
#: of those who come later, who leaves again
_LEAVES = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    id: int
    public_id: UUID
    name: str
    #: in which they ask
    speaks: str
    #: what their client says
    language: str | None
    chat_id: int
    #: how much they write, beside others
    weight: float
    came: datetime
    left: datetime

    @property
    def chat_kind(self) -> str:
        return "supergroup" if self.chat_id < 0 else "private"


def meet(chance: random.Random, start: datetime) -> list[Person]:
    return [_person(chance, start, number) for number in range(PEOPLE)]


def _person(chance: random.Random, start: datetime, number: int) -> Person:
    name, speaks = NAMES[number % len(NAMES)]
    clients = _CLIENTS[speaks]
    days = chance.uniform(0, DAYS - 2) if number % 4 else 0.0
    came = start + timedelta(days=days)
    stays = chance.uniform(3, 30) if days and chance.random() < _LEAVES else 2.0 * DAYS
    person_id = FIRST_PERSON + number
    is_in_group = number % _IN_GROUPS == _IN_GROUPS - 1
    return Person(
        id=person_id,
        public_id=UUID(int=chance.getrandbits(128), version=4),
        name=name,
        speaks=speaks,
        language=chance.choices(list(clients), list(clients.values()))[0],
        chat_id=chance.choice(_GROUPS) if is_in_group else person_id,
        weight=1 / (number + 1) ** 0.8,  # a few people write most of the messages
        came=came,
        left=came + timedelta(days=stays),
    )
