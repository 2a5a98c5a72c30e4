"""Reading a provider's reply: bytes in, events out. Pure.

An answer needs all of: no error anywhere, a reason to have finished, and text that a person can
see. The end of a connection is none of these. Nothing a provider sends is trusted: what reaches the
events can be stored and shown.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from core.llm import errors
from core.llm.classify import classify
from core.llm.errors import ModelError
from core.llm.model import Completion, Event, Finish, Finished, Token, Working
from core.llm.sse import Decoder, Sign
from core.llm.usage import CostSource, Usage
from core.text import clip, is_visible, sanitize

#: characters; an answer beyond this is a model that cannot stop
MAX_TEXT = 1_000_000

_FINISHES = {
    "stop": Finish.STOP,
    "eos": Finish.STOP,
    "end_turn": Finish.STOP,
    "length": Finish.LENGTH,
    "max_tokens": Finish.LENGTH,
    "model_length": Finish.LENGTH,
}
_DECLINED = frozenset({"content_filter", "refusal"})
_REASONING = ("reasoning", "reasoning_content", "reasoning_details")
_NAME_LENGTH = 200
#: what the tables' columns hold
_LARGEST_COUNT = 2**31 - 1
_LARGEST_COST = 2**62


class Reading:
    """One reply on its way. Every method may raise a ModelError."""

    def __init__(self, model: str) -> None:
        self._decoder = Decoder()
        self._texts: list[str] = []
        self._length = 0
        self._held = ""
        self._finish: str | None = None
        self._is_refusal = False
        self._model = model
        self._provider: str | None = None
        self._generation_id: str | None = None
        self._usage = Usage()

    @property
    def is_done(self) -> bool:
        """The provider's end mark has been read."""
        return self._decoder.is_done

    def take(self, part: bytes) -> Iterator[Event]:
        """What the next bytes of the body mean."""
        for item in self._decoder.feed(part):
            yield from self._read(item)

    def close(self) -> Iterator[Event]:
        """What the end of the body means: in the end Finished."""
        for item in self._decoder.end():
            yield from self._read(item)
        yield from self._add("", is_last=True)
        yield Finished(completion=self._conclude())

    def failure(self, error: ModelError) -> ModelError:
        """What an error means now: once there was something to see, the answer broke off."""
        if not isinstance(error, errors.Declined | errors.Broken) and is_visible(self._text):
            error = errors.Broken(
                http_status=error.http_status,
                provider_code=error.provider_code or error.kind,
                retry_after=error.retry_after,
            )
        error.spent = self._usage
        return error

    @property
    def _text(self) -> str:
        return "".join(self._texts)

    def _read(self, item: object) -> Iterator[Event]:
        if item is Sign.ALIVE:
            yield Working(is_thinking=False)
            return
        if not isinstance(item, Mapping):
            raise errors.Garbage(provider_code="no_object")
        choice = _first_choice(item)
        for place in (item, choice):
            if place.get("error"):
                raise classify(200, place)
        self._learn(item)
        self._finish = _name(choice.get("finish_reason")) or self._finish
        part = choice.get("delta") or choice.get("message")
        if isinstance(part, Mapping):
            yield from self._read_part(part)

    def _read_part(self, part: Mapping[str, Any]) -> Iterator[Event]:
        self._is_refusal = self._is_refusal or bool(part.get("refusal"))
        content = part.get("content")
        if text := _words(content):
            yield from self._add(text)
        elif content or any(part.get(name) for name in _REASONING):
            yield Working(is_thinking=True)

    def _learn(self, chunk: Mapping[str, Any]) -> None:
        self._model = _name(chunk.get("model")) or self._model
        self._provider = _name(chunk.get("provider")) or self._provider
        self._generation_id = _name(chunk.get("id")) or self._generation_id
        if isinstance(usage := chunk.get("usage"), Mapping):
            self._usage = read_usage(usage)

    def _add(self, text: str, *, is_last: bool = False) -> Iterator[Token]:
        """Hold back what only the next chunk completes: half a surrogate pair, half a line end."""
        text = self._held + text
        self._held = ""
        if not is_last and text and (text[-1] == "\r" or "\ud800" <= text[-1] <= "\udbff"):
            text, self._held = text[:-1], text[-1]
        if not text:
            return
        text = _storable(text)
        self._texts.append(text)
        self._length += len(text)
        if self._length > MAX_TEXT:
            raise errors.Broken(provider_code="endless_text")
        yield Token(text=text)

    def _conclude(self) -> Completion:
        text, finish = self._text, (self._finish or "").lower()
        if finish in _DECLINED or (self._is_refusal and not is_visible(text)):
            raise errors.Declined(provider_code=finish or None)
        if finish not in _FINISHES:
            raise self.failure(errors.Garbage(provider_code=finish or "no_finish_reason"))
        if not is_visible(text):
            raise errors.Garbage(provider_code="no_visible_text")
        return Completion(
            text=text,
            finish=_FINISHES[finish],
            model=self._model,
            provider=self._provider,
            generation_id=self._generation_id,
            usage=self._usage,
        )


def read_usage(usage: Mapping[str, Any]) -> Usage:
    """Tokens and money as the provider counts them; what makes no sense counts as 0."""
    prompt = usage.get("prompt_tokens_details")
    completion = usage.get("completion_tokens_details")
    cost = _micros(usage.get("cost"))
    return Usage(
        prompt_tokens=_count(usage.get("prompt_tokens")),
        completion_tokens=_count(usage.get("completion_tokens")),
        cached_tokens=_count(prompt.get("cached_tokens")) if isinstance(prompt, Mapping) else 0,
        reasoning_tokens=(
            _count(completion.get("reasoning_tokens")) if isinstance(completion, Mapping) else 0
        ),
        cost_micros=cost or 0,
        cost_source=CostSource.NONE if cost is None else CostSource.USAGE,
    )


def _first_choice(chunk: Mapping[str, Any]) -> Mapping[str, Any]:
    choices = chunk.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    return first if isinstance(first, Mapping) else {}


def _words(content: object) -> str:
    """Text, or the text parts of a list; parts without text are thoughts."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    texts = (part.get("text") for part in content if isinstance(part, Mapping))
    return "".join(text for text in texts if isinstance(text, str))


def _storable(text: str) -> str:
    if not text.isascii():  # two escapes may be the halves of one character
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return sanitize(text)


def _name(value: object) -> str | None:
    return clip(_storable(value), _NAME_LENGTH) if isinstance(value, str) and value else None


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        return 0
    return max(0, min(value, _LARGEST_COUNT))


def _micros(value: object) -> int | None:
    """Dollars as micro-dollars; None when they are no amount."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        micros = Decimal(str(value)) * 1_000_000
        return int(micros.to_integral_value()) if 0 <= micros <= _LARGEST_COST else None
    except (ArithmeticError, ValueError):
        return None
