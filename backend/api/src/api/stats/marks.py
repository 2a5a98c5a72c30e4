"""GET /stats/marks: what charts draw beside the numbers."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.accounts.current import Reader
from api.dependencies import DatabaseDependency
from api.stats import asked, shapes
from api.stats.asked import Bot, TimeAsked
from core.stats import marks as listing
from core.stats.marks import MarkKind

router = APIRouter(prefix="/stats", tags=["statistics"])


class MarkBody(BaseModel):
    """`release`, `prompt`, `models`: from here on; `flood`, `breaker`: trouble began."""

    at: datetime
    kind: MarkKind
    #: of a prompt the beginning of its hash
    label: str = Field(examples=["0.1.0"])
    bot_id: int


class Marks(BaseModel):
    window: shapes.WindowBody
    marks: list[MarkBody]


@router.get(
    "/marks", summary="Moments at which numbers may change", responses=asked.WINDOW_DOCUMENTED
)
async def marks(
    _: Reader,
    database: DatabaseDependency,
    time: TimeAsked,
    bot: Bot = None,
) -> Marks:
    """Releases, prompts, models and troubles of the window, for charts to draw; the oldest first.

    Of more than 500 the newest. What has changed was noted when a bot started with it.
    """
    async with database.read() as session:
        found = await listing.marks(session, time.window.span, bot)
    return Marks(
        window=shapes.WindowBody.of(time.window),
        marks=[
            MarkBody(at=mark.at, kind=mark.kind, label=mark.label, bot_id=mark.bot_id)
            for mark in found
        ],
    )
