"""A real LiteLLM proxy between the bot and the simulator's provider: `make litellm`."""

import os
import subprocess
import time
from collections.abc import Awaitable, Callable, Generator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from backend.tests.conftest import Stack, answers, call

Query = Callable[..., Awaitable[list[Any]]]
COMMAND = Path(__file__).parents[2] / ".tools" / "litellm" / "bin" / "litellm"
KEY = "sk-test-of-the-proxy"

pytestmark = [
    pytest.mark.skipif(
        not COMMAND.exists(), reason="litellm[proxy] is not installed: make litellm installs it"
    ),
    pytest.mark.timeout(300),
]

CONFIG = """\
model_list:
  - model_name: main
    litellm_params:
      {{ model: openai/parley/demo-large, api_base: "{base}/api/v1", api_key: simulator-key }}
  - model_name: backup
    litellm_params:
      {{ model: openai/parley/demo-small, api_base: "{base}/api/v1", api_key: simulator-key }}
general_settings: {{ master_key: {key} }}
litellm_settings: {{ drop_params: true, telemetry: false, num_retries: 0 }}
router_settings: {{ disable_cooldowns: true }}
"""
FILE = """\
[credentials.proxy]
provider = "litellm"
base_url = "{proxy}/v1"
key = "PROXY_KEY"

[targets.main]
credential = "proxy"
model = "main"
window = 32768

[targets.backup]
credential = "proxy"
model = "backup"
window = 32768

[chains]
default = ["main", "backup"]
"""


@pytest.fixture(scope="module")
def proxy(
    stack: Stack, make_port: Callable[[], int], tmp_path_factory: pytest.TempPathFactory
) -> Generator[str]:
    """Set up and started; in the end it has to stop when it is told to."""
    folder = tmp_path_factory.mktemp("litellm")
    config = folder / "config.yaml"
    config.write_text(CONFIG.format(base=stack.base, key=KEY))
    port = make_port()
    address = f"http://127.0.0.1:{port}"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [COMMAND, "--config", config, "--host", "127.0.0.1", "--port", str(port)],
            env={**os.environ, "HOME": str(folder)},  # noqa: TID251 - a child inherits it
            stdout=log,
            stderr=log,
        )
        try:
            deadline = time.monotonic() + 200
            while not answers(f"{address}/health/liveliness"):
                assert process.poll() is None, (folder / "log").read_text()
                assert time.monotonic() < deadline, (folder / "log").read_text()
                time.sleep(0.2)
            yield address
        finally:
            process.terminate()
            process.wait(30)


@pytest.fixture(scope="module", autouse=True)
def running(stack: Stack, proxy: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("models") / "models.toml"
    path.write_text(FILE.format(proxy=proxy))
    stack.bot.variables |= {"MODELS_FILE": str(path), "PROXY_KEY": KEY}
    stack.start_bot()


async def attempts(query: Query) -> list[Any]:
    return await query(
        "SELECT target, credential, outcome, error_kind FROM llm_attempts ORDER BY created_at"
    )


async def test_a_chat_goes_through_it(join: Any, query: Query) -> None:
    ann = await join()
    await ann.write("Hello!")
    [answer] = await ann.wait_for_answers()
    assert "Hello" in answer
    assert await attempts(query) == [("main", "proxy", "answered", None)]
    [(prompt, completion)] = await query("SELECT prompt_tokens, completion_tokens FROM turns")
    assert prompt > 0
    assert completion > 0


async def test_another_model_of_it_answers_for_one_that_fails(
    join: Any, http: aiohttp.ClientSession, query: Query
) -> None:
    fault = {"kind": "status", "model": "parley/demo-large", "times": None}
    await call(http, "/script/provider/faults", fault)
    ann = await join()
    await ann.write("Hello!")
    [answer] = await ann.wait_for_answers()
    assert "Hello" in answer
    assert await attempts(query) == [
        ("main", "proxy", "failed", "unavailable"),
        ("backup", "proxy", "answered", None),
    ]
