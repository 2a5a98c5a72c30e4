"""What people see while an answer is being written."""

import time
from collections.abc import Callable, Iterable

import pytest

from bot import render
from bot.render import Part
from bot.render.stream import closed
from core.text import utf16_length
from simulator.reading import shown_words, visible_words

Judge = Callable[[Iterable[Part]], None]

ANSWER = """\
# A **bold** head

Some *italic* text with `code`, [a link](https://example.com/a_b_c) and ***both***.
Then ~~gone~~ words, a formula $a_1 + b_2$ or \\(x_1\\), and a_name_of_many_words.

1. one
   ```python
   def f(x):
       return `x` ** 2
   ```
2. two
   - [x] three `four five` six

| a | b |
|---|---|
| **c** | [d](https://example.com) |

> a *quoted
> line*

~~~
plain ``` code
~~~
The **end**.
"""


def kinds(part: Part) -> list[str]:
    return [entity.type for entity in part.entities]


class TestPrefix:
    @pytest.mark.parametrize("length", range(len(ANSWER) + 1))
    def test_shows_its_words(self, length: int, judge: Judge) -> None:
        prefix = ANSWER[:length]
        part = render.preview(prefix)
        judge([part] if part.text else [])
        assert shown_words(closed(prefix)) == shown_words(prefix)
        assert shown_words(part.text) == visible_words(closed(prefix))

    @pytest.mark.parametrize(
        ("prefix", "text", "formatting"),
        [
            ("so **bo", "so bo", ["bold"]),
            ("so **bold*", "so bold", ["bold"]),
            ("so **", "so", []),
            ("so *it", "so it", ["italic"]),
            ("so ***bo", "so bo", ["bold", "italic"]),
            ("so **bold *it", "so bold it", ["bold", "italic"]),
            ("so **bold *it* more", "so bold it more", ["bold", "italic"]),
            ("so ~~go", "so go", ["strikethrough"]),
            ("so `co", "so co", ["code"]),
            ("so ``a ` b", "so a ` b", ["code"]),
            ("so **a** b", "so a b", ["bold"]),
            ("```py\nx = 1", "x = 1", ["pre"]),
            ("```py\nx = 1\n``", "x = 1", ["pre"]),
            ("```py\nx = '**", "x = '**", ["pre"]),
            ("- a\n- **b", "• a\n• b", ["bold"]),
            ("5 * 3", "5 * 3", []),
            ("a snake_case", "a snake_case", []),
            ("text\n-", "text", []),
            ("text\n==", "text", []),
        ],
    )
    def test_closes_what_is_open(self, prefix: str, text: str, formatting: list[str]) -> None:
        part = render.preview(prefix)
        assert (part.text, kinds(part)) == (text, formatting)


class TestLongAnswer:
    def test_shows_its_end(self, judge: Judge) -> None:
        lines = [f"Line {number} with **bold** words." for number in range(3000)]
        source = "\n".join(lines)
        part = render.preview(source)
        judge([part])
        assert utf16_length(part.text) > 2000
        assert source.replace("**", "").endswith(part.text)
        assert part.text.startswith("Line")

    def test_shows_the_end_of_long_code_as_code(self, judge: Judge) -> None:
        code = "\n\n".join(f"value_{number} = __name__" for number in range(3000))
        part = render.preview(f"Look:\n\n```python\n{code}")
        judge([part])
        assert [(e.type, e.language) for e in part.entities] == [("pre", "python")]
        assert code.endswith(part.text)

    def test_shows_text_that_never_ends_a_line(self, judge: Judge) -> None:
        part = render.preview("\U0001f600" * 50_000)
        judge([part])
        assert part.text == "\U0001f600" * 2048

    def test_keeps_the_newest_formatting(self, judge: Judge) -> None:
        part = render.preview("**a** " * 300 + "`end`")
        judge([part])
        assert shown_words(part.text) == "a" * 300 + "end"
        assert len(part.entities) == 100
        assert part.entities[-1].type == "code"

    def test_keeps_the_newest_links(self, judge: Judge) -> None:
        url = "https://example.com/" + "a" * 1500
        part = render.preview(" ".join(f"[x{number}]({url}{number})" for number in range(10)))
        judge([part])
        assert part.text == " ".join(f"x{number}" for number in range(10))
        assert [entity.url for entity in part.entities][-1] == f"{url}9"

    def test_takes_no_longer_than_its_end(self) -> None:
        source = "Some **bold** words.\n\n" * 50_000
        start = time.process_time()
        render.preview(source)
        assert time.process_time() - start < 1
