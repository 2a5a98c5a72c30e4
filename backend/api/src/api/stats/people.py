"""GET /users: the people behind the numbers, under pseudonyms."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel

from api import problems
from api.accounts import errors
from api.accounts.current import Reader
from api.dependencies import DatabaseDependency
from api.documentation import EDGES, EXAMPLE_ID
from api.problems import Problem
from api.stats import asked, cursors, search, shapes
from api.stats.asked import FiltersAsked, TimeAsked
from api.stats.pages import Cursor, Limit, Question
from api.stats.search import SearchAsked
from core.stats import lists
from core.stats.calendar import Span
from core.stats.lists import After, UserOrder, UserRow
from core.stats.search import Search
from core.stats.sources import Filters

router = APIRouter(tags=["people and dialogs"])

#: what a question about people may get for an answer instead
DOCUMENTED = errors.merged(asked.DOCUMENTED, search.DOCUMENTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Which people are asked about."""

    span: Span
    filters: Filters
    sought: Search | None
    order: UserOrder


def the_people(
    time: TimeAsked,
    filters: FiltersAsked,
    sought: SearchAsked,
    order: Annotated[UserOrder, Query(description="largest first")] = UserOrder.QUESTIONS,
) -> People:
    if wrong := sorted(filters.names - {"bot", "user"}):
        raise Problem(
            422, "wrong_filter", f"People cannot be listed by {wrong[0]}; they can be by bot, user."
        )
    return People(span=time.window.span, filters=filters, sought=sought, order=order)


PeopleAsked = Annotated[People, Depends(the_people)]


class UsersPage(BaseModel):
    window: shapes.WindowBody
    users: list[shapes.UserBody]
    #: people on all pages
    total: int
    #: the cursor of the next page; null on the last
    next: str | None


@router.get(
    "/users",
    summary="People by what they did",
    responses=errors.merged(DOCUMENTED, cursors.DOCUMENTED),
)
async def users(
    _: Reader,
    database: DatabaseDependency,
    time: TimeAsked,
    people: PeopleAsked,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> UsersPage:
    """People active in the window, under pseudonyms. Numbers are of the window alone."""
    question = ("users", people)
    after = _after(cursor, question)
    async with database.read() as session:
        rows = await lists.users(
            session,
            people.span,
            people.filters,
            order=people.order,
            limit=limit + 1,
            after=after,
            sought=people.sought,
        )
        total = await lists.count_users(session, people.span, people.filters, people.sought)
    return UsersPage(
        window=shapes.WindowBody.of(time.window),
        users=[shapes.UserBody.of(row) for row in rows[:limit]],
        total=total,
        next=_next(rows, limit, people.order, question),
    )


@router.get(
    "/users/{user_id}",
    summary="One person in all time",
    responses=errors.merged(
        EDGES,
        errors.READER,
        errors.INVALID,
        problems.documented(user_not_found_404="There is no such person."),
    ),
)
async def person(
    _: Reader,
    database: DatabaseDependency,
    user_id: Annotated[
        UUID, Path(description="The `id` of a person in GET /users.", examples=[EXAMPLE_ID])
    ],
) -> shapes.PersonBody:
    """Who it is, as far as a pseudonym tells, and what they did since they were first seen."""
    async with database.read() as session:
        row = await lists.get_person(session, user_id)
    if row is None:
        raise Problem(404, "user_not_found", "There is no such person.")
    return shapes.PersonBody.of(row)


def _after(cursor: str | None, question: Question) -> After | None:
    if cursor is None:
        return None
    try:
        numbers = [int(part) for part in cursors.unpack(cursor, question, parts=3)]
    except ValueError:
        raise cursors.wrong() from None
    if any(abs(number) >= 2**63 for number in numbers):
        raise cursors.wrong()
    return After(value=numbers[0], bot_id=numbers[1], user_id=numbers[2])


def _next(rows: list[UserRow], limit: int, order: UserOrder, question: Question) -> str | None:
    if len(rows) <= limit:
        return None
    last = rows[limit - 1]
    return cursors.pack(question, (getattr(last, order), last.bot_id, last.user_id))
