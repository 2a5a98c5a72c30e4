"""What routes may ask for."""

from typing import Annotated

from fastapi import Depends, Request

from api.limits import Limits
from api.metrics import Metrics
from core.db.session import Database
from core.settings import Settings


def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def _limits(request: Request) -> Limits:
    limits: Limits = request.app.state.limits
    return limits


def _metrics(request: Request) -> Metrics:
    metrics: Metrics = request.app.state.metrics
    return metrics


DatabaseDependency = Annotated[Database, Depends(_database)]
SettingsDependency = Annotated[Settings, Depends(_settings)]
LimitsDependency = Annotated[Limits, Depends(_limits)]
MetricsDependency = Annotated[Metrics, Depends(_metrics)]
