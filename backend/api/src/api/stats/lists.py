"""GET /users and /dialogs: the rows behind the numbers. Who reads texts is recorded."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, Field

from api import problems
from api.accounts import audit, errors
from api.accounts.current import Reader
from api.dependencies import DatabaseDependency
from api.documentation import EDGES, EXAMPLE_ID
from api.problems import Problem
from api.pseudonyms import pseudonym
from api.stats import asked, cursors, shapes
from api.stats.asked import FiltersAsked, TimeAsked
from core.stats import lists
from core.stats.lists import After, DialogFilters, DialogRow, UserOrder, UserRow

router = APIRouter(tags=["people and dialogs"])

Cursor = Annotated[
    str | None,
    Query(
        max_length=cursors.MAX_LENGTH,
        description="`next` of the page before",
        examples=["WyJhMWIyYzNkNGU1ZjYiLCIxMiIsIjQyIiwiNyJd"],
    ),
]
Limit = Annotated[int, Query(ge=1, le=200, description="rows on a page")]
Outcome = Annotated[
    str | None,
    Query(pattern="^[a-z_]{1,40}$", description="of a turn of the dialog", examples=["declined"]),
]
_LIST = errors.merged(asked.DOCUMENTED, cursors.DOCUMENTED)


class UsersPage(BaseModel):
    window: shapes.WindowBody
    users: list[shapes.UserBody]
    #: the cursor of the next page; null on the last
    next: str | None


class DialogsPage(BaseModel):
    window: shapes.WindowBody
    dialogs: list[shapes.DialogBody]
    next: str | None


class CallBody(BaseModel):
    """One call to a model."""

    target: str
    outcome: str
    error: str | None
    http_status: int | None
    first_token_ms: int | None
    duration_ms: int | None
    prompt_tokens: int
    completion_tokens: int
    cost: int
    cost_source: str
    created_at: datetime


class TurnBody(BaseModel):
    """A question, what became of it, and how long each stage took."""

    id: UUID
    created_at: datetime
    state: str
    outcome: str | None
    error: str | None
    user_id: UUID
    pseudonym: str = Field(examples=["Quiet Otter 4f"])
    kind: str
    question: str = Field(examples=["Why is the sky blue?"])
    answer: str | None = Field(examples=["Because air scatters short waves more."])
    #: when the texts were erased at the person's wish
    erased_at: datetime | None
    edited_at: datetime | None
    model_asked: str | None
    model_served: str | None
    provider: str | None
    is_fallback: bool
    prompt_tokens: int
    completion_tokens: int
    reasoning_tokens: int
    cached_tokens: int
    cost: int
    cost_source: str
    queue_ms: int | None
    first_token_ms: int | None
    generation_ms: int | None
    delivery_ms: int | None
    delivery_unknown: bool
    likes: int
    dislikes: int
    release: str
    calls: list[CallBody]


class OpenedDialog(BaseModel):
    dialog: shapes.DialogBody
    turns: list[TurnBody] = Field(description="The oldest first.")
    next: str | None


@router.get("/users", summary="People by what they did", responses=_LIST)
async def users(
    _: Reader,
    database: DatabaseDependency,
    time: TimeAsked,
    filters: FiltersAsked,
    order: Annotated[UserOrder, Query(description="largest first")] = UserOrder.QUESTIONS,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> UsersPage:
    """People active in the window, under pseudonyms. Numbers are of the window alone."""
    if wrong := sorted(filters.names - {"bot", "user"}):
        raise Problem(
            422, "wrong_filter", f"People cannot be listed by {wrong[0]}; they can be by bot, user."
        )
    question = ("users", time.window.span, filters, order)
    after = _after(cursor, question)
    async with database.read() as session:
        rows = await lists.users(
            session, time.window.span, filters, order=order, limit=limit + 1, after=after
        )
    return UsersPage(
        window=shapes.WindowBody.of(time.window),
        users=[shapes.UserBody.of(row) for row in rows[:limit]],
        next=_next_users(rows, limit, order, question),
    )


@router.get("/dialogs", summary="Dialogs without their texts", responses=_LIST)
async def dialogs(
    _: Reader,
    database: DatabaseDependency,
    time: TimeAsked,
    filters: FiltersAsked,
    outcome: Outcome = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> DialogsPage:
    """Dialogs that began in the window, the newest first."""
    if filters.language is not None:
        raise Problem(
            422, "wrong_filter", "Dialogs cannot be listed by language; they can be by bot, model."
        )
    narrowed = DialogFilters(
        bot=filters.bot,
        user=filters.user,
        model=filters.model,
        outcome=outcome,
        span=time.window.span,
    )
    question = ("dialogs", narrowed)
    before = _moment_and_id(cursor, question)
    async with database.read() as session:
        rows = await lists.dialogs(session, narrowed, limit=limit + 1, before=before)
    return DialogsPage(
        window=shapes.WindowBody.of(time.window),
        dialogs=[shapes.DialogBody.of(row) for row in rows[:limit]],
        next=_next_dialogs(rows, limit, question),
    )


@router.get(
    "/dialogs/{dialog_id}",
    summary="Open a dialog and read it",
    responses=errors.merged(
        EDGES,
        errors.READER,
        errors.INVALID,
        cursors.DOCUMENTED,
        problems.documented(dialog_not_found_404="There is no such dialog."),
    ),
)
async def open_dialog(
    request: Request,
    account: Reader,
    database: DatabaseDependency,
    dialog_id: Annotated[
        UUID,
        Path(
            description="The `id` of a dialog in GET /dialogs.",
            examples=[EXAMPLE_ID],
        ),
    ],
    reason: Annotated[
        str,
        Query(
            min_length=3,
            max_length=200,
            pattern=r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$",  # one line, not blank
            description="Why you read it; kept in the audit log.",
            examples=["complaint of 20 November"],
        ),
    ],
    limit: Limit = 50,
    cursor: Cursor = None,
) -> OpenedDialog:
    """The texts of questions and answers, with the calls and timings of each answer.

    Each opening is recorded: who, which dialog, when and why.
    """
    question = ("turns", dialog_id)
    after = _moment_and_id(cursor, question)
    async with database.write() as session:
        row = await lists.get_dialog(session, dialog_id)
        if row is None:
            raise Problem(404, "dialog_not_found", "There is no such dialog.")
        turns = await lists.turns_of_dialog(session, dialog_id, limit=limit + 1, after=after)
        calls = await lists.calls_of_turns(session, [turn["id"] for turn in turns[:limit]])
        await audit.record(
            session,
            actor=account.name,
            action=audit.Action.DIALOG_OPENED,
            subject=str(dialog_id),
            request=request,
            details={"reason": reason},
        )
    return OpenedDialog(
        dialog=shapes.DialogBody.of(row),
        turns=[_turn(turn, calls) for turn in turns[:limit]],
        next=_next_turns(turns, limit, question),
    )


def _turn(turn: Any, calls: Any) -> TurnBody:
    fields = dict(turn)
    public_id = fields.pop("public_id")
    return TurnBody(
        user_id=public_id,
        pseudonym=pseudonym(public_id),
        calls=[
            CallBody(**{name: value for name, value in call.items() if name != "turn_id"})
            for call in calls
            if call["turn_id"] == turn["id"]
        ],
        **fields,
    )


def _after(cursor: str | None, question: tuple[object, ...]) -> After | None:
    if cursor is None:
        return None
    try:
        numbers = [int(part) for part in cursors.unpack(cursor, question, parts=3)]
    except ValueError:
        raise cursors.wrong() from None
    if any(abs(number) >= 2**63 for number in numbers):
        raise cursors.wrong()
    return After(value=numbers[0], bot_id=numbers[1], user_id=numbers[2])


def _moment_and_id(
    cursor: str | None, question: tuple[object, ...]
) -> tuple[datetime, UUID] | None:
    if cursor is None:
        return None
    moment, row_id = cursors.unpack(cursor, question, parts=2)
    try:
        at = datetime.fromisoformat(moment)
        if at.tzinfo is None:
            raise cursors.wrong()
        return at.astimezone(UTC), UUID(row_id)
    except (ValueError, OverflowError):
        raise cursors.wrong() from None


def _next_users(
    rows: list[UserRow], limit: int, order: UserOrder, question: tuple[object, ...]
) -> str | None:
    if len(rows) <= limit:
        return None
    last = rows[limit - 1]
    return cursors.pack(question, (getattr(last, order), last.bot_id, last.user_id))


def _next_dialogs(rows: list[DialogRow], limit: int, question: tuple[object, ...]) -> str | None:
    if len(rows) <= limit:
        return None
    last = rows[limit - 1]
    return cursors.pack(question, (last.created_at.isoformat(), last.id))


def _next_turns(turns: Any, limit: int, question: tuple[object, ...]) -> str | None:
    if len(turns) <= limit:
        return None
    last = turns[limit - 1]
    return cursors.pack(question, (last["created_at"].isoformat(), last["id"]))
