"""Which part of a dialog a model gets to see."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.llm.errors import ContextTooLong
from core.llm.fitting import MESSAGE_OVERHEAD_TOKENS, fit, size
from core.llm.model import Prompt, PromptMessage, Role

USER, ASSISTANT = Role.USER, Role.ASSISTANT


def said(role: Role, content: str) -> PromptMessage:
    return PromptMessage(role=role, content=content)


def build(history: list[PromptMessage], question: str, budget: int) -> Prompt:
    messages = (said(Role.SYSTEM, "sys"), *history, said(USER, question))
    return fit(Prompt(messages=messages), budget=budget)


def test_everything_when_it_fits() -> None:
    history = [said(USER, "one"), said(ASSISTANT, "two")]
    prompt = build(history, "three", budget=1000)
    assert [message.content for message in prompt.messages] == ["sys", "one", "two", "three"]


def test_the_oldest_go_first() -> None:
    history = [said(USER, "a" * 50), said(ASSISTANT, "b"), said(USER, "c"), said(ASSISTANT, "d")]
    # a token for each of system, question, c and d, and what the format costs for each
    prompt = build(history, "e", budget=4 + 4 * MESSAGE_OVERHEAD_TOKENS)
    assert [message.content for message in prompt.messages] == ["sys", "c", "d", "e"]


def test_no_answer_without_its_question() -> None:
    history = [said(USER, "a" * 50), said(ASSISTANT, "b"), said(USER, "c")]
    prompt = build(history, "e", budget=4 + 4 * MESSAGE_OVERHEAD_TOKENS)
    assert [message.content for message in prompt.messages] == ["sys", "c", "e"]


def test_a_question_that_cannot_fit_is_said_so() -> None:
    with pytest.raises(ContextTooLong):
        build([], "x" * 300, budget=100)


@given(
    st.lists(st.tuples(st.sampled_from([USER, ASSISTANT]), st.text(max_size=30)), max_size=30),
    st.integers(min_value=60, max_value=1000),
)
def test_a_prompt_never_exceeds_its_budget(history: list[tuple[Role, str]], budget: int) -> None:
    prompt = build([said(role, content) for role, content in history], "why?", budget)
    assert size(prompt) <= budget
    kept = [(message.role, message.content) for message in prompt.messages[1:-1]]
    assert kept == history[len(history) - len(kept) :]
