"""What tests and demonstrations order of the provider: replies, speed and faults."""

from collections import deque
from dataclasses import dataclass
from itertools import count
from typing import Literal

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, JsonValue

from simulator.provider.catalogue import CHARACTERS_PER_TOKEN, OFFERS, Offer, offer_like_large

FaultKind = Literal[
    # instead of a reply
    "status",
    "hang",
    "error_in_200",
    "html",
    "empty_body",
    "raw",
    # within a reply, after some chunks of it
    "error_chunk",
    "cut_rst",
    "cut_fin",
    "eof_without_finish",
    "silence",
    "garbage_json",
    "invalid_utf8",
    # a reply that is none
    "comments_only",
    "null_content",
    "empty_choices",
    "empty_text",
    "whitespace",
    "zero_width",
    "surrogate_nul",
    "finish_reason",
    # late
    "slow",
]


class Order(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Speed(Order):
    first_token_ms: float = Field(default=300, ge=0)
    #: 0: as fast as it goes
    tokens_per_second: float = Field(default=60, ge=0)
    chunk_chars: int = Field(default=12, ge=1)

    @property
    def chunk_seconds(self) -> float:
        return self.seconds(self.chunk_chars)

    def seconds(self, characters: int) -> float:
        """How long it takes to say so many characters."""
        if not self.tokens_per_second:
            return 0.0
        return characters / CHARACTERS_PER_TOKEN / self.tokens_per_second


class ScriptedReply(Order):
    text: str
    #: all of the last user message but outer whitespace, or a part of it
    exact: str | None = None
    match: str | None = None
    model: str | None = None

    def fits(self, question: str, model: str) -> bool:
        return (
            self.model in {None, model}
            and (self.exact is None or self.exact.strip() == question)
            and (self.match is None or self.match in question)
        )


class Replies(Order):
    """Added to what was ordered before.

    With `mode` "queue" each reply is used once, in order; otherwise one with `exact` or `match`
    stays, and only one with neither is used once.
    """

    replies: tuple[ScriptedReply, ...] = ()
    #: for questions that nothing else fits; null: the demo's own words
    default: str | None = None
    mode: Literal["queue", "match"] = "match"


class RawStep(Order):
    bytes_b64: Base64Bytes = b""
    sleep_ms: float = Field(default=0, ge=0)
    close: Literal["fin", "rst"] | None = None


class Fault(Order):
    """What goes wrong with `times` calls that fit (null: all), after the first `after` of them."""

    kind: FaultKind
    model: str | None = None
    #: a part of the last user message
    match: str | None = None
    times: int | None = Field(default=1, ge=1)
    after: int = Field(default=0, ge=0)
    #: chunks of text that are sent before a fault within a reply
    after_chunks: int = Field(default=2, ge=0)
    #: null: 500 for `status`, 200 otherwise
    status: int | None = Field(default=None, ge=200, le=599)
    headers: dict[str, str] = {}
    #: the error object, the whole body as an object, or the body's raw text
    body: JsonValue = None
    finish_reason: str | None = "content_filter"
    #: between chunks, for `slow`
    delay_ms: float = Field(default=1000, ge=0)
    #: everything that is sent, from the status line on, for `raw`
    steps: tuple[RawStep, ...] = ()


@dataclass(slots=True)
class ArmedFault:
    fault_id: int
    fault: Fault
    hits: int = 0
    seen: int = 0

    def strikes(self, question: str, model: str) -> bool:
        fault = self.fault
        if fault.times is not None and self.hits >= fault.times:
            return False
        if fault.model not in {None, model} or (fault.match or "") not in question:
            return False
        self.seen += 1
        if self.seen <= fault.after:
            return False
        self.hits += 1
        return True


class Script:
    """The orders in force."""

    def __init__(self) -> None:
        self.speed = Speed()
        self.faults: list[ArmedFault] = []
        self._fault_ids = count(1)
        self._once: deque[ScriptedReply] = deque()
        self._exact: dict[tuple[str, str | None], str] = {}
        self._matching: list[ScriptedReply] = []
        self._default: str | None = None
        self._models: dict[str, Offer] = dict(OFFERS)

    def add_replies(self, order: Replies) -> None:
        if "default" in order.model_fields_set:
            self._default = order.default
        for reply in order.replies:
            self._know(reply.model)
            if order.mode == "queue" or (reply.exact is None and reply.match is None):
                self._once.append(reply)
            elif reply.match is None:
                self._exact[(reply.exact or "").strip(), reply.model] = reply.text
            else:
                self._matching.append(reply)

    def add_fault(self, fault: Fault) -> int:
        self._know(fault.model)
        armed = ArmedFault(next(self._fault_ids), fault)
        self.faults.append(armed)
        return armed.fault_id

    def offer(self, model: str) -> Offer | None:
        """Models that a script names are on offer too."""
        return self._models.get(model)

    def fault_for(self, question: str, model: str) -> Fault | None:
        return next((armed.fault for armed in self.faults if armed.strikes(question, model)), None)

    def reply_for(self, question: str, model: str) -> str | None:
        """The text that was ordered for this question; a reply that is used once goes first."""
        question = question.strip()
        for lookup in (self._next_once, self._exactly, self._first_match):
            if (text := lookup(question, model)) is not None:
                return text
        return self._default

    def _next_once(self, question: str, model: str) -> str | None:
        for position, reply in enumerate(self._once):
            if reply.fits(question, model):
                del self._once[position]
                return reply.text
        return None

    def _exactly(self, question: str, model: str) -> str | None:
        ours = self._exact.get((question, model))
        return ours if ours is not None else self._exact.get((question, None))

    def _first_match(self, question: str, model: str) -> str | None:
        fitting = (reply.text for reply in self._matching if reply.fits(question, model))
        return next(fitting, None)

    def _know(self, model: str | None) -> None:
        if model is not None and model not in self._models:
            self._models[model] = offer_like_large(model)
