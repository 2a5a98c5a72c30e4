"""What admins see and change: the accounts of others, and what everybody did."""

from dataclasses import asdict
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request

from api import problems
from api.accounts import audit, errors, sessions, shapes, store
from api.accounts.current import Admin
from api.dependencies import DatabaseDependency
from api.documentation import EDGES, EXAMPLE_ID
from api.problems import Problem

router = APIRouter(prefix="/auth", tags=["accounts"], dependencies=[Depends(shapes.json_only)])

UserName = Annotated[
    str, Path(pattern=shapes.NAME_PATTERN, description="of an account", examples=["ada"])
]
Limit = Annotated[int, Query(ge=1, le=200, description="entries on a page")]
Before = Annotated[
    UUID | None,
    Query(description="`next` of the page before", examples=[EXAMPLE_ID]),
]


@router.get("/users", summary="List accounts", responses=errors.merged(EDGES, errors.ADMIN))
async def list_users(_: Admin, database: DatabaseDependency) -> shapes.Users:
    """By name; disabled ones too."""
    async with database.read() as session:
        stored = await store.list_accounts(session)
    return shapes.Users(users=[shapes.User.of(one) for one in stored])


@router.patch(
    "/users/{name}",
    summary="Change an account's role, disable or enable it",
    responses=errors.merged(
        EDGES,
        errors.ADMIN,
        errors.CHANGE,
        errors.BODY,
        errors.INVALID,
        problems.documented(
            user_not_found_404="There is no account of this name.",
            last_admin_409="This is the last active admin: make somebody else one first.",
        ),
    ),
)
async def change_user(
    name: UserName,
    request: Request,
    admin: Admin,
    body: shapes.UserChange,
    database: DatabaseDependency,
) -> shapes.User:
    """Acts at once, on open sessions too. Disabling ends them for good."""
    async with database.write() as session:
        try:
            stored = await store.change_account(
                session, name.lower(), role=body.role, is_disabled=body.disabled
            )
        except store.LastAdmin:
            raise Problem(
                409, "last_admin", "This is the last active admin: make somebody else one first."
            ) from None
        if stored is None:
            raise Problem(404, "user_not_found", "There is no account of this name.")
        if body.disabled:
            await sessions.revoke_all(session, stored.account.id)
        await audit.record(
            session,
            actor=admin.name,
            action=audit.Action.USER_CHANGED,
            subject=stored.account.name,
            request=request,
            details=body.model_dump(exclude_none=True),
        )
    return shapes.User.of(stored)


@router.get(
    "/audit",
    summary="What was done through the API",
    responses=errors.merged(
        EDGES,
        errors.ADMIN,
        errors.INVALID,
        problems.documented(unknown_cursor_422="`before` is the `next` of no page."),
    ),
)
async def read_audit(
    _: Admin, database: DatabaseDependency, limit: Limit = 50, before: Before = None
) -> shapes.AuditPage:
    """The newest first."""
    async with database.read() as session:
        try:
            entries = await audit.page(session, limit=limit + 1, before=before)
        except audit.UnknownEntry:
            raise Problem(
                422, "unknown_cursor", "`before` is the `next` of no page: start without it."
            ) from None
    shown = [shapes.AuditEntry(**asdict(entry)) for entry in entries[:limit]]
    return shapes.AuditPage(entries=shown, next=shown[-1].id if len(entries) > limit else None)
