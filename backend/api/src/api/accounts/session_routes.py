"""Where an account is signed in, and the end of it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response, status

from api import problems
from api.accounts import audit, errors, sessions, shapes, store
from api.accounts.audit import Action
from api.accounts.current import Account, SignedIn, SignIn
from api.accounts.routes import forget_cookie
from api.accounts.sessions import ListedSession
from api.dependencies import DatabaseDependency
from api.documentation import EDGES, EXAMPLE_ID
from api.problems import Problem

router = APIRouter(
    prefix="/auth/sessions", tags=["accounts"], dependencies=[Depends(shapes.json_only)]
)

User = Annotated[
    str | None,
    Query(pattern=shapes.NAME_PATTERN, description="whose; for admins", examples=["ada"]),
]


@router.get(
    "",
    summary="List sessions",
    responses=errors.merged(
        EDGES,
        errors.READER,
        errors.INVALID,
        problems.documented(
            admin_only_403="Only admins may see the sessions of others.",
            user_not_found_404="There is no account of this name.",
        ),
    ),
)
async def list_sessions(
    sign_in: SignedIn, database: DatabaseDependency, user: User = None
) -> shapes.Sessions:
    """Your own that have not ended; admins see those of any user."""
    name = _whose(sign_in.account, user)
    async with database.read() as session:
        if await store.get_account(session, name) is None:
            raise Problem(404, "user_not_found", "There is no account of this name.")
        listed = await sessions.list_sessions(session, name)
    return shapes.Sessions(sessions=[_shown(one, sign_in) for one in listed])


@router.delete(
    "/{session_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="End a session",
    responses=errors.merged(
        EDGES,
        errors.READER,
        errors.CHANGE,
        errors.INVALID,
        problems.documented(session_not_found_404="You have no such session."),
    ),
)
async def revoke_session(
    session_id: Annotated[
        UUID,
        Path(
            description="The `id` of a session in the list.",
            examples=[EXAMPLE_ID],
        ),
    ],
    request: Request,
    sign_in: SignedIn,
    database: DatabaseDependency,
) -> None:
    """One of your own; admins end those of others too."""
    account = sign_in.account
    owner = None if account.role == "admin" else account.id
    async with database.write() as session:
        user = await sessions.revoke(session, session_id, owner=owner)
        if user is None:
            raise Problem(404, "session_not_found", "You have no such session.")
        await audit.record(
            session,
            actor=account.name,
            action=Action.SESSION_REVOKED,
            subject=user,
            request=request,
            details={"session": str(session_id)},
        )


@router.delete(
    "",
    summary="Sign out everywhere",
    responses=errors.merged(EDGES, errors.READER, errors.CHANGE),
)
async def revoke_sessions(
    request: Request, response: Response, sign_in: SignedIn, database: DatabaseDependency
) -> shapes.SessionsRevoked:
    """Ends all of your sessions, this one too."""
    account = sign_in.account
    async with database.write() as session:
        ended = await sessions.revoke_all(session, account.id)
        await audit.record(
            session,
            actor=account.name,
            action=Action.SESSION_REVOKED,
            subject=account.name,
            request=request,
            details={"sessions_ended": ended},
        )
    forget_cookie(response)
    return shapes.SessionsRevoked(revoked=ended)


def _whose(account: Account, user: str | None) -> str:
    name = user.lower() if user else account.name
    if name != account.name and account.role != "admin":
        raise Problem(403, "admin_only", "Only admins may see the sessions of others.")
    return name


def _shown(listed: ListedSession, sign_in: SignIn) -> shapes.SessionShown:
    return shapes.SessionShown(
        id=listed.id,
        user=listed.user,
        address=listed.address,
        agent=listed.agent,
        created_at=listed.created_at,
        last_seen_at=listed.last_seen_at,
        expires_at=listed.expires_at,
        is_current=listed.id == sign_in.session_id,
    )
