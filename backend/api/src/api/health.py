"""Liveness and readiness, for people and for orchestrators."""

import time
from typing import Literal

from fastapi import APIRouter, Request, Response, status
from pydantic import BaseModel, Field
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from api.dependencies import DatabaseDependency, LimitsDependency
from api.limits import Store
from core.db import migrate
from core.db.session import Database

router = APIRouter(tags=["health"])

_STARTED = time.monotonic()
_PING = text("SELECT 1").execution_options(query="health.ping")


class DatabaseHealth(BaseModel):
    is_reachable: bool
    #: until it answered just now
    latency_ms: float | None
    #: connections of the pool in use, and how many it may open
    pool_in_use: int
    pool_size: int


class Health(BaseModel):
    status: Literal["ok", "degraded"]
    version: str
    uptime_seconds: int
    database: DatabaseHealth
    #: where requests are counted; memory_fallback: each process for itself, as Redis is away
    rate_limits: Store


class Readiness(BaseModel):
    ready: bool
    #: what was looked at, and whether it is well
    checks: dict[str, bool] = Field(examples=[{"database": True, "migrations": True}])


@router.get("/health", summary="How the process is")
async def health(
    request: Request, database: DatabaseDependency, limits: LimitsDependency
) -> Health:
    """Answers 200 as long as the process lives; `status` tells whether it is well."""
    latency_ms = await _latency_ms(database)
    is_well = latency_ms is not None and limits.store != "memory_fallback"
    return Health(
        status="ok" if is_well else "degraded",
        version=request.app.version,
        uptime_seconds=int(time.monotonic() - _STARTED),
        database=DatabaseHealth(
            is_reachable=latency_ms is not None,
            latency_ms=latency_ms,
            pool_in_use=database.connections_in_use,
            pool_size=database.connections_allowed,
        ),
        rate_limits=limits.store,
    )


@router.get(
    "/ready", summary="Whether requests can be served", responses={503: {"model": Readiness}}
)
async def ready(response: Response, database: DatabaseDependency) -> Readiness:
    """Answers 200 when requests can be served, else 503 with what is missing."""
    answers = await _latency_ms(database) is not None
    checks = {"database": answers, "migrations": await migrate.is_ready(database)}
    if not all(checks.values()):
        response.status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    return Readiness(ready=all(checks.values()), checks=checks)


async def _latency_ms(database: Database) -> float | None:
    """None when the database does not answer."""
    started = time.perf_counter()
    try:
        async with database.read() as session:
            await session.execute(_PING)
    except (SQLAlchemyError, OSError):
        return None
    return round((time.perf_counter() - started) * 1000, 2)
