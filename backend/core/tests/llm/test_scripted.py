"""The model that tests are written with."""

from contextlib import aclosing

import pytest
from backend.core.tests.llm.conftest import PROMPT

from core.llm.errors import Gone
from core.llm.model import Finished, Token, Working
from core.llm.scripted import ScriptedModel


async def test_it_says_hello_by_default() -> None:
    token, finished = [event async for event in ScriptedModel().stream(PROMPT)]
    assert token == Token(text="Hello!")
    assert isinstance(finished, Finished)
    assert finished.completion.text == "Hello!"


async def test_each_call_has_its_script_and_the_last_one_stays() -> None:
    model = ScriptedModel([Working(is_thinking=True), 0, "a", "b"], [Gone()], name="x")
    events = [event async for event in model.stream(PROMPT)]
    assert events[:3] == [Working(is_thinking=True), Token(text="a"), Token(text="b")]
    for _ in range(2):
        with pytest.raises(Gone):
            await anext(model.stream(PROMPT))
    assert model.prompts == [PROMPT] * 3
    assert (model.name, model.interrupted) == ("x", 0)


async def test_it_notices_being_stopped() -> None:
    model = ScriptedModel()
    async with aclosing(model.stream(PROMPT)) as events:
        await anext(events)
    assert model.interrupted == 1
