"""Long answers arrive in whole words, and nothing of their formatting ends at a message's end."""

import time
from collections.abc import Callable, Iterable

import pytest

from bot import render
from bot.render import Part
from core.text import utf16_length

Judge = Callable[[Iterable[Part]], None]

FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"


def words(parts: Iterable[Part]) -> list[str]:
    return " ".join(part.text for part in parts).split()


class TestSplit:
    @pytest.mark.parametrize("units", [4095, 4096, 4097, 8192, 8193])
    def test_fills_parts_to_the_limit(self, units: int, judge: Judge) -> None:
        parts = render.render("x" * units)
        judge(parts)
        assert "".join(part.text for part in parts) == "x" * units
        assert len(parts) == -(-units // 4096)

    def test_prefers_the_border_of_a_block(self, judge: Judge) -> None:
        block = "One sentence. " * 60 + "\nA line.\n" + "More words, " * 60
        source = "\n\n".join([block] * 4)
        parts = render.render(source)
        judge(parts)
        assert all(part.text.startswith("One") for part in parts)
        assert all(part.text.endswith("words,") for part in parts)
        assert words(parts) == source.split()

    def test_then_of_a_line(self, judge: Judge) -> None:
        parts = render.render("\n".join(f"line {number}." for number in range(2000)))
        judge(parts)
        assert all(part.text.startswith("line") for part in parts)

    def test_then_of_a_sentence(self, judge: Judge) -> None:
        parts = render.render("Each of these is one sentence. " * 400)
        judge(parts)
        assert all(part.text.startswith("Each") and part.text.endswith(".") for part in parts)

    def test_then_of_a_word(self, judge: Judge) -> None:
        source = "word " * 3000
        parts = render.render(source)
        judge(parts)
        assert words(parts) == source.split()

    def test_sentences_without_spaces(self, judge: Judge) -> None:
        parts = render.render("これは一つの文です。" * 900)
        judge(parts)
        assert all(part.text.endswith("。") for part in parts)

    @pytest.mark.parametrize("character", [FAMILY, "\U0001f1f3\U0001f1f1", "e\u0301", "한"])
    def test_never_cuts_a_character(self, character: str, judge: Judge) -> None:
        parts = render.render("x" + character * 5000)
        judge(parts)
        assert "".join(part.text for part in parts) == "x" + character * 5000
        assert all(part.text.removeprefix("x").replace(character, "") == "" for part in parts)

    def test_cuts_a_character_without_end(self, judge: Judge) -> None:
        source = "a" + "\u0301" * 10_000
        parts = render.render(source)
        judge(parts)
        assert parts[0].text == source[:4096]


class TestFormattingAcrossParts:
    def test_code_goes_on_with_its_language(self, judge: Judge) -> None:
        function = "def f(x):\n    if x:\n        return 1\n    return 2"
        code = "\n\n".join([function] * 300)
        parts = render.render(f"Look:\n\n```python\n{code}\n```\n\nDone.")
        judge(parts)
        assert len(parts) > 3
        for part in parts:
            assert [(entity.type, entity.language) for entity in part.entities] == [
                ("pre", "python")
            ]
        assert all(part.text.startswith("def") for part in parts[1:])
        assert "\n\n".join(part.text for part in parts) == f"Look:\n\n{code}\n\nDone."

    def test_styles_and_quotes_go_on(self, judge: Judge) -> None:
        parts = render.render("> **" + "word " * 2000 + "end**")
        judge(parts)
        assert len(parts) == 3
        for part in parts:
            covered = [(e.type, e.offset, e.length) for e in part.entities]
            everything = (0, utf16_length(part.text))
            assert covered == [("blockquote", *everything), ("bold", *everything)]

    def test_links_go_on(self, judge: Judge) -> None:
        parts = render.render("[" + "word " * 2000 + "end](https://example.com)")
        judge(parts)
        assert [entity.url for part in parts for entity in part.entities] == [
            "https://example.com"
        ] * 3

    def test_all_of_many_entities_are_kept(self, judge: Judge) -> None:
        parts = render.render("\n".join(f"- **a** `{number}`" for number in range(500)))
        judge(parts)
        assert sum(len(part.entities) for part in parts) == 1000

    def test_all_of_many_long_addresses_are_kept(self, judge: Judge) -> None:
        url = "https://example.com/" + "a" * 1500
        parts = render.render("\n".join(f"[x{number}]({url}{number})" for number in range(50)))
        judge(parts)
        urls = [entity.url for part in parts for entity in part.entities]
        assert urls == [f"{url}{number}" for number in range(50)]

    def test_tables_are_cut_between_rows(self, judge: Judge) -> None:
        rows = "\n".join(f"| {number} | some words |" for number in range(500))
        parts = render.render(f"| a | b |\n|---|---|\n{rows}")
        judge(parts)
        assert all(part.entities[0].type == "pre" for part in parts)
        assert all(part.text.endswith("words") for part in parts)


def test_a_megabyte_is_split_in_seconds(judge: Judge) -> None:
    source = "Some **bold** and `code` \U0001f600.\n\n" * 25_000
    start = time.process_time()
    parts = render.render(source)
    assert time.process_time() - start < 20
    judge(parts[:20])
    assert words(parts) == source.replace("**", "").replace("`", "").split()


@pytest.mark.parametrize(
    "hostile",
    [
        "[" * 20_000,
        "> " * 5_000 + "x",
        "*a " * 20_000,
        "\\(" * 20_000,
        "\\( " * 10_000 + "\\)",
        "$a_1 " * 10_000,
        "**a*" * 10_000,
        "`" * 20_000,
        "- " * 2_000 + "x",
        "|" * 20_000,
        "<" * 20_000,
        "~a" * 10_000,
        "\U0001f1f3" * 20_000,
        "[a]: b\n" * 3_000,
        "$" * 20_001,
        "__a__" * 5_000,
        "||" * 10_000 + "\n|-|",
    ],
    ids=lambda text: text[:8],
)
def test_hostile_text_takes_no_time(hostile: str, judge: Judge) -> None:
    start = time.process_time()
    judge(render.render(hostile)[:5])
    render.preview(hostile)
    assert time.process_time() - start < 10
