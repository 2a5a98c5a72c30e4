"""What an operator asks before and after a start: `python -m bot check` and `python -m bot ask`."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import programs
import pytest

from .conftest import Person, Stack, call

Findings = dict[str, dict[str, Any]]


def bot(stack: Stack, *arguments: str, **changed: str) -> tuple[int, Findings]:
    variables = {**stack.bot.variables, **changed}
    done = programs.run("bot", *arguments, variables=variables, folder=stack.bot.log.parent)
    assert "Traceback" not in done.stderr
    findings = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return done.returncode, {one["name"]: one for one in findings if "is_well" in one}


@pytest.mark.usefixtures("http")
class TestCheck:
    def test_finds_nothing_wrong(self, stack: Stack) -> None:
        code, findings = bot(stack, "check")
        assert code == 0
        assert list(findings) == [
            "database",
            "clock",
            "telegram",
            "only one receiver",
            "model parley/demo-large",
            "model parley/demo-small",
        ]

    @pytest.mark.parametrize(
        ("changed", "name", "words"),
        [
            ({"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}, "database", "DATABASE_URL"),
            ({"TELEGRAM_TOKEN": "42:another-token"}, "telegram", "TELEGRAM_TOKEN is refused"),
            ({"OPENROUTER_API_KEY": "wrong"}, "model parley/demo-large", "key"),
            ({"OPENROUTER_MODEL": "parley/none"}, "model parley/none", "does not exist"),
            ({"TELEGRAM_API_BASE_URL": "http://127.0.0.1:1"}, "clock", "cannot be reached"),
        ],
    )
    def test_names_what_is_wrong_and_looks_at_the_rest(
        self, stack: Stack, changed: dict[str, str], name: str, words: str
    ) -> None:
        code, findings = bot(stack, "check", **changed)
        assert code == 1
        assert not findings[name]["is_well"]
        assert words in findings[name]["detail"]
        assert findings[name]["remedy"]
        assert "model parley/demo-small" in findings

    def test_tells_what_is_wrong_with_the_models_file_and_where(
        self, stack: Stack, tmp_path: Path
    ) -> None:
        file = tmp_path / "models.toml"
        file.write_text('[credentials.fast]\nprovider = "groq"\nkey = "GROQ_API_KEY"\n')
        keys = {"MODELS_FILE": str(file), "KEYS_FOLDER": "secrets/keys"}
        code, findings = bot(stack, "check", **keys)
        assert code == 1
        assert not findings["models"]["is_well"]
        assert findings["models"]["detail"].startswith(f"{file}, line 1: ")
        assert findings["telegram"]["is_well"]

    async def test_finds_another_receiver(self, stack: Stack, http: aiohttp.ClientSession) -> None:
        await call(http, "/script/telegram/settings", {"conflict": True})
        code, findings = bot(stack, "check")
        assert code == 1
        assert "409" in findings["only one receiver"]["detail"]
        assert bot(stack, "check", "--running")[0] == 0


class TestAsk:
    @pytest.fixture(autouse=True)
    def _bot(self, stack: Stack, http: aiohttp.ClientSession) -> Any:
        """Once the simulator has forgotten what others ordered."""
        stack.start_bot()
        yield
        stack.bot.end()

    async def test_is_answered_through_the_whole_path(
        self, stack: Stack, join: Callable[..., Awaitable[Person]]
    ) -> None:
        operator = await join()
        code, findings = bot(stack, "ask", str(operator.id))
        assert code == 0
        assert findings["synthetic question"]["detail"].startswith("answered after")
        assert len(await operator.seen()) == 1

    @pytest.mark.usefixtures("http")
    def test_says_that_nobody_can_be_answered_there(self, stack: Stack) -> None:
        code, findings = bot(stack, "ask", "987654321")
        assert code == 1
        assert "OPERATOR_CHAT_ID" in findings["synthetic question"]["remedy"]
