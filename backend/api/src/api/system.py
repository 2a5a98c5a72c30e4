"""GET /system: how the product runs just now, for people who look after it."""

import platform
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from api.accounts import errors
from api.accounts.current import Reader
from api.dependencies import DatabaseDependency
from api.documentation import EDGES
from core.db import migrate
from core.stats import system

router = APIRouter(tags=["health"])


class _Read(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class BotBody(_Read):
    id: int = Field(examples=[7000000042])
    username: str = Field(examples=["parley_bot"])
    last_question_at: datetime | None
    #: of the newest question whose answer has arrived
    last_answer_delivered_at: datetime | None


class ProcessBody(_Read):
    """Shown until its clean end, or until it was silent for an hour."""

    id: UUID
    bot_id: int
    host: str = Field(examples=["bot-1"])
    pid: int
    release: str = Field(examples=["0.1.0"])
    started_at: datetime
    #: its newest heartbeat: one comes every ten seconds
    seen_at: datetime
    #: whether that was within the last three
    is_alive: bool


class QueueBody(_Read):
    """What people sent and was not answered yet."""

    waiting: int
    running: int
    oldest_waiting_seconds: float | None
    #: given up for good
    dead: int


class OutboxBody(_Read):
    """Parts of answers on their way to Telegram."""

    pending: int
    oldest_pending_seconds: float | None
    #: the metric `delivery_unknown` of the last 24 hours
    unknown_24h: int


class ProviderBody(_Read):
    """Calls to a model in the last hour."""

    model: str = Field(examples=["openai/gpt-5-mini"])
    calls: int
    failed: int
    last_success_at: datetime | None
    last_failure_at: datetime | None
    last_error: str | None = Field(examples=["rate_limited"])


class VersionsBody(BaseModel):
    release: str = Field(examples=["0.1.0"])
    #: of the newest migration of the database
    schema_revision: str | None = Field(examples=["b756ec7473a5"])
    #: whether that is the one of this release
    is_newest_schema: bool
    postgresql: str = Field(examples=["18.1"])
    python: str = Field(examples=["3.12.4"])


class SystemBody(BaseModel):
    #: the database's clock
    as_of: datetime
    bots: Sequence[BotBody]
    processes: Sequence[ProcessBody]
    queue: QueueBody
    outbox: OutboxBody
    providers: Sequence[ProviderBody]
    versions: VersionsBody


@router.get(
    "/system", summary="How the product runs", responses=errors.merged(EDGES, errors.READER)
)
async def show(request: Request, _: Reader, database: DatabaseDependency) -> SystemBody:
    """Bots and their processes, what waits, how the models answer, and what runs in which version.

    For pages that ask every few seconds; numbers over time are in /stats.
    """
    async with database.snapshot() as session:
        found = await system.look(session)
        revision = await migrate.revision(session)
    return SystemBody(
        as_of=found.as_of,
        bots=[BotBody.model_validate(one) for one in found.bots],
        processes=[ProcessBody.model_validate(one) for one in found.processes],
        queue=QueueBody.model_validate(found.queue),
        outbox=OutboxBody.model_validate(found.outbox),
        providers=[ProviderBody.model_validate(one) for one in found.providers],
        versions=VersionsBody(
            release=request.app.version,
            schema_revision=revision,
            is_newest_schema=revision == migrate.newest_revision(),
            postgresql=found.postgresql,
            python=platform.python_version(),
        ),
    )
