"""What the provider was asked, and how each call ended."""

import hashlib
import time
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

from simulator.provider.prompt import Prompt

CALLS_KEPT = 50_000
PROMPTS_KEPT = 200


@dataclass(slots=True)
class Call:
    n: int
    #: monotonic milliseconds: of the request, of the reply's first and last bytes
    at: float
    first_token_at: float | None
    ended_at: float | None
    #: seconds since 1970
    created: int
    model: str
    stream: bool
    #: SHA-256 of the last user message in hexadecimal, and its length in characters
    question_hash: str
    question_length: int
    message_count: int
    #: "answered", "cancelled", the fault's kind, or the error type of the refusal
    outcome: str = "running"
    fault: str | None = None
    generation_id: str | None = None
    finish_reason: str | None = None
    prompt_tokens: int = 0
    #: what was said before the client left, when it did
    completion_tokens: int = 0
    cost: float = 0.0


class Journal:
    """The last calls, bounded; `n` counts all of them."""

    def __init__(self) -> None:
        self._calls: deque[Call] = deque()
        self._prompts: deque[tuple[Call, Prompt]] = deque(maxlen=PROMPTS_KEPT)
        self._generations: dict[str, Call] = {}
        self._count = 0
        self.spent = 0.0

    def open(self, prompt: Prompt) -> Call:
        self._count += 1
        question = prompt.question
        call = Call(
            n=self._count,
            at=milliseconds(),
            first_token_at=None,
            ended_at=None,
            created=int(time.time()),
            model=prompt.model,
            stream=prompt.is_stream,
            question_hash=hashlib.sha256(question.encode("utf-8", "surrogatepass")).hexdigest(),
            question_length=len(question),
            message_count=len(prompt.messages),
        )
        self._calls.append(call)
        self._prompts.append((call, prompt))
        if len(self._calls) > CALLS_KEPT:
            self._generations.pop(self._calls.popleft().generation_id or "", None)
        return call

    def close(self, call: Call) -> None:
        call.ended_at = milliseconds()
        self.spent += call.cost
        if call.generation_id:
            self._generations[call.generation_id] = call

    def generation(self, generation_id: str) -> Call | None:
        """A call that has ended, for whatever reason, by the id of its reply."""
        return self._generations.get(generation_id)

    def since(self, n: int) -> list[dict[str, Any]]:
        return [asdict(call) for call in self._calls if call.n > n]

    def full_since(self, n: int) -> list[dict[str, Any]]:
        """The last calls with the messages that were sent."""
        return [
            {**asdict(call), "messages": _listed(prompt)}
            for call, prompt in self._prompts
            if call.n > n
        ]


def milliseconds() -> float:
    return time.monotonic() * 1000


def _listed(prompt: Prompt) -> list[dict[str, str]]:
    return [{"role": role, "content": text} for role, text in prompt.messages]
