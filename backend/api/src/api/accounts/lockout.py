"""Failed sign-ins make the next ones wait: by account and by address, in PostgreSQL.

From the fifth failure on a delay doubles from one second to a quarter of an hour. A good sign-in
ends both counts, a day without failures does too. Names without an account are counted as those
with one, under a digest: people type passwords where the name belongs.
"""

import hashlib
import math
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Row, delete, func, select, text, tuple_
from sqlalchemy.sql.elements import ColumnElement

from core.db.session import ReadSession, Session
from core.db.tables.accounts import login_failures
from core.logging import get_logger

log = get_logger(__name__)

FIRST_LOCK = 5
FIRST_DELAY_SECONDS = 1
LONGEST_DELAY_SECONDS = 900
FORGOTTEN_AFTER_SECONDS = 86_400

TOKEN_TRIES_PER_ADDRESS = 5
TOKEN_TRIES = 20
TOKEN_WINDOW_SECONDS = 3600
_EVERYWHERE = "*"

Kind = Literal["account", "address"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whose failures are counted together."""

    name: str
    has_account: bool
    #: as limits.network_of gives it
    network: str

    @property
    def keys(self) -> tuple[tuple[Kind, str], tuple[Kind, str]]:
        name = self.name if self.has_account else _digest(self.name)
        return ("account", name), ("address", self.network)


async def seconds_locked(session: ReadSession, subject: Subject) -> int:
    """How long to wait; 0 when a try is welcome."""
    return await _wait(session, subject.keys, _RIPE)


async def count_failure(session: Session, subject: Subject) -> None:
    for kind, name in subject.keys:
        counted = await session.execute(
            _COUNT,
            {
                "kind": kind,
                "subject": name,
                "first_lock": FIRST_LOCK,
                "first_delay": FIRST_DELAY_SECONDS,
                "longest": LONGEST_DELAY_SECONDS,
                "forgotten": FORGOTTEN_AFTER_SECONDS,
            },
        )
        _alarm(kind, name, counted.one())


async def forget(session: Session, subject: Subject) -> None:
    """One after the other, in the order of count_failure, or two could wait for each other."""
    columns = login_failures.c
    for kind, name in subject.keys:
        await session.execute(
            delete(login_failures)
            .where(columns.kind == kind, columns.subject == name)
            .execution_options(query="accounts.forget_failures")
        )


async def seconds_token_locked(session: ReadSession, network: str) -> int:
    """How long the registration token is not even looked at."""
    return await _wait(session, (("token", network), ("token", _EVERYWHERE)), _SPENT)


async def count_wrong_token(session: Session, network: str) -> None:
    for subject in sorted((network, _EVERYWHERE)):  # one order, or two could wait for each other
        values = {"subject": subject, "window": TOKEN_WINDOW_SECONDS}
        await session.execute(_COUNT_TOKEN, values)


async def sweep(session: Session) -> None:
    """Drop what has no effect any more."""
    columns = login_failures.c
    old = func.make_interval(0, 0, 0, 0, 0, 0, FORGOTTEN_AFTER_SECONDS)
    await session.execute(delete(login_failures).where(columns.last_at < func.now() - old))


_RIPE = login_failures.c.locked_until > func.now()
#: of a token the window ends at `locked_until`; it is locked when its tries are spent
_SPENT = _RIPE & (
    (login_failures.c.failures >= TOKEN_TRIES)
    | (
        (login_failures.c.subject != _EVERYWHERE)
        & (login_failures.c.failures >= TOKEN_TRIES_PER_ADDRESS)
    )
)


async def _wait(
    session: ReadSession, keys: tuple[tuple[str, str], ...], is_locked: ColumnElement[bool]
) -> int:
    columns = login_failures.c
    left = func.extract("epoch", func.max(columns.locked_until) - func.now())
    statement = select(left).where(tuple_(columns.kind, columns.subject).in_(keys), is_locked)
    seconds = await session.scalar(statement.execution_options(query="accounts.locks"))
    return math.ceil(seconds) if seconds is not None else 0


def _digest(name: str) -> str:
    return f"sha256:{hashlib.sha256(name.encode()).hexdigest()[:32]}"


def _alarm(kind: Kind, name: str, counted: Row[*tuple[Any, ...]]) -> None:
    if counted.failures == FIRST_LOCK:
        log.warning("sign_in_locked", alarm=True, kind=kind, subject=name, failures=FIRST_LOCK)


_COUNT = text("""
INSERT INTO login_failures AS known (kind, subject, failures)
VALUES (:kind, :subject, 1)
ON CONFLICT (kind, subject) DO UPDATE SET
    failures = CASE
        WHEN known.last_at < now() - make_interval(secs => :forgotten) THEN 1
        ELSE least(known.failures + 1, 1000)
    END,
    locked_until = CASE
        WHEN known.last_at < now() - make_interval(secs => :forgotten) THEN NULL
        WHEN known.failures + 1 < :first_lock THEN NULL
        ELSE now() + make_interval(
            secs => least(:longest, :first_delay * 2 ^ least(known.failures + 1 - :first_lock, 20))
        )
    END,
    last_at = now()
RETURNING failures
""").execution_options(query="accounts.count_failure")

_COUNT_TOKEN = text("""
INSERT INTO login_failures AS known (kind, subject, failures, locked_until)
VALUES ('token', :subject, 1, now() + make_interval(secs => :window))
ON CONFLICT (kind, subject) DO UPDATE SET
    failures = CASE WHEN known.locked_until < now() THEN 1 ELSE known.failures + 1 END,
    locked_until = CASE
        WHEN known.locked_until < now() THEN now() + make_interval(secs => :window)
        ELSE known.locked_until
    END,
    last_at = now()
""").execution_options(query="accounts.count_wrong_token")
