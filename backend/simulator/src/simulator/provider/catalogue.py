"""The models on offer, in OpenRouter's shape."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    id: str
    name: str
    context_length: int
    #: dollars for a million tokens
    prompt_price: Decimal
    completion_price: Decimal

    def cost(self, prompt_tokens: int, completion_tokens: int) -> float:
        """Dollars, as the reply's `usage.cost` states them."""
        million = Decimal(1_000_000)
        prompt = self.prompt_price * prompt_tokens / million
        return float(prompt + self.completion_price * completion_tokens / million)

    def listed(self) -> dict[str, Any]:
        million = Decimal(1_000_000)
        return {
            "id": self.id,
            "canonical_slug": self.id,
            "name": self.name,
            "created": 1_780_000_000,
            "description": "A model of the simulator: it follows a few simple rules.",
            "context_length": self.context_length,
            "architecture": {
                "modality": "text->text",
                "input_modalities": ["text"],
                "output_modalities": ["text"],
                "tokenizer": "Other",
                "instruct_type": None,
            },
            "pricing": {
                "prompt": f"{self.prompt_price / million:f}",
                "completion": f"{self.completion_price / million:f}",
            },
            "top_provider": {
                "context_length": self.context_length,
                "max_completion_tokens": 16_384,
                "is_moderated": False,
            },
            "per_request_limits": None,
            "supported_parameters": ["max_tokens", "temperature"],
            "default_parameters": None,
            "links": {"details": f"/api/v1/models/{self.id}/endpoints"},
        }


OFFERS = {
    offer.id: offer
    for offer in (
        Offer(
            id="parley/demo-large",
            name="Parley: Demo Large",
            context_length=128_000,
            prompt_price=Decimal(2),
            completion_price=Decimal(8),
        ),
        Offer(
            id="parley/demo-small",
            name="Parley: Demo Small",
            context_length=32_000,
            prompt_price=Decimal("0.2"),
            completion_price=Decimal("0.8"),
        ),
        Offer(
            id="parley/demo-code",
            name="Parley: Demo Code",
            context_length=64_000,
            prompt_price=Decimal(1),
            completion_price=Decimal(4),
        ),
    )
}


def count_tokens(text: str) -> int:
    """The simulator's tokenizer: a token for every four characters."""
    return -(-len(text) // 4)
