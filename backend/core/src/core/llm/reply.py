"""Reading a provider's reply: what counts as an answer, and which error everything else is.

Pure. An answer needs all of: no error anywhere, a choice, a known reason to have finished, and
text that a person can see. Providers differ in where they put an error and whether a code is a
number, so everything is read permissively and nothing is trusted.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from email.utils import parsedate_to_datetime
from typing import Any

from core.llm import errors
from core.llm.errors import ModelError
from core.llm.model import Completion, CostSource, Finish, Usage
from core.text import is_visible, sanitize

#: longer waits are the breaker's business, not a header's
MAX_RETRY_AFTER = timedelta(hours=24)
_MICROS = Decimal(1_000_000)
_CODE_LENGTH = 60
#: what the table's column holds
_LARGEST_COUNT = 2**31 - 1

_BY_STATUS: dict[int, type[ModelError]] = {
    400: errors.BadRequest,
    401: errors.KeyRefused,
    402: errors.NoCredit,
    403: errors.KeyRefused,
    404: errors.Gone,
    405: errors.Gone,
    408: errors.Unavailable,
    410: errors.Gone,
    413: errors.ContextTooLong,
    422: errors.BadRequest,
    429: errors.RateLimited,
    498: errors.RateLimited,
}

#: words of providers' error types and codes, most specific first
_BY_WORD: tuple[tuple[str, type[ModelError]], ...] = (
    ("context_length", errors.ContextTooLong),
    ("token_limit", errors.ContextTooLong),
    ("max_tokens_exceeded", errors.ContextTooLong),
    ("string_too_long", errors.ContextTooLong),
    ("payload_too_large", errors.ContextTooLong),
    ("content_policy", errors.Declined),
    ("content_filter", errors.Declined),
    ("moderation", errors.Declined),
    ("guardrail", errors.Declined),
    ("refusal", errors.Declined),
    ("insufficient_quota", errors.NoCredit),
    ("payment_required", errors.NoCredit),
    ("rate_limit", errors.RateLimited),
    ("invalid_api_key", errors.KeyRefused),
    ("authentication", errors.KeyRefused),
    ("permission_denied", errors.KeyRefused),
    ("model_not_found", errors.Gone),
    ("not_found", errors.Gone),
    ("invalid_request", errors.BadRequest),
    ("invalid_prompt", errors.BadRequest),
)

#: sentences of providers that give no better sign
_BY_PHRASE: tuple[tuple[str, type[ModelError]], ...] = (
    ("maximum context length", errors.ContextTooLong),
    ("context window", errors.ContextTooLong),
    ("flagged", errors.Declined),
)


def classify(status: int, body: object, headers: Mapping[str, str] | None = None) -> ModelError:
    """The error that a refused request means; `status` 0 when there was none."""
    error = _error_of(body)
    words = _words(error)
    code = error.get("code") if isinstance(error, Mapping) else None
    effective = _as_status(code) or status
    cls = _by_words(words, error) or _by_status(effective)
    return cls(
        http_status=effective or None,
        provider_code=next((word for word in words if word), None),
        retry_after=parse_retry_after((headers or {}).get("retry-after")),
    )


class Reading:
    """The text and facts of one streamed reply, chunk by chunk."""

    def __init__(self, model: str) -> None:
        self._model = model
        self._provider: str | None = None
        self._generation_id: str | None = None
        self._texts: list[str] = []
        self._held = ""
        self._finish: str | None = None
        self._usage = Usage()
        self.is_thinking = False

    @property
    def has_text(self) -> bool:
        return bool(self._texts)

    def feed(self, chunk: object) -> str:
        """Take in a chunk; returns the text it adds. Raises ModelError when it carries an error."""
        if not isinstance(chunk, Mapping):
            raise errors.Garbage(provider_code="no object")
        choice = _first_choice(chunk)
        if chunk.get("error") or choice.get("error"):
            raise self._interrupted(chunk if chunk.get("error") else choice)
        self._learn(chunk)
        self._finish = _text(choice.get("finish_reason")) or self._finish
        part = choice.get("delta") or choice.get("message")
        part = part if isinstance(part, Mapping) else {}
        self.is_thinking = bool(part.get("reasoning") or part.get("reasoning_content"))
        return self._take(_content(part.get("content")))

    def conclude(self) -> Completion:
        """The answer; raises ModelError when what has been read is none."""
        text = sanitize("".join(self._texts) + self._held)
        if self._finish in {"content_filter", "refusal"}:
            raise errors.Declined(provider_code=self._finish)
        if self._finish is None:
            cls = errors.Broken if is_visible(text) else errors.Garbage
            raise cls(provider_code="no finish_reason")
        if self._finish not in {"stop", "length", "eos", "end_turn", "max_tokens"}:
            raise errors.Broken(provider_code=self._finish[:_CODE_LENGTH])
        if not is_visible(text):
            raise errors.Garbage(provider_code="no visible text")
        is_cut = self._finish in {"length", "max_tokens"}
        return Completion(
            text=text,
            finish=Finish.LENGTH if is_cut else Finish.STOP,
            model=self._model,
            provider=self._provider,
            generation_id=self._generation_id,
            usage=self._usage,
        )

    def _interrupted(self, place: Mapping[str, Any]) -> ModelError:
        error = classify(0, place)
        if not is_visible("".join(self._texts)) or isinstance(error, errors.Declined):
            return error
        return errors.Broken(http_status=error.http_status, provider_code=error.provider_code)

    def _learn(self, chunk: Mapping[str, Any]) -> None:
        self._model = _text(chunk.get("model")) or self._model
        self._provider = _text(chunk.get("provider")) or self._provider
        self._generation_id = _text(chunk.get("id")) or self._generation_id
        if isinstance(chunk.get("usage"), Mapping):
            self._usage = read_usage(chunk["usage"])

    def _take(self, text: str) -> str:
        """Join halves of a surrogate pair that came in two chunks."""
        text = self._held + text
        self._held = ""
        if text and "\ud800" <= text[-1] <= "\udbff":
            text, self._held = text[:-1], text[-1]
        if not text.isascii():
            text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        text = sanitize(text)
        if text:
            self._texts.append(text)
        return text


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


def parse_retry_after(value: str | None) -> timedelta | None:
    """Seconds or an HTTP date; None when absent, senseless or negative."""
    if not value:
        return None
    try:
        wait = timedelta(seconds=float(value))
    except (ValueError, OverflowError):
        wait = _until(value)
    return min(wait, MAX_RETRY_AFTER) if wait > timedelta() else None


def _until(value: str) -> timedelta:
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return timedelta()
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment - datetime.now(UTC)


def _error_of(body: object) -> object:
    if isinstance(body, Mapping):
        return body.get("error") or body
    return body


def _words(error: object) -> list[str]:
    """The machine-readable words of an error, wherever this provider puts them."""
    if not isinstance(error, Mapping):
        return []
    metadata = error.get("metadata")
    availability = error.get("availability")
    places = (
        metadata.get("error_type") if isinstance(metadata, Mapping) else None,
        error.get("error_type"),
        availability.get("code") if isinstance(availability, Mapping) else None,
        error.get("code"),
        error.get("type"),
    )
    found = [place for place in places if isinstance(place, str) and not place.isdigit()]
    if isinstance(metadata, Mapping) and metadata.get("flagged_input"):
        found.insert(0, "moderation")
    return [word.lower()[:_CODE_LENGTH] for word in found]


def _by_words(words: list[str], error: object) -> type[ModelError] | None:
    for part, cls in _BY_WORD:
        if any(part in word for word in words):
            # a general word must not hide what the sentence says more exactly
            return _by_phrase(error) or cls if cls is errors.BadRequest else cls
    return _by_phrase(error)


def _by_phrase(error: object) -> type[ModelError] | None:
    message = error.get("message") if isinstance(error, Mapping) else None
    sentence = message.lower() if isinstance(message, str) else ""
    return next((cls for phrase, cls in _BY_PHRASE if phrase in sentence), None)


def _by_status(status: int) -> type[ModelError]:
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if 400 <= status < 500:  # noqa: PLR2004 - HTTP's client errors
        return errors.BadRequest
    return errors.Unavailable if status >= 500 else errors.Garbage  # noqa: PLR2004 - its server errors


def _as_status(code: object) -> int:
    """An error code that is an HTTP status, given as a number or as digits."""
    text = str(code) if isinstance(code, int | str) else ""
    return int(text) if len(text) == 3 and text.isdigit() else 0  # noqa: PLR2004 - digits of a status


def _first_choice(chunk: Mapping[str, Any]) -> Mapping[str, Any]:
    choices = chunk.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    return first if isinstance(first, Mapping) else {}


def _content(value: object) -> str:
    """Text, or the text parts of a list."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(_text(part.get("text")) or "" for part in value if isinstance(part, Mapping))
    return ""


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        return 0
    return max(0, min(value, _LARGEST_COUNT))


def _micros(value: object) -> int | None:
    """Dollars as micro-dollars."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        micros = Decimal(str(value)) * _MICROS
        return max(0, int(micros.to_integral_value()))
    except (InvalidOperation, OverflowError, ValueError):
        return None
