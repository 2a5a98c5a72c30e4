"""What `make up` starts, by settings."""

from pathlib import Path

import pytest

from core.errors import StartupError
from core.settings import load
from local.plan import Plan, make_plan

DATABASE = "postgresql+asyncpg://x/y"
TOKEN = {"TELEGRAM_TOKEN": "123456:real"}
KEY = {"OPENROUTER_API_KEY": "sk-or-real"}


def plan(variables: dict[str, str], *, dashboard: Path | None = None, demo: bool = False) -> Plan:
    settings = load(None, variables)
    return make_plan(
        settings, database_url=DATABASE, simulator_port=8090, dashboard=dashboard, demo=demo
    )


def names(plan: Plan) -> list[str]:
    return [program.name for program in plan.programs]


def bot_variables(plan: Plan) -> dict[str, str]:
    return next(program.variables for program in plan.programs if program.name == "bot")


def test_without_a_token_everything_outside_is_simulated() -> None:
    chosen = plan({})
    assert names(chosen) == ["simulator", "bot", "api"]
    assert chosen.addresses[0] == ("chat", "http://127.0.0.1:8090/")
    variables = bot_variables(chosen)
    assert variables["TELEGRAM_API_BASE_URL"] == "http://127.0.0.1:8090"
    assert variables["OPENROUTER_BASE_URL"] == "http://127.0.0.1:8090/api/v1"
    assert variables["DATABASE_URL"] == DATABASE


def test_with_token_and_key_nothing_is() -> None:
    chosen = plan(TOKEN | KEY)
    assert names(chosen) == ["bot", "api"]
    assert bot_variables(chosen) == {
        "DATABASE_URL": DATABASE,
        "DRAIN_SECONDS": "2",
        "ENVIRONMENT": "development",
    }


def test_a_dashboard_that_was_built_is_served_and_shown_first() -> None:
    chosen = plan({"API_PORT": "8005"}, dashboard=Path("/srv/dist"))
    assert chosen.addresses[:2] == (
        ("dashboard", "http://127.0.0.1:8005/"),
        ("chat", "http://127.0.0.1:8090/"),
    )
    assert "statistics" not in dict(chosen.addresses)
    served = {
        program.name: program.variables.get("DASHBOARD_FOLDER") for program in chosen.programs
    }
    assert served == {"simulator": None, "bot": None, "api": "/srv/dist"}


def test_the_settings_may_name_another_dashboard() -> None:
    chosen = plan({"DASHBOARD_FOLDER": "/srv/other"}, dashboard=Path("/srv/dist"))
    [api] = [program for program in chosen.programs if program.name == "api"]
    assert api.variables["DASHBOARD_FOLDER"] == "/srv/other"


def test_without_a_dashboard_the_statistics_are_shown() -> None:
    chosen = plan({})
    assert dict(chosen.addresses)["statistics"] == "http://127.0.0.1:8000/api/v1/stats"


def test_a_machine_that_says_what_it_is_stays_that() -> None:
    assert "ENVIRONMENT" not in bot_variables(plan({"ENVIRONMENT": "production"}))


def test_a_real_model_may_answer_in_the_simulated_telegram() -> None:
    variables = bot_variables(plan(KEY))
    assert "TELEGRAM_TOKEN" in variables
    assert "OPENROUTER_BASE_URL" not in variables


@pytest.mark.parametrize("variables", [TOKEN, {"OPENROUTER_BASE_URL": "https://api.groq.com/v1"}])
def test_a_real_provider_needs_its_key(variables: dict[str, str]) -> None:
    with pytest.raises(StartupError, match="OPENROUTER_API_KEY"):
        plan(variables)


def test_a_demonstration_has_people() -> None:
    assert names(plan({}, demo=True)) == ["simulator", "bot", "api", "people"]
    assert names(plan(TOKEN | KEY, demo=True)) == ["bot", "api"]
