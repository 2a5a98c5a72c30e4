"""Types of the settings that say who may reach the API, and how often. Pure.

Each is checked before anything starts, because a mistake here opens a door without a sound.
"""

import ipaddress
import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr

_RATE = re.compile(r"[1-9][0-9]{0,8}/(second|minute|hour|day)")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|[0-9a-f:.]+")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_REDIS_SCHEMES = {"redis", "rediss"}

_TOKEN_CHARACTERS = 32
_DISTINCT_CHARACTERS = 10
#: of examples that were copied
_PLACEHOLDERS = re.compile(
    r"change.?me|change.?this|example|placeholder|replace|insert|registration|password|secret"
    r"|default|1234567|abcdefg",
    re.IGNORECASE,
)


def split_names(value: object) -> object:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def _rate_limit(value: str) -> str:
    rates = [rate.strip() for rate in value.split(";")]
    if not all(_RATE.fullmatch(rate) for rate in rates):
        raise ValueError(
            "needs one or more of count/second, /minute, /hour or /day, such as 60/minute;1000/hour"
        )
    return ";".join(rates)


def _origins(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        _require_origin(value)
    return values


def _require_origin(value: str) -> None:
    if value in {"*", "null"}:
        raise ValueError(
            f"{value} would let every page read answers with your visitors' cookies: "
            "list each origin, such as https://dashboard.example.org"
        )
    if value != _as_browsers_write_it(value):
        raise ValueError(
            "needs origins as browsers send them: scheme, host and a port that is not the "
            "default, lower case, without path or trailing slash, "
            "such as https://dashboard.example.org or http://localhost:5173"
        )


def _as_browsers_write_it(value: str) -> str | None:
    try:
        parts = urlsplit(value)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not host or not _HOST.fullmatch(host):
        return None
    name = f"[{host}]" if ":" in host else host
    is_default = port is None or port == _DEFAULT_PORTS[parts.scheme]
    return f"{parts.scheme}://{name}" + ("" if is_default else f":{port}")


def _proxies(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        try:
            network = ipaddress.ip_network(value)
        except ValueError:
            raise ValueError(
                "needs addresses or networks, such as 10.0.0.2 or 172.18.0.0/16; "
                "* would believe whatever a stranger writes into X-Forwarded-For"
            ) from None
        if network.prefixlen == 0:
            raise ValueError(f"{value} would trust every address there is; name your proxy's")
    return values


def _redis_url(value: SecretStr) -> SecretStr:
    try:
        parts = urlsplit(value.get_secret_value())
        is_complete = parts.scheme in _REDIS_SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_complete = False
    if not is_complete:
        raise ValueError("needs an address such as redis://:password@localhost:6379/0")
    return value


def _admin_tokens(values: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
    if len(values) > 2:  # noqa: PLR2004 - the sentence says it
        raise ValueError("takes two at most, the old and the new one; comma-separated")
    if not all(_is_random(value.get_secret_value()) for value in values):
        raise ValueError(
            f"is short or a placeholder: needs {_TOKEN_CHARACTERS} random characters or more, "
            "such as python -c 'import secrets; print(secrets.token_urlsafe(32))' prints"
        )
    return values


def _is_random(token: str) -> bool:
    return (
        len(token) >= _TOKEN_CHARACTERS
        and len(set(token)) >= _DISTINCT_CHARACTERS
        and token.isascii()
        and token.isprintable()
        and " " not in token
        and not _PLACEHOLDERS.search(token)
    )


Names = Annotated[tuple[str, ...], BeforeValidator(split_names)]
RateLimit = Annotated[str, AfterValidator(_rate_limit)]
Origins = Annotated[Names, AfterValidator(_origins)]
Proxies = Annotated[Names, AfterValidator(_proxies)]
AdminTokens = Annotated[
    tuple[SecretStr, ...], BeforeValidator(split_names), AfterValidator(_admin_tokens)
]
RedisUrl = Annotated[SecretStr, AfterValidator(_redis_url)]
