"""Who can be asked, and in which order for what."""

from dataclasses import dataclass
from datetime import UTC, datetime

from core.llm.model import ChatModel
from core.llm.usage import Price, price_on

#: at OpenRouter, of models that cost nothing and have limits of their own
FREE = ":free"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    model: ChatModel
    #: tokens of prompt and answer together
    window: int
    #: of these the answer may take
    answer: int = 0
    #: the account that pays, by its name
    credential: str | None = None
    #: who judges a request, where that is known: another one may like what this one refuses
    provider: str | None = None
    prices: tuple[Price, ...] = ()
    is_for_code: bool = False
    sees_images: bool = False
    #: its account counts calls of models like this one apart
    is_free: bool = False

    @property
    def name(self) -> str:
        return self.model.name

    @property
    def budget(self) -> int:
        """Tokens of prompt."""
        return max(self.window - self.answer, self.window // 2)

    @property
    def price(self) -> Price | None:
        """Of today."""
        return price_on(datetime.now(UTC).date(), self.prices)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chains:
    """Targets in the order in which they are asked."""

    default: tuple[Target, ...]
    #: for what is too long for the others
    context_window: tuple[Target, ...] = ()
    #: for what the policy of another declined
    content_policy: tuple[Target, ...] = ()
    #: where the last attempt goes
    last_resort: tuple[Target, ...] = ()

    @property
    def all(self) -> tuple[Target, ...]:
        """Each once."""
        chains = (self.default, self.context_window, self.content_policy, self.last_resort)
        return tuple(dict.fromkeys(target for chain in chains for target in chain))
