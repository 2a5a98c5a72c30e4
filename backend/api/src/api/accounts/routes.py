"""What everybody does with an account of their own."""

from fastapi import APIRouter, Depends, Request, Response, status

from api import problems
from api.accounts import audit, errors, registration, sessions, shapes, store, weakness
from api.accounts.audit import Action
from api.accounts.basic import Credentials
from api.accounts.current import (
    Account,
    AccountsDependency,
    SignedIn,
    SignedInByBasic,
    later,
)
from api.accounts.passwords import Busy
from api.accounts.registration import TokenNumber
from api.accounts.signing import Accounts, Locked, WrongCredentials
from api.dependencies import DatabaseDependency
from api.documentation import EDGES
from api.problems import Problem
from core.db.session import Session

router = APIRouter(prefix="/auth", tags=["accounts"], dependencies=[Depends(shapes.json_only)])

_WEAK = problems.documented(
    invalid_request_422="body.name: String should match the pattern.",
    weak_password_422="The password contains the account's name: choose one that does not.",  # noqa: S106 - a sentence
)


@router.post(
    "/register",
    status_code=status.HTTP_201_CREATED,
    summary="Register an account with the registration token",
    responses=errors.merged(
        EDGES,
        registration.DOCUMENTED,
        problems.documented(name_taken_400="There is an account of this name already."),
        _WEAK,
        errors.BODY,
        errors.SENT,
        errors.BUSY,
        errors.DATABASE,
    ),
)
async def register(
    request: Request,
    token_number: TokenNumber,
    body: shapes.Registration,
    accounts: AccountsDependency,
    database: DatabaseDependency,
) -> shapes.User:
    """Off unless ADMIN_REGISTRATION_TOKEN is set. After five wrong tokens an address waits."""
    password_hash = await _new_hash(accounts, body.password.get_secret_value(), name=body.name)
    async with database.write() as session:
        stored = await store.add_account(
            session, body.name, password_hash=password_hash, role=body.role
        )
        if stored is None:
            raise Problem(400, "name_taken", "There is an account of this name already.")
        await audit.record(
            session,
            actor=None,
            action=Action.REGISTERED,
            subject=body.name,
            request=request,
            details={"role": body.role, "token": token_number},
        )
    return shapes.User.of(stored)


@router.post(
    "/session",
    status_code=status.HTTP_201_CREATED,
    summary="Sign a browser in: Basic once, then a cookie",
    responses=errors.merged(EDGES, errors.READER, errors.SENT),
)
async def open_session(
    request: Request, response: Response, account: SignedInByBasic, database: DatabaseDependency
) -> shapes.SessionOpened:
    """Sets the cookie `__Host-parley`; ends after 30 minutes unused and after 12 hours anyway.

    Browsers take it over HTTPS, and over plain HTTP from localhost and 127.0.0.1 only. A page adds
    `X-Requested-With: fetch`, so that a wrong password does not open the browser's own dialog.
    """
    async with database.write() as session:
        if left := request.cookies.get(sessions.COOKIE):
            await sessions.revoke_token(session, left)
        token = await sessions.open_session(
            session, account, address=audit.address_of(request), agent=audit.agent_of(request)
        )
        await _note(session, request, account, Action.SIGNED_IN)
    response.set_cookie(
        sessions.COOKIE, token, path="/", secure=True, httponly=True, samesite="strict"
    )
    return shapes.SessionOpened(
        name=account.name,
        role=account.role,
        idle_seconds=int(sessions.IDLE.total_seconds()),
        seconds=int(sessions.ABSOLUTE.total_seconds()),
    )


@router.delete(
    "/session",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Sign this browser out",
    responses=errors.merged(EDGES, errors.READER, errors.CHANGE),
)
async def close_session(
    request: Request, response: Response, sign_in: SignedIn, database: DatabaseDependency
) -> None:
    """With HTTP Basic there is no session to end, and nothing happens."""
    if sign_in.session_id:
        async with database.write() as session:
            await sessions.revoke(session, sign_in.session_id)
            await _note(session, request, sign_in.account, Action.SIGNED_OUT)
    forget_cookie(response)


@router.get("/me", summary="Who is signed in", responses=errors.merged(EDGES, errors.READER))
async def me(sign_in: SignedIn) -> shapes.Me:
    """The account's name and role, and whether HTTP Basic or a session vouches for it."""
    return shapes.Me(
        name=sign_in.account.name,
        role=sign_in.account.role,
        signed_in_by="session" if sign_in.session_id else "basic",
    )


@router.post(
    "/password",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Change your password",
    responses=errors.merged(
        EDGES,
        errors.READER,
        errors.CHANGE,
        errors.BODY,
        problems.documented(
            wrong_password_403="The current password is another one.",  # noqa: S106 - a sentence
            changed_meanwhile_409="The account has changed meanwhile: try again.",
        ),
        _WEAK,
    ),
)
async def change_password(
    request: Request,
    sign_in: SignedIn,
    body: shapes.PasswordChange,
    accounts: AccountsDependency,
    database: DatabaseDependency,
) -> None:
    """Ends all other sessions. A wrong current password counts as a failed sign-in."""
    account = await _prove(accounts, sign_in.account, body.current.get_secret_value(), request)
    password_hash = await _new_hash(accounts, body.new.get_secret_value(), name=account.name)
    async with database.write() as session:
        if not await store.change_password(session, account, password_hash=password_hash):
            raise Problem(409, "changed_meanwhile", "The account has changed meanwhile: try again.")
        ended = await sessions.revoke_all(session, account.id, but=sign_in.session_id)
        await _note(session, request, account, Action.PASSWORD_CHANGED, sessions_ended=ended)


def forget_cookie(response: Response) -> None:
    response.delete_cookie(sessions.COOKIE, path="/", secure=True, httponly=True, samesite="strict")


async def _prove(accounts: Accounts, account: Account, password: str, request: Request) -> Account:
    try:
        return await accounts.prove(Credentials(name=account.name, password=password), request)
    except WrongCredentials:
        raise Problem(403, "wrong_password", "The current password is another one.") from None
    except (Locked, Busy) as error:
        raise later(error) from None


async def _new_hash(accounts: Accounts, password: str, *, name: str) -> str:
    if sentence := weakness.find(password, name=name):
        raise Problem(422, "weak_password", sentence)
    try:
        with accounts.passwords.place():
            return await accounts.passwords.hash(password)
    except Busy as error:
        raise later(error) from None


async def _note(
    session: Session, request: Request, account: Account, action: Action, **details: object
) -> None:
    await audit.record(
        session,
        actor=account.name,
        action=action,
        subject=account.name,
        request=request,
        details=details,
    )
