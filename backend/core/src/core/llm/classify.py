"""What a provider's refusal means. Pure.

Providers differ in where they put the word that tells, in whether a code is a number, and in
whether the status of an error inside a stream is told at all. So everything is read permissively:
an exact word first, then what a sentence gives away, then the status, then general words.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Self

from core.llm import errors
from core.llm.errors import ModelError

#: longer waits are the breaker's business, not a header's
MAX_RETRY_AFTER = timedelta(hours=24)

Table = tuple[tuple[str, type[ModelError]], ...]

#: parts of providers' error words, the most specific first
_EXACT: Table = (
    ("context_length", errors.ContextTooLong),
    ("context_size", errors.ContextTooLong),
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
)

#: parts of sentences, where nothing better tells
_SENTENCES: Table = (
    ("maximum context length", errors.ContextTooLong),
    ("context window", errors.ContextTooLong),
    ("context size", errors.ContextTooLong),
    ("prompt is too long", errors.ContextTooLong),
    ("input was flagged", errors.Declined),
    ("api key not valid", errors.KeyRefused),
)

_STATUSES: dict[int, type[ModelError]] = {
    401: errors.KeyRefused,
    402: errors.NoCredit,
    403: errors.KeyRefused,
    404: errors.Gone,
    405: errors.Gone,
    408: errors.Unavailable,
    409: errors.Unavailable,
    410: errors.Gone,
    413: errors.ContextTooLong,
    424: errors.Unavailable,
    425: errors.Unavailable,
    429: errors.RateLimited,
    498: errors.RateLimited,
    499: errors.Unavailable,
}

#: words that many errors carry: they count only where no status tells more
_GENERAL: Table = (
    ("not_found", errors.Gone),
    ("invalid", errors.BadRequest),
    ("server", errors.Unavailable),
    ("overloaded", errors.Unavailable),
    ("unavailable", errors.Unavailable),
    ("timeout", errors.Unavailable),
)

#: OpenRouter sends them with its own 429 alone, never with one of the provider behind it
_ACCOUNT_LIMITS = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")

_WORD = re.compile(r"[a-z][a-z0-9_.-]{0,59}")


def classify(status: int, body: object, headers: Mapping[str, str] | None = None) -> ModelError:
    """The error that a reply means; a `status` of success leaves the word to the body."""
    report = _Report.of(body)
    effective = status if status >= 400 else report.status  # noqa: PLR2004 - where HTTP's errors begin
    given = headers or {}
    cls = (
        _lookup(_EXACT, report.words)
        or _lookup(_SENTENCES, [report.sentence])
        or _by_availability(report, effective)
        or _by_status(effective)
        or _lookup(_GENERAL, report.words)
        or errors.Garbage
    )
    error = cls(
        http_status=effective or status,
        provider_code=next(iter(report.words), None),
        retry_after=parse_retry_after(given.get("retry-after") or report.retry_after),
    )
    if isinstance(error, errors.RateLimited):
        error.is_account_wide = any(name in given for name in _ACCOUNT_LIMITS)
        error.retry_after = error.retry_after or _until_reset(given.get("x-ratelimit-reset"))
    return error


def parse_retry_after(value: str | None, *, now: datetime | None = None) -> timedelta | None:
    """Seconds or an HTTP date; None when absent, senseless, zero or past."""
    if not value:
        return None
    try:
        wait = timedelta(seconds=float(value))
    except (ValueError, OverflowError):
        wait = _until(value, now or datetime.now(UTC))
    return min(wait, MAX_RETRY_AFTER) if wait > timedelta() else None


def _until_reset(value: str | None) -> timedelta | None:
    """From OpenRouter's moment, in milliseconds since 1970."""
    if value is None or not re.fullmatch(r"[0-9]{13}", value):
        return None
    moment = datetime.fromtimestamp(int(value) / 1000, UTC)
    return min(max(moment - datetime.now(UTC), timedelta()), MAX_RETRY_AFTER) or None


def _until(value: str, now: datetime) -> timedelta:
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return timedelta()
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now


@dataclass(frozen=True, slots=True, kw_only=True)
class _Report:
    """What a body says about an error, wherever this provider says it."""

    #: machine-readable, lower case, the most telling first
    words: tuple[str, ...]
    #: for people, lower case
    sentence: str
    #: HTTP's, 0 when not told
    status: int
    is_retryable: bool | None
    retry_after: str | None

    @classmethod
    def of(cls, body: object) -> Self:
        if isinstance(body, list) and body:  # Google's errors come in a list
            body = body[0]
        inner = _mapping(body).get("error") or body
        error = _mapping(inner)
        metadata = _mapping(error.get("metadata"))
        availability = _mapping(error.get("availability"))
        retryable = availability.get("retryable")
        wait = availability.get("retry_after")
        said = inner if isinstance(inner, str) and inner is not body else error.get("message")
        return cls(
            words=tuple(_words(error, metadata, availability)),
            # OpenRouter passes on the words of the provider behind it
            sentence=" ".join(x for x in (said, metadata.get("raw")) if isinstance(x, str)).lower(),
            status=_status(error),
            is_retryable=retryable if isinstance(retryable, bool) else None,
            retry_after=str(wait) if isinstance(wait, int | float) else None,
        )


def _words(
    error: Mapping[str, Any], metadata: Mapping[str, Any], availability: Mapping[str, Any]
) -> Iterator[str]:
    if metadata.get("flagged_input") or metadata.get("reasons"):
        yield "moderation"
    places = (
        metadata.get("error_type"),
        error.get("error_type"),
        availability.get("code"),
        error.get("code"),
        error.get("type"),
    )
    for place in places:
        if isinstance(place, str) and _WORD.fullmatch(word := place.lower()):
            yield word


def _status(error: Mapping[str, Any]) -> int:
    """A number, or digits, that can be an HTTP error."""
    for name in ("code", "status_code", "http_status"):
        code = error.get(name)
        if isinstance(code, int | str) and re.fullmatch(r"[45][0-9]{2}", str(code)):
            return int(code)
    return 0


def _by_availability(report: _Report, status: int) -> type[ModelError] | None:
    """OpenRouter tells whether a model that is not there may come back."""
    if report.is_retryable is None or status == 429:  # noqa: PLR2004 - too many requests
        return None
    return errors.Unavailable if report.is_retryable else errors.Gone


def _by_status(status: int) -> type[ModelError] | None:
    if status in _STATUSES:
        return _STATUSES[status]
    if status >= 500:  # noqa: PLR2004 - HTTP's server errors
        return errors.Unavailable
    return errors.BadRequest if status else None


def _lookup(table: Table, texts: list[str] | tuple[str, ...]) -> type[ModelError] | None:
    return next((cls for part, cls in table if any(part in text for text in texts)), None)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
