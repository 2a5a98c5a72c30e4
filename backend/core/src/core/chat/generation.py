"""One run of the models for a turn, and what the person gets of it."""

import time
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from core.chat import dialogs
from core.chat.inbox import Work
from core.chat.outbox import Part
from core.chat.reply import ReplySink, Sentence, Show
from core.chat.values import Answer, Timing, Turn, Verdict
from core.db.session import Database
from core.failpoints import Failpoint, reach
from core.llm.errors import AllTargetsFailed, ContextTooLong, Declined, ModelError
from core.llm.model import (
    AttemptFailed,
    AttemptStarted,
    ChatModel,
    Completion,
    Event,
    Finish,
    Finished,
    Prompt,
    Token,
    Working,
)
from core.llm.priced import half_way
from core.llm.usage import NOTHING, Usage
from core.logging import get_logger
from core.text import is_visible

log = get_logger(__name__)

#: a broken answer of at least this many characters is worth keeping, marked as broken off
WORTH_KEEPING = 200


@dataclass(slots=True)
class Generation:
    """One run of the model; keeps what is known if it is stopped or fails half-way."""

    database: Database
    model: ChatModel
    work: Work
    turn: Turn
    text: str = ""
    #: the longest text of an attempt that failed
    remains: str = ""
    attempt: UUID | None = None
    call: AttemptStarted | None = None
    is_fallback: bool = False
    completion: Completion | None = None
    error: ModelError | None = None
    started: float = field(default_factory=time.monotonic)
    first_token: float | None = None

    async def run(self, prompt: Prompt, sink: ReplySink) -> None:
        try:
            async with sink.live(self.turn) as show, aclosing(self.model.stream(prompt)) as events:
                async for event in events:
                    await self._follow(event, show)
        except ModelError as error:
            self.error = error

    async def _follow(self, event: Event, show: Show) -> None:
        match event:
            case Token(text=text):
                if self.first_token is None:
                    self.first_token = time.monotonic()
                self.text += text
                show(self.text)
                reach(Failpoint.TOKEN_CAME)
            case AttemptStarted():
                await self._start_attempt(event)
            case AttemptFailed():
                await self._fail_attempt(event)
                show("")
            case Finished(completion=completion):
                self.completion = completion
                reach(Failpoint.ANSWER_COMPLETE)
            case Working():
                show(self.text)

    async def _start_attempt(self, call: AttemptStarted) -> None:
        self.call = call
        self.is_fallback = call.is_fallback
        async with self.database.write() as session:
            self.attempt = await dialogs.start_attempt(session, self.turn, call, work=self.work)
        reach(Failpoint.CALL_NOTED)

    async def _fail_attempt(self, failed: AttemptFailed) -> None:
        self.remains = max(self.remains, self.text, key=len)
        self.text = ""
        log.warning("attempt_failed", turn=str(self.turn.id), kind=failed.error.kind)
        if self.attempt:
            async with self.database.write() as session:
                await dialogs.fail_attempt(
                    session, self.attempt, failed, duration_ms=self._since_start(time.monotonic())
                )
            self.attempt = None
            self.call = None

    @property
    def spent(self) -> Usage:
        """By the call that answered or was stopped; that of failed ones is told by themselves."""
        if self.completion:
            return self.completion.usage
        return half_way(self.call.expected, self.text, self.call.price) if self.call else NOTHING

    @property
    def timing(self) -> Timing:
        return Timing(
            first_token_ms=self._since_start(self.first_token) if self.first_token else None,
            generation_ms=self._since_start(time.monotonic()),
        )

    def _since_start(self, moment: float) -> int:
        return round((moment - self.started) * 1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """What the person gets."""

    answer: Answer
    parts: Sequence[Part]
    attempt: UUID | None = None
    #: unless there may be more later: until models may be asked again
    back_in: timedelta | None = None


def conclude(generation: Generation, sink: ReplySink, *, is_stopped: bool) -> Conclusion:
    """Decide what the person gets: the answer, what there is of it, or a sentence."""

    def end(
        verdict: Verdict, parts: Sequence[Part], text: str = "", back_in: timedelta | None = None
    ) -> Conclusion:
        answer = Answer(
            verdict=verdict,
            text=text,
            completion=generation.completion,
            timing=generation.timing,
            is_fallback=generation.is_fallback,
            spent=generation.spent,
            error_kind=generation.error.kind if generation.error else None,
        )
        return Conclusion(answer=answer, parts=parts, attempt=generation.attempt, back_in=back_in)

    if generation.completion:
        text = generation.completion.text
        is_cut = generation.completion.finish is Finish.LENGTH
        note = Sentence.LENGTH_REACHED if is_cut else None
        return end(Verdict.ANSWERED, sink.compose(text, note=note), text)
    if is_stopped:
        text = generation.text if is_visible(generation.text) else ""
        parts = sink.compose(text, note=Sentence.STOPPED) if text else sink.say(Sentence.STOPPED)
        return end(Verdict.CANCELLED, parts, text)
    if len(generation.remains.strip()) >= WORTH_KEEPING:
        text = generation.remains
        return end(Verdict.ANSWERED_PARTIAL, sink.compose(text, note=Sentence.BROKEN_OFF), text)
    if isinstance(generation.error, ContextTooLong):
        return end(Verdict.DECLINED, sink.say(Sentence.TOO_LONG))
    if isinstance(generation.error, Declined):
        return end(Verdict.DECLINED, sink.say(Sentence.DECLINED))
    told = sink.say(Sentence.FAILED, generation.turn.id)
    return end(Verdict.FAILED_TOLD, told, back_in=_back_in(generation.error))


def _back_in(error: ModelError | None) -> timedelta | None:
    """Until it may be worth to ask again; None where the same question would fail again."""
    if isinstance(error, AllTargetsFailed) and error.may_pass:
        return error.back_in
    return None
