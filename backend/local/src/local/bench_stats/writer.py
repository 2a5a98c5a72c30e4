"""`python -m local.bench_stats.writer URL RATE`: turns at a steady rate, until SIGTERM.

Each goes the product's own way, in the transactions of `core.chat.turns` and of the bot's sender;
the inbox, the model and Telegram are left out. Prints what it achieved as one line of JSON.
"""

import asyncio
import itertools
import json
import random
import signal
import sys
import time
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import text

from core.chat import dialogs, opening, outbox
from core.chat.outbox import Address, Part, Sending
from core.chat.values import Answer, Person, Question, Timing, Turn, Verdict
from core.db.session import Database
from core.llm.model import AttemptStarted, Completion, Finish
from core.llm.usage import CostSource, Usage
from core.stats import rollup
from core.stats.measures import Step

#: turns under way at the same time, at most
_AT_ONCE = 24
_LEASE = timedelta(seconds=30)
_TEXT = "An answer of ordinary length, written while somebody reads the statistics. " * 6
_MODEL = "openai/gpt-5-mini"


@dataclass(slots=True)
class Writer:
    database: Database
    people: list[tuple[int, Person]]
    rate: float
    chance: random.Random = field(default_factory=lambda: random.Random(5))  # noqa: S311 - repeatable
    #: seconds from the moment a turn was due to its delivery
    took: list[float] = field(default_factory=list)
    due: dict[tuple[int, int], float] = field(default_factory=dict)
    is_over: bool = False
    #: ids that no history and no earlier writer has given
    message_ids: "itertools.count[int]" = field(
        default_factory=lambda: itertools.count(time.time_ns() // 1_000_000)
    )

    async def run(self) -> float:
        """Write until told to stop, and deliver all of it; returns the seconds of writing."""
        started = time.monotonic()
        seats = asyncio.Semaphore(_AT_ONCE)
        bots = {bot_id for bot_id, _ in self.people}
        async with asyncio.TaskGroup() as senders:
            for bot_id in bots:
                senders.create_task(self._send(bot_id))
            async with asyncio.TaskGroup() as turns:
                for number in itertools.count():
                    due = started + number / self.rate
                    await asyncio.sleep(max(0.0, due - time.monotonic()))
                    if self.is_over:
                        break
                    await seats.acquire()
                    task = turns.create_task(self._turn(due))
                    task.add_done_callback(lambda _: seats.release())
            seconds = time.monotonic() - started
            self.is_over = True
        return seconds

    async def _turn(self, due: float) -> None:
        bot_id, person = self.people[int(len(self.people) * self.chance.random() ** 2)]
        message_id = next(self.message_ids)
        self.due[bot_id, message_id] = due
        question = Question(
            address=Address(bot_id=bot_id, chat_id=person.id),
            chat_kind="private",
            person=person,
            message_id=message_id,
            text=f"What came of number {message_id}?",
        )
        async with self.database.write() as session:
            turn = await opening.open_turn(
                session, question, release="bench", prompt_hash="bench", history_limit=20
            )
        async with self.database.write() as session:
            attempt = await dialogs.start_attempt(session, turn, AttemptStarted(target=_MODEL))
        answer = self._answer()
        async with self.database.write() as session:
            await dialogs.end_attempt(session, attempt, answer)
            await dialogs.complete_turn(session, turn, answer, model_asked=_MODEL, queue_ms=3)
            await outbox.enqueue(session, turn.address, _parts(turn, message_id), turn_id=turn.id)
            await rollup.book(session, turn.id, Step.CONCLUDED)

    def _answer(self) -> Answer:
        length = self.chance.randint(80, len(_TEXT))
        usage = Usage(
            prompt_tokens=300,
            completion_tokens=length // 4,
            cost_micros=75 + length // 2,
            cost_source=CostSource.USAGE,
        )
        return Answer(
            verdict=Verdict.ANSWERED,
            text=_TEXT[:length],
            completion=Completion(
                text=_TEXT[:length],
                finish=Finish.STOP,
                model=_MODEL,
                provider="openai",
                generation_id=None,
                usage=usage,
            ),
            timing=Timing(first_token_ms=self.chance.randint(200, 900), generation_ms=2500),
            spent=usage,
        )

    async def _send(self, bot_id: int) -> None:
        """Claim parts and have them arrive, until the writing is over and nothing is open."""
        while True:
            was_over = self.is_over
            async with self.database.write() as session:
                claimed = await outbox.claim(session, bot_id, limit=_AT_ONCE, lease=_LEASE)
            await asyncio.gather(*(self._arrive(sending) for sending in claimed))
            if was_over and not claimed:
                return
            if not claimed:
                await asyncio.sleep(0.02)

    async def _arrive(self, sending: Sending) -> None:
        async with self.database.write() as session:
            await outbox.sent(session, sending, next(self.message_ids))
        asked = int(sending.part.content.rpartition(" ")[2])
        if due := self.due.pop((sending.address.bot_id, asked), None):
            self.took.append(time.monotonic() - due)


def _parts(turn: Turn, message_id: int) -> list[Part]:
    assert turn.state == "generating"
    return [Part(content=f"{_TEXT[:200]} {message_id}", entities=[])]


async def _people(database: Database) -> list[tuple[int, Person]]:
    """Some of those who are there; the first of them are to write most."""
    async with database.read() as session:
        rows = await session.execute(text(_SOME_PEOPLE))
        return [
            (row.bot_id, Person(id=row.id, first_name=row.first_name, language_code=row.language))
            for row in rows
        ]


_SOME_PEOPLE = """
    SELECT bot_id, id, first_name, language_code AS language FROM users
    ORDER BY hashint8extended(id, 7) LIMIT 20000
"""


async def write(url: str, rate: float) -> dict[str, float]:
    database = Database(url, pool_size=_AT_ONCE, max_overflow=4)
    try:
        writer = Writer(database, await _people(database), rate)
        loop = asyncio.get_running_loop()
        for ending in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(ending, setattr, writer, "is_over", True)
        seconds = await writer.run()
    finally:
        await database.close()
    took = sorted(writer.took)
    return {
        "turns": len(took),
        "rate": len(took) / seconds,
        "p50_ms": took[len(took) // 2] * 1000,
        "p95_ms": took[len(took) * 95 // 100] * 1000,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(write(sys.argv[1], float(sys.argv[2])))) + "\n")
