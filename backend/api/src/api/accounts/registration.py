"""The token that opens registration: compared by digest, its wrong tries counted and told."""

import hashlib
import hmac
from collections.abc import Sequence
from typing import Annotated

from fastapi import Depends, Header, Request
from pydantic import SecretStr

from api import problems
from api.accounts import audit, lockout
from api.dependencies import DatabaseDependency, SettingsDependency
from api.limits import network_of
from api.problems import Problem
from core.db.session import Database
from core.logging import get_logger

log = get_logger(__name__)

DOCUMENTED = problems.documented(
    registration_off_403="Registration is off: set ADMIN_REGISTRATION_TOKEN, or add accounts with "
    "`python -m api users add`.",
    wrong_token_403="X-Admin-Token needs to be the registration token.",  # noqa: S106 - a sentence
    too_many_failures_429="Too many wrong tokens: try again in 3412 seconds.",
)

TokenHeader = Annotated[
    SecretStr | None,
    Header(
        alias="X-Admin-Token",
        description="ADMIN_REGISTRATION_TOKEN of the server",
        examples=["the token, as the operator gave it to you"],
    ),
]


async def _require_token(
    request: Request,
    settings: SettingsDependency,
    database: DatabaseDependency,
    token: TokenHeader = None,
) -> int:
    """Which of the tokens it is, from 1; raises Problem (403, 429)."""
    if not settings.admin_registration_token:
        raise Problem(
            403,
            "registration_off",
            "Registration is off: set ADMIN_REGISTRATION_TOKEN, or add accounts with "
            "`python -m api users add`.",
        )
    network = network_of(audit.address_of(request) or "-")
    await _require_tries(database, network)
    given = token.get_secret_value() if token else ""
    number = _find(given, settings.admin_registration_token)
    if number is None:
        if given:
            await _count(database, request, network)
        raise Problem(403, "wrong_token", "X-Admin-Token needs to be the registration token.")
    return number


TokenNumber = Annotated[int, Depends(_require_token)]


async def _require_tries(database: Database, network: str) -> None:
    async with database.read() as session:
        seconds = await lockout.seconds_token_locked(session, network)
    if seconds:
        raise Problem(
            429,
            "too_many_failures",
            f"Too many wrong tokens: try again in {seconds} seconds.",
            headers={"Retry-After": str(seconds)},
        )


def _find(given: str, tokens: Sequence[SecretStr]) -> int | None:
    """Looks at all of them, so that the time it takes does not tell which."""
    wanted = _digest(given)
    fits = [hmac.compare_digest(wanted, _digest(token.get_secret_value())) for token in tokens]
    return fits.index(True) + 1 if any(fits) else None


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="surrogateescape")).digest()


async def _count(database: Database, request: Request, network: str) -> None:
    log.warning("registration_token_refused", alarm=True)
    async with database.write() as session:
        await lockout.count_wrong_token(session, network)
        await audit.record(
            session,
            actor=None,
            action=audit.Action.TOKEN_REFUSED,
            subject=None,
            request=request,
        )
