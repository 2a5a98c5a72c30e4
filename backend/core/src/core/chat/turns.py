"""A turn: one question, and exactly one answer or an honest sentence.

The story of `Turns.take`: the question is stored; the model writes while the sink shows it; answer,
usage, cost, statistics, outbox parts and the end of the inbox item are committed in one
transaction. The outbox sender does the rest. While no model can be reached the turn waits: it is
taken again later. A process that dies anywhere in between loses nothing: the inbox item is
claimed again, and the turn either is generated anew or is already in the outbox.
"""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from core.chat import caps, dialogs, inbox, opening, outbox, waiting
from core.chat.caps import Caps, Exceeded
from core.chat.context import build_prompt, hash_prompt
from core.chat.generation import Conclusion, Generation, conclude
from core.chat.inbox import Work
from core.chat.outbox import Address, Part
from core.chat.reply import ReplySink, Sentence
from core.chat.values import Answer, Question, Timing, Turn, Verdict
from core.db.session import Database, Session
from core.failpoints import Failpoint, reach
from core.llm.errors import ContextTooLong
from core.llm.model import ChatModel, Prompt
from core.llm.usage import NOTHING, Usage
from core.logging import get_logger
from core.stats import rollup
from core.stats.measures import Step
from core.text import is_visible

log = get_logger(__name__)

#: the first, and two more after a process died while the model was writing
MAX_GENERATIONS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a turn may use."""

    system_prompt: str
    history_limit: int
    release: str
    #: for how long a turn may wait for a model
    patience: timedelta = timedelta(minutes=10)
    caps: Caps = Caps()  # noqa: RUF009 - frozen
    #: makes pseudonyms of people for the provider
    pseudonym_key: bytes

    @property
    def prompt_hash(self) -> str:
        return hash_prompt(self.system_prompt)


class Turns:
    """Takes questions through their turns. One instance serves all chats of a process."""

    def __init__(
        self,
        database: Database,
        model: ChatModel,
        policy: Policy,
        *,
        delivered: Callable[[], None],
        expected: Callable[[Prompt], Usage] = lambda _: NOTHING,
    ) -> None:
        self._database = database
        self._model = model
        self._policy = policy
        #: called when there is something in the outbox to send
        self._delivered = delivered
        #: what an answer may take at most; may raise ContextTooLong
        self._expected = expected
        self._running: dict[UUID, asyncio.Timeout] = {}

    async def take(self, work: Work, question: Question, sink: ReplySink) -> None:
        """Answer the question and close the work item; raises Fenced when it is no longer ours."""
        async with self._database.write() as session:
            turn = await opening.open_turn(
                session,
                question,
                work=work,
                release=self._policy.release,
                prompt_hash=self._policy.prompt_hash,
                history_limit=self._policy.history_limit,
            )
            if turn.state != "generating":
                await inbox.finish(session, work)
                log.info("turn_has_ended", turn=str(turn.id), state=turn.state)
                return
        reach(Failpoint.TURN_OPENED)
        try:
            conclusion = await self._answer(work, turn, question, sink)
        except asyncio.CancelledError:
            await self._hand_back(work, turn)
            raise
        if conclusion.back_in is not None and await self._wait(
            work, turn, question, sink, conclusion.back_in
        ):
            return
        await self._commit(work, turn, question, sink, conclusion)
        reach(Failpoint.ANSWER_STORED)
        self._delivered()
        answer = conclusion.answer
        log.info(
            "turn_ready",
            turn=str(turn.id),
            verdict=answer.verdict,
            model=answer.completion.model if answer.completion else None,
            queue_ms=work.queue_ms,
            generation_ms=answer.timing.generation_ms,
        )

    async def remember_placeholder(self, turn: Turn, message_id: int) -> None:
        async with self._database.write() as session:
            await dialogs.remember_placeholder(session, turn, message_id)

    async def stop(self, address: Address, **which: object) -> int:
        """Stop open turns of a chat wherever they run or wait; returns how many there were."""
        async with self._database.write() as session:
            stopped = await dialogs.request_stop(session, address, **which)
        if stopped:
            async with self._database.write() as session:
                await inbox.hurry(session, address.bot_id, address.lane)
        for turn_id in stopped:
            self.interrupt(turn_id)
        return len(stopped)

    def interrupt(self, turn_id: UUID) -> None:
        """Stop the turn if it runs in this process; a second call changes nothing."""
        if scope := self._running.pop(turn_id, None):
            scope.reschedule(asyncio.get_running_loop().time())

    async def obey_stop_requests(self) -> None:
        """Find stop requests whose notification was missed."""
        if not self._running:
            return
        async with self._database.read() as session:
            for turn_id in await dialogs.stop_requests(session, list(self._running)):
                self.interrupt(turn_id)

    async def _answer(
        self, work: Work, turn: Turn, question: Question, sink: ReplySink
    ) -> Conclusion:
        if refusal := _refusal(question):
            return _told(Verdict.DECLINED, sink.say(refusal), refusal.name.lower())
        if turn.is_stopped:
            return _told(Verdict.CANCELLED, sink.say(Sentence.STOPPED))
        if turn.generations > MAX_GENERATIONS:
            return _told(Verdict.FAILED_TOLD, sink.say(Sentence.FAILED, turn.id), "crashed")
        prompt = self._prompt(turn, question)
        if exceeded := await self._exceeded(turn, question, prompt):
            told = [] if exceeded.is_told else sink.refuse(exceeded)
            return _told(Verdict.DECLINED, told, exceeded.cap.error_kind)
        generation = Generation(self._database, self._model, work, turn)
        async with self._stoppable(turn) as scope:
            await generation.run(prompt, sink)
        return conclude(generation, sink, is_stopped=scope.expired())

    async def _exceeded(self, turn: Turn, question: Question, prompt: Prompt) -> Exceeded | None:
        """The cap that the question would exceed; else what it may take is reserved."""
        if turn.is_admitted or not self._policy.caps.is_any:
            return None
        try:
            expected = self._expected(prompt)
        except ContextTooLong:
            return None  # nobody will be asked
        async with self._database.write() as session:
            return await caps.reserve(
                session, turn, question.person.id, caps=self._policy.caps, expected=expected
            )

    def _prompt(self, turn: Turn, question: Question) -> Prompt:
        policy = self._policy
        address = question.address
        person = f"{address.bot_id}:{question.person.id}".encode()
        return build_prompt(
            system_prompt=policy.system_prompt,
            history=turn.history,
            question=question.text,
            images=question.images,
            user=hmac.new(policy.pseudonym_key, person, hashlib.sha256).hexdigest()[:32],
        )

    @asynccontextmanager
    async def _stoppable(self, turn: Turn) -> AsyncGenerator[asyncio.Timeout]:
        """A block that `interrupt` ends early; the scope then has expired."""
        scope = asyncio.timeout(None)
        try:
            async with scope:
                self._running[turn.id] = scope
                yield scope
        except TimeoutError:
            if not scope.expired():
                raise
        finally:
            self._running.pop(turn.id, None)

    async def _wait(
        self, work: Work, turn: Turn, question: Question, sink: ReplySink, back_in: timedelta
    ) -> bool:
        """Hand the turn back until a model may be there again, and say so the first time.

        False when it has waited for long enough.
        """
        async with self._database.write() as session:
            waits = await waiting.wait(
                session, work, turn, back_in=back_in, patience=self._policy.patience
            )
            if waits and turn.waited is None:
                told = sink.say(Sentence.WAITING, turn.id)
                await _enqueue(session, turn, question, sink, told, is_end=False)
        if waits:
            reach(Failpoint.TURN_WAITS)
            self._delivered()
            log.info("turn_waits", turn=str(turn.id), back_in=back_in.total_seconds())
        return waits

    async def _commit(
        self, work: Work, turn: Turn, question: Question, sink: ReplySink, conclusion: Conclusion
    ) -> None:
        answer = conclusion.answer
        async with self._database.write() as session:
            await inbox.finish(session, work)
            if conclusion.attempt:
                await dialogs.end_attempt(session, conclusion.attempt, answer)
            await dialogs.complete_turn(
                session, turn, answer, model_asked=self._model.name, queue_ms=work.queue_ms
            )
            await _enqueue(session, turn, question, sink, conclusion.parts, is_end=True)
            await rollup.book(session, turn.id, Step.CONCLUDED)
            if not conclusion.parts:
                await outbox.close_turns(session, [turn.id])

    async def _hand_back(self, work: Work, turn: Turn) -> None:
        async with self._database.write() as session:
            await dialogs.hand_back(session, turn)
            await inbox.release(session, work)
        reach(Failpoint.WORK_HANDED_BACK)


def _refusal(question: Question) -> Sentence | None:
    if question.images:
        return None
    if question.kind != "text":
        return Sentence.ONLY_TEXT
    return None if is_visible(question.text) else Sentence.NOTHING_TO_READ


async def _enqueue(
    session: Session,
    turn: Turn,
    question: Question,
    sink: ReplySink,
    parts: Sequence[Part],
    *,
    is_end: bool,
) -> None:
    """Words for a question: in the place of its placeholder, or below it."""
    await outbox.enqueue(
        session,
        turn.address,
        parts,
        turn_id=turn.id if is_end else None,
        reply_to_message_id=None if question.is_private else question.message_id,
        edit_message_id=sink.placeholder_message_id or turn.placeholder_message_id,
    )


def _told(verdict: Verdict, parts: Sequence[Part], reason: str | None = None) -> Conclusion:
    """Nobody was asked."""
    answer = Answer(
        verdict=verdict,
        text="",
        completion=None,
        timing=Timing(first_token_ms=None, generation_ms=0),
        error_kind=reason,
    )
    return Conclusion(answer=answer, parts=parts)
