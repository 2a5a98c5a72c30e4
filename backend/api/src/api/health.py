"""Liveness and readiness, for people and for orchestrators."""

import time
from typing import Literal

from fastapi import APIRouter, Request, Response, status
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from api.dependencies import DatabaseDependency
from core.db import migrate
from core.db.session import Database

router = APIRouter(tags=["health"])

_STARTED = time.monotonic()


class DatabaseHealth(BaseModel):
    is_reachable: bool
    #: connections of the pool in use, and how many it may open
    pool_in_use: int
    pool_size: int


class Health(BaseModel):
    status: Literal["ok", "degraded"]
    version: str
    uptime_seconds: int
    database: DatabaseHealth


class Readiness(BaseModel):
    ready: bool
    #: what was looked at, and whether it is well
    checks: dict[str, bool]


@router.get("/health")
async def health(request: Request, database: DatabaseDependency) -> Health:
    """Answers 200 as long as the process lives; `status` tells whether it is well."""
    is_reachable = await _answers(database)
    return Health(
        status="ok" if is_reachable else "degraded",
        version=request.app.version,
        uptime_seconds=int(time.monotonic() - _STARTED),
        database=DatabaseHealth(
            is_reachable=is_reachable,
            pool_in_use=database.connections_in_use,
            pool_size=database.connections_allowed,
        ),
    )


@router.get("/ready", responses={503: {"model": Readiness}})
async def ready(response: Response, database: DatabaseDependency) -> Readiness:
    """Answers 200 when requests can be served, else 503 with what is missing."""
    checks = {"database": await _answers(database), "migrations": await _has_schema(database)}
    if not all(checks.values()):
        response.status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    return Readiness(ready=all(checks.values()), checks=checks)


async def _answers(database: Database) -> bool:
    try:
        async with database.read() as session:
            await session.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError):
        return False
    return True


async def _has_schema(database: Database) -> bool:
    try:
        async with database.read() as session:
            return await migrate.is_current(session)
    except (SQLAlchemyError, OSError):
        return False
