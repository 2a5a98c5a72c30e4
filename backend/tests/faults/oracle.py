"""Whether the guarantee held: what the people saw, what the provider billed, what the tables say.

The simulated chats and the simulated provider's journal are the witnesses; the tables are the
accused. A wrong is a sentence; a run without any is clean.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import Any

from sqlalchemy import text

from core.db.session import Database
from core.db.tables.chat import TURN_FINAL
from core.stats.rebuild import rebuild

#: never more than the first and one more, and that one only where nobody can know
MAX_COPIES = 2
MAX_GENERATIONS = 3
#: of one call; ours are rounded
_ROUNDING_MICROS = 1
#: what only a machine says
_RAW = (
    "Traceback",
    "<html",
    "asyncpg",
    "aiohttp",
    "sqlalchemy",
    "Error(",
    "sk-or-",
    "simulator-key",
)
_SECRETS = ("simulator-key", "simulator-token", "Traceback (most recent call last)")

Chat = Sequence[dict[str, Any]]


@dataclass(slots=True, kw_only=True)
class Forgiven:
    """What a fault does outside of the guarantee, and its test says so."""

    #: updates that nobody can handle, parked with a reason
    parked: int = 0
    #: chat and message: of such nothing may be known, because the database or Telegram lost them
    unknown: set[tuple[int, int]] = field(default_factory=set)
    #: what the bot said about those, and the calls it made
    words: set[str] = field(default_factory=set)
    calls: int = 0
    #: chats whose people had everything erased
    erased: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Oracle:
    database: Database
    #: every message of each chat, oldest first
    chats: dict[int, Chat]
    #: what the provider was asked
    calls: Sequence[dict[str, Any]]
    #: what the programs wrote
    logs: Sequence[str]
    forgiven: Forgiven

    async def wrongs(self) -> list[str]:
        parts: defaultdict[int, list[Any]] = defaultdict(list)
        for part in await self._rows(_PARTS):
            parts[part.chat_id].append(part)
        found = [
            *self._accepted(await self._rows(_TURNS)),
            *self._left_open(await self._rows(_OPEN)),
            *self._money(await self._rows(_ATTEMPTS)),
            *self._raw_words(),
        ]
        for chat_id, chat in self.chats.items():
            if chat_id not in self.forgiven.erased:
                said = [message for message in chat if self._is_said(message)]
                found += _copies(chat_id, said, parts[chat_id])
                found += _order(chat_id, said, parts[chat_id])
        rebuilt = await rebuild(self.database)
        return [*found, *(f"rollups: {example}" for example in rebuilt.examples)]

    def _is_said(self, message: dict[str, Any]) -> bool:
        return message["from"]["is_bot"] and message.get("text") not in self.forgiven.words

    async def _rows(self, statement: str) -> Sequence[Any]:
        async with self.database.read() as session:
            return (await session.execute(text(statement))).all()

    def _accepted(self, turns: Sequence[Any]) -> Iterator[str]:
        """Each question has one turn, and that has come to its end."""
        of = {(turn.chat_id, turn.message_id): turn for turn in turns}
        for key in self._questions():
            if key not in of and key not in self.forgiven.unknown:
                yield f"lost: {key} has no turn"
        for key, turn in of.items():
            if turn.state not in TURN_FINAL:
                yield f"unfinished: turn of {key} is {turn.state}"
            if turn.generations > MAX_GENERATIONS + 1:
                yield f"turn of {key} was begun {turn.generations} times"

    def _questions(self) -> Iterator[tuple[int, int]]:
        """Chat and message of each that wants an answer."""
        for chat_id, chat in self.chats.items():
            if chat_id not in self.forgiven.erased:
                for message in chat:
                    if _wants_answer(chat_id, message):
                        yield chat_id, message["message_id"]

    def _left_open(self, counts: Sequence[Any]) -> Iterator[str]:
        for what, number in counts:
            expected = self.forgiven.parked if what == "parked updates" else 0
            if number != expected:
                yield f"{number} {what}, {expected} expected"

    def _money(self, attempts: Sequence[Any]) -> Iterator[str]:
        """What a call cost is in its row, or the row says that it is not known."""
        forgiven = self.forgiven.calls
        if len(self.calls) > len(attempts) + forgiven:
            yield f"{len(self.calls)} calls, only {len(attempts)} noted"
        bills = [call for call in self.calls if call["cost"]]
        for attempt in sorted(attempts, key=lambda attempt: attempt.generation_id is None):
            if attempt.cost_source == "usage" and attempt.cost_micros:
                bill = next((bill for bill in bills if _is_for(bill, attempt)), None)
                if bill is None:
                    yield f"{attempt.cost_micros} micros of {attempt.target} are on no bill"
                else:
                    bills.remove(bill)
        unsure = sum(attempt.cost_source != "usage" for attempt in attempts)
        if len(bills) > unsure + forgiven:
            yield f"{len(bills)} calls were billed beyond those noted, {unsure} are marked"

    def _raw_words(self) -> Iterator[str]:
        said = [
            message.get("text", "")
            for chat in self.chats.values()
            for message in chat
            if message["from"]["is_bot"]
        ]
        for words in _RAW:
            if any(words in text for text in said):
                yield f"a person was shown {words!r}"
        for words in _SECRETS:
            if any(words in log for log in self.logs):
                yield f"a log has {words!r}"


def _is_for(bill: dict[str, Any], attempt: Any) -> bool:
    if attempt.generation_id not in {None, bill["generation_id"]}:
        return False
    is_same = abs(attempt.cost_micros - bill["cost"] * 1e6) <= _ROUNDING_MICROS
    return bool(is_same and attempt.target.endswith(bill["model"]))


def _wants_answer(chat_id: int, message: dict[str, Any]) -> bool:
    if message["from"]["is_bot"]:
        return False
    words = message.get("text") or message.get("caption") or ""
    if words.startswith("/"):
        return False
    return chat_id > 0 or "@parley_bot" in words


def _copies(chat_id: int, said: Chat, parts: Sequence[Any]) -> Iterator[str]:
    """Parts of the same words cannot be told apart, and are counted together."""
    seen = Counter(_shown(message.get("text", "")) for message in said)
    due: defaultdict[str, list[Any]] = defaultdict(list)
    for part in parts:
        due[_shown(part.content)].append(part)
    for words, same in due.items():
        copies, marked = seen.pop(words, 0), sum(part.delivery_unknown for part in same)
        if copies > len(same) + marked:
            yield f"chat {chat_id}: {copies} copies of {words[:40]!r}, {marked} marked"
        if copies < sum(part.state == "sent" for part in same):
            yield f"chat {chat_id}: {words[:40]!r} counts as sent and is not there"
        if copies > MAX_COPIES * len(same):
            yield f"chat {chat_id}: {copies} copies of {words[:40]!r}"
    for words in seen:
        if chat_id > 0:
            yield f"chat {chat_id}: nobody knows of {words[:40]!r}"


def _order(chat_id: int, said: Chat, parts: Sequence[Any]) -> Iterator[str]:
    first: dict[str, int] = {}
    for place, message in enumerate(said):
        first.setdefault(_shown(message.get("text", "")), place)
    once = Counter(_shown(part.content) for part in parts)
    places = [
        first[words]
        for words in (_shown(part.content) for part in parts)
        if once[words] == 1 and words in first
    ]
    if any(later < earlier for earlier, later in pairwise(places)):
        yield f"chat {chat_id}: parts out of order: {places}"
    # what is said beside an answer has a number below zero
    asked = [(one.asked_in, one.message_id) for one in parts if one.message_id and one.part >= 0]
    for chat, numbers in groupby(asked, lambda one: one[0]):
        order = [number for _, number in numbers]
        if order != sorted(order):
            yield f"chat {chat}: answers out of order: {order}"


def _shown(words: str) -> str:
    """Telegram shows a tab as a space and cuts outer white space."""
    return words.replace("\t", " ").strip()


_TURNS = """
    SELECT turns.chat_id, messages.telegram_message_id AS message_id, turns.state, turns.generations
    FROM turns JOIN messages ON messages.id = turns.question_id
"""
_PARTS = """
    SELECT outbox.chat_id, outbox.part, outbox.content, outbox.state, outbox.delivery_unknown,
           messages.telegram_message_id AS message_id, messages.chat_id AS asked_in
    FROM outbox
    LEFT JOIN turns ON turns.id = outbox.turn_id
    LEFT JOIN messages ON messages.id = turns.question_id
    ORDER BY outbox.seq
"""
_ATTEMPTS = "SELECT target, generation_id, cost_micros, cost_source FROM llm_attempts"
_OPEN = """
    SELECT 'updates in work', count(*) FROM inbox WHERE state IN ('pending', 'running')
    UNION ALL SELECT 'parked updates', count(*) FROM inbox WHERE state = 'dead'
    UNION ALL SELECT 'parts in work', count(*) FROM outbox WHERE state IN ('pending', 'sending')
    UNION ALL SELECT 'calls in work', count(*) FROM llm_attempts WHERE outcome = 'running'
"""
