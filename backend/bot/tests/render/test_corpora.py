"""Real answers, hostile strings and the specification's own examples."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from bot import render
from bot.render import Part
from bot.render.stream import closed
from simulator.reading import shown_words, visible_words

Judge = Callable[[Iterable[Part]], None]

PREFIXES = 8


@pytest.fixture(scope="module")
def answers(shared_data: Path) -> list[str]:
    lines = (shared_data / "llm_outputs.jsonl").read_text().splitlines()
    return [json.loads(line)["output"] for line in lines]


def shown(parts: Iterable[Part]) -> str:
    return shown_words("".join(part.text for part in parts))


def test_every_answer_is_taken_with_all_its_words(answers: list[str], judge: Judge) -> None:
    for answer in answers:
        parts = render.render(answer)
        judge(parts)
        assert not any(part.plain for part in parts)
        assert shown(parts) == visible_words(answer)


def test_every_answer_is_previewed_while_it_grows(answers: list[str], judge: Judge) -> None:
    for answer in answers[::20]:
        for step in range(1, PREFIXES + 1):
            prefix = answer[: len(answer) * step // PREFIXES]
            part = render.preview(prefix)
            judge([part] if part.text else [])
            assert visible_words(closed(prefix)).endswith(shown_words(part.text))
            assert part.text or not visible_words(prefix)


@pytest.mark.parametrize("suite", ["commonmark", "gfm", "cmark_gfm_extensions"])
def test_every_example_of_the_specification_keeps_its_words(
    suite: str, shared_data: Path, judge: Judge
) -> None:
    for example in json.loads((shared_data / "commonmark_spec.json").read_text())[suite]:
        parts = render.render(example["markdown"])
        judge(parts)
        assert shown(parts) == visible_words(example["markdown"]), example["example"]


def test_every_naughty_string_is_taken(shared_data: Path, judge: Judge) -> None:
    for string in json.loads((shared_data / "naughty_strings.json").read_text())["strings"]:
        parts = render.render(string)
        judge(parts)
        judge(render.plain(string))
        assert shown(parts) == visible_words(string)
