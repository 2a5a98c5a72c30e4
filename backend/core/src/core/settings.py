"""Configuration: the environment, `.env`, and files named by `NAME_FILE` for secrets.

Every variable of the product is a field here. Reading is all-or-nothing: one wrong value stops the
process with a sentence that names the variable and what it needs.
"""

import difflib
import os  # the one module that may read the environment
import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PositiveInt,
    PrivateAttr,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)

from core.edge import AdminTokens, Names, Origins, Proxies, RateLimit, RedisUrl
from core.errors import SettingsError
from core.failpoints import Order

#: in `.env` for other programs (compose, the local supervisor); not ours to judge
FOREIGN_PREFIXES = ("COMPOSE_", "DOCKER_", "GRAFANA_", "PARLEY_", "POSTGRES_", "SIMULATOR_")

#: Telegram's own alphabet for the header; the length is ours
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")


class TelegramMode(StrEnum):
    POLLING = "polling"
    WEBHOOK = "webhook"


class LogFormat(StrEnum):
    CONSOLE = "console"
    JSON = "json"


class Environment(StrEnum):
    DEVELOPMENT = "development"
    PRODUCTION = "production"


class SendPolicy(StrEnum):
    """What to do with a part whose delivery nobody can know."""

    RESEND = "resend"
    HOLD = "hold"


def _seconds(value: object) -> object:
    return timedelta(seconds=float(value)) if isinstance(value, str | int | float) else value


Seconds = Annotated[timedelta, BeforeValidator(_seconds)]


def _orders(value: object) -> object:
    """Failpoints, separated by commas."""
    if not isinstance(value, str):
        return value
    return tuple(Order.parse(order.strip()) for order in value.split(",") if order.strip())


Orders = Annotated[tuple[Order, ...], BeforeValidator(_orders)]
Port = Annotated[int, Field(ge=1, le=65535)]
Dollars = Annotated[Decimal, Field(gt=0, le=1_000_000, decimal_places=6)]
#: not less than one: Telegram brings an update again for a day
Days = Annotated[int, Field(ge=1, le=3650)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """Where settings came from, what counts first; not a part of what they say."""

    variables: tuple[Mapping[str, str], ...] = field(default=(), repr=False, compare=False)


class Settings(BaseModel):
    """One field per variable, `telegram_token` for `TELEGRAM_TOKEN`. Durations are in seconds."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    _given: _Given = PrivateAttr(default_factory=_Given)

    telegram_token: SecretStr | None = None
    telegram_api_base_url: str = "https://api.telegram.org"
    telegram_mode: TelegramMode = TelegramMode.POLLING
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None

    openrouter_api_key: SecretStr | None = None
    openrouter_base_url: str = "https://openrouter.ai/api/v1"
    openrouter_model: str = "openai/gpt-5-mini"
    openrouter_fallback_models: Names = ()
    #: several accounts and models; without it the four above say what is asked
    models_file: Path | None = None
    #: has a file for each key that the models' file names, called as the variable in small letters
    keys_folder: Path | None = None
    max_answer_tokens: PositiveInt = 4096
    first_token_timeout: Seconds = timedelta(seconds=20)
    idle_timeout: Seconds = timedelta(seconds=25)
    turn_timeout: Seconds = timedelta(seconds=120)
    #: for how long a question waits while no model can be reached; 0: it fails at once
    wait_seconds: Seconds = timedelta(minutes=10)

    system_prompt: str = (
        "You are Parley, a helpful assistant in a Telegram chat. "
        "Answer in the language of the question. Use Markdown where it helps."
    )
    max_history_messages: Annotated[int, Field(ge=0, le=1000)] = 20

    database_url: SecretStr | None = None
    db_pool_size: PositiveInt = 10
    db_max_overflow: Annotated[int, Field(ge=0)] = 10

    bot_host: str = "127.0.0.1"
    bot_port: Port = 8081
    api_host: str = "127.0.0.1"
    api_port: Port = 8000
    #: Prometheus asks here; nobody else should be able to
    metrics_host: str = "127.0.0.1"
    metrics_port: Port = 8001
    worker_concurrency: PositiveInt = 64
    lease_seconds: Annotated[float, Field(gt=0, le=300)] = 15.0
    #: for running answers when the bot is told to stop; what is left is handed back
    drain_seconds: Annotated[float, Field(ge=0, le=30)] = 20.0
    send_policy: SendPolicy = SendPolicy.RESEND
    #: each without a value is no cap; costs are in dollars
    user_messages_per_minute: PositiveInt | None = None
    user_messages_per_day: PositiveInt | None = None
    user_tokens_per_day: PositiveInt | None = None
    user_cost_per_day: Dollars | None = None
    global_messages_per_day: PositiveInt | None = None
    global_tokens_per_day: PositiveInt | None = None
    global_cost_per_day: Dollars | None = None
    #: of all processes of the bot together; 0: as many as can be
    telegram_calls_per_second: Annotated[float, Field(ge=0, le=1000)] = 30.0
    #: how long updates are kept as Telegram sent them, and entries of the API's audit log
    raw_updates_days: Days = 7
    audit_log_days: Days = 90

    #: who knows one may register accounts; without any, registration is off
    admin_registration_token: AdminTokens = ()
    #: for each account and for each address
    stats_api_rate_limit: RateLimit = "60/minute;1000/hour"
    #: where processes share these limits; without it each process counts for itself
    redis_url: RedisUrl | None = None
    cors_origins: Origins = ()
    #: whose X-Forwarded-For and X-Forwarded-Proto are believed
    trusted_proxies: Proxies = ()
    #: the built dashboard, for the API to serve; without it another server does, or nobody
    dashboard_folder: Path | None = None

    #: whose days the statistics show unless a question names another zone
    stats_timezone: str = "UTC"

    environment: Environment = Environment.PRODUCTION
    enable_query_analysis: bool = False
    #: how this process shall die, for tests: see `core.failpoints`; and where it notes its way
    failpoints: Orders = ()
    failpoints_journal: Path | None = None

    log_level: str = "INFO"
    log_format: LogFormat = LogFormat.CONSOLE
    #: where unforeseen errors are reported, and traces are collected; each off without it
    sentry_dsn: SecretStr | None = None
    otel_exporter_otlp_endpoint: str | None = None

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, value: str) -> str:
        if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("needs one of DEBUG, INFO, WARNING, ERROR")
        return value.upper()

    @field_validator("wait_seconds")
    @classmethod
    def _within_an_hour(cls, value: timedelta) -> timedelta:
        if not timedelta() <= value <= timedelta(hours=1):
            raise ValueError("needs seconds, from 0 to 3600")
        return value

    @field_validator("stats_timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("needs the name of a time zone, such as Europe/Berlin") from None
        return value

    @field_validator(
        "telegram_api_base_url",
        "openrouter_base_url",
        "webhook_url",
        "otel_exporter_otlp_endpoint",
    )
    @classmethod
    def _http_url(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("needs an address that starts with https:// (or http://)")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _asyncpg_url(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None:
            return None
        url = value.get_secret_value()
        for scheme in ("postgresql://", "postgres://"):
            if url.startswith(scheme):
                return SecretStr("postgresql+asyncpg://" + url.removeprefix(scheme))
        if not url.startswith("postgresql+asyncpg://"):
            raise ValueError("needs an address such as postgresql://user:password@host:5432/parley")
        return value

    @model_validator(mode="after")
    def _webhook_is_complete(self) -> Self:
        if self.telegram_mode is TelegramMode.WEBHOOK:
            if not self.webhook_url:
                raise ValueError("WEBHOOK_URL is missing: webhook mode needs the public address")
            secret = self.webhook_secret.get_secret_value() if self.webhook_secret else ""
            if not _WEBHOOK_SECRET.fullmatch(secret):
                raise ValueError(
                    "WEBHOOK_SECRET is missing or weak: webhook mode needs 16 to 256 characters "
                    "of A-Z, a-z, 0-9, _ and -"
                )
        return self

    @model_validator(mode="after")
    def _caps_leave_room(self) -> Self:
        """A cap that one answer may exceed would refuse every question for ever."""
        for name in ("user_tokens_per_day", "global_tokens_per_day"):
            cap = getattr(self, name)
            if cap is not None and cap <= self.max_answer_tokens:
                raise ValueError(
                    f"{name.upper()} is {cap}: it needs more than MAX_ANSWER_TOKENS, "
                    f"which is {self.max_answer_tokens}, or no question is ever answered"
                )
        return self

    @model_validator(mode="after")
    def _dies_in_development_only(self) -> Self:
        is_armed = self.failpoints or self.failpoints_journal
        if is_armed and self.environment is not Environment.DEVELOPMENT:
            raise ValueError("FAILPOINTS are for tests: they need ENVIRONMENT=development")
        return self

    def secret(self, name: str) -> str | None:
        """What a variable that is none of these fields holds, or the file that `NAME_FILE` names,
        or the one in KEYS_FOLDER; a models' file names such variables.
        """
        found = (_source(name, variables) for variables in self._given.variables)
        if source := next((source for source in found if source), None):
            return source.value
        return _read_key(self.keys_folder / name.lower()) if self.keys_folder else None

    def place_of(self, name: str) -> str:
        """Where such a variable is to be put, in the middle of a sentence."""
        if self.keys_folder:
            return f"into the file {self.keys_folder / name.lower()}"
        return f"in .env, or its file's name in {name}_FILE"

    def require_database_url(self) -> str:
        if self.database_url is None:
            raise SettingsError(
                "DATABASE_URL is not set: give the address of a PostgreSQL database, "
                "or start everything with `make up`, which brings its own."
            )
        return self.database_url.get_secret_value()

    def require_query_analysis(self) -> bool:
        """Whether plans are logged; raises SettingsError where the data may be real people's."""
        if self.enable_query_analysis and self.environment is not Environment.DEVELOPMENT:
            raise SettingsError(
                "ENABLE_QUERY_ANALYSIS is for development: it asks for a plan beside each "
                "question. Switch it off, or set ENVIRONMENT=development."
            )
        return self.enable_query_analysis

    def require_telegram_token(self) -> str:
        if self.telegram_token is None or not self.telegram_token.get_secret_value():
            raise SettingsError(
                "TELEGRAM_TOKEN is not set: ask @BotFather for a token and put it in .env, "
                "or start `make up` without one to chat in the simulator."
            )
        return self.telegram_token.get_secret_value()

    def require_openrouter_api_key(self) -> str:
        if self.openrouter_api_key is None or not self.openrouter_api_key.get_secret_value():
            raise SettingsError(
                "OPENROUTER_API_KEY is not set: put the key of your model provider in .env "
                "(and its address in OPENROUTER_BASE_URL if it is not OpenRouter), or name a file "
                "of several in MODELS_FILE."
            )
        return self.openrouter_api_key.get_secret_value()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """Where a value was found, for the sentence that complains about it."""

    name: str
    value: str


def load(dotenv: Path | None = Path(".env"), environ: Mapping[str, str] | None = None) -> Settings:
    """Read the environment over `.env`; raises SettingsError with one sentence."""
    environment = os.environ if environ is None else environ  # noqa: TID251 - its one reader
    written = _read_dotenv(dotenv) if dotenv else {}
    found = {**_known(written), **_known(environment)}
    keys = _key_variables(Path(found["models_file"].value)) if "models_file" in found else ()
    _refuse_unknown(written, dotenv, keys)
    try:
        settings = Settings.model_validate({name: x.value for name, x in found.items()})
    except ValidationError as error:
        raise SettingsError(_sentence(error)) from None
    settings._given = _Given(variables=(environment, written))  # noqa: SLF001 - of this module's own
    return settings


def _key_variables(path: Path) -> frozenset[str]:
    """Settings that a models' file names for its keys; whoever reads the file judges it."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8")).get("credentials", {}).values()
        keys = [table.get("key") for table in tables]
    except (OSError, ValueError, AttributeError):
        return frozenset()
    return frozenset(key for key in keys if isinstance(key, str))


def _read_dotenv(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    return {name: value or "" for name, value in dotenv_values(path, interpolate=False).items()}


def _refuse_unknown(written: Mapping[str, str], path: Path | None, keys: Collection[str]) -> None:
    """`keys` are the variables that a models' file names."""
    known = {*(name.upper() for name in Settings.model_fields), *keys}
    for name in written:
        upper = name.removesuffix("_FILE")
        if upper in known or name in known or name.startswith(FOREIGN_PREFIXES):
            continue
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
        hint = f"did you mean {near[0]}?" if near else "remove it, or see .env.example."
        raise SettingsError(f"{name} in {path} is not a setting of Parley: {hint}")


def _known(variables: Mapping[str, str]) -> dict[str, _Source]:
    """Fields by name; an empty value counts as absent, `NAME_FILE` is read."""
    found: dict[str, _Source] = {}
    for name in Settings.model_fields:
        if source := _source(name.upper(), variables):
            found[name] = source
    return found


def _source(name: str, variables: Mapping[str, str]) -> _Source | None:
    if path := variables.get(f"{name}_FILE"):
        return _Source(name=name, value=_read_secret(f"{name}_FILE", path))
    value = variables.get(name)
    return _Source(name=name, value=value) if value else None


def _read_secret(name: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"{name} names a file that cannot be read: {path}") from None


def _read_key(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"KEYS_FOLDER has a file that cannot be read: {path}") from None


def _sentence(error: ValidationError) -> str:
    first: Any = error.errors(include_url=False, include_context=False, include_input=False)[0]
    message = str(first["msg"]).removeprefix("Value error, ")
    if not first["loc"]:
        return f"{message}."
    return f"{str(first['loc'][0]).upper()} is wrong: {message[0].lower()}{message[1:]}."
