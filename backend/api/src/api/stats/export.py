"""GET /export/{what}.csv: the same numbers as files, streamed row by row."""

import csv
import io
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from api.accounts import audit
from api.accounts.current import Reader
from api.dependencies import DatabaseDependency
from api.documentation import EXAMPLE_ID
from api.pseudonyms import pseudonym
from api.stats import asked
from api.stats import dialogs as of_dialogs
from api.stats import people as of_people
from api.stats.asked import FiltersAsked, Metrics, TimeAsked, chosen
from api.stats.dialogs import DialogsAsked
from api.stats.people import People, PeopleAsked
from api.stats.routes import By
from core.db.session import Database
from core.stats import dialogs as listing
from core.stats import lists
from core.stats.dialogs import DialogFilters
from core.stats.lists import After
from core.stats.query import breakdown, measure

router = APIRouter(prefix="/export", tags=["files"])

_PAGE = 500
#: a spreadsheet takes a cell that begins so for a formula; some take the wide forms, too
_FORMULA = (*"=+-@", *"\uff1d\uff0b\uff0d\uff20", "\t", "\r", "\n")


def _example(header: str, row: str) -> dict[int | str, dict[str, Any]]:
    """The entry of an answer; its example shows some of the columns."""
    content = {"schema": {"type": "string"}, "example": f"{header}\r\n{row}\r\n"}
    return {200: {"description": "The file.", "content": {"text/csv": content}}}


class CsvResponse(StreamingResponse):
    media_type = "text/csv"


@router.get(
    "/series.csv",
    summary="Metrics by bucket of time, as a file",
    response_class=CsvResponse,
    responses={
        **asked.BUCKETS_DOCUMENTED,
        **_example("start,end,questions", "2026-11-01T00:00:00Z,2026-11-02T00:00:00Z,412"),
    },
)
async def series(
    request: Request,
    account: Reader,
    database: DatabaseDependency,
    metric: Metrics,
    time: TimeAsked,
    filters: FiltersAsked,
) -> CsvResponse:
    """A row for each bucket; its columns are named by the dictionary."""
    metrics, spans = chosen(metric), time.window.buckets()
    async with database.snapshot() as session:
        measured = await measure(session, metrics, spans, filters, time.clock)
    await _record(database, request, account.name, "series")
    zone = time.window.zone
    rows = (
        [span.start.astimezone(zone), span.end.astimezone(zone), *found.values()]
        for span, found in zip(spans, measured, strict=True)
    )
    return _file("series", ["start", "end", *(one.slug for one in metrics)], _pages(rows))


@router.get(
    "/breakdown.csv",
    summary="Metrics by a dimension, as a file",
    response_class=CsvResponse,
    responses={**asked.DOCUMENTED, **_example("model,questions", "openai/gpt-5-mini,412")},
)
async def by_dimension(
    request: Request,
    account: Reader,
    database: DatabaseDependency,
    metric: Metrics,
    time: TimeAsked,
    filters: FiltersAsked,
    by: By,
) -> CsvResponse:
    """A row for each value of the dimension, the largest first."""
    metrics = chosen(metric)
    async with database.snapshot() as session:
        found = await breakdown(
            session, metrics, time.window.span, by=by, filters=filters, clock=time.clock
        )
    await _record(database, request, account.name, "breakdown")
    rows = ([one.key, *one.values.values()] for one in found)
    return _file("breakdown", [by, *(one.slug for one in metrics)], _pages(rows))


@router.get(
    "/users.csv",
    summary="People by what they did, as a file",
    response_class=CsvResponse,
    responses={
        **of_people.DOCUMENTED,
        **_example("id,pseudonym,questions", f"{EXAMPLE_ID},Quiet Otter 4f,12"),
    },
)
async def users(
    request: Request,
    account: Reader,
    database: DatabaseDependency,
    people: PeopleAsked,
) -> CsvResponse:
    """Everybody active in the window, under pseudonyms."""
    await _record(database, request, account.name, "users")
    header = ["id", "pseudonym", "bot_id", "language", "first_seen", *_USER_NUMBERS]
    return _file("users", header, _users(database, people))


@router.get(
    "/dialogs.csv",
    summary="Dialogs without their texts, as a file",
    response_class=CsvResponse,
    responses={
        **of_dialogs.DOCUMENTED,
        **_example("id,outcome,questions", f"{EXAMPLE_ID},answered,3"),
    },
)
async def dialogs(
    request: Request,
    account: Reader,
    database: DatabaseDependency,
    narrowed: DialogsAsked,
) -> CsvResponse:
    """Dialogs with questions of the window, the newest question first; each with these alone."""
    await _record(database, request, account.name, "dialogs")
    header = ["id", "bot_id", "user_id", "pseudonym", *_DIALOG_FIELDS]
    return _file("dialogs", header, _dialogs(database, narrowed))


async def _record(database: Database, request: Request, actor: str, what: str) -> None:
    async with database.write() as session:
        await audit.record(
            session, actor=actor, action=audit.Action.EXPORTED, subject=what, request=request
        )


_USER_NUMBERS = ("questions", "answers", "tokens", "cost")
_DIALOG_FIELDS = (
    "chat_kind",
    "created_at",
    "closed_at",
    "last_at",
    "questions",
    "answers",
    "tokens",
    "cost",
    "likes",
    "dislikes",
    "outcome",
    "model",
)


async def _users(database: Database, people: People) -> AsyncIterator[list[list[Any]]]:
    after: After | None = None
    while True:
        async with database.read() as session:
            rows = await lists.users(
                session,
                people.span,
                people.filters,
                order=people.order,
                limit=_PAGE,
                after=after,
                sought=people.sought,
            )
        yield [
            [
                row.public_id,
                pseudonym(row.public_id),
                row.bot_id,
                row.language,
                row.first_seen,
                *(getattr(row, name) for name in _USER_NUMBERS),
            ]
            for row in rows
        ]
        if len(rows) < _PAGE:
            return
        last = rows[-1]
        after = After(value=getattr(last, people.order), bot_id=last.bot_id, user_id=last.user_id)


async def _dialogs(database: Database, filters: DialogFilters) -> AsyncIterator[list[list[Any]]]:
    before = None
    while True:
        async with database.read() as session:
            rows = await listing.dialogs(session, filters, limit=_PAGE, before=before)
        yield [
            [
                row.id,
                row.bot_id,
                row.public_id,
                pseudonym(row.public_id),
                *(getattr(row, name) for name in _DIALOG_FIELDS),
            ]
            for row in rows
        ]
        if len(rows) < _PAGE:
            return
        before = (rows[-1].last_at, rows[-1].id)


async def _pages(rows: Iterable[list[Any]]) -> AsyncIterator[list[list[Any]]]:
    yield list(rows)


def _file(name: str, header: Sequence[str], pages: AsyncIterator[list[list[Any]]]) -> CsvResponse:
    async def lines() -> AsyncIterator[str]:
        yield _csv([header])
        async for page in pages:
            yield _csv(page)

    disposition = f'attachment; filename="parley-{name}.csv"'
    return CsvResponse(lines(), headers={"Content-Disposition": disposition})


def _csv(rows: Iterable[Sequence[Any]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows(
        [cell(value) for value in row] for row in rows
    )
    return buffer.getvalue()


def cell(value: Any) -> Any:
    """Text that no spreadsheet takes for a formula, without control characters."""
    if value is None or isinstance(value, int | float):
        return value
    if hasattr(value, "isoformat"):
        return value.isoformat()
    words = "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in str(value))
    return f"'{words}" if str(value).startswith(_FORMULA) else words
