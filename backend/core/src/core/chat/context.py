"""What the models get to see of a dialog. Pure.

How much of it a model can read is the router's to know: see `core.llm.fitting`.
"""

import hashlib
from collections.abc import Sequence

from core.llm.model import Prompt, PromptMessage, Role


def build_prompt(
    *,
    system_prompt: str,
    history: Sequence[PromptMessage],
    question: str,
    user: str | None = None,
) -> Prompt:
    system = PromptMessage(role=Role.SYSTEM, content=system_prompt)
    asked = PromptMessage(role=Role.USER, content=question)
    return Prompt(messages=(system, *history, asked), user=user)


def hash_prompt(system_prompt: str) -> str:
    """Tells prompts apart where their text has no place: SHA-256 in hexadecimal digits."""
    return hashlib.sha256(system_prompt.encode()).hexdigest()
