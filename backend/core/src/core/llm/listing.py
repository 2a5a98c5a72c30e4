"""What a provider tells about its models. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.llm.usage import Price

#: where providers tell how much a model can read: OpenRouter, Groq, vLLM
_WINDOWS = ("context_length", "context_window", "max_model_len")
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """None where it is not told."""

    window: int | None = None
    price: Price | None = None
    sees_images: bool | None = None


def read_listing(document: object) -> dict[str, Listed]:
    """By the model's name; what makes no sense is left out."""
    models = document.get("data") if isinstance(document, Mapping) else None
    return dict(_models(models if isinstance(models, list) else []))


def find(model: str, listing: Mapping[str, Listed]) -> Listed | None:
    """A variant such as `:nitro` is not listed by itself."""
    return listing.get(model) or listing.get(model.partition(":")[0])


def _models(models: list[Any]) -> Iterator[tuple[str, Listed]]:
    for model in models:
        if isinstance(model, Mapping) and isinstance(name := model.get("id"), str):
            yield (
                name,
                Listed(window=_window(model), price=_price(model), sees_images=_sees(model)),
            )


def _window(model: Mapping[str, Any]) -> int | None:
    told = (model.get(name) for name in _WINDOWS)
    return next((x for x in told if isinstance(x, int) and x > 0), None)


def _price(model: Mapping[str, Any]) -> Price | None:
    pricing = model.get("pricing")
    if not isinstance(pricing, Mapping):
        return None
    prompt, completion = _dollars(pricing.get("prompt")), _dollars(pricing.get("completion"))
    if prompt is None or completion is None:
        return None
    cached = _dollars(pricing.get("input_cache_read"))
    return Price(prompt=prompt, completion=completion, cached=cached)


def _dollars(for_one_token: object) -> Decimal | None:
    """For a million; None for what is told with another meaning, such as -1 for "it depends"."""
    if not isinstance(for_one_token, str | int | float) or isinstance(for_one_token, bool):
        return None
    try:
        amount = Decimal(str(for_one_token)) * _MILLION
        is_price = 0 <= amount < _MILLION
    except ArithmeticError:
        return None
    return amount if is_price else None


def _sees(model: Mapping[str, Any]) -> bool | None:
    architecture = model.get("architecture")
    kinds = architecture.get("input_modalities") if isinstance(architecture, Mapping) else None
    return "image" in kinds if isinstance(kinds, list) else None
