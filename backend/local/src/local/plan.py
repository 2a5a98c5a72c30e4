"""What `make up` starts: decided from the settings alone, before anything runs. Pure.

With a token the bot talks to Telegram; without one the simulator stands in. The provider is the
configured one, or the simulator's when there is no key and no address of another.
"""

from dataclasses import dataclass, field
from pathlib import Path

from core.errors import StartupError
from core.settings import Settings

SIMULATOR_TOKEN = "42:simulator-token"  # noqa: S105 - opens nothing but the simulator
SIMULATOR_KEY = "simulator-key"
SIMULATOR_MODEL = "parley/demo-large"
SIMULATOR_FALLBACK = "parley/demo-small"


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A child process: `python -m module` with these variables on top of the environment."""

    name: str
    module: tuple[str, ...]
    variables: dict[str, str] = field(default_factory=dict)
    #: answers 200 when the program can be used; None: it is not waited for
    ready_url: str | None = None
    #: what it listens on, with the variable that changes it
    port: tuple[str, str, int] | None = None
    #: started together; a later stage when the one before is ready
    stage: int = 1
    #: seconds it may take to end by itself
    grace: float = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    programs: tuple[Program, ...]
    #: lines of the summary: what, where
    addresses: tuple[tuple[str, str], ...]


def make_plan(
    settings: Settings,
    *,
    database_url: str,
    simulator_port: int,
    simulator_state: Path | None = None,
    dashboard: Path | None = None,
    demo: bool = False,
) -> Plan:
    """Raises StartupError when a real bot would have no provider to ask.

    `dashboard` is the folder of a built one, unless the settings name another.
    """
    simulator = f"http://127.0.0.1:{simulator_port}"
    simulates_telegram = settings.telegram_token is None
    simulates_provider = _simulates_provider(settings, simulates_telegram=simulates_telegram)
    variables = {"DATABASE_URL": database_url}
    if "environment" not in settings.model_fields_set:
        variables["ENVIRONMENT"] = "development"
    if "drain_seconds" not in settings.model_fields_set:
        variables["DRAIN_SECONDS"] = "2"  # who presses Ctrl-C does not want to wait
    if simulates_telegram:
        variables |= {"TELEGRAM_TOKEN": SIMULATOR_TOKEN, "TELEGRAM_API_BASE_URL": simulator}
        variables |= {"TELEGRAM_MODE": "polling"}
    if simulates_provider:
        variables |= {
            "OPENROUTER_BASE_URL": f"{simulator}/api/v1",
            "OPENROUTER_API_KEY": SIMULATOR_KEY,
            "OPENROUTER_MODEL": SIMULATOR_MODEL,
            "OPENROUTER_FALLBACK_MODELS": SIMULATOR_FALLBACK,
        }
    dashboard = settings.dashboard_folder or dashboard
    programs = [_bot(settings, variables), _api(settings, variables, dashboard)]
    addresses = [("bot health", f"http://{settings.bot_host}:{settings.bot_port}/health")]
    if simulates_telegram:
        programs.insert(0, _simulator(simulator, simulator_port, simulator_state))
        addresses.insert(0, ("chat", f"{simulator}/"))
    api = f"http://{settings.api_host}:{settings.api_port}"
    if dashboard:
        addresses.insert(0, ("dashboard", f"{api}/"))
    else:
        addresses.append(("statistics", f"{api}/api/v1/stats"))
    if demo and simulates_telegram:
        programs.append(
            Program(
                name="people",
                module=("simulator.people",),
                variables={"SIMULATOR": simulator},
                stage=2,
            )
        )
    return Plan(programs=tuple(programs), addresses=tuple(addresses))


def _simulates_provider(settings: Settings, *, simulates_telegram: bool) -> bool:
    if settings.models_file or settings.openrouter_api_key is not None:
        return False
    if not simulates_telegram or "openrouter_base_url" in settings.model_fields_set:
        raise StartupError(
            "OPENROUTER_API_KEY is not set: put the key of your model provider in .env, "
            "or leave TELEGRAM_TOKEN and OPENROUTER_BASE_URL out to chat in the simulator."
        )
    return True


def _simulator(address: str, port: int, state: Path | None) -> Program:
    variables = {"SIMULATOR_PORT": str(port)}
    if state:
        variables["SIMULATOR_STATE"] = str(state)
    return Program(
        name="simulator",
        module=("simulator",),
        variables=variables,
        ready_url=f"{address}/",
        port=("SIMULATOR_PORT", "127.0.0.1", port),
        stage=0,
    )


def _bot(settings: Settings, variables: dict[str, str]) -> Program:
    return Program(
        name="bot",
        module=("bot",),
        variables=variables,
        ready_url=f"http://127.0.0.1:{settings.bot_port}/ready",
        port=("BOT_PORT", settings.bot_host, settings.bot_port),
        grace=40.0,
    )


def _api(settings: Settings, variables: dict[str, str], dashboard: Path | None) -> Program:
    folder = {"DASHBOARD_FOLDER": str(dashboard)} if dashboard else {}
    return Program(
        name="api",
        module=("api",),
        variables=variables | folder,
        ready_url=f"http://127.0.0.1:{settings.api_port}/ready",
        port=("API_PORT", settings.api_host, settings.api_port),
    )
