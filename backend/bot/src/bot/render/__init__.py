"""Renders a model's Markdown as messages: text with entities, within Telegram's limits.

No word of the model is lost on the way, and nothing is refused for its formatting: what Telegram
cannot format stays visible as text.
"""

from bot.render.conversion import formatted
from bot.render.part import Entity, Part
from bot.render.spans import Formatted, Span
from bot.render.split import split, tail
from bot.render.stream import closed, last_pages
from core.text import sanitize

__all__ = ["Entity", "Part", "plain", "preview", "render"]


def render(markdown: str, *, note: str = "") -> tuple[Part, ...]:
    """Render a finished answer, with a note of the product's own in italics below it.

    There is no part if nothing is visible. The parts are marked `plain` if the text could not be
    formatted.
    """
    markdown = sanitize(markdown)
    answer = _attempt(markdown)
    text = _with_note(answer or Formatted(text=markdown), sanitize(note))
    return split(text, plain=answer is None)


def preview(markdown_prefix: str) -> Part:
    """Render what has arrived of an answer; of one that is too long for a message, its end.

    Styles still open are closed. The text is empty as long as nothing is visible. Never raises.
    """
    recent = last_pages(sanitize(markdown_prefix))
    return tail(_attempt(closed(recent)) or Formatted(text=recent))


def plain(text: str) -> tuple[Part, ...]:
    """Split a text as it stands, without formatting."""
    return split(Formatted(text=sanitize(text)), plain=True)


def _attempt(markdown: str) -> Formatted | None:
    """Format a text; a failure of the libraries costs the formatting, not the answer."""
    try:
        return formatted(markdown)
    except BaseException as error:
        # The parser is written in Rust, whose panics are no `Exception` in Python.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            return None
        raise


def _with_note(answer: Formatted, note: str) -> Formatted:
    if not note:
        return answer
    text = f"{answer.text.rstrip()}\n\n{note}"
    italic = Span(kind="italic", start=len(text) - len(note), end=len(text))
    return Formatted(text=text, spans=(*answer.spans, italic))
