"""The words of an answer, as a person reads them off paper."""

import pytest

from simulator.reading import is_linkable, shown_words, visible_words


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("# One **two** _three_", "Onetwothree"),
        ("Да, 界 — ٣!", "Да界٣"),
        ("3. a\n3. b\n\n   1. c", "3a4b1c"),
        ("- [x] a\n- [ ] b\n- [y] c", "abyc"),
        ("```py one two\ncode()\n```", "onetwocode"),
        ("```c++\ncode\n```", "code"),
        ("    indented", "indented"),
        ("a <b>c</b><br>d &amp; &copy;", "abcbd"),
        ("<div>\ne &amp; <br>\n</div>", "diveampbrdiv"),
        ("[a](https://b.c)", "a"),
        ("[a](b)", "ab"),
        ("[a](a)", "a"),
        ("[](https://b.c)", "httpsbc"),
        ('[a](https://b.c "d")', "ad"),
        ("<https://b.c>", "httpsbc"),
        ("<a@b.c>", "abc"),
        ('![a](b.png "c")', "abpngc"),
        ("[a][1]\n\n[1]: https://b.c\n[2]: /d", "a1httpsbc2d"),
        ("a[^1]\n\n[^1]: b", "a11b"),
        ("| a | b |\n|--|--|\n| [c](https://d.e) | f | g |", "abchttpsdefg"),
        ("> | a |\n> |--|\n> | b | c", "abc"),
        ("| a |\n|--|\n| b \\| c |", "abc"),
        (r"\(x_1\) and $y$", "x1andy"),
    ],
)
def test_visible_words(markdown: str, words: str) -> None:
    assert visible_words(markdown) == words


@pytest.mark.parametrize(
    "loss",
    ["one two four", "one three two four", "one two two three four", "one two three four 1"],
)
def test_a_difference_shows(loss: str) -> None:
    assert shown_words(loss) != visible_words("one *two* three\n\nfour")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.com", True),
        ("HTTP://example.com:80/a?b#c", True),
        ("https://пример.рф", True),
        ("mailto:me@example.com?subject=x", True),
        ("tg://resolve?domain=x", True),
        ("tg://emoji?id=5368324170671202286", False),
        ("https://localhost", False),
        ("https://", False),
        ("https://example.com:port", False),
        ("https://me@example.com", False),
        ("https://example.com/a b", False),
        ("https://[::1", False),
        ("https://example.com/" + "a" * 2048, False),
        ("mailto:me", False),
        ("ftp://example.com", False),
        ("//example.com", False),
        ("#anchor", False),
        ("", False),
    ],
)
def test_is_linkable(url: str, expected: bool) -> None:  # noqa: FBT001 - a table's column
    assert is_linkable(url) == expected
