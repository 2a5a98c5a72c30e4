"""Rewrites the parser's events into ones that lose nothing on their way to Telegram.

The library that turns events into text and entities drops what Telegram cannot format. Here that
becomes text before: raw HTML, formulas, images, link titles and addresses that Telegram would
refuse. Tables become blocks of code.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from bot.render.links import is_linkable
from bot.render.source import Token
from bot.render.table import table_text
from core.text import is_visible

#: an event as the library's walker reads it, with or without its range
Event = Any

_LINE_BREAK_TAG = re.compile(r"<br\s*/?>", re.IGNORECASE)
_LANGUAGE = re.compile(r"[\w+#.-]{1,32}")
_BREAKS = {"SoftBreak": " ", "HardBreak": " / "}


def rewrite(tokens: Iterable[Token]) -> Iterator[Event]:
    rewriter = _Rewriter()
    for token in tokens:
        rewriter.read(token)
        yield from rewriter.take()


class _Rewriter:
    def __init__(self) -> None:
        #: the events to pass on, and above them those within each open link, image and cell
        self._frames: list[list[Event]] = [[]]
        self._rows: list[list[str]] = []
        #: in tables and in the words of images, where addresses show
        self._plain_depth = 0
        #: of a footnote that has just begun
        self._label = ""
        self._readers: dict[str, Callable[[Token], None]] = {
            "Text": lambda token: self._text(token.data),
            "Html": lambda token: self._text(token.data),
            "InlineHtml": self._inline_html,
            "InlineMath": lambda token: self._formula(token.data, "$"),
            "DisplayMath": lambda token: self._formula(token.data, "$$"),
            "FootnoteReference": lambda token: self._text(f"[{token.data}]"),
            "Start HtmlBlock": self._open_frame,
            "End HtmlBlock": self._html_block,
            "Start Heading": self._heading,
            "Start CodeBlock": self._code_block,
            "Start Link": self._open_frame,
            "End Link": self._link,
            "Start Image": self._start_image,
            "End Image": self._image,
            "Start FootnoteDefinition": self._footnote,
            "Start Table": self._start_table,
            "Start TableHead": self._start_row,
            "Start TableRow": self._start_row,
            "Start TableCell": self._open_frame,
            "End TableCell": self._cell,
            "End TableHead": lambda _: None,
            "End TableRow": lambda _: None,
            "End Table": self._table,
        }
        self._opened: list[Token] = []

    def read(self, token: Token) -> None:
        if self._label:
            self._label_footnote(token)
        elif reader := self._readers.get(token.kind):
            reader(token)
        else:
            self._emit(token.event)

    def take(self) -> list[Event]:
        """What has been written since the last time, outside what is still open."""
        written, self._frames[0] = self._frames[0], []
        return written

    def _emit(self, *events: Event) -> None:
        self._frames[-1].extend(events)

    def _text(self, text: str) -> None:
        self._emit({"Text": text})

    def _inline_html(self, token: Token) -> None:
        if _LINE_BREAK_TAG.fullmatch(token.data):
            self._emit("HardBreak")
        else:
            self._text(token.data)

    def _formula(self, formula: str, dollars: str) -> None:
        is_wrapped = formula.startswith(("\\(", "\\[", "\\begin{"))
        self._emit({"Code": formula if is_wrapped else f"{dollars}{formula}{dollars}"})

    def _heading(self, token: Token) -> None:
        """The library's third level is simply bold."""
        event, place = token.event
        self._emit(({"Start": {"Heading": event["Start"]["Heading"] | {"level": "H3"}}}, place))

    def _code_block(self, token: Token) -> None:
        """Only one word behind a fence is a language."""
        info = token.data["Fenced"] if isinstance(token.data, dict) else ""
        language, _, rest = info.strip().partition(" ")
        if not _LANGUAGE.fullmatch(language):
            language, rest = "", info
        if rest.strip():
            self._paragraph(rest.strip())
        self._emit(({"Start": {"CodeBlock": {"Fenced": language}}}, token.event[1]))

    def _paragraph(self, text: str, place: Any = None) -> None:
        start = {"Start": "Paragraph"}
        self._emit((start, place) if place else start)
        self._text(text)
        self._emit({"End": "Paragraph"})

    # What is read as a whole before it is written

    def _open_frame(self, token: Token) -> None:
        self._opened.append(token)
        self._frames.append([])

    def _close_frame(self) -> tuple[Token, list[Event]]:
        return self._opened.pop(), self._frames.pop()

    def _html_block(self, _: Token) -> None:
        token, content = self._close_frame()
        self._paragraph(_words(content).strip("\n"), token.event[1])

    def _link(self, _: Token) -> None:
        token, content = self._close_frame()
        url, title, words = token.data["dest_url"], token.data["title"], _words(content)
        if self._plain_depth or not is_linkable(url):
            self._emit(*content, *_aside(words, url, title))
            return
        if not is_visible(words):
            content = [{"Text": url}]
        # Telegram formats no code within a link.
        self._emit(token.event, *map(_without_code, content), {"End": "Link"})
        self._emit(*_aside(words, "", title))

    def _start_image(self, token: Token) -> None:
        self._open_frame(token)
        self._plain_depth += 1

    def _image(self, _: Token) -> None:
        self._plain_depth -= 1
        token, content = self._close_frame()
        aside = _aside(_words(content), token.data["dest_url"], token.data["title"])
        self._emit(*content, *aside)

    def _footnote(self, token: Token) -> None:
        self._label = f"[{token.data}] "
        self._emit(token.event)

    def _label_footnote(self, first: Token) -> None:
        """Put the label in front of the note, on its first line if that is one of words."""
        label, self._label = self._label, ""
        if first.kind == "Start Paragraph":
            self._emit(first.event, {"Text": label})
        else:
            self._paragraph(label)
            self.read(first)

    # Tables

    def _start_table(self, token: Token) -> None:
        self._opened.append(token)
        self._rows = []
        self._plain_depth += 1

    def _start_row(self, _: Token) -> None:
        self._rows.append([])

    def _cell(self, _: Token) -> None:
        _, content = self._close_frame()
        self._rows[-1].append(_words(content))

    def _table(self, _: Token) -> None:
        self._plain_depth -= 1
        place = self._opened.pop().event[1]
        self._emit(({"Start": {"CodeBlock": {"Fenced": ""}}}, place))
        self._emit({"Text": table_text(self._rows)}, {"End": "CodeBlock"})


def _words(content: Iterable[Event]) -> str:
    return "".join(map(_word, content))


def _word(event: Event) -> str:
    match event:
        case {"Text": str(text)} | {"Code": str(text)}:
            return text
        case (inner, _):
            return _word(inner)
        case str(name):
            return _BREAKS.get(name, "")
        case _:
            return ""


def _without_code(event: Event) -> Event:
    match event:
        case {"Code": text} | ({"Code": text}, _):
            return {"Text": text}
        case _:
            return event


def _aside(words: str, url: str, title: str) -> list[Event]:
    """An address and a title in words, behind the words that they belong to."""
    if words in (url, url.removeprefix("mailto:")):
        url = ""
    if title:
        title = f'"{title}"'
    aside = " ".join(filter(None, (url, title)))
    if not aside:
        return []
    return [{"Text": f" ({aside})" if is_visible(words) else aside}]
