"""What an answer shows while it is being written."""

import re

_FENCE = re.compile(r"^[ \t>]*(?P<marks>`{3,}|~{3,})(?P<info>.*)$", re.MULTILINE)
_BLOCK_START = re.compile(r"\n[ \t>]*\n|\n[ \t>]*(?:[-*+]|\d+[.)]|#+)[ \t]")
_DELIMITER = re.compile(r"\\.|(?P<code>`+)|\*\*|\*|__|_|~~", re.DOTALL)
#: a line that may still become a fence, a rule or a heading's underline; delimiters still to come
_UNDECIDED = re.compile(r"(?:\n[ \t>]*[-=]+|[*_~`]+)[ \t]*$")
_BEGUN_FENCE = re.compile(r"\n[ \t>]*[`~]{1,2}$")

#: a longer answer is rendered from its last pages only
_LONGEST_SOURCE = 16_384
_PAGES = 12_288


def last_pages(markdown: str) -> str:
    """As much of a long answer's end as can be seen, from the start of a line."""
    if len(markdown) <= _LONGEST_SOURCE:
        return markdown
    earliest = len(markdown) - _PAGES
    paragraph, line = markdown.find("\n\n", earliest), markdown.find("\n", earliest)
    start = next((border for border in (paragraph, line) if border >= 0), earliest)
    return _open_fence(markdown[:start]) + markdown[start:]


def closed(markdown: str) -> str:
    """The text with what is still open closed, so that it shows formatted already."""
    if _open_fence(markdown):
        return _BEGUN_FENCE.sub("", markdown)
    text = _UNDECIDED.sub("", markdown).rstrip()
    starts = [match.start() for match in _BLOCK_START.finditer(text)]
    return text + _closers(text[starts[-1] if starts else 0 :])


def _open_fence(markdown: str) -> str:
    """The line that opens the block of code in which the text ends, or nothing."""
    opened: re.Match[str] | None = None
    for fence in _FENCE.finditer(markdown):
        if opened is None:
            opened = fence if fence["marks"][0] == "~" or "`" not in fence["info"] else None
        elif fence["marks"].startswith(opened["marks"]) and not fence["info"].strip():
            opened = None
    return f"{opened['marks']}{opened['info']}\n" if opened else ""


def _closers(block: str) -> str:
    """The delimiters that a paragraph lacks at its end."""
    code = ""
    styles: list[str] = []
    for match in _DELIMITER.finditer(block):
        mark = match.group()
        if code or match["code"]:
            code = {"": mark, mark: ""}.get(code, code) if match["code"] else code
        elif mark in styles and not block[match.start() - 1].isspace():
            del styles[styles.index(mark) :]
        elif _opens(mark, block[: match.start()][-1:], block[match.end() :][:1]):
            styles.append(mark)
    return code + "".join(reversed(styles))


def _opens(mark: str, before: str, after: str) -> bool:
    is_within_word = mark.startswith("_") and before.isalnum()
    return not (mark.startswith("\\") or is_within_word or after.isspace() or not after)
