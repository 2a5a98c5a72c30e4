"""What the model gets to see: as much of the dialog as fits its window.

Pure. The question is never dropped or cut: when it does not fit by itself, the caller says so to
the person. Of the history, the oldest messages go first.
"""

import hashlib
from collections.abc import Callable, Sequence

from core.llm.model import Prompt, PromptMessage, Role

#: what the chat format itself costs for each message
MESSAGE_OVERHEAD_TOKENS = 8


class QuestionTooLong(Exception):
    """The question alone exceeds what the model can read."""


def build_prompt(
    *,
    system_prompt: str,
    history: Sequence[PromptMessage],
    question: str,
    budget: int,
    estimate: Callable[[str], int],
    user: str | None = None,
) -> Prompt:
    """Fit the dialog into `budget` tokens; `estimate` counts the tokens of a text."""

    def cost(message: PromptMessage) -> int:
        return estimate(message.content) + MESSAGE_OVERHEAD_TOKENS

    system = PromptMessage(role=Role.SYSTEM, content=system_prompt)
    asked = PromptMessage(role=Role.USER, content=question)
    left = budget - cost(system) - cost(asked)
    if left < 0:
        raise QuestionTooLong
    kept: list[PromptMessage] = []
    for message in reversed(history):
        left -= cost(message)
        if left < 0:
            break
        kept.append(message)
    return Prompt(messages=(system, *_from_a_question(kept[::-1]), asked), user=user)


def hash_prompt(system_prompt: str) -> str:
    """Tells prompts apart where their text has no place: SHA-256 in hexadecimal digits."""
    return hashlib.sha256(system_prompt.encode()).hexdigest()


def _from_a_question(history: list[PromptMessage]) -> list[PromptMessage]:
    """Drop leading answers: an answer without its question misleads, and some models refuse it."""
    for index, message in enumerate(history):
        if message.role is Role.USER:
            return history[index:]
    return []
