"""What somebody knows of a person or a dialog: the beginning of an id, or what an id ends with."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """Ids of people and of dialogs from `first` to `last`."""

    first: UUID
    last: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Ids of people whose last twenty bits are `bits`, where `mask` has ones."""

    mask: int
    bits: int


Search = Beginning | Ending


def of_people(search: Search) -> str:
    """A condition on a row `person` of `users`; its values are those of `values`."""
    if isinstance(search, Beginning):
        return "person.public_id BETWEEN :first_id AND :last_id"
    bits = "CAST('x' || right(CAST(person.public_id AS text), 5) AS bit(20))"
    return f"CAST({bits} AS integer) & :mask = :bits"


def values(search: Search | None) -> dict[str, Any]:
    match search:
        case Beginning(first=first, last=last):
            return {"first_id": first, "last_id": last}
        case Ending(mask=mask, bits=bits):
            return {"mask": mask, "bits": bits}
        case None:
            return {}
