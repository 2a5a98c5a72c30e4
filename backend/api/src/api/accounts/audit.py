"""Who did what through the API. Never a password, a token or a cookie."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from fastapi import Request
from sqlalchemy import insert, select, tuple_

from api import problems
from core.db.ids import new_id
from core.db.session import ReadSession, Session
from core.db.tables.accounts import audit_log

_MAX_WORDS = 200


class Action(StrEnum):
    REGISTERED = "registered"
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - a word, not a secret
    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    SESSION_REVOKED = "session_revoked"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a word, not a secret
    USER_CHANGED = "user_changed"
    DIALOG_OPENED = "dialog_opened"
    EXPORTED = "exported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    id: UUID
    at: datetime
    actor: str | None
    action: str
    subject: str | None
    address: str | None
    trace_id: str | None
    details: Any


class UnknownEntry(Exception):
    """The cursor names no entry."""


async def record(
    session: Session,
    *,
    actor: str | None,
    action: str,
    subject: str | None,
    request: Request | None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Belongs into the transaction of what it tells about; `request` is None at the terminal."""
    await session.execute(
        insert(audit_log),
        {
            "id": new_id(),
            "actor": actor,
            "action": str(action),
            "subject": subject,
            "address": address_of(request) if request else None,
            "trace_id": problems.trace_id.get() if request else None,
            "details": dict(details or {}),
        },
    )


def address_of(request: Request) -> str | None:
    return request.client.host if request.client else None


def agent_of(request: Request) -> str | None:
    """What the client calls itself, as far as it can be shown."""
    words = request.headers.get("user-agent", "")[:_MAX_WORDS]
    return "".join(filter(str.isprintable, words)) or None


async def page(session: ReadSession, *, limit: int, before: UUID | None) -> list[Entry]:
    """The newest entries first, those older than `before`; raises UnknownEntry."""
    columns = audit_log.c
    statement = select(audit_log).order_by(columns.at.desc(), columns.id.desc()).limit(limit)
    if before is not None:
        at = await session.scalar(select(columns.at).where(columns.id == before))
        if at is None:
            raise UnknownEntry
        statement = statement.where(tuple_(columns.at, columns.id) < (at, before))
    rows = await session.execute(statement.execution_options(query="accounts.audit"))
    return [Entry(**row) for row in rows.mappings()]
