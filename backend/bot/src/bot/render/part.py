"""A piece of an answer as Telegram takes it, and the limits it takes it within."""

from dataclasses import dataclass
from typing import Any

MAX_UNITS = 4096
MAX_ENTITIES = 100
#: of the entities as JSON; Telegram refuses a message somewhere above
MAX_ENTITY_BYTES = 9_500


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """Formatting of a range; `offset` and `length` count UTF-16 units."""

    type: str
    offset: int
    length: int
    url: str | None = None
    language: str | None = None

    def to_json(self) -> dict[str, Any]:
        fields = {"type": self.type, "offset": self.offset, "length": self.length}
        optional = {"url": self.url, "language": self.language}
        return fields | {name: value for name, value in optional.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The text and formatting of one message."""

    text: str
    entities: tuple[Entity, ...] = ()
    #: formatting was given up because the text could not be rendered
    plain: bool = False
