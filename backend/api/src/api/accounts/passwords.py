"""argon2id in a few threads: as many at once as there are cores, some waiting, and no more."""

import asyncio
import os
import secrets
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from passlib.context import CryptContext  # type: ignore[import-untyped] # ships no types
from passlib.exc import (  # type: ignore[import-untyped] # the same
    MissingBackendError,
    UnknownHashError,
)

from core.logging import get_logger

log = get_logger(__name__)

_T = TypeVar("_T")

#: OWASP's least for argon2id; about 20 ms of one core
MEMORY_KIB = 19_456
PASSES = 2
#: for each core, waiting or being hashed: the last one waits about a third of a second
_PLACES_PER_CORE = 16


class Busy(Exception):
    """Too many passwords wait to be hashed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    is_right: bool
    #: the same password hashed anew, when the parameters have grown since
    new_hash: str | None = None


def make_context(*, memory_kib: int = MEMORY_KIB, passes: int = PASSES) -> CryptContext:
    return CryptContext(
        schemes=["argon2", "bcrypt"],
        deprecated=["bcrypt"],  # hashes brought along from elsewhere: renewed at the next sign-in
        argon2__type="ID",
        argon2__memory_cost=memory_kib,
        argon2__time_cost=passes,
        argon2__parallelism=1,
    )


class Passwords:
    def __init__(
        self,
        context: CryptContext | None = None,
        *,
        threads: int | None = None,
        places: int | None = None,
    ) -> None:
        self._context = context or make_context()
        cores = threads or os.cpu_count() or 1
        self._threads = ThreadPoolExecutor(cores, thread_name_prefix="passwords")
        self._places = places or cores * _PLACES_PER_CORE
        #: what unknown accounts are verified against, so that they take as long as known ones
        self._dummy: str = self._context.hash(secrets.token_urlsafe())

    @contextmanager
    def place(self) -> Generator[None]:
        """Stands for the right to hash; raises Busy at once when all are taken."""
        if self._places <= 0:
            raise Busy
        self._places -= 1
        try:
            yield
        finally:
            self._places += 1

    async def hash(self, password: str) -> str:
        return await self._run(lambda: str(self._context.hash(password)))

    async def verify(self, password: str, known_hash: str | None) -> Verdict:
        """Without a hash it takes as long, and is wrong."""
        return await self._run(lambda: self._verify(password, known_hash))

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _run(self, work: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _verify(self, password: str, known_hash: str | None) -> Verdict:
        try:
            is_right, new_hash = self._context.verify_and_update(
                password, known_hash or self._dummy
            )
        except (UnknownHashError, MissingBackendError) as error:
            log.error("password_hash_unusable", error=type(error).__name__)
            return Verdict(is_right=False)
        return Verdict(is_right=is_right and known_hash is not None, new_hash=new_hash)
