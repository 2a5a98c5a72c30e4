"""The promises of delivery, against every order of events that Hypothesis thinks of.

The machine plays Telegram, people, and processes that die or freeze wherever it likes; what it
plays them with is the product's own code on a real database. See `protocol.py` for the same in
small, where all orders can be tried.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from core.chat import chats, dialogs, erasure, inbox, opening, outbox
from core.chat.generation import Conclusion
from core.chat.inbox import Fenced, Incoming, Work
from core.chat.outbox import Address, Part, Sending
from core.chat.turns import Policy, Turns
from core.chat.values import Answer, Person, Question, Timing, Turn, Verdict
from core.db.session import Database, Session
from core.db.tables import TURN_FINAL
from core.llm.scripted import ScriptedModel
from core.settings import SendPolicy
from core.stats import rollup
from core.stats.measures import Step
from core.stats.rebuild import rebuild

from .test_turns import RecordingSink

BOT_ID = 42
LEASE = timedelta(hours=1)
NOW = timedelta()
CHATS = (7, 8)
PATIENCE = timedelta(minutes=10)
#: of a call to Telegram
OUTCOMES = ("sent", "unheard", "lost", "refused", "closed", "dies")
Result = TypeVar("Result")

_EMPTY = (
    "TRUNCATE inbox, outbox, feedback, llm_attempts, turns, messages, dialogs, users, stats_facts, "
    "stats_totals, stats_attempts, stats_latency, stats_latency_totals, stats_users, "
    "stats_activity, stats_cohorts, stats_rebuilds, erasures, chat_floods, closed_chats"
)


@dataclass(slots=True)
class Job:
    """A work item in the hands of a process, which may have lost it long ago."""

    work: Work
    question: Question
    turn: Turn | None = None


@dataclass(slots=True)
class Call:
    """A part in the hands of a process."""

    sending: Sending
    #: it took the part long ago, and calls only now
    is_late: bool = False


@dataclass(slots=True)
class World:
    """What people and Telegram know."""

    messages: list[tuple[int, int]] = field(default_factory=list)
    #: parts in the order in which a chat shows them
    shown: dict[int, list[UUID]] = field(default_factory=lambda: {chat: [] for chat in CHATS})
    #: somebody has called after their lease: the order of parts is not promised any more
    was_late: bool = False

    def copies(self, part: UUID) -> int:
        return sum(parts.count(part) for parts in self.shown.values())


_with_begun_turns = precondition(lambda self: self._begun)


class Delivery(RuleBasedStateMachine):
    policy = SendPolicy.RESEND

    def __init__(self, url: str) -> None:
        super().__init__()
        self._runner = asyncio.Runner()
        self._database = Database(url)
        policy = Policy(
            system_prompt="", history_limit=0, release="test", patience=PATIENCE, pseudonym_key=b""
        )
        self._turns = Turns(self._database, ScriptedModel(), policy, delivered=lambda: None)
        self._world = World()
        self._jobs: list[Job] = []
        self._calls: list[Call] = []
        self._erased: set[int] = set()
        self._do(_EMPTY, "INSERT INTO bots (id, username) VALUES (42, '') ON CONFLICT DO NOTHING")

    @property
    def _begun(self) -> list[Job]:
        return [job for job in self._jobs if job.turn]

    # People and Telegram

    @rule(chat=st.sampled_from(CHATS))
    def somebody_writes(self, chat: int) -> None:
        self._world.messages.append((chat, len(self._world.messages) + 1))
        self._bring(*self._world.messages[-1])

    @precondition(lambda self: self._world.messages)
    @rule(data=st.data())
    def telegram_brings_an_update_again(self, data: st.DataObject) -> None:
        self._bring(*data.draw(st.sampled_from(self._world.messages)))

    @precondition(lambda self: self._world.messages)
    @rule(data=st.data())
    def somebody_edits(self, data: st.DataObject) -> None:
        chat, number = data.draw(st.sampled_from(self._world.messages))

        async def edit(session: Session) -> None:
            if turn_id := await dialogs.revise_question(session, _at(chat), number, "otherwise"):
                await rollup.book(session, turn_id, Step.EDITED)

        self._write(edit)

    @rule(chat=st.sampled_from(CHATS))
    def somebody_presses_stop(self, chat: int) -> None:
        self._run(self._turns.stop(_at(chat)))

    @rule(chat=st.sampled_from(CHATS))
    def somebody_is_erased(self, chat: int) -> None:
        self._write(lambda session: erasure.erase(session, BOT_ID, chat))
        self._erased |= {number for where, number in self._world.messages if where == chat}

    @rule(chat=st.sampled_from(CHATS))
    def somebody_blocks_the_bot(self, chat: int) -> None:
        self._write(lambda s: chats.close(s, BOT_ID, chat, datetime.now(UTC), "kicked"))

    @rule(chat=st.sampled_from(CHATS))
    def somebody_lets_the_bot_in_again(self, chat: int) -> None:
        self._write(lambda s: chats.reopen(s, BOT_ID, chat, datetime.now(UTC)))

    # Processes that answer

    @rule()
    def a_process_claims_work(self) -> None:
        works = self._write(lambda s: inbox.claim(s, BOT_ID, limit=1, lease=LEASE))
        self._jobs += [Job(work=work, question=_question(work)) for work in works]

    @precondition(lambda self: self._jobs)
    @rule(data=st.data())
    def it_begins_the_turn(self, data: st.DataObject) -> None:
        self._begin(data.draw(st.sampled_from(self._jobs)))

    @_with_begun_turns
    @rule(data=st.data(), parts=st.integers(1, 3))
    def it_stores_the_answer(self, data: st.DataObject, parts: int) -> None:
        self._answer(data.draw(st.sampled_from(self._begun)), parts)

    @_with_begun_turns
    @rule(data=st.data())
    def it_finds_no_model(self, data: st.DataObject) -> None:
        job = data.draw(st.sampled_from(self._begun))
        assert job.turn
        self._jobs.remove(job)
        waiting = self._turns._wait(
            job.work, job.turn, job.question, RecordingSink(), timedelta(seconds=2)
        )
        with suppress(Fenced):
            self._run(waiting)

    @_with_begun_turns
    @rule(data=st.data())
    def it_hands_the_turn_back(self, data: st.DataObject) -> None:
        job = data.draw(st.sampled_from(self._begun))
        assert job.turn
        self._jobs.remove(job)
        with suppress(Fenced):
            self._run(self._turns._hand_back(job.work, job.turn))

    @precondition(lambda self: self._jobs)
    @rule(data=st.data())
    def it_dies(self, data: st.DataObject) -> None:
        self._jobs.remove(data.draw(st.sampled_from(self._jobs)))

    # Processes that send

    @rule()
    def a_process_takes_a_part(self) -> None:
        sendings = self._write(lambda s: outbox.claim(s, BOT_ID, limit=1, lease=LEASE))
        self._calls += [Call(sending) for sending in sendings]

    @precondition(lambda self: self._calls)
    @rule(data=st.data(), outcome=st.sampled_from(OUTCOMES))
    def it_calls_telegram(self, data: st.DataObject, outcome: str) -> None:
        call = data.draw(st.sampled_from(self._calls))
        self._calls.remove(call)
        self._call(call, outcome)

    @precondition(lambda self: self._calls)
    @rule(data=st.data())
    def it_dies_before_the_call(self, data: st.DataObject) -> None:
        self._calls.remove(data.draw(st.sampled_from(self._calls)))

    # The clock

    @rule()
    def leases_of_work_end(self) -> None:
        self._do("UPDATE inbox SET lease_until = now() - interval '1 s' WHERE state = 'running'")

    @rule()
    def leases_of_parts_end(self) -> None:
        self._do("UPDATE outbox SET lease_until = now() - interval '1 s' WHERE state = 'sending'")
        self._write(lambda s: outbox.recover(s, BOT_ID, self.policy))
        for call in self._calls:
            call.is_late = True

    @rule()
    def pauses_are_over(self) -> None:
        self._do("UPDATE inbox SET run_after = now() WHERE state = 'pending'")

    # Promises

    @invariant()
    def no_part_is_doubled_without_a_mark(self) -> None:
        most = 2 if self.policy is SendPolicy.RESEND else 1
        marked = set(self._rows("SELECT id FROM outbox WHERE delivery_unknown"))
        for part in {part for parts in self._world.shown.values() for part in parts}:
            copies = self._world.copies(part)
            assert copies <= most
            assert copies == 1 or (part,) in marked

    @invariant()
    def an_update_is_accepted_once(self) -> None:
        assert self._rows("SELECT count(*) FROM turns") <= [(len(self._world.messages),)]

    @invariant()
    def nothing_is_kept_of_who_was_erased(self) -> None:
        assert (
            self._rows(
                "SELECT id FROM messages WHERE deleted_at IS NOT NULL AND content <> '' UNION ALL "
                "SELECT outbox.id FROM outbox JOIN turns ON turns.id = turn_id "
                "WHERE turns.state = 'erased' AND outbox.content <> ''"
            )
            == []
        )

    def teardown(self) -> None:
        try:
            self._come_to_an_end()
            self._check_the_end()
        finally:
            self._run(self._database.close())
            self._runner.close()

    def _come_to_an_end(self) -> None:
        """All processes die, and one that nothing happens to does what is left."""
        self._jobs.clear()
        self._calls.clear()
        self.leases_of_work_end()
        for _ in range(200):
            self.pauses_are_over()
            self.leases_of_parts_end()
            self.a_process_claims_work()
            for job in list(self._jobs):
                self._begin(job)
                if job in self._jobs:
                    self._answer(job, 2)
            self.a_process_takes_a_part()
            was_idle = not self._calls
            for call in list(self._calls):
                self._call(call, "sent")
            self._calls.clear()
            is_left = self._rows(
                "SELECT 1 FROM inbox WHERE state IN ('pending', 'running') UNION ALL "
                "SELECT 1 FROM outbox WHERE state IN ('pending', 'sending')"
            )
            if was_idle and not is_left:
                return
        raise AssertionError("there is no end")

    def _check_the_end(self) -> None:
        states = self._rows("SELECT DISTINCT state FROM turns")
        assert {state for (state,) in states} <= set(TURN_FINAL)
        heard = {number for _, number in self._world.messages}
        answered = self._rows("SELECT telegram_message_id FROM messages WHERE role = 'user'")
        assert {number for (number,) in answered} | self._erased >= heard
        assert self._rows("SELECT 1 FROM llm_attempts WHERE outcome = 'running'") == []
        for part, is_marked in self._rows(
            "SELECT id, delivery_unknown FROM outbox WHERE state IN ('sent', 'unknown')"
        ):
            assert is_marked or self._world.copies(part) == 1
        if not self._world.was_late:
            self._check_the_order()
        assert self._run(rebuild(self._database)).examples == []

    def _check_the_order(self) -> None:
        places = dict(self._rows("SELECT id, seq FROM outbox"))
        for parts in self._world.shown.values():
            shown = [places[part] for part in parts if part in places]
            assert shown == sorted(shown)

    # How it is done

    def _bring(self, chat: int, number: int) -> None:
        update = Incoming(
            update_id=number,
            identity=f"{chat}/{number}",
            lane=_at(chat).lane,
            kind="message",
            raw=f'{{"chat": {chat}, "number": {number}}}',
            user_id=chat,
            sent_at=0 if number in self._erased else 2**40,
        )
        self._write(lambda session: inbox.accept(session, BOT_ID, [update]))

    def _begin(self, job: Job) -> None:
        async def begin() -> None:
            async with self._database.write() as session:
                turn = await opening.open_turn(
                    session,
                    job.question,
                    work=job.work,
                    release="test",
                    prompt_hash="",
                    history_limit=0,
                )
                if turn.state == "generating":
                    job.turn = turn
                else:
                    await inbox.finish(session, job.work)
                    self._jobs.remove(job)

        try:
            self._run(begin())
        except Fenced:
            self._jobs.remove(job)

    def _answer(self, job: Job, parts: int) -> None:
        assert job.turn
        self._jobs.remove(job)
        words = f"to {job.question.message_id}"
        conclusion = Conclusion(
            answer=Answer(
                verdict=Verdict.ANSWERED,
                text=words,
                completion=None,
                timing=Timing(first_token_ms=None, generation_ms=1),
            ),
            parts=[Part(content=f"{words}, {number}", entities=[]) for number in range(parts)],
        )
        with suppress(Fenced):
            self._run(
                self._turns._commit(job.work, job.turn, job.question, RecordingSink(), conclusion)
            )

    def _call(self, call: Call, outcome: str) -> None:
        sending = call.sending
        if outcome in {"sent", "unheard", "dies"}:
            self._world.shown[sending.address.chat_id].append(sending.id)
            self._world.was_late |= call.is_late
        with suppress(Fenced):
            match outcome:
                case "sent":
                    self._write(lambda s: outbox.sent(s, sending, 1000 + len(self._calls)))
                case "refused":
                    self._write(lambda s: outbox.not_sent(s, sending, delay=NOW, reason="later"))
                case "closed":
                    self._write(lambda s: chats.refuse(s, sending, "blocked"))
                case "unheard" | "lost":
                    self._write(
                        lambda s: outbox.ambiguous(
                            s, sending, self.policy, delay=NOW, reason="time-out"
                        )
                    )

    def _write(self, act: Callable[[Any], Awaitable[Result]]) -> Result:
        async def write() -> Result:
            async with self._database.write() as session:
                return await act(session)

        return self._run(write())

    def _do(self, *statements: str) -> None:
        async def do(session: Any) -> None:
            for statement in statements:
                await session.execute(text(statement))

        self._write(do)

    def _rows(self, query: str) -> list[Any]:
        async def rows() -> list[Any]:
            async with self._database.read() as session:
                return [tuple(row) for row in await session.execute(text(query))]

        return self._run(rows())

    def _run(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        return self._runner.run(coroutine)


class Held(Delivery):
    policy = SendPolicy.HOLD


def _at(chat: int) -> Address:
    return Address(bot_id=BOT_ID, chat_id=chat)


def _question(work: Work) -> Question:
    chat, number = work.raw["chat"], work.raw["number"]
    person = Person(id=chat, first_name="Ann")
    return Question(
        address=_at(chat), chat_kind="private", person=person, message_id=number, text="Hi"
    )


def play(machine: type[Delivery], url: str, *, examples: int, steps: int) -> None:
    factory: Any = partial(machine, url)  # any callable will do, whatever its type says
    run_state_machine_as_test(
        factory,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )


MACHINES = pytest.mark.parametrize("machine", [Delivery, Held], ids=["resend", "hold"])


@MACHINES
def test_the_promises(module_database_url: str, machine: type[Delivery]) -> None:
    play(machine, module_database_url, examples=6, steps=25)


@MACHINES
@pytest.mark.chaos
@pytest.mark.timeout(1800)
def test_the_promises_at_length(module_database_url: str, machine: type[Delivery]) -> None:
    play(machine, module_database_url, examples=150, steps=50)
