"""In what the OpenAI-compatible providers differ. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit


class Provider(StrEnum):
    OPENROUTER = "openrouter"
    OPENAI = "openai"
    GROQ = "groq"
    ANTHROPIC = "anthropic"
    LITELLM = "litellm"
    #: any other server that speaks as OpenAI's does
    LOCAL = "local"

    @classmethod
    def at(cls, base_url: str) -> "Provider":
        """Who serves there, by the name of the host."""
        host = urlsplit(base_url).hostname or ""
        known = (provider for provider in cls if _serves(provider, host))
        return next(known, cls.LOCAL)


class DataCollection(StrEnum):
    """Whether OpenRouter may hand prompts to providers that keep them."""

    ALLOW = "allow"
    DENY = "deny"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """What one provider takes. Some answer 400 to a parameter that they do not know."""

    base_url: str | None = None
    #: how it calls the longest answer
    limit: str = "max_tokens"
    #: optional parameters that may be sent
    takes: frozenset[str] = frozenset({"stream_options", "user"})
    headers: Mapping[str, str] = field(default_factory=dict)


DIALECTS: Mapping[Provider, Dialect] = {
    Provider.OPENROUTER: Dialect(
        base_url="https://openrouter.ai/api/v1",
        takes=frozenset({"user", "provider"}),  # usage comes without being asked for
        headers={"X-OpenRouter-Title": "Parley"},
    ),
    Provider.OPENAI: Dialect(
        base_url="https://api.openai.com/v1",
        limit="max_completion_tokens",  # its reasoning models refuse the name that others use
    ),
    Provider.GROQ: Dialect(
        base_url="https://api.groq.com/openai/v1", limit="max_completion_tokens"
    ),
    Provider.ANTHROPIC: Dialect(
        base_url="https://api.anthropic.com/v1", takes=frozenset({"stream_options"})
    ),
    Provider.LITELLM: Dialect(),
    Provider.LOCAL: Dialect(),
}


def request_body(
    provider: Provider,
    *,
    model: str,
    messages: list[dict[str, Any]],
    max_tokens: int,
    user: str | None,
    data_collection: DataCollection | None,
) -> dict[str, Any]:
    """What is asked of a provider, without anything that it may refuse."""
    dialect = DIALECTS[provider]
    optional: dict[str, Any] = {"stream_options": {"include_usage": True}}
    if user:
        optional["user"] = user
    if data_collection:
        optional["provider"] = {"data_collection": data_collection.value}
    return {
        "model": model,
        "messages": messages,
        "stream": True,
        dialect.limit: max_tokens,
        **{name: value for name, value in optional.items() if name in dialect.takes},
    }


def _serves(provider: Provider, host: str) -> bool:
    known = urlsplit(DIALECTS[provider].base_url or "").hostname
    return known is not None and (host == known or host.endswith(f".{known}"))
