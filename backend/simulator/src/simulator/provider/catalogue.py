"""The models on offer, in OpenRouter's shape."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

PROVIDER_NAME = "Simulator"
CHARACTERS_PER_TOKEN = 4
_MILLION = Decimal(1_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    id: str
    name: str
    description: str
    context_length: int
    max_completion_tokens: int = 16_384
    #: dollars for a million tokens
    prompt_price: Decimal
    completion_price: Decimal

    def prompt_cost(self, tokens: int) -> float:
        return float(self.prompt_price * tokens / _MILLION)

    def completion_cost(self, tokens: int) -> float:
        return float(self.completion_price * tokens / _MILLION)

    def cost(self, prompt_tokens: int, completion_tokens: int) -> float:
        """Dollars, as the reply's `usage.cost` states them."""
        prompt = self.prompt_price * prompt_tokens
        return float((prompt + self.completion_price * completion_tokens) / _MILLION)

    def listed(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "canonical_slug": self.id,
            "name": self.name,
            "created": 1_780_000_000,
            "description": self.description,
            "context_length": self.context_length,
            "architecture": {
                "modality": "text->text",
                "input_modalities": ["text"],
                "output_modalities": ["text"],
                "tokenizer": "Other",
                "instruct_type": None,
            },
            "pricing": {
                "prompt": f"{self.prompt_price / _MILLION:f}",
                "completion": f"{self.completion_price / _MILLION:f}",
            },
            "top_provider": {
                "context_length": self.context_length,
                "max_completion_tokens": self.max_completion_tokens,
                "is_moderated": False,
            },
            "per_request_limits": None,
            "supported_parameters": ["max_tokens", "max_completion_tokens"],
            "supported_voices": None,
            "default_parameters": None,
            "links": {"details": f"/api/v1/models/{self.id}/endpoints"},
        }


OFFERS = {
    offer.id: offer
    for offer in (
        Offer(
            id="parley/demo-large",
            name="Parley: Demo Large",
            description="Follows a few simple rules, at leisure.",
            context_length=128_000,
            prompt_price=Decimal(2),
            completion_price=Decimal(8),
        ),
        Offer(
            id="parley/demo-small",
            name="Parley: Demo Small",
            description="Follows the same rules for a tenth of the price.",
            context_length=32_000,
            prompt_price=Decimal("0.2"),
            completion_price=Decimal("0.8"),
        ),
        Offer(
            id="parley/demo-code",
            name="Parley: Demo Code",
            description="Follows the same rules with a straight face.",
            context_length=64_000,
            prompt_price=Decimal(1),
            completion_price=Decimal(4),
        ),
    )
}


def offer_like_large(model: str) -> Offer:
    """An offer for a model that only a script knows."""
    return replace(OFFERS["parley/demo-large"], id=model, name=model)


def count_tokens(text: str) -> int:
    """The simulator's tokenizer: every four characters are a token."""
    return -(-len(text) // CHARACTERS_PER_TOKEN)
