"""As much of a dialog as a model can read. Pure.

The question is never dropped or cut. Of what was said before, the oldest goes first.
"""

from collections.abc import Callable
from dataclasses import replace

from core.llm.errors import ContextTooLong
from core.llm.model import Prompt, PromptMessage, Role

#: what the chat format itself costs for each message
MESSAGE_OVERHEAD_TOKENS = 8


def fit(prompt: Prompt, *, budget: int, estimate: Callable[[str], int]) -> Prompt:
    """The prompt within `budget` tokens; `estimate` counts those of a text.

    Raises ContextTooLong when the system prompt and the question alone take more.
    """
    *before, question = prompt.messages
    lead = [message for message in before if message.role is Role.SYSTEM]
    history = [message for message in before if message.role is not Role.SYSTEM]
    left = budget - sum(_size(message, estimate) for message in (*lead, question))
    if left < 0:
        raise ContextTooLong
    kept: list[PromptMessage] = []
    for message in reversed(history):
        left -= _size(message, estimate)
        if left < 0:
            break
        kept.append(message)
    return replace(prompt, messages=(*lead, *_from_a_question(kept[::-1]), question))


def size(prompt: Prompt, *, estimate: Callable[[str], int]) -> int:
    """Tokens of the whole prompt."""
    return sum(_size(message, estimate) for message in prompt.messages)


def _size(message: PromptMessage, estimate: Callable[[str], int]) -> int:
    return estimate(message.content) + MESSAGE_OVERHEAD_TOKENS


def _from_a_question(history: list[PromptMessage]) -> list[PromptMessage]:
    """Drop leading answers: an answer without its question misleads, and some models refuse it."""
    for index, message in enumerate(history):
        if message.role is Role.USER:
            return history[index:]
    return []
