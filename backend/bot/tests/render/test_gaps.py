"""What Telegram cannot format stays readable, case by case."""

import pytest
from telegramify_markdown.converter import EventWalker
from telegramify_markdown.entity import MessageEntity

from bot import render
from bot.render import Part


def only(markdown: str) -> Part:
    [part] = render.render(markdown)
    return part


def formatting(part: Part) -> list[tuple[str, str]]:
    units = part.text.encode("utf-16-le")
    return [
        (e.type, units[2 * e.offset : 2 * (e.offset + e.length)].decode("utf-16-le"))
        for e in part.entities
    ]


class TestText:
    @pytest.mark.parametrize(
        ("markdown", "text"),
        [
            # raw HTML
            ("<think>\nwhy not\n</think>", "<think>\nwhy not\n</think>"),
            ("a list x <T> y", "a list x <T> y"),
            ("one <b>two</b> <!-- three -->", "one <b>two</b> <!-- three -->"),
            ("one<br>two<br/>three", "one\ntwo\nthree"),
            ("<tg-spoiler>no</tg-spoiler>", "<tg-spoiler>no</tg-spoiler>"),
            ("AT&amp;T &lt;tag&gt;", "AT&T <tag>"),
            # signs that are not meant as markup
            ("a || b, x || y || z", "a || b, x || y || z"),
            ("costs $5 to $10 or $20.50", "costs $5 to $10 or $20.50"),
            ("~5 to ~6", "~5 to ~6"),
            ("call __init__ and __main__.py", "call __init__ and __main__.py"),
            (r"\*not bold\*", "*not bold*"),
            ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
            # formulas keep their source
            (r"\(\frac{a_1}{b_2}\)", r"\(\frac{a_1}{b_2}\)"),
            ("so\n\\[\nx_1 * y_2 \\\\\n*z*\n\\]", "so\n\\[\nx_1 * y_2 \\\\\n*z*\n\\]"),
            ("$E = mc^2$ and $a_1*b_2*c$", "$E = mc^2$ and $a_1*b_2*c$"),
            ("$$\n\\sum_{i=1}^n i\n$$", "$$\n\\sum_{i=1}^n i\n$$"),
            (
                "\\begin{align}\na &= b_1 \\\\\nc &= d_1\n\\end{align}",
                "\\begin{align}\na &= b_1 \\\\\nc &= d_1\n\\end{align}",
            ),
            (r"open \( only, then \[", "open ( only, then ["),
            # links
            ("[here](/docs)", "here (/docs)"),
            ("[top](#top)", "top (#top)"),
            ("[x](http://localhost:8000)", "x (http://localhost:8000)"),
            ("[x](example.com)", "x (example.com)"),
            ("[x](javascript:alert(1))", "x (javascript:alert(1))"),
            ("[x](http://exa mple.com)", "[x](http://exa mple.com)"),
            ("[](https://example.com)", "https://example.com"),
            ("<https://example.com>", "https://example.com"),
            ("<me@example.com>", "me@example.com"),
            ('[x](https://example.com "hint")', 'x ("hint")'),
            ("[![alt](i.png)](https://example.com)", "alt (i.png)"),
            ("![a cat](https://example.com/cat.png)", "a cat (https://example.com/cat.png)"),
            ("![a [b](https://c.de)](f.png)", "a b (https://c.de) (f.png)"),
            ("![](https://example.com/cat.png)", "https://example.com/cat.png"),
            # definitions
            ("[a][1]\n\n[1]: https://example.com 'T'", "a (\"T\")\n\n[1]: https://example.com 'T'"),
            ("[unused]: https://example.com", "[unused]: https://example.com"),
            ("so[^1]\n\n[^1]: because", "so[1]\n\n[1] because"),
            ("so[^n]\n\n[^n]:\n    - because", "so[n]\n\n[n] \n• because"),
            # lists
            ("- a\n  - b\n    1. c\n    2. d\n- e", "• a\n  • b\n    1. c\n    2. d\n• e"),
            ("7. a\n8. b", "7. a\n8. b"),
            ("- [x] done\n- [ ] open", "☑ done\n☐ open"),
            ("- a\n\n  b\n- c", "• a\nb\n• c"),
            ("- a\n  ```\n  code\n  ```\n  b", "• a\ncode\nb"),
            ("1. a\n   > quote\n\n   b", "1. a\nquote\nb"),
            ("- a\n  # head\n  b", "• a\nhead\nb"),
            # blocks
            ("# One\ntext\n\n---\n\nmore", "One\ntext\n\n————————\n\nmore"),
            ("```py title=x\ncode\n```", "title=x\ncode"),
            ("```\n\n  indented\n\n```", "indented"),
            ("> a\n> > b", "a\nb"),
        ],
    )
    def test_is_kept(self, markdown: str, text: str) -> None:
        assert only(markdown).text == text

    def test_tables_are_aligned_by_the_width_that_people_see(self) -> None:
        table = "| id | 名前 | note |\n|---|---|---|\n| 1 | 東京都 | a\\|b |\n| 22 | x |"
        assert only(table).text.split("\n") == [
            "id | 名前   | note",
            "---+--------+-----",
            "1  | 東京都 | a|b",
            "22 | x      |",
        ]

    def test_cells_keep_addresses_breaks_and_formulas(self) -> None:
        table = "| a |\n|---|\n| [x](https://example.com) |\n| y<br>z |\n| $x_1$ `c` **d** |"
        lines = only(table).text.split("\n")
        assert lines[2:] == ["x (https://example.com)", "y / z", "$x_1$ c d"]

    def test_cells_that_are_too_many_are_kept(self) -> None:
        assert only("| a |\n|---|\n| b | c | d |").text.endswith("b | c | d")


class TestEntities:
    @pytest.mark.parametrize(
        ("markdown", "entities"),
        [
            ("# Head", [("bold", "Head")]),
            ("###### Head", [("bold", "Head")]),
            ("# See `code` now", [("bold", "See"), ("code", "code"), ("bold", "now")]),
            ("**a *b* c**", [("bold", "a b c"), ("italic", "b")]),
            ("~~gone~~", [("strikethrough", "gone")]),
            ("**bold**\U0001f600 **more**", [("bold", "bold"), ("bold", "more")]),
            ("\U0001f600 `x`", [("code", "x")]),
            ("***both***", [("bold", "both"), ("italic", "both")]),
            ("[a `b` c](https://example.com)", [("text_link", "a b c")]),
            ("[x](https://example.com)", [("text_link", "x")]),
            ("[x](tg://user?id=1)", [("text_link", "x")]),
            ("[x](mailto:me@example.com)", [("text_link", "x")]),
            ("![a [b](https://c.de)](f)", []),
            ("[x](tg://emoji?id=5368324170671202286)", []),
            ("[x](ftp://example.com)", []),
            ("[x](https://)", []),
            ("[x](http://localhost)", []),
            ("[x](https://example.com/" + "a" * 3000 + ")", []),
            ("> a\n> > b", [("blockquote", "a\nb")]),
            ("> ```\n> code\n> ```", [("blockquote", "code"), ("pre", "code")]),
            ("$x_1$", [("code", "$x_1$")]),
            ("```\n\n\n```\n\nx", []),
            ("long " * 100 + "\n> " + "quote " * 100, [("blockquote", ("quote " * 100).strip())]),
        ],
    )
    def test_cover_what_they_should(self, markdown: str, entities: list[tuple[str, str]]) -> None:
        parts = render.render(markdown)
        assert [entity for part in parts for entity in formatting(part)] == entities

    def test_links_keep_their_address(self) -> None:
        [link] = only("[x](https://example.com/a?b=c#d)").entities
        assert link.to_json() == {
            "type": "text_link",
            "offset": 0,
            "length": 1,
            "url": "https://example.com/a?b=c#d",
        }

    def test_code_keeps_its_language_and_its_bytes(self) -> None:
        code = "def f():\n    return '<b>' if \"**x**\" else `y`  # $z_1$ || \\( \\)"
        part = only(f"```python\n{code}\n```")
        assert part.text == code
        assert [entity.language for entity in part.entities] == ["python"]

    def test_count_offsets_in_utf16(self) -> None:
        [bold] = only("\U0001f468\u200d\U0001f469 **x**").entities
        assert (bold.offset, bold.length) == (6, 1)


class TestNothing:
    @pytest.mark.parametrize("markdown", ["", " \n", "\u200b", "```\n```", "&nbsp;", "\u3164"])
    def test_gives_no_part(self, markdown: str) -> None:
        assert render.render(markdown) == ()
        assert render.preview(markdown).text == ""

    def test_of_plain_text_gives_no_part(self) -> None:
        assert render.plain(" \u2800\n") == ()


class TestNote:
    def test_stands_below_the_answer(self) -> None:
        [part] = render.render("**a**", note="Cut *off*")
        assert part.text == "a\n\nCut *off*"
        assert formatting(part) == [("bold", "a"), ("italic", "Cut *off*")]

    def test_is_not_drawn_into_open_code(self) -> None:
        [part] = render.render("```py\nx = 1", note="Stopped.")
        assert formatting(part) == [("pre", "x = 1"), ("italic", "Stopped.")]


class TestFallback:
    @pytest.mark.parametrize("failure", [ValueError, RecursionError, "PanicException"])
    def test_is_plain_text(
        self, failure: type[Exception] | str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        error = type(failure, (BaseException,), {}) if isinstance(failure, str) else failure

        def fail(markdown: str) -> None:
            raise error

        monkeypatch.setattr(render, "formatted", fail)
        assert render.render("**a**", note="b") == (
            Part(
                text="**a**\n\nb",
                entities=(render.Entity(type="italic", offset=7, length=1),),
                plain=True,
            ),
        )
        assert render.preview("**a**").text == "**a**"

    def test_is_taken_for_overlapping_entities(self, monkeypatch: pytest.MonkeyPatch) -> None:
        link = MessageEntity(type="text_link", offset=0, length=2, url="https://example.com")
        bold = MessageEntity(type="bold", offset=1, length=2)

        def walk(walker: EventWalker, events: object) -> tuple[str, list[MessageEntity], object]:
            return "abc", [link, bold], []

        monkeypatch.setattr(EventWalker, "walk", walk)
        assert render.render("abc") == (Part(text="abc", plain=True),)

    def test_lets_an_interrupt_through(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def interrupt(markdown: str) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(render, "formatted", interrupt)
        with pytest.raises(KeyboardInterrupt):
            render.render("a")

    def test_marks_parts_without_formatting(self) -> None:
        assert render.plain("**a**") == (Part(text="**a**", plain=True),)
        assert not only("a").plain
