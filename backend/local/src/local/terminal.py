"""One terminal for all programs: each line with its program's name before it."""

import os
import sys
from collections.abc import Iterable

_COLORS = {"simulator": 35, "bot": 36, "api": 33, "postgres": 34, "people": 32}
_WIDTH = 10


class Terminal:
    def __init__(self) -> None:
        self._has_color = sys.stdout.isatty() and "NO_COLOR" not in os.environ  # noqa: TID251 - a terminal's own convention

    def line(self, name: str, line: str) -> None:
        print(f"{self._painted(f'{name:<{_WIDTH}}', _COLORS.get(name, 37))}│ {line}", flush=True)

    def note(self, line: str) -> None:
        """Something the supervisor itself has to say."""
        print(self._painted(line, 1), flush=True)

    def summary(self, title: str, rows: Iterable[tuple[str, str]]) -> None:
        lines = [f"  {name:<12}{value}" for name, value in rows]
        print("\n".join(["", self._painted(title, 1), *lines, ""]), flush=True)

    def _painted(self, text: str, code: int) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._has_color else text
