"""What an operator reads: a line for each check, and one screen at the end."""

import sys
from dataclasses import dataclass, field

_GREEN, _RED, _DIM, _BOLD, _OFF = "\033[32m", "\033[31m", "\033[2m", "\033[1m", "\033[0m"


@dataclass
class Screen:
    problems: list[tuple[str, str, str]] = field(default_factory=list)
    rows: list[tuple[str, str]] = field(default_factory=list)

    def good(self, name: str, detail: str = "") -> None:
        print(f"  {_paint(_GREEN, '✓')} {name:<24} {_paint(_DIM, detail)}", flush=True)

    def note(self, name: str, detail: str) -> None:
        print(f"  {_paint(_DIM, '·')} {name:<24} {_paint(_DIM, detail)}", flush=True)

    def bad(self, name: str, detail: str, remedy: str) -> None:
        """`remedy` is empty where the detail holds it."""
        self.problems.append((name, detail, remedy))
        print(f"  {_paint(_RED, '✗')} {name:<24} {detail}", flush=True)

    def step(self, words: str) -> None:
        print(_paint(_BOLD, words), flush=True)

    def row(self, name: str, value: str) -> None:
        self.rows.append((name, value))

    def end(self, headline: str) -> int:
        """The last screen; the exit code."""
        print()
        if self.problems:
            name, detail, remedy = self.problems[0]
            print(_paint(_RED, f"{name}: {detail}"))
            if remedy:
                print(f"  {remedy}")
            for name, detail, remedy in self.problems[1:]:
                print(f"  also {name}: {detail.rstrip('.')}. {remedy}".rstrip())
            return 1
        print(_paint(_GREEN, headline))
        for name, value in self.rows:
            print(f"  {name:<12} {value}")
        return 0


def _paint(colour: str, words: str) -> str:
    return f"{colour}{words}{_OFF}" if sys.stdout.isatty() else words
