"""The HTTP API, put together."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import cache
from importlib.metadata import version

from fastapi import APIRouter, FastAPI

from api import dashboard, problems, security, system
from api.accounts import admin_routes, routes, session_routes
from api.accounts.current import require_reader
from api.accounts.signing import Accounts
from api.bounds import Bounds
from api.documentation import EDGES, protected_openapi
from api.health import router as health
from api.limits import Limiting, Limits
from api.metrics import Metrics
from api.observe import Observer
from api.plans import Plans
from api.stats import dialogs, export, live, marks, people, refusals
from api.stats import routes as stats
from api.stats.live import Live
from api.stats.overview import TopUsers
from core.db.session import Database
from core.settings import Settings
from core.watch import watch

STATEMENT_TIMEOUT = timedelta(seconds=5)


def create_app(settings: Settings) -> FastAPI:
    """Build the application; the database is reached for when the server starts."""
    database = Database(
        settings.require_database_url(),
        pool_size=settings.db_pool_size,
        max_overflow=settings.db_max_overflow,
        statement_timeout=STATEMENT_TIMEOUT,
    )
    metrics = Metrics(database)
    plans = Plans(database) if settings.require_query_analysis() else None
    Observer(database, metrics, plans)
    limits = _limits(settings, metrics)
    accounts = Accounts(database)
    top_users = TopUsers(database)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        with watch(metrics.stall_seconds.observe):
            async with asyncio.TaskGroup() as tasks:
                running = [tasks.create_task(limits.watch()), tasks.create_task(accounts.sweep())]
                if plans:
                    running.append(tasks.create_task(plans.log()))
                yield
                for task in running:
                    task.cancel()
        await top_users.close()
        limits.close()
        accounts.close()
        await database.close()

    app = FastAPI(
        title="Parley",
        version=version("parley-api"),
        lifespan=lifespan,
        openapi_url=None,  # see documentation.py
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # the metrics would take the path of a redirect for a route
        # traces of its own would hold paths and queries, and so ids and names; see problems.py
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.database = database
    app.state.settings = settings
    app.state.limits = limits
    app.state.accounts = accounts
    app.state.metrics = metrics
    app.state.top_users = top_users
    app.state.live = Live(database, settings.stats_timezone)
    problems.install(app)
    refusals.install(app)
    _add_edges(app, settings)
    app.router.routes += _routes().routes
    if settings.dashboard_folder:
        app.router.routes.append(dashboard.route(settings.dashboard_folder))
    return app


@cache
def _routes() -> APIRouter:
    """The same for all applications of a process: FastAPI takes a tenth of a second for them."""
    router = APIRouter()
    router.include_router(health, include_in_schema=False)  # where probes look for it
    router.include_router(health, prefix="/api/v1", responses=EDGES)
    router.include_router(protected_openapi(require_reader), prefix="/api/v1")
    for module in (security, system, routes, session_routes, admin_routes):
        router.include_router(module.router, prefix="/api/v1")
    for module in (stats, marks, people, dialogs, export, live):
        router.include_router(module.router, prefix="/api/v1")
    return router


def _limits(settings: Settings, metrics: Metrics) -> Limits:
    return Limits(
        settings.stats_api_rate_limit,
        redis_url=settings.redis_url.get_secret_value() if settings.redis_url else None,
        on_fallback=metrics.rate_limit_fallback.set,
    )


def _add_edges(app: FastAPI, settings: Settings) -> None:
    """From the innermost to the outermost: a refusal gets the headers that stand outside of it."""
    app.add_middleware(security.SameOrigin, origins=settings.cors_origins)
    app.add_middleware(Limiting, limits=app.state.limits)
    app.add_middleware(Bounds)
    app.add_middleware(problems.Tracing)
    security.allow_origins(app, settings.cors_origins)
    app.add_middleware(security.SecurityHeaders)
    app.state.metrics.instrument(app)
