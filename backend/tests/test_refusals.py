"""Programs that must not start, and what they say."""

import os
from pathlib import Path

import aiohttp
import programs
import pytest

from .conftest import Stack, call


def refusal(variables: dict[str, str], folder: Path, module: str = "bot") -> str:
    """What a program says that must not start."""
    everything = {**os.environ, **variables}  # noqa: TID251 - a child inherits it
    done = programs.run(module, variables=everything, folder=folder)
    assert done.returncode != 0
    lines = [line for line in done.stderr.splitlines() if line.startswith("parley")]
    assert len(lines) == 1, done.stderr
    assert "Traceback" not in done.stderr
    return lines[0]


class TestRefusals:
    """One sentence that names the variable and the remedy."""

    @pytest.mark.parametrize(
        ("changed", "variable"),
        [
            ({"TELEGRAM_TOKEN": ""}, "TELEGRAM_TOKEN is not set"),
            ({"TELEGRAM_TOKEN": "nonsense"}, "TELEGRAM_TOKEN is not a bot token"),
            ({"TELEGRAM_TOKEN": "43:of-nobody"}, "TELEGRAM_TOKEN is refused"),
            ({"TELEGRAM_API_BASE_URL": "http://127.0.0.1:9"}, "TELEGRAM_API_BASE_URL"),
            ({"OPENROUTER_API_KEY": ""}, "OPENROUTER_API_KEY is not set"),
            ({"OPENROUTER_API_KEY": "wrong"}, "OPENROUTER_API_KEY is refused"),
            ({"DATABASE_URL": ""}, "DATABASE_URL is not set"),
            ({"DATABASE_URL": "postgresql://x@127.0.0.1:9/x"}, "DATABASE_URL"),
            ({"BOT_PORT": "many"}, "BOT_PORT is wrong"),
        ],
    )
    def test_of_settings(
        self, stack: Stack, folder: Path, changed: dict[str, str], variable: str
    ) -> None:
        assert variable in refusal(stack.bot.variables | changed, folder)

    def test_of_a_misspelt_setting(self, stack: Stack, folder: Path) -> None:
        (folder / ".env").write_text("OPENROUTER_MODL=x\n")
        assert "OPENROUTER_MODL" in refusal(stack.bot.variables, folder)

    def test_of_a_database_without_tables(
        self, stack: Stack, folder: Path, empty_database_url: str
    ) -> None:
        variables = {**stack.bot.variables, "DATABASE_URL": empty_database_url}
        assert "make migrate" in refusal(variables, folder)

    @pytest.mark.parametrize(
        ("module", "variable"),
        [("bot", "BOT_PORT"), ("api", "API_PORT"), ("api", "METRICS_PORT")],
    )
    def test_of_a_taken_port(self, stack: Stack, folder: Path, module: str, variable: str) -> None:
        taken = stack.base.rpartition(":")[2]
        variables = {**stack.bot.variables, variable: taken}
        assert f"{variable}: port {taken}" in refusal(variables, folder, module)

    async def test_of_a_token_that_another_program_uses(
        self, stack: Stack, folder: Path, http: aiohttp.ClientSession
    ) -> None:
        await call(http, "/script/telegram/settings", {"conflict": True})
        assert "another program" in refusal(stack.bot.variables, folder)
