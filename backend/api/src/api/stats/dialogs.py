"""GET /dialogs: the dialogs behind the numbers. Who reads their texts is recorded."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BaseModel, Field

from api import problems
from api.accounts import audit, errors
from api.accounts.current import Reader
from api.dependencies import DatabaseDependency
from api.documentation import EDGES, EXAMPLE_ID
from api.problems import Problem
from api.pseudonyms import pseudonym
from api.stats import asked, cursors, search, shapes
from api.stats.asked import FiltersAsked, TimeAsked
from api.stats.pages import Cursor, Limit, Question, moment_and_id
from api.stats.search import SearchAsked
from core.stats import dialogs as listing
from core.stats.dialogs import DialogFilters, DialogRow, Having

router = APIRouter(tags=["people and dialogs"])

#: beyond it, counting would take longer than a page is waited for
MAX_COUNTED = 10_000
#: what a question about dialogs may get for an answer instead
DOCUMENTED = errors.merged(asked.DOCUMENTED, search.DOCUMENTED)


def the_dialogs(
    time: TimeAsked,
    filters: FiltersAsked,
    sought: SearchAsked,
    outcome: Annotated[
        str | None,
        Query(pattern="^[a-z_]{1,40}$", description="of a question's turn", examples=["declined"]),
    ] = None,
    having: Annotated[
        Having | None, Query(description="What a question's turn is remembered for.")
    ] = None,
) -> DialogFilters:
    return DialogFilters(
        span=time.window.span, filters=filters, outcome=outcome, having=having, sought=sought
    )


DialogsAsked = Annotated[DialogFilters, Depends(the_dialogs)]


class DialogsPage(BaseModel):
    window: shapes.WindowBody
    dialogs: list[shapes.DialogBody]
    total: int = Field(description=f"Dialogs on all pages; counted up to {MAX_COUNTED}.")
    is_total_exact: bool = Field(description="False if there are more than `total`.")
    #: the cursor of the next page; null on the last
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


@router.get(
    "/dialogs",
    summary="Dialogs without their texts",
    responses=errors.merged(DOCUMENTED, cursors.DOCUMENTED),
)
async def dialogs(
    _: Reader,
    database: DatabaseDependency,
    time: TimeAsked,
    narrowed: DialogsAsked,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> DialogsPage:
    """Dialogs with questions of the window, the newest question first.

    Filters are about the same question: with `model` and `outcome`, one that this model was asked
    and that ended so. Each dialog's numbers are of the questions that fit, so that over all pages
    they add up to the metrics of the same window and filters. `search` narrows the dialogs alone.
    """
    question = ("dialogs", narrowed)
    before = moment_and_id(cursor, question)
    async with database.read() as session:
        rows = await listing.dialogs(session, narrowed, limit=limit + 1, before=before)
        counted = len(rows)
        if before or counted > limit:  # else these are all
            counted = await listing.count_dialogs(session, narrowed, limit=MAX_COUNTED + 1)
    return DialogsPage(
        window=shapes.WindowBody.of(time.window),
        dialogs=[shapes.DialogBody.of(row) for row in rows[:limit]],
        total=min(counted, MAX_COUNTED),
        is_total_exact=counted <= MAX_COUNTED,
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
    after = moment_and_id(cursor, question)
    async with database.write() as session:
        row = await listing.get_dialog(session, dialog_id)
        if row is None:
            raise Problem(404, "dialog_not_found", "There is no such dialog.")
        turns = await listing.turns_of_dialog(session, dialog_id, limit=limit + 1, after=after)
        calls = await listing.calls_of_turns(session, [turn["id"] for turn in turns[:limit]])
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


def _next_dialogs(rows: list[DialogRow], limit: int, question: Question) -> str | None:
    if len(rows) <= limit:
        return None
    last = rows[limit - 1]
    return cursors.pack(question, (last.last_at.isoformat(), last.id))


def _next_turns(turns: Any, limit: int, question: Question) -> str | None:
    if len(turns) <= limit:
        return None
    last = turns[limit - 1]
    return cursors.pack(question, (last["created_at"].isoformat(), last["id"]))
