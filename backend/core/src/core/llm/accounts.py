"""Looks now and then whether an account without money has some again."""

import asyncio
from collections.abc import Mapping

from openai import AsyncOpenAI

from core.llm.errors import ModelError, NoCredit
from core.llm.health import NO_CREDIT, Health
from core.llm.openai import fetch
from core.logging import get_logger

log = get_logger(__name__)

#: a little less than such an account rests, so that this is what finds out, not a question
EVERY_SECONDS = NO_CREDIT * 0.7
_PATIENCE_SECONDS = 5.0


class AccountWatch:
    def __init__(
        self,
        accounts: Mapping[str, Health],
        clients: Mapping[str, AsyncOpenAI],
        *,
        every: float = EVERY_SECONDS,
    ) -> None:
        """By the account's name. `every` is in seconds."""
        self._accounts = accounts
        self._clients = clients
        self._every = every
        self._told = asyncio.Event()

    async def run(self) -> None:
        """Until `stop`."""
        while not self._told.is_set():
            for name, health in self._accounts.items():
                if isinstance(health.reason, NoCredit):
                    await self._look(name, health)
            try:
                await asyncio.wait_for(self._told.wait(), self._every)
            except TimeoutError:
                continue

    def stop(self) -> None:
        self._told.set()

    async def _look(self, name: str, health: Health) -> None:
        """Where the provider does not tell, the next question does, when the rest is over."""
        try:
            told = await fetch(self._clients[name], "/key", seconds=_PATIENCE_SECONDS)
        except NoCredit as error:
            health.failed(error, is_trial=True)
        except ModelError:
            return
        else:
            self._judge(name, health, told)

    def _judge(self, name: str, health: Health, told: object) -> None:
        has_credit = _has_credit(told)
        if has_credit:
            log.info("account_has_credit", account=name)
            health.recover()
        elif has_credit is False:
            health.failed(NoCredit(), is_trial=True)


def _has_credit(told: object) -> bool | None:
    """From OpenRouter's document about a key; None where that is not told."""
    data = told.get("data") if isinstance(told, Mapping) else None
    if not isinstance(data, Mapping) or "limit_remaining" not in data:
        return None
    left = data["limit_remaining"]
    return left is None or (isinstance(left, int | float) and left > 0)
