"""As much of a dialog as a model can read. Pure.

The question is never dropped or cut. Of what was said before, the oldest goes first.
"""

from dataclasses import replace

from core.llm.errors import ContextTooLong
from core.llm.model import Prompt, PromptMessage, Role
from core.llm.tokens import estimate_tokens

#: what the chat format itself costs for each message
MESSAGE_OVERHEAD_TOKENS = 8
#: of one image: what the makers of models count for a photograph of Telegram's size, or more
IMAGE_TOKENS = 1600


def fit(prompt: Prompt, *, budget: int) -> Prompt:
    """The prompt within `budget` tokens.

    Raises ContextTooLong when the system prompt and the question alone take more.
    """
    *before, question = prompt.messages
    lead = [message for message in before if message.role is Role.SYSTEM]
    history = [message for message in before if message.role is not Role.SYSTEM]
    left = budget - sum(_size(message) for message in (*lead, question))
    if left < 0:
        raise ContextTooLong
    kept: list[PromptMessage] = []
    for message in reversed(history):
        left -= _size(message)
        if left < 0:
            break
        kept.append(message)
    return replace(prompt, messages=(*lead, *_from_a_question(kept[::-1]), question))


def trimmed(prompt: Prompt) -> Prompt:
    """With about half of it, or where the question is longer than that, without any history: for a
    provider that counts otherwise.
    """
    lead = [message for message in prompt.messages if message.role is Role.SYSTEM]
    least = sum(_size(message) for message in (*lead, prompt.question))
    half = size(prompt) // 2
    return fit(prompt, budget=max(least, half))


def size(prompt: Prompt) -> int:
    """Tokens of the whole prompt, estimated."""
    return sum(_size(message) for message in prompt.messages)


def _size(message: PromptMessage) -> int:
    images = len(message.images) * IMAGE_TOKENS
    return estimate_tokens(message.content) + images + MESSAGE_OVERHEAD_TOKENS


def _from_a_question(history: list[PromptMessage]) -> list[PromptMessage]:
    """Drop leading answers: an answer without its question misleads, and some models refuse it."""
    for index, message in enumerate(history):
        if message.role is Role.USER:
            return history[index:]
    return []
