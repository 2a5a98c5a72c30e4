"""What the simulated Telegram consists of, and what an order of a test changes in it."""

import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Literal

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from simulator.telegram.accounts import Account
from simulator.telegram.flood import Flood
from simulator.telegram.world import Chat, World

DEFAULT_TOKEN = "42:simulator-token"  # noqa: S105 - opens nothing but the simulator
JOURNAL_LENGTH = 200_000

FaultKind = Literal["error", "flood", "html", "empty", "hang", "drop_before", "drop_after", "delay"]


class FaultOrder(BaseModel):
    """What goes wrong with calls that fit: `times` of them (null: all), after `after` good ones.

    `drop_before` closes the connection before the call takes effect, `drop_after` after it.
    """

    model_config = ConfigDict(extra="forbid")

    method: str
    kind: FaultKind
    times: int | None = 1
    after: int = Field(default=0, ge=0)
    chat_id: int | None = None
    error_code: int = 400
    description: str = "Bad Request"
    retry_after: int = 3
    #: beside the sentence of an `error`, such as migrate_to_chat_id
    parameters: dict[str, int] = Field(default_factory=dict)
    seconds: float = 1.0


@dataclass(slots=True)
class Fault:
    id: int
    order: FaultOrder
    left: int | None
    skip: int
    hits: int = 0

    def strikes(self, method: str, chat_id: int | None) -> bool:
        if self.left == 0 or self.order.method.lower() not in {method, "*"}:
            return False
        if self.order.chat_id is not None and self.order.chat_id != chat_id:
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.left is not None:
            self.left -= 1
        self.hits += 1
        return True


@dataclass(slots=True)
class Telegram:
    world: World = field(default_factory=World)
    accounts: dict[str, Account] = field(default_factory=dict)
    flood: Flood = field(default_factory=Flood)
    faults: list[Fault] = field(default_factory=list)
    journal: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=JOURNAL_LENGTH))
    #: texts that stand in for the whole reply of the next getUpdates calls
    garbage: deque[bytes] = field(default_factory=deque)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.register(DEFAULT_TOKEN, "parley_bot", "Parley")

    @property
    def bot(self) -> Account:
        """The first bot: the one people talk to."""
        return next(iter(self.accounts.values()))

    def register(self, token: str, username: str, first_name: str) -> Account:
        user = {
            "id": int(token.split(":", maxsplit=1)[0]),
            "is_bot": True,
            "first_name": first_name,
            "username": username,
        }
        self.accounts[token] = Account(token, user)
        return self.accounts[token]

    def close(self) -> None:
        """End what runs in the background."""
        for account in self.accounts.values():
            account.close()
        self.world.forget_drafts()

    def reset(self) -> None:
        self.close()
        self.world.reset()
        self.accounts.clear()
        self.faults.clear()
        self.journal.clear()
        self.garbage.clear()
        self.flood.reset()
        self.flood.is_on = True
        self.register(DEFAULT_TOKEN, "parley_bot", "Parley")

    def order_fault(self, order: FaultOrder) -> Fault:
        fault = Fault(next(self.numbers), order, order.times, order.after)
        self.faults.append(fault)
        return fault

    def fault_for(self, method: str, chat_id: int | None) -> FaultOrder | None:
        return next((f.order for f in self.faults if f.strikes(method, chat_id)), None)

    def note(self, method: str, params: dict[str, Any], *, ok: bool, status: int) -> None:
        """Journal a call of the bot, with monotonic milliseconds."""
        self.journal.append(
            {
                "n": next(self.numbers),
                "at": time.monotonic() * 1000,
                "method": method,
                "params": params,
                "ok": ok,
                "status": status,
            }
        )

    def notify_bot(self, kind: str, event: dict[str, Any], chat: Chat) -> int:
        """Queue an update for the bot that lives in the chat."""
        return self.bot.push(kind, event, chat.id)


TELEGRAM = web.AppKey("telegram", Telegram)
