"""What the simulated model says: sensible for a demonstration, the same for the same question.

Its words are in demo_en.toml and demo_ru.toml. A reply may name what the question was about: $name
stands for a group of the pattern that found it.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template
from typing import Any
from zlib import crc32

from simulator.provider.arithmetic import solve

_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
#: a question is clear by then; what follows is only quoted and counted
_HEARD_CHARACTERS = 600
_LISTED_QUESTIONS = 5
_LISTED_CHARACTERS = 160
_QUOTED_CHARACTERS = 400


def reply_to(messages: Sequence[tuple[str, str]]) -> str:
    """Answer the last user message of `messages`, pairs of role and text, oldest first."""
    asked = [text for role, text in messages if role == "user"]
    *earlier, question = asked or [""]
    voice = _voice(_language(question, earlier))
    said = [text for role, text in messages if role == "assistant"]
    heard = question[:_HEARD_CHARACTERS]
    return (
        voice.recall(heard, earlier, said)
        or voice.calculate(heard)
        or voice.on_topic(heard)
        or voice.echo(question)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A subject that the model knows something about."""

    pattern: re.Pattern[str]
    #: named groups for the replies; the first that is found counts
    details: tuple[re.Pattern[str], ...]
    defaults: Mapping[str, str]
    replies: tuple[str, ...]

    def reply(self, question: str) -> str:
        found = next((match for detail in self.details if (match := detail.search(question))), None)
        details = {**self.defaults, **_present(found)}
        return Template(_choose(self.replies, question)).safe_substitute(details)


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """The model in one language."""

    memory: Mapping[str, str]
    sums: tuple[str, ...]
    topics: tuple[Topic, ...]
    echoes: tuple[str, ...]

    def recall(self, question: str, earlier: Sequence[str], said: Sequence[str]) -> str | None:
        """What the conversation holds, when the question is about that."""
        if _asks(self.memory["name_asked"], question):
            return self._recall_name(earlier)
        if said and _asks(self.memory["own_words_asked"], question):
            return Template(self.memory["own_words"]).substitute(quotation=_quoted(said[-1]))
        if not _asks(self.memory["asked"], question):
            return None
        if not earlier:
            return self.memory["nothing"]
        listed = "\n".join(
            f"{number}. {_line(text)}" for number, text in _last(earlier, _LISTED_QUESTIONS)
        )
        return Template(self.memory["questions"]).substitute(questions=listed, count=len(earlier))

    def _recall_name(self, earlier: Sequence[str]) -> str:
        introduced = re.compile(self.memory["name_given"], re.IGNORECASE)
        for text in reversed(earlier):
            if found := introduced.search(text):
                return Template(self.memory["name"]).substitute(name=found[1])
        return self.memory["no_name"]

    def calculate(self, question: str) -> str | None:
        solved = solve(question)
        if solved is None:
            return None
        written, result = solved
        return Template(_choose(self.sums, question)).substitute(written=written, result=result)

    def on_topic(self, question: str) -> str | None:
        topic = next((topic for topic in self.topics if topic.pattern.search(question)), None)
        return topic.reply(question) if topic else None

    def echo(self, question: str) -> str:
        fields = {"quotation": _quoted(question), "words": str(len(question.split()))}
        return Template(_choose(self.echoes, question)).substitute(fields)


def _language(question: str, earlier: Sequence[str]) -> str:
    """That of the last message with a letter in it."""
    lettered = (text for text in (question, *reversed(earlier)) if _LETTER.search(text))
    return "ru" if _CYRILLIC.search(next(lettered, "")) else "en"


@cache
def _voice(language: str) -> Voice:
    words = tomllib.loads(
        files(__package__).joinpath(f"demo_{language}.toml").read_text(encoding="utf-8")
    )
    return Voice(
        memory=words["memory"],
        sums=tuple(words["sums"]),
        topics=tuple(_topic(fields) for fields in words["topics"]),
        echoes=tuple(words["echoes"]),
    )


def _topic(fields: Mapping[str, Any]) -> Topic:
    return Topic(
        pattern=re.compile(fields["pattern"], re.IGNORECASE),
        details=tuple(re.compile(detail, re.IGNORECASE) for detail in fields.get("details", ())),
        defaults=fields.get("defaults", {}),
        replies=tuple(reply.strip() for reply in fields["replies"]),
    )


def _present(found: re.Match[str] | None) -> dict[str, str]:
    return {name: text.strip() for name, text in (found.groupdict() if found else {}).items()}


def _asks(pattern: str, question: str) -> bool:
    return re.search(pattern, question, re.IGNORECASE) is not None


def _choose(options: Sequence[str], question: str) -> str:
    return options[crc32(question.encode("utf-8", "surrogatepass")) % len(options)].strip()


def _last(texts: Sequence[str], count: int) -> Sequence[tuple[int, str]]:
    return list(enumerate(texts, 1))[-count:]


def _line(text: str) -> str:
    return _shortened(" ".join(text.split()), _LISTED_CHARACTERS)


def _quoted(text: str) -> str:
    lines = _shortened(text.strip(), _QUOTED_CHARACTERS).splitlines()
    return "\n".join(f"> {line}" for line in lines or ["…"])


def _shortened(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
