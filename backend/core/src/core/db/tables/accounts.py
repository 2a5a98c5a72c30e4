"""The accounts of the HTTP API: who may read the statistics, and what they did."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Named,
    Table,
    Text,
    TypedColumns,
)
from sqlalchemy.types import JSON

from core.db.tables.base import metadata, moment, one_of


class _ApiUsers(TypedColumns):
    """Who may read the statistics. These are not the people who chat."""

    id: Named[UUID] = Column(primary_key=True)
    #: lower case; unique
    name: Named[str] = Column(Text, nullable=False, unique=True)
    password_hash: Named[str]
    #: raised by each change of password, role or state: what was remembered for an older one ends
    version: Named[int] = Column(Integer, server_default="1", nullable=False)
    role: Named[str]
    created_at: Named[datetime] = moment()
    disabled_at: Named[datetime | None] = Column(DateTime(timezone=True))


api_users = Table("api_users", metadata, _ApiUsers, one_of("role", "analyst", "admin"))


class _ApiSessions(TypedColumns):
    """Sign-ins of browsers; the cookie's value itself is stored nowhere."""

    id: Named[UUID] = Column(primary_key=True)
    user_id: Named[UUID] = Column(ForeignKey("api_users.id", ondelete="CASCADE"), nullable=False)
    token_hash: Named[bytes] = Column(LargeBinary, nullable=False, unique=True)
    address: Named[str | None] = Column(Text)
    agent: Named[str | None] = Column(Text)
    created_at: Named[datetime] = moment()
    last_seen_at: Named[datetime] = moment()
    #: the end whatever happens; an idle session ends earlier
    expires_at: Named[datetime] = Column(DateTime(timezone=True), nullable=False)
    revoked_at: Named[datetime | None] = Column(DateTime(timezone=True))


api_sessions = Table("api_sessions", metadata, _ApiSessions, Index(None, "user_id"))


class _LoginFailures(TypedColumns):
    """Failed sign-ins since the last good one, by account name and by address."""

    kind: Named[str] = Column(Text, primary_key=True)
    #: an account's name (whether it exists or not) or an address
    subject: Named[str] = Column(Text, primary_key=True)
    failures: Named[int] = Column(Integer, nullable=False)
    last_at: Named[datetime] = moment()
    locked_until: Named[datetime | None] = Column(DateTime(timezone=True))


login_failures = Table(
    "login_failures", metadata, _LoginFailures, one_of("kind", "account", "address", "token")
)


class _AuditLog(TypedColumns):
    """Who did what through the API; only ever added to."""

    id: Named[UUID] = Column(primary_key=True)
    at: Named[datetime] = moment()
    #: the account's name; null where nobody had signed in
    actor: Named[str | None] = Column(Text)
    action: Named[str]
    #: what it was done to: an account's name, a dialog's id
    subject: Named[str | None] = Column(Text)
    address: Named[str | None] = Column(Text)
    trace_id: Named[str | None] = Column(Text)
    details: Named[Any] = Column(JSON, nullable=False)


audit_log = Table("audit_log", metadata, _AuditLog, Index(None, "at", "id"))
