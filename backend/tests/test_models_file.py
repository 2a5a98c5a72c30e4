"""Several accounts from a models' file, on the whole path."""

from collections.abc import Awaitable, Callable, Generator
from typing import Any

import aiohttp
import pytest
from backend.tests.conftest import Person, Stack, call, press, wait_for_words

Query = Callable[..., Awaitable[list[Any]]]

FILE = """\
[credentials.work]
provider = "local"
base_url = "{base}/api/v1"
key = "WORK_KEY"

[credentials.home]
provider = "local"
base_url = "{base}/api/v1"
key = "HOME_KEY"

[targets.everyday]
credential = "work"
model = "parley/demo-small"
prices = [{{ from = 2026-01-01, prompt = 1, completion = 2 }}]

[targets.eye]
credential = "home"
model = "parley/demo-large"
sees = true

[chains]
default = ["everyday", "eye"]
"""


@pytest.fixture(scope="module", autouse=True)
def running(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("models") / "models.toml"
    path.write_text(FILE.format(base=stack.base))
    keys = {"WORK_KEY": "simulator-key", "HOME_KEY": "simulator-key"}
    stack.bot.variables |= {"MODELS_FILE": str(path), "OPENROUTER_API_KEY": "", **keys}
    stack.start_bot()


@pytest.fixture
def refused(stack: Stack) -> Generator[None]:
    """A model is left alone in this test: the others have a new process."""
    yield
    stack.bot.end()
    stack.start_bot()


async def attempts(query: Query) -> list[Any]:
    return await query(
        "SELECT target, credential, outcome, cost_source FROM llm_attempts ORDER BY created_at"
    )


async def test_the_first_target_answers(join: Any, query: Query) -> None:
    ann = await join()
    await ann.write("Hello!")
    await ann.wait_for_answers()
    assert await attempts(query) == [("everyday", "work", "answered", "usage")]
    assert await query("SELECT model_asked, model_served, is_fallback FROM turns") == [
        ("everyday", "parley/demo-small", False)
    ]


async def show_a_photo(http: aiohttp.ClientSession, person: Person) -> None:
    form = aiohttp.FormData({"user_id": str(person.id), "kind": "photo", "caption": "What is it?"})
    form.add_field("file", b"\xff\xd8\xff", filename="cat.jpg", content_type="image/jpeg")
    async with http.post(f"/people/chats/{person.id}/files", data=form) as response:
        assert response.ok


async def test_a_photo_goes_to_the_target_that_sees(
    join: Any, http: aiohttp.ClientSession, query: Query
) -> None:
    ann = await join()
    await show_a_photo(http, ann)
    [answer] = await ann.wait_for_answers()
    assert not answer.startswith("I can only read text")
    assert [row[0] for row in await attempts(query)] == ["eye"]


@pytest.mark.usefixtures("refused")
class TestTryingAgain:
    """The button below the words about a failure, after a question with a photograph."""

    @pytest.fixture
    async def ann(self, join: Any, http: aiohttp.ClientSession) -> Person:
        """Nobody could tell her what it is, and then the model is well again."""
        fault = {"kind": "status", "status": 400, "times": None}
        await call(http, "/script/provider/faults", fault)
        ann: Person = await join()
        await show_a_photo(http, ann)
        await wait_for_words(ann, "Sorry, ")
        await call(http, "/script/provider/reset", {})
        return ann

    async def test_the_photograph_is_shown_to_the_model_again(
        self, ann: Person, http: aiohttp.ClientSession, query: Query
    ) -> None:
        await press(http, ann, "Try again")
        await ann.wait_for_answers(2)
        assert [row[0] for row in await attempts(query)] == ["eye", "eye"]
        asked = [
            one["messages"][-1]["content"]
            for one in await call(http, "/script/provider/calls?full=1")
        ]
        assert asked[-1] == asked[0]
        assert await query("SELECT kind, verdict FROM turns ORDER BY created_at") == [
            ("photo", "failed_told"),
            ("photo", "answered"),
        ]
