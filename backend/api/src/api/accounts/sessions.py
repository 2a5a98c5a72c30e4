"""Sign-ins of browsers. The cookie holds 256 random bits, of which only a digest is stored."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.sql.elements import ColumnElement

from api.accounts.store import Account
from core.db.ids import new_id
from core.db.session import ReadSession, Session
from core.db.tables.accounts import api_sessions, api_users

#: browsers take a Secure cookie over plain HTTP from localhost and 127.0.0.1 (Chromium, Firefox)
COOKIE = "__Host-parley"
IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
#: a session in use is written to this often, not with each request
SEEN_EVERY = timedelta(minutes=1)
KEPT_AFTER_END = timedelta(days=30)

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserSession:
    id: UUID
    account: Account
    is_to_be_seen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedSession:
    id: UUID
    user: str
    address: str | None
    agent: str | None
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime


async def open_session(
    session: Session, account: Account, *, address: str | None, agent: str | None
) -> str:
    """The value of the cookie."""
    token = secrets.token_urlsafe(32)
    await session.execute(
        insert(api_sessions).values(
            id=new_id(),
            user_id=account.id,
            token_hash=_digest(token),
            address=address,
            agent=agent,
            expires_at=func.now() + ABSOLUTE,
        )
    )
    return token


async def get_session(session: ReadSession, token: str) -> BrowserSession | None:
    """None when it is unknown, ended or its account is disabled."""
    if not _TOKEN.fullmatch(token):
        return None
    statement = (
        select(
            api_sessions.c.id,
            (api_sessions.c.last_seen_at < func.now() - SEEN_EVERY).label("is_to_be_seen"),
            api_users.c.id.label("user_id"),
            api_users.c.name,
            api_users.c.role,
            api_users.c.version,
        )
        .join_from(api_sessions, api_users)
        .where(api_sessions.c.token_hash == _digest(token), *_ALIVE)
        .execution_options(query="accounts.session")
    )
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        return None
    account = Account(id=row.user_id, name=row.name, role=row.role, version=row.version)
    return BrowserSession(id=row.id, account=account, is_to_be_seen=row.is_to_be_seen)


async def see(session: Session, session_id: UUID) -> None:
    await session.execute(
        update(api_sessions)
        .where(
            api_sessions.c.id == session_id,
            api_sessions.c.last_seen_at < func.now() - SEEN_EVERY,
        )
        .values(last_seen_at=func.now())
        .execution_options(query="accounts.see_session")
    )


async def list_sessions(session: ReadSession, user: str) -> list[ListedSession]:
    statement = (
        select(
            api_sessions.c.id,
            api_users.c.name.label("user"),
            api_sessions.c.address,
            api_sessions.c.agent,
            api_sessions.c.created_at,
            api_sessions.c.last_seen_at,
            api_sessions.c.expires_at,
        )
        .join_from(api_sessions, api_users)
        .where(api_users.c.name == user, *_ALIVE)
        .order_by(api_sessions.c.created_at.desc(), api_sessions.c.id)
        .execution_options(query="accounts.sessions")
    )
    rows = await session.execute(statement)
    return [ListedSession(**row) for row in rows.mappings()]


async def revoke(session: Session, session_id: UUID, *, owner: UUID | None = None) -> str | None:
    """Whose session has ended; None when there was none, or not one of that owner."""
    mine = [api_sessions.c.user_id == owner] if owner else []
    statement = (
        update(api_sessions)
        .where(
            api_sessions.c.id == session_id,
            api_sessions.c.user_id == api_users.c.id,
            *_ALIVE,
            *mine,
        )
        .values(revoked_at=func.now())
        .returning(api_users.c.name)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def revoke_token(session: Session, token: str) -> None:
    """End the session of a cookie that is about to be replaced."""
    await session.execute(
        update(api_sessions)
        .where(api_sessions.c.token_hash == _digest(token), api_sessions.c.revoked_at.is_(None))
        .values(revoked_at=func.now())
    )


async def revoke_all(session: Session, user_id: UUID, *, but: UUID | None = None) -> int:
    """How many sessions have ended."""
    others = [api_sessions.c.id != but] if but else []
    ended = await session.execute(
        update(api_sessions)
        .where(api_sessions.c.user_id == user_id, api_sessions.c.revoked_at.is_(None), *others)
        .values(revoked_at=func.now())
    )
    return ended.rowcount


async def sweep(session: Session) -> None:
    """Drop sessions that ended long ago."""
    await session.execute(
        delete(api_sessions).where(api_sessions.c.expires_at < func.now() - KEPT_AFTER_END)
    )


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


_ALIVE: tuple[ColumnElement[bool], ...] = (
    api_sessions.c.revoked_at.is_(None),
    api_sessions.c.expires_at > func.now(),
    api_sessions.c.last_seen_at > func.now() - IDLE,
    api_users.c.disabled_at.is_(None),
)
