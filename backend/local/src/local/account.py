"""The first account of an installation on this machine, so that its numbers can be looked at."""

import secrets

from api.accounts import audit, store
from api.accounts.audit import Action
from api.accounts.passwords import make_context
from core.db.session import Database

NAME = "admin"


async def add_first_account(url: str) -> str | None:
    """Its password, which is shown once and stored nowhere; None where there are accounts."""
    database = Database(url, pool_size=1, max_overflow=0)
    try:
        async with database.write() as session:
            if await store.list_accounts(session):
                return None
            password = secrets.token_urlsafe(15)
            password_hash = make_context().hash(password)
            await store.add_account(session, NAME, password_hash=password_hash, role="admin")
            await audit.record(
                session, actor="(make up)", action=Action.REGISTERED, subject=NAME, request=None
            )
    finally:
        await database.close()
    return password
