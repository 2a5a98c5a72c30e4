"""What tests and demonstrations order of the provider: replies, speed, faults; and what it did."""

import hashlib
import time
from collections import deque
from dataclasses import asdict, dataclass, field
from itertools import count
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

JOURNAL_LENGTH = 200_000
FULL_LENGTH = 200

FaultKind = Literal[
    "status",
    "error_chunk",
    "cut_rst",
    "cut_fin",
    "eof_without_finish",
    "hang",
    "silence",
    "comments_only",
    "error_in_200",
    "html",
    "empty_body",
    "garbage_json",
    "invalid_utf8",
    "null_content",
    "empty_choices",
    "empty_text",
    "whitespace",
    "zero_width",
    "surrogate_nul",
    "slow",
    "content_filter",
    "raw",
]


class Order(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Speed(Order):
    """0 tokens a second: as fast as it can."""

    first_token_ms: float = Field(default=300, ge=0)
    tokens_per_second: float = Field(default=60, ge=0)
    chunk_chars: int = Field(default=12, ge=1)


class Reply(Order):
    text: str
    #: the whole last user message, or a part of it; neither: any message, once
    exact: str | None = None
    match: str | None = None
    model: str | None = None


class Replies(Order):
    replies: list[Reply] = []
    #: for questions that nothing else fits; null: the demo's own words
    default: str | None = None


class RawStep(Order):
    bytes_b64: str = ""
    sleep_ms: float = 0
    close: Literal["fin", "rst"] | None = None


class Fault(Order):
    """What goes wrong with calls that fit: `times` of them (null: all), after `skip` good ones."""

    kind: FaultKind
    model: str | None = None
    match: str | None = None
    times: int | None = 1
    skip: int = 0
    #: chunks of text sent before a fault of the stream
    after_chunks: int = 2
    status: int = 500
    headers: dict[str, str] = {}
    #: an error object or a text, for `status` and `error_in_200`
    body: Any = None
    delay_ms: float = 1000
    steps: list[RawStep] = []


@dataclass(slots=True)
class Armed:
    id: int
    fault: Fault
    left: int | None
    skip: int
    hits: int = 0

    def strikes(self, model: str, question: str) -> bool:
        fault = self.fault
        if self.left == 0 or (fault.model and fault.model != model):
            return False
        if fault.match and fault.match not in question:
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.left is not None:
            self.left -= 1
        self.hits += 1
        return True


@dataclass(slots=True)
class Call:
    n: int
    #: monotonic milliseconds, of the request and of the reply's last byte
    at: float
    model: str
    stream: bool
    question_hash: str
    question_length: int
    messages: int
    outcome: str = "running"
    ended_at: float | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float = 0.0


@dataclass(slots=True)
class Script:
    speed: Speed = field(default_factory=Speed)
    default: str | None = None
    exact: dict[tuple[str, str | None], str] = field(default_factory=dict)
    matches: list[Reply] = field(default_factory=list)
    queue: deque[Reply] = field(default_factory=deque)
    faults: list[Armed] = field(default_factory=list)
    calls: deque[Call] = field(default_factory=lambda: deque(maxlen=JOURNAL_LENGTH))
    full: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=FULL_LENGTH))
    numbers: count[int] = field(default_factory=lambda: count(1))

    def reset(self) -> None:
        fresh = Script()
        for name in self.__slots__:
            setattr(self, name, getattr(fresh, name))

    def order_replies(self, order: Replies) -> None:
        self.default = order.default
        for reply in order.replies:
            if reply.exact is not None:
                self.exact[reply.exact, reply.model] = reply.text
            elif reply.match is not None:
                self.matches.append(reply)
            else:
                self.queue.append(reply)

    def order_fault(self, fault: Fault) -> int:
        armed = Armed(id=next(self.numbers), fault=fault, left=fault.times, skip=fault.skip)
        self.faults.append(armed)
        return armed.id

    def reply_for(self, model: str, question: str) -> str | None:
        """The text that was ordered for this question, if any."""
        for key in ((question, model), (question, None)):
            if key in self.exact:
                return self.exact[key]
        for reply in self.matches:
            if (reply.match or "") in question and reply.model in {None, model}:
                return reply.text
        for reply in list(self.queue):
            if reply.model in {None, model}:
                self.queue.remove(reply)
                return reply.text
        return self.default

    def fault_for(self, model: str, question: str) -> Fault | None:
        return next((armed.fault for armed in self.faults if armed.strikes(model, question)), None)

    def note(self, model: str, *, stream: bool, messages: list[tuple[str, str]]) -> Call:
        question = messages[-1][1] if messages else ""
        call = Call(
            n=next(self.numbers),
            at=milliseconds(),
            model=model,
            stream=stream,
            question_hash=hashlib.sha256(question.encode("utf-8", "surrogatepass")).hexdigest(),
            question_length=len(question),
            messages=len(messages),
        )
        self.calls.append(call)
        self.full.append(
            {
                "n": call.n,
                "model": model,
                "messages": [{"role": role, "content": text} for role, text in messages],
            }
        )
        return call

    def journal(self, since: int) -> list[dict[str, Any]]:
        return [asdict(call) for call in self.calls if call.n > since]


def milliseconds() -> float:
    return time.monotonic() * 1000
