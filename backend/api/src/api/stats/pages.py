"""Pages of lists: how long they are, and where the next one begins."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query

from api.stats import cursors

Question = tuple[object, ...]

Cursor = Annotated[
    str | None,
    Query(
        max_length=cursors.MAX_LENGTH,
        description="`next` of the page before",
        examples=["WyJhMWIyYzNkNGU1ZjYiLCIxMiIsIjQyIiwiNyJd"],
    ),
]
Limit = Annotated[int, Query(ge=1, le=200, description="rows on a page")]


def moment_and_id(cursor: str | None, question: Question) -> tuple[datetime, UUID] | None:
    """The place of a row that is found by its moment and its id."""
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
