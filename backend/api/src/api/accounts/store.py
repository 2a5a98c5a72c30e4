"""The accounts in PostgreSQL."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args
from uuid import UUID

from sqlalchemy import Row, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from core.db.ids import new_id
from core.db.session import ReadSession, Session
from core.db.tables.accounts import api_users

Role = Literal["analyst", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)

#: of a name, before it is put into lower case
NAME = re.compile(r"[A-Za-z0-9._@-]{3,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody who has proved who they are."""

    id: UUID
    name: str
    role: Role
    #: raised by each change of password, role or state
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAccount:
    account: Account
    password_hash: str
    created_at: datetime
    disabled_at: datetime | None


class LastAdmin(Exception):
    """Nobody would be left who may manage accounts."""


async def get_account(session: ReadSession, name: str) -> StoredAccount | None:
    statement = _ACCOUNTS.where(api_users.c.name == name)
    found = await session.execute(statement.execution_options(query="accounts.by_name"))
    row = found.one_or_none()
    return _stored(row) if row else None


async def get_active(session: ReadSession, account_id: UUID, version: int) -> Account | None:
    """The account, unless it has changed since that version or is disabled."""
    statement = select(api_users.c.name, api_users.c.role).where(
        api_users.c.id == account_id,
        api_users.c.version == version,
        api_users.c.disabled_at.is_(None),
    )
    found = await session.execute(statement.execution_options(query="accounts.active"))
    row = found.one_or_none()
    return Account(id=account_id, name=row.name, role=row.role, version=version) if row else None


async def list_accounts(session: ReadSession) -> list[StoredAccount]:
    statement = _ACCOUNTS.order_by(api_users.c.name)
    rows = await session.execute(statement.execution_options(query="accounts.list"))
    return [_stored(row) for row in rows]


async def add_account(
    session: Session, name: str, *, password_hash: str, role: Role
) -> StoredAccount | None:
    """None when the name is taken."""
    statement = (
        upsert(api_users)
        .values(id=new_id(), name=name, password_hash=password_hash, role=role)
        .on_conflict_do_nothing(index_elements=["name"])
        .returning(*_COLUMNS)
    )
    row = (await session.execute(statement)).one_or_none()
    return _stored(row) if row else None


async def change_password(session: Session, account: Account, *, password_hash: str) -> bool:
    """False when the account has changed since it was read."""
    changed = await session.execute(
        update(api_users)
        .where(api_users.c.id == account.id, api_users.c.version == account.version)
        .values(password_hash=password_hash, version=api_users.c.version + 1)
    )
    return changed.rowcount == 1


async def renew_hash(session: Session, account: Account, *, old: str, new: str) -> None:
    """The same password, hashed with the parameters of today."""
    await session.execute(
        update(api_users)
        .where(api_users.c.id == account.id, api_users.c.password_hash == old)
        .values(password_hash=new)
    )


async def change_account(
    session: Session, name: str, *, role: Role | None = None, is_disabled: bool | None = None
) -> StoredAccount | None:
    """None when there is no such account; raises LastAdmin when no active admin would be left."""
    admins = await _lock_active_admins(session)
    before = await get_account(session, name)
    if before is None:
        return None
    loses_rights = role == "analyst" or bool(is_disabled)
    if loses_rights and admins == {before.account.id}:
        raise LastAdmin
    values = _changes(before, role=role, is_disabled=is_disabled)
    if not values:
        return before
    changed = await session.execute(
        update(api_users)
        .where(api_users.c.id == before.account.id)
        .values(**values, version=api_users.c.version + 1)
        .returning(*_COLUMNS)
    )
    return _stored(changed.one())


def _changes(
    before: StoredAccount, *, role: Role | None, is_disabled: bool | None
) -> dict[str, object]:
    values: dict[str, object] = {}
    if role is not None and role != before.account.role:
        values["role"] = role
    if is_disabled is not None and is_disabled != (before.disabled_at is not None):
        values["disabled_at"] = func.now() if is_disabled else None
    return values


async def _lock_active_admins(session: Session) -> set[UUID]:
    """So that two admins cannot end each other's rights at the same moment."""
    locked = await session.scalars(
        select(api_users.c.id)
        .where(api_users.c.role == "admin", api_users.c.disabled_at.is_(None))
        .order_by(api_users.c.id)
        .with_for_update()
    )
    return set(locked)


def _stored(row: Row[*tuple[Any, ...]]) -> StoredAccount:
    return StoredAccount(
        account=Account(id=row.id, name=row.name, role=row.role, version=row.version),
        password_hash=row.password_hash,
        created_at=row.created_at,
        disabled_at=row.disabled_at,
    )


_COLUMNS = (
    api_users.c.id,
    api_users.c.name,
    api_users.c.role,
    api_users.c.version,
    api_users.c.password_hash,
    api_users.c.created_at,
    api_users.c.disabled_at,
)
_ACCOUNTS = select(*_COLUMNS)
