"""From Markdown to one text with spans, by the library's walker and Telegram's rules of nesting."""

from collections.abc import Iterable, Iterator, Sequence

from telegramify_markdown.config import RenderConfig
from telegramify_markdown.converter import EventWalker
from telegramify_markdown.entity import MessageEntity

from bot.render.gaps import restore
from bot.render.lines import on_own_lines
from bot.render.rewrite import rewrite
from bot.render.source import parse
from bot.render.spans import Formatted, Span, nested
from core.text import utf16_length

_BEYOND_BMP = 0xFFFF


def formatted(markdown: str) -> Formatted:
    """Render without limits. Raises `Misformatted`."""
    parsed = parse(markdown)
    events = on_own_lines(rewrite(restore(parsed)))
    walker = EventWalker(_config(), parsed.source.decode())
    text, entities, _ = walker.walk(tuple(events))
    return Formatted(text=text, spans=nested(text, _spans(text, entities)))


def _config() -> RenderConfig:
    config = RenderConfig.isolated()
    config.cite_expandable = False
    symbols = config.markdown_symbol
    symbols.heading_level_3 = ""
    symbols.unordered_list_item = "•"
    symbols.task_completed = "☑"
    symbols.task_uncompleted = "☐"
    symbols.horizontal_rule = "—" * 8
    return config


def _spans(text: str, entities: Iterable[MessageEntity]) -> Iterator[Span]:
    index = _indices(text)
    for entity in entities:
        yield Span(
            kind=entity.type,
            start=index[entity.offset],
            end=index[entity.offset + entity.length],
            url=entity.url,
            language=entity.language,
        )


def _indices(text: str) -> Sequence[int]:
    """The index of the character at each UTF-16 offset, the text's end included."""
    if utf16_length(text) == len(text):
        return range(len(text) + 1)
    units = (2 if ord(character) > _BEYOND_BMP else 1 for character in text)
    return [*(index for index, count in enumerate(units) for _ in range(count)), len(text)]
