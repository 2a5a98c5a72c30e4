"""`python -m api users …`: accounts from the terminal of whoever runs the server."""

import argparse
import asyncio
import getpass
import secrets
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from sqlalchemy.exc import SQLAlchemyError

from api.accounts import audit, sessions, store, weakness
from api.accounts.audit import Action
from api.accounts.passwords import make_context
from api.accounts.store import StoredAccount
from core.db.session import Database, Session
from core.errors import StartupError
from core.settings import Settings

#: in the audit log; no account can have this name
ACTOR = "(terminal)"
_GENERATED_BYTES = 15


class Refused(Exception):
    """The message is a sentence for the terminal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    action: str
    name: str = ""
    role: store.Role = "analyst"
    has_password_on_stdin: bool = False
    is_generated: bool = False
    is_end: bool = False
    #: of the password that was asked for
    password_hash: str = field(default="", repr=False)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", help="all accounts")
    add = _with_password(_named(actions.add_parser("add", help="a new account")))
    add.add_argument("--role", choices=store.ROLES, default="analyst")
    _named(actions.add_parser("disable", help="refuse an account and end its sessions"))
    _named(actions.add_parser("enable", help="take an account back"))
    _with_password(_named(actions.add_parser("reset", help="a new password; ends all sessions")))
    listing = _named(actions.add_parser("sessions", help="where an account is signed in"))
    listing.add_argument("--end", action="store_true", help="sign it out everywhere")


def run(arguments: argparse.Namespace, settings: Settings) -> None:
    """Raises Refused or StartupError with a sentence."""
    order = Order(
        action=arguments.action,
        name=getattr(arguments, "name", "").lower(),
        role=getattr(arguments, "role", "analyst"),
        has_password_on_stdin=getattr(arguments, "password_stdin", False),
        is_generated=getattr(arguments, "generate", False),
        is_end=getattr(arguments, "end", False),
    )
    if order.action != "list" and not store.NAME.fullmatch(order.name):
        raise Refused("A name has 3 to 64 letters, digits and . _ - @.")
    asyncio.run(_run(order, settings.require_database_url()))


def _named(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("name", metavar="NAME")
    return parser


def _with_password(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--password-stdin", action="store_true", help="read it from standard input")
    how.add_argument("--generate", action="store_true", help="make one and print it")
    return parser


async def _run(order: Order, url: str) -> None:
    database = Database(url)
    try:
        await database.require_reachable()
        if order.action in _TAKES_PASSWORD:
            order = await _with_hash(database, order)
        async with database.write() as session:
            await _ACTIONS[order.action](session, order)
    except SQLAlchemyError as error:
        raise StartupError(
            f"The database refused ({type(error).__name__}): is its schema that of this release? "
            "`python -m core.db upgrade` brings it there."
        ) from None
    finally:
        await database.close()


async def _with_hash(database: Database, order: Order) -> Order:
    """Asks before any transaction is open, and only where the answer will be of use."""
    async with database.read() as session:
        exists = await store.get_account(session, order.name) is not None
    if order.action == "add" and exists:
        raise Refused(f"There is an account {order.name} already.")
    if order.action == "reset" and not exists:
        raise Refused(_unknown(order.name))
    return replace(order, password_hash=make_context().hash(_ask_password(order)))


async def _list(session: Session, _: Order) -> None:
    accounts = await store.list_accounts(session)
    for stored in accounts:
        state = "disabled" if stored.disabled_at else "active"
        _tell(
            f"{stored.account.name:<32} {stored.account.role:<8} {state:<9} "
            f"since {stored.created_at:%Y-%m-%d}"
        )
    if not accounts:
        _tell("There is no account yet: `python -m api users add NAME --role admin`.")


async def _add(session: Session, order: Order) -> None:
    stored = await store.add_account(
        session, order.name, password_hash=order.password_hash, role=order.role
    )
    if stored is None:
        raise Refused(f"There is an account {order.name} already.")
    await _note(session, Action.REGISTERED, order.name, role=order.role)
    _tell(f"{order.name} may sign in, as {order.role}.")


async def _reset(session: Session, order: Order) -> None:
    stored = await _require(session, order.name)
    if not await store.change_password(session, stored.account, password_hash=order.password_hash):
        raise Refused("The account has changed meanwhile: try again.")
    ended = await sessions.revoke_all(session, stored.account.id)
    await _note(session, Action.PASSWORD_CHANGED, order.name, sessions_ended=ended)
    _tell(f"{order.name} has a new password; {ended} sessions have ended.")


async def _disable(session: Session, order: Order) -> None:
    stored = await _require(session, order.name)
    try:
        await store.change_account(session, order.name, is_disabled=True)
    except store.LastAdmin:
        raise Refused(f"{order.name} is the last active admin: add another one first.") from None
    ended = await sessions.revoke_all(session, stored.account.id)
    await _note(session, Action.USER_CHANGED, order.name, disabled=True)
    _tell(f"{order.name} is disabled; {ended} sessions have ended.")


async def _enable(session: Session, order: Order) -> None:
    await _require(session, order.name)
    await store.change_account(session, order.name, is_disabled=False)
    await _note(session, Action.USER_CHANGED, order.name, disabled=False)
    _tell(f"{order.name} may sign in again.")


async def _sessions(session: Session, order: Order) -> None:
    stored = await _require(session, order.name)
    if order.is_end:
        ended = await sessions.revoke_all(session, stored.account.id)
        await _note(session, Action.SESSION_REVOKED, order.name, sessions_ended=ended)
        _tell(f"{ended} sessions of {order.name} have ended.")
        return
    listed = await sessions.list_sessions(session, order.name)
    for one in listed:
        _tell(
            f"{one.id}  {one.address or '-':<15}  seen {one.last_seen_at:%Y-%m-%d %H:%M}  "
            f"{one.agent or ''}"
        )
    if not listed:
        _tell(f"{order.name} has no open session.")


_TAKES_PASSWORD = {"add", "reset"}
_ACTIONS: dict[str, Callable[[Session, Order], Awaitable[None]]] = {
    "list": _list,
    "add": _add,
    "reset": _reset,
    "disable": _disable,
    "enable": _enable,
    "sessions": _sessions,
}


async def _require(session: Session, name: str) -> StoredAccount:
    stored = await store.get_account(session, name)
    if stored is None:
        raise Refused(_unknown(name))
    return stored


def _unknown(name: str) -> str:
    return f"There is no account {name}: `python -m api users list` shows all."


async def _note(session: Session, action: Action, subject: str, **details: object) -> None:
    await audit.record(
        session, actor=ACTOR, action=action, subject=subject, request=None, details=details
    )


def _ask_password(order: Order) -> str:
    if order.is_generated:
        password = secrets.token_urlsafe(_GENERATED_BYTES)
        _tell(f"The password of {order.name}: {password}")
        return password
    password = sys.stdin.readline().rstrip("\r\n") if order.has_password_on_stdin else _typed()
    if sentence := weakness.find(password, name=order.name):
        raise Refused(sentence)
    return password


def _typed() -> str:
    if not sys.stdin.isatty():
        raise Refused("There is no terminal to ask for a password: --password-stdin or --generate.")
    password = getpass.getpass("Password: ")
    if password != getpass.getpass("Again: "):
        raise Refused("These are two different passwords.")
    return password


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
