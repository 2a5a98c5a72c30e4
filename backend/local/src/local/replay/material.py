"""What is replayed: questions of real dialogs, and real answers of models to give to them."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """One person and what they write, in order."""

    dialog_id: str
    questions: tuple[str, ...]
    #: writes the next question without waiting for the answer
    is_hasty: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    scripts: tuple[Script, ...]
    #: the provider's reply, by question
    replies: dict[str, str]

    @property
    def questions(self) -> int:
        return sum(len(script.questions) for script in self.scripts)


_COMMAND = re.compile(r"/[a-z_]+")
#: every fourth person does not wait
HASTY = 4


def load(folder: Path, *, dialogs: int | None = None) -> Material:
    """Read the dialogs' user messages; each distinct question is given one of the outputs."""
    written: dict[str, list[str]] = defaultdict(list)
    for row in _rows(folder / "dialogs.jsonl"):
        if row["role"] == "user" and row["text"].strip():
            written[row["dialog_id"]].append(row["text"].strip())
    outputs = [row["output"] for row in _rows(folder / "llm_outputs.jsonl")]
    scripts = tuple(
        Script(dialog_id=dialog_id, questions=tuple(questions), is_hasty=number % HASTY == 0)
        for number, (dialog_id, questions) in enumerate(list(written.items())[:dialogs])
    )
    distinct = dict.fromkeys(question for script in scripts for question in script.questions)
    replies = {question: outputs[number % len(outputs)] for number, question in enumerate(distinct)}
    return Material(scripts=scripts, replies=replies)


def is_command(question: str) -> bool:
    """Whether the bot takes it for a command rather than a question."""
    return _COMMAND.fullmatch(question) is not None


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
