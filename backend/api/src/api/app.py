"""The HTTP API, put together."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI

from api import problems
from api.health import router as health
from core.db.session import Database
from core.settings import Settings


def create_app(settings: Settings) -> FastAPI:
    """Build the application; the database is reached for when the server starts."""
    database = Database(
        settings.require_database_url(),
        pool_size=settings.db_pool_size,
        max_overflow=settings.db_max_overflow,
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        yield
        await database.close()

    app = FastAPI(title="Parley", version=version("parley-api"), lifespan=lifespan)
    app.state.database = database
    app.state.settings = settings
    problems.install(app)
    app.add_middleware(problems.Tracing)
    app.include_router(health, include_in_schema=False)  # where probes look for it
    app.include_router(health, prefix="/api/v1")
    return app
