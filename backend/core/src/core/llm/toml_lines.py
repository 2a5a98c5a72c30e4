"""Where things stand in a TOML document, which its readers do not tell. Pure."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from typing import Any

Place = tuple[str | int, ...]


class Lines:
    """Numbers of lines, from 1, by place: `("targets", "fast", "prices", 0, "from")`.

    The document has to be valid.
    """

    def __init__(self, document: str) -> None:
        self._numbers: dict[Place, int] = {}
        for place, number in _places(document):
            for length in range(1, len(place) + 1):
                self._numbers.setdefault(place[:length], number)

    def of(self, place: Place) -> int:
        """The line of a value, or of the nearest thing around it."""
        parts = (place[:length] for length in range(len(place), 0, -1))
        return next((self._numbers[part] for part in parts if part in self._numbers), 1)


def _places(document: str) -> Iterator[tuple[Place, int]]:
    """Each header, key and element of a list. A statement ends where it can be read by itself."""
    table: Place = ()
    tables: Counter[Place] = Counter()
    statement, begin, elements = "", 1, 0
    for number, line in enumerate(document.splitlines(), 1):
        if not statement:
            begin, elements = number, 0
        statement += f"{line}\n"
        whole = _read(statement)
        place, value = _leaf(whole or _read(f"{statement}]") or {})
        if statement.lstrip().startswith("[") and whole is not None:
            is_listed = isinstance(value, list)
            table = (*place, tables[place]) if is_listed else place
            tables[place] += 1
            yield table, begin
        elif place:
            yield (*table, *place), begin
            if isinstance(value, list):
                for index in range(elements, len(value)):
                    yield (*table, *place, index), number
                elements = len(value)
        if whole is not None:
            statement = ""


def _read(statement: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(statement)
    except tomllib.TOMLDecodeError:
        return None


def _leaf(value: Any) -> tuple[Place, Any]:
    """The key of a statement, and what it holds."""
    place: list[str | int] = []
    while isinstance(value, dict) and len(value) == 1:
        ((key, value),) = value.items()
        place.append(key)
    return tuple(place), value
