"""For any answer: no word is lost, no message is refused."""

import re
from collections.abc import Callable, Iterable

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot import render
from bot.render import Part, links
from bot.render.stream import closed
from simulator import reading
from simulator.reading import shown_words, visible_words

Judge = Callable[[Iterable[Part]], None]

unhurried = settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])

WORDS = st.text(alphabet="abzжя界ह\u0940é\U0001f600٣7", min_size=1, max_size=8)
SENTENCES = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)
URLS = st.sampled_from(
    ["https://example.com/a", "http://localhost", "/b", "#c", "mailto:me@example.com", "ftp://d.e"]
)


def _inline(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        inner.map("**{}**".format),
        inner.map("*{}*".format),
        inner.map("~~{}~~".format),
        st.builds("[{}]({})".format, inner, URLS),
        st.builds('![{}]({} "title")'.format, SENTENCES, URLS),
        st.builds("{} {}".format, inner, inner),
    )


#: neither blank lines nor signs that begin a block
INLINE = st.recursive(
    st.one_of(
        SENTENCES,
        SENTENCES.map("`{}`".format),
        SENTENCES.map("<b>{}</b>".format),
        SENTENCES.map(r"\(\frac_{{{}}}\)".format),
        SENTENCES.map("$x_1 {}$".format),
        SENTENCES.map("{} || 5 < 6 &amp; <T>".format),
    ),
    _inline,
    max_leaves=5,
)


def _indent(block: str, by: str, first: str) -> str:
    return first + block.replace("\n", f"\n{by}")


def _containers(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    blocks = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        blocks.map(lambda items: "\n".join(_indent(item, "  ", "- ") for item in items)),
        blocks.map(lambda items: "\n".join(_indent(item, "   ", "3. ") for item in items)),
        st.lists(INLINE, min_size=1).map(lambda items: "- [x] " + "\n- [ ] ".join(items)),
        inner.map(lambda block: _indent(block, "> ", "> ")),
        st.lists(inner, min_size=2, max_size=4).map("\n\n".join),
    )


BLOCKS = st.recursive(
    st.one_of(
        INLINE,
        INLINE.map("### {}".format),
        st.lists(SENTENCES, max_size=4).map(lambda lines: "```py\n" + "\n".join(lines) + "\n```"),
        st.lists(st.tuples(INLINE, INLINE), min_size=1, max_size=4).map(
            lambda rows: (
                "| a | b |\n|---|---|\n"
                + "\n".join(f"| {one} | {two} |" for one, two in rows).replace("||", "and")
            )
        ),
        SENTENCES.map("<div>\n{}\n</div>".format),
        SENTENCES.map("$$\nx_1 {}\n$$".format),
    ),
    _containers,
    max_leaves=6,
)

#: whatever could be a sign of markup, around words that can be told apart
HOSTILE = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *"*_`~[]()<>!#-+|\\$&:/\"'^{}= \n",
                *("\n\n", "```", "~~~", "$$", "\\(", "\\)", "\\[", "<br>", "<div>\n"),
                *("[^1]", "\n[^1]: ", "\n[a]: ", "\n- [x] ", "\n> ", "\n1. ", "\n    "),
                *("|a|b|\n|-|-|\n", "](http://x.y)", "\ud800", "\x00", "\u202e", "\u0301"),
            ]
        ),
        st.text(max_size=3),
    ),
    max_size=40,
)


@unhurried
@given(BLOCKS)
def test_an_answer_keeps_its_words(judge: Judge, markdown: str) -> None:
    parts = render.render(markdown)
    judge(parts)
    assert not any(part.plain for part in parts)
    assert shown_words("".join(part.text for part in parts)) == visible_words(markdown)


@unhurried
@given(BLOCKS, st.integers(min_value=5, max_value=15))
def test_a_long_answer_keeps_its_words(judge: Judge, markdown: str, times: int) -> None:
    source = "\n\n".join([markdown] * times)
    parts = render.render(source)
    judge(parts)
    assert shown_words("".join(part.text for part in parts)) == visible_words(source)


@unhurried
@given(HOSTILE)
def test_hostile_text_keeps_its_words(judge: Judge, pieces: list[str]) -> None:
    markdown = "".join(f"{piece}word{number}q" for number, piece in enumerate(pieces))
    parts = render.render(markdown)
    judge(parts)
    assert not any(part.plain for part in parts)
    read = " ".join(
        [part.text for part in parts]
        + [entity.url or "" for part in parts for entity in part.entities]
        + [entity.language or "" for part in parts for entity in part.entities]
    )
    languages = " ".join(re.findall(r"(?:```|~~~)[`~]*\s*(\S+)", markdown))
    lost = _marks(markdown) - _marks(read)
    assert lost <= _marks(languages), "only the language of a block without code"


def _marks(text: str) -> set[str]:
    return set(re.findall(r"word\d+q", text))


@unhurried
@given(HOSTILE.map("".join) | st.text(alphabet=st.characters(codec=None, exclude_categories=[])))
def test_any_text_is_taken(judge: Judge, text: str) -> None:
    judge(render.render(text))
    judge(render.plain(text))
    assert render.render(text) == render.render(text)


@unhurried
@given(
    st.lists(
        st.sampled_from(
            [
                *("http", "https", "HTTPS", "tg", "mailto", "ftp", "x.y", "9", "80", "70000"),
                *("://", *":/?#@.-_%[]\\ж"),
            ]
        ),
        max_size=8,
    ).map("".join)
)
@example("http://x.y:/")  # a colon without a port
def test_links_are_judged_alike(url: str) -> None:
    assert links.is_linkable(url) == reading.is_linkable(url)


@unhurried
@given(BLOCKS | HOSTILE.map("".join), st.floats(min_value=0, max_value=1))
def test_any_prefix_is_shown(judge: Judge, markdown: str, share: float) -> None:
    prefix = markdown[: int(len(markdown) * share)]
    part = render.preview(prefix)
    judge([part] if part.text else [])
    assert shown_words(closed(prefix)) == shown_words(prefix)
