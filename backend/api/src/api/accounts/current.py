"""Who asks: `Reader` for any account, `Admin` for one that may manage others.

    async def summary(account: Reader) -> Summary: ...

Both take HTTP Basic or the cookie of a session; a request with an Authorization header is judged by
that header alone. `errors.READER` and `errors.ADMIN` document what they answer.
"""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi.openapi.models import APIKey, APIKeyIn, HTTPBase
from fastapi.security.base import SecurityBase

from api.accounts import basic, sessions
from api.accounts.basic import Credentials
from api.accounts.passwords import Busy
from api.accounts.signing import Accounts, Locked, WrongCredentials
from api.accounts.store import Account
from api.dependencies import DatabaseDependency
from api.limits import count_account
from api.problems import Problem

__all__ = ["Account", "Admin", "Reader", "SignIn", "SignedIn", "require_reader"]

_HOW = "Sign in: with HTTP Basic, or with the cookie of POST /auth/session."
_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    account: Account
    #: None when signed in by HTTP Basic
    session_id: UUID | None = None


class _Scheme(SecurityBase):
    """Only tells OpenAPI; both schemes are read by `_signed_in`."""

    def __init__(self, name: str, model: HTTPBase | APIKey) -> None:
        self.scheme_name = name
        self.model = model

    async def __call__(self) -> None:
        pass


_BASIC = _Scheme(
    "basic", HTTPBase(scheme="basic", description="An account's name and password in UTF-8.")
)
_COOKIE = _Scheme(
    "session",
    APIKey.model_validate(
        {
            "in": APIKeyIn.cookie,
            "name": sessions.COOKIE,
            "description": "Set by POST /auth/session. Changes need Sec-Fetch-Site or Origin too.",
        }
    ),
)


def _accounts(request: Request) -> Accounts:
    accounts: Accounts = request.app.state.accounts
    return accounts


AccountsDependency = Annotated[Accounts, Depends(_accounts)]


async def _by_basic(
    request: Request, accounts: AccountsDependency, _: Annotated[None, Depends(_BASIC)]
) -> Account:
    """For the one route that takes nothing else."""
    account = await _sign_in(request, accounts)
    await count_account(request, account.name)
    return account


async def _signed_in(
    request: Request,
    accounts: AccountsDependency,
    database: DatabaseDependency,
    _: Annotated[None, Depends(_BASIC)],
    __: Annotated[None, Depends(_COOKIE)],
) -> SignIn:
    if "authorization" in request.headers:
        sign_in = SignIn(account=await _sign_in(request, accounts))
    else:
        sign_in = await _by_cookie(request, database)
    await count_account(request, sign_in.account.name)
    return sign_in


SignedIn = Annotated[SignIn, Depends(_signed_in)]
SignedInByBasic = Annotated[Account, Depends(_by_basic)]


async def require_reader(sign_in: SignedIn) -> Account:
    return sign_in.account


Reader = Annotated[Account, Depends(require_reader)]


async def _admin(account: Reader) -> Account:
    if account.role != "admin":
        raise Problem(403, "admin_only", f"Only admins may do this; you are an {account.role}.")
    return account


Admin = Annotated[Account, Depends(_admin)]


async def _sign_in(request: Request, accounts: Accounts) -> Account:
    credentials = _credentials(request)
    try:
        return await accounts.sign_in(credentials, request)
    except WrongCredentials:
        raise Problem(
            401,
            "wrong_credentials",
            "No active account has this name and password.",
            headers=_challenge(request),
        ) from None
    except (Locked, Busy) as error:
        raise later(error) from None


def later(error: Locked | Busy) -> Problem:
    """What is answered to a password that nobody looked at."""
    if isinstance(error, Busy):
        sentence = "Many are signing in just now: try again in a second."
        return Problem(503, "signing_in_busy", sentence, headers={"Retry-After": "1"})
    return Problem(
        429,
        "too_many_failures",
        f"Too many sign-ins have failed: try again in {error.seconds} seconds.",
        headers={"Retry-After": str(error.seconds)},
    )


def _credentials(request: Request) -> Credentials:
    headers = request.headers.getlist("authorization")
    try:
        if len(headers) == 1:
            return basic.parse(headers[0])
    except basic.Unreadable:
        pass
    sentence = (
        _HOW
        if not headers
        else "The Authorization header cannot be read: it needs to be HTTP Basic with "
        f"name:password in UTF-8, no control characters, {basic.MAX_BYTES} bytes at most."
    )
    raise _not_authenticated(request, sentence)


async def _by_cookie(request: Request, database: DatabaseDependency) -> SignIn:
    token = request.cookies.get(sessions.COOKIE)
    if token is None:
        raise _not_authenticated(request, _HOW)
    _require_origin(request)
    async with database.read() as session:
        found = await sessions.get_session(session, token)
    if found is None:
        raise _not_authenticated(request, "The session has ended: sign in again.")
    if found.is_to_be_seen:
        async with database.write() as session:
            await sessions.see(session, found.id)
    return SignIn(account=found.account, session_id=found.id)


def _require_origin(request: Request) -> None:
    """What they say is judged by security.SameOrigin; here they may not both be missing."""
    is_told = "sec-fetch-site" in request.headers or "origin" in request.headers
    if request.method not in _SAFE_METHODS and not is_told:
        raise Problem(
            403,
            "cross_site",
            "A change with the cookie needs the header Sec-Fetch-Site or Origin, as browsers send "
            "it. Programs sign in with HTTP Basic.",
        )


def _not_authenticated(request: Request, sentence: str) -> Problem:
    return Problem(401, "not_authenticated", sentence, headers=_challenge(request))


def _challenge(request: Request) -> dict[str, str]:
    """Basic makes a browser open its own dialog, which a page with a form does not want."""
    is_script = (
        request.headers.get("sec-fetch-dest") == "empty"
        or request.headers.get("x-requested-with", "").lower() == "fetch"
        or sessions.COOKIE in request.cookies
    )
    challenge = 'Session realm="Parley"' if is_script else 'Basic realm="Parley", charset="UTF-8"'
    return {"WWW-Authenticate": challenge}
