"""What a person reads in a model's Markdown, and in the messages that show it.

Both sides come down to one string of letters and digits, so that an answer shown without loss
equals its source. It is parsed here by another parser than the one that renders it. In that string

- markup is gone, and so is all that is neither letter nor digit;
- the items of an ordered list count on from its first number; a task's box has no words;
- the language behind a fence is not read, further words behind it are;
- raw HTML reads as it stands, but `<br>` is a line break, and `&amp;` outside of it a character;
- a link reads as its words; its address follows where Telegram cannot link it: in tables, and if
  it is not an absolute http, https, mailto or tg address. An image reads as its words and address.
  Titles follow them;
- a definition of an address (`[label]: address`) reads as it stands, and so do cells that are too
  many for their table.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.common.utils import unescapeAll
from markdown_it.token import Token

from core.text import is_visible

_FOOTNOTE = re.compile(r"^([ \t>]*)\[\^", re.MULTILINE)
_TASK = re.compile(r"\[[ xX]\](?=\s|$)")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_LANGUAGE = re.compile(r"[\w+#.-]{1,32}")
_CELL_BORDER = re.compile(r"(?<!\\)\|")
_ROW_MARGINS = re.compile(r"^[ \t>]*(?:[-*+][ \t]|\d+[.)][ \t]|[ \t>])*\|?|\|?[ \t]*$")
_HOST = re.compile(r"(?!-)[\w-]{1,64}(?<!-)(?:\.(?!-)[\w-]{1,64}(?<!-))+")
_TG_PLACE = re.compile(r"(?!emoji\b)\w+", re.IGNORECASE)
_LONGEST_URL_BYTES = 2048


def visible_words(markdown: str) -> str:
    """The letters and digits that a person must get to read of a model's answer."""
    return shown_words(_Reader(_FOOTNOTE.sub(r"\1\\[^", markdown)).text())


def shown_words(text: str) -> str:
    """The letters and digits of a message's text."""
    return "".join(filter(str.isalnum, text))


class _Reader:
    """Goes through the blocks of one document."""

    def __init__(self, markdown: str) -> None:
        env: dict[str, Any] = {}
        self._tokens = _parser().parse(markdown, env)
        self._lines = markdown.splitlines()
        #: the next number of each open list; nothing for a list with bullets
        self._numbers: list[int | None] = []
        self._row: Sequence[int] = ()
        self._cells = 0
        self._at_item_start = False
        definitions = [*env.get("references", {}).values(), *env.get("duplicate_refs", ())]
        self._definitions = sorted(definition["map"] for definition in definitions)

    def text(self) -> str:
        pieces: list[str] = []
        for token in self._tokens:
            pieces += self._definitions_before(token.map[0] if token.map else 0)
            pieces.append(self._read(token))
        pieces += self._definitions_before(len(self._lines))
        return " ".join(pieces)

    def _definitions_before(self, line: int) -> Iterator[str]:
        while self._definitions and self._definitions[0][0] < line:
            start, end = self._definitions.pop(0)
            source = "\n".join(self._lines[start:end])
            yield source[source.index("[") :]

    def _read(self, token: Token) -> str:
        """Its words, if it is no list's, item's or row's border."""
        match token.type:
            case "ordered_list_open":
                self._numbers.append(int(token.attrs.get("start", 1)))
            case "bullet_list_open":
                self._numbers.append(None)
            case "ordered_list_close" | "bullet_list_close":
                self._numbers.pop()
            case "list_item_open":
                return self._number()
            case _:
                return self._read_content(token)
        return ""

    def _number(self) -> str:
        self._at_item_start = True
        number = self._numbers[-1]
        if number is None:
            return ""
        self._numbers[-1] = number + 1
        return str(number)

    def _read_content(self, token: Token) -> str:
        match token.type:
            case "fence" | "code_block":
                return f"{_behind_language(unescapeAll(token.info))} {token.content}"
            case "html_block":
                return token.content
            case "inline":
                return self._inline(token)
            case _:
                return self._read_row(token)

    def _inline(self, token: Token) -> str:
        text = _inline_text(token.children or (), is_plain=bool(self._row))
        is_task = self._at_item_start and _TASK.match(text)
        self._at_item_start = False
        return text[3:] if is_task else text

    def _read_row(self, token: Token) -> str:
        match token.type:
            case "tr_open":
                self._row, self._cells = token.map or (), 0
            case "th_open" | "td_open":
                self._cells += 1
            case "tr_close":
                (line, _), self._row = self._row, ()
                return " ".join(_cells(self._lines[line])[self._cells :])
        return ""


def _cells(line: str) -> list[str]:
    """The cells of a row, which may stand in quotes and lists."""
    return _CELL_BORDER.split(_ROW_MARGINS.sub("", line))


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    for rule, as_it_is in (
        ("validateLink", bool),
        ("normalizeLink", str),
        ("normalizeLinkText", str),
    ):
        setattr(parser, rule, as_it_is)
    return parser


def _behind_language(info: str) -> str:
    language, _, rest = info.strip().partition(" ")
    return rest if _LANGUAGE.fullmatch(language) else info


def _inline_text(tokens: Iterable[Token], *, is_plain: bool) -> str:
    text = ""
    links: list[tuple[Token, int]] = []
    for token in tokens:
        match token.type:
            case "link_open":
                links.append((token, len(text)))
            case "link_close":
                link, start = links.pop()
                url, title = _attribute(link, "href"), _attribute(link, "title")
                is_hidden = is_linkable(url) and not is_plain
                text += _aside(text[start:], url, title, is_hidden=is_hidden)
            case "image":
                words = _inline_text(token.children or (), is_plain=True)
                url, title = _attribute(token, "src"), _attribute(token, "title")
                text += words + _aside(words, url, title, is_hidden=False)
            case "html_inline" if _BREAK.fullmatch(token.content):
                text += "\n"
            case "softbreak" | "hardbreak":
                text += "\n"
            case _:
                text += token.content
    return text


def _attribute(token: Token, name: str) -> str:
    return str(token.attrs.get(name) or "")


def _aside(words: str, url: str, title: str, *, is_hidden: bool) -> str:
    is_said = words in (url, url.removeprefix("mailto:")) or (is_hidden and is_visible(words))
    return f" {title}" if is_said else f" {url} {title}"


def is_linkable(url: str) -> bool:
    """Whether Telegram can put this address behind words."""
    if not url.isprintable() or " " in url or len(url.encode()) > _LONGEST_URL_BYTES:
        return False
    try:
        address = urlsplit(url)
        host, port = address.hostname or "", address.port
    except ValueError:
        return False
    match address.scheme:
        case "http" | "https":
            is_bare = "@" not in address.netloc and not address.netloc.endswith(":")
            return is_bare and port != 0 and _is_host(host)
        case "mailto":
            name, _, host = address.path.partition("@")
            return bool(name) and not set("/:") & set(name) and _is_host(host)
        case "tg":
            return _TG_PLACE.fullmatch(address.netloc) is not None and address.path == ""
        case _:
            return False


def _is_host(host: str) -> bool:
    return _HOST.fullmatch(host) is not None
