"""What the models get to see of a dialog. Pure.

How much of it a model can read is the router's to know: see `core.llm.fitting`.
"""

import hashlib
from collections.abc import Sequence
from itertools import pairwise

from core.llm.model import Image, Prompt, PromptMessage, Role


def build_prompt(
    *,
    system_prompt: str,
    history: Sequence[PromptMessage],
    question: str,
    images: tuple[Image, ...] = (),
    user: str | None = None,
) -> Prompt:
    system = PromptMessage(role=Role.SYSTEM, content=system_prompt)
    asked = PromptMessage(role=Role.USER, content=question, images=images)
    return Prompt(messages=(system, *history, asked), user=user)


def without_repeats(
    history: Sequence[PromptMessage], question: PromptMessage
) -> tuple[PromptMessage, ...]:
    """The history without questions that were asked again at once: a repeated one is seen once."""
    told = (*history, question)
    return tuple(
        message
        for message, next_one in pairwise(told)
        if message.role is not Role.USER or message != next_one
    )


def hash_prompt(system_prompt: str) -> str:
    """Tells prompts apart where their text has no place: SHA-256 in hexadecimal digits."""
    return hashlib.sha256(system_prompt.encode()).hexdigest()
