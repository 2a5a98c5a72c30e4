"""One try to sign in with name and password.

    sign_in ──> remembered for a minute? ── yes ──> one indexed SELECT
                       │ no
    a place among those who wait ──> one at a time for each name ──> locked? ──> hash ──> booked

Whether an account exists, is disabled or has another password makes no difference from outside:
the same statements, one hash of the same cost, the same answer.
"""

import asyncio
import contextlib
import hashlib
import hmac
import secrets
import time
import weakref
from collections.abc import AsyncGenerator
from datetime import timedelta
from uuid import UUID

from fastapi import Request
from sqlalchemy.exc import SQLAlchemyError

from api.accounts import audit, lockout, sessions, store
from api.accounts.basic import Credentials
from api.accounts.passwords import Passwords, Verdict
from api.accounts.store import Account, StoredAccount
from api.limits import network_of
from core.db.session import Database
from core.logging import get_logger

log = get_logger(__name__)

REMEMBERED_SECONDS = 60.0
MAX_REMEMBERED = 1000
_FIRST_SWEEP = timedelta(minutes=1)
_SWEEP_EVERY = timedelta(hours=1)


class WrongCredentials(Exception):
    """The name, the password or the account's state does not allow it; which one is not told."""


class Locked(Exception):
    """Too many tries have failed."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Remembered:
    """Credentials that were right within the last minute, under a key of this process."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._known: dict[bytes, tuple[UUID, int, float]] = {}

    def get(self, credentials: Credentials) -> tuple[UUID, int] | None:
        """Account and version they were right for."""
        account_id, version, until = self._known.get(self._digest(credentials), (None, 0, 0.0))
        return (account_id, version) if account_id and time.monotonic() < until else None

    def put(self, credentials: Credentials, account: Account) -> None:
        digest = self._digest(credentials)
        self._known.pop(digest, None)  # so that the oldest comes first
        if len(self._known) >= MAX_REMEMBERED:
            del self._known[next(iter(self._known))]
        self._known[digest] = (account.id, account.version, time.monotonic() + REMEMBERED_SECONDS)

    def drop(self, credentials: Credentials) -> None:
        self._known.pop(self._digest(credentials), None)

    def _digest(self, credentials: Credentials) -> bytes:
        words = f"{credentials.name}\0{credentials.password}".encode()
        return hmac.digest(self._key, words, hashlib.sha256)


class Accounts:
    def __init__(self, database: Database, passwords: Passwords | None = None) -> None:
        self._database = database
        self.passwords = passwords or Passwords()
        self._remembered = Remembered()
        self._turns: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()

    async def sign_in(self, credentials: Credentials, request: Request) -> Account:
        """Raises WrongCredentials, Locked or Busy."""
        if account := await self._recall(credentials):
            return account
        async with self._turn(credentials.name):
            if account := await self._recall(credentials):  # somebody else's try just before
                return account
            return await self._try(credentials, request)

    async def prove(self, credentials: Credentials, request: Request) -> Account:
        """The same, whatever is remembered."""
        async with self._turn(credentials.name):
            return await self._try(credentials, request)

    async def sweep(self) -> None:
        """Runs as long as the server: drops what has no effect any more."""
        task = asyncio.current_task()
        wait = _FIRST_SWEEP
        while not (task and task.cancelling()):  # which the driver may turn into its own error
            await asyncio.sleep(wait.total_seconds())
            wait = _SWEEP_EVERY
            with contextlib.suppress(SQLAlchemyError, OSError):  # next hour again
                async with self._database.write() as session:
                    await lockout.sweep(session)
                    await sessions.sweep(session)

    def close(self) -> None:
        self.passwords.close()

    @contextlib.asynccontextmanager
    async def _turn(self, name: str) -> AsyncGenerator[None]:
        """One try at a time for each name, or many at once could get past the lock."""
        with self.passwords.place():
            turn = self._turns.get(name) or self._turns.setdefault(name, asyncio.Lock())
            async with turn:
                yield

    async def _recall(self, credentials: Credentials) -> Account | None:
        known = self._remembered.get(credentials)
        if known is None:
            return None
        async with self._database.read() as session:
            account = await store.get_active(session, *known)
        if account is None:
            self._remembered.drop(credentials)
        return account

    async def _try(self, credentials: Credentials, request: Request) -> Account:
        stored, subject = await self._look_up(credentials.name, request)
        known_hash = stored.password_hash if stored else None
        verdict = await self.passwords.verify(credentials.password, known_hash)
        if stored is None or stored.disabled_at is not None or not verdict.is_right:
            await self._failed(stored, subject, request)
            raise WrongCredentials
        await self._succeeded(stored, subject, verdict)
        self._remembered.put(credentials, stored.account)
        return stored.account

    async def _look_up(
        self, name: str, request: Request
    ) -> tuple[StoredAccount | None, lockout.Subject]:
        async with self._database.read() as session:
            stored = await store.get_account(session, name)
            subject = lockout.Subject(
                name=name,
                has_account=stored is not None,
                network=network_of(audit.address_of(request) or "-"),
            )
            seconds = await lockout.seconds_locked(session, subject)
        if seconds:
            raise Locked(seconds)
        return stored, subject

    async def _failed(
        self, stored: StoredAccount | None, subject: lockout.Subject, request: Request
    ) -> None:
        async with self._database.write() as session:
            await lockout.count_failure(session, subject)
            await audit.record(
                session,
                actor=None,
                action=audit.Action.SIGN_IN_FAILED,
                subject=stored.account.name if stored else None,
                request=request,
                details={"reason": _reason(stored)},
            )

    async def _succeeded(
        self, stored: StoredAccount, subject: lockout.Subject, verdict: Verdict
    ) -> None:
        async with self._database.write() as session:
            await lockout.forget(session, subject)
            if verdict.new_hash:
                await store.renew_hash(
                    session, stored.account, old=stored.password_hash, new=verdict.new_hash
                )


def _reason(stored: StoredAccount | None) -> str:
    """For admins who read the audit log, and nobody else."""
    if stored is None:
        return "no_such_account"
    return "disabled" if stored.disabled_at else "wrong_password"
