"""The rows of the history by table, in the order in which their references allow them."""

import random
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from core.db.ids import id_at

BOT_ID = 42

Row = dict[str, Any]


@dataclass(slots=True)
class Rows:
    users: list[Row] = field(default_factory=list)
    dialogs: list[Row] = field(default_factory=list)
    messages: list[Row] = field(default_factory=list)
    turns: list[Row] = field(default_factory=list)
    attempts: list[Row] = field(default_factory=list)
    outbox: list[Row] = field(default_factory=list)
    feedback: list[Row] = field(default_factory=list)
    marks: list[Row] = field(default_factory=list)


def make_id(chance: random.Random, moment: datetime) -> UUID:
    """The same each time for the same moment of the story."""
    return id_at(int(moment.timestamp() * 1000), chance.getrandbits(80))
