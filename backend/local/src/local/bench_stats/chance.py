"""SQL that draws: the same number for the same row, salt and seed, in whatever order rows come."""

from collections.abc import Mapping
from itertools import accumulate

_BITS = 52


def uniform(row: str, salt: int, seed: int) -> str:
    """A float in [0, 1) for a row's number."""
    drawn = f"hashint8extended({row}, {seed * 1000 + salt})"
    return f"(({drawn} & {2**_BITS - 1})::float8 / {float(2**_BITS)!r})"


def whole(row: str, salt: int, seed: int, low: int, high: int) -> str:
    """An integer in [low, high]."""
    return f"({low} + floor({uniform(row, salt, seed)} * {high - low + 1}))::integer"


def pareto(row: str, salt: int, seed: int, *, least: int, shape: float, most: int) -> str:
    """An integer of at least `least`, rarely much more: how waiting times are spread."""
    drawn = f"{least} / power(1 - {uniform(row, salt, seed)}, {1 / shape!r})"
    return f"least({most}, {drawn})::integer"


def one_of(row: str, salt: int, seed: int, weights: Mapping[str, float]) -> str:
    """One of the texts, by weight; the empty text stands for null."""
    total = sum(weights.values())
    limits = [limit / total for limit in accumulate(weights.values())][:-1]
    texts = ", ".join(f"'{name}'" for name in weights)
    place = f"width_bucket({uniform(row, salt, seed)}, ARRAY{limits!r}::float8[])"
    return f"nullif((ARRAY[{texts}])[1 + {place}], '')"


def uuid_of(moment: str, row: str, mark: str, seed: int) -> str:
    """A UUID version 7 of a moment; `mark` is a hexadecimal digit that tells tables apart."""
    milliseconds = f"lpad(to_hex(floor(extract(epoch FROM {moment}) * 1000)::bigint), 12, '0')"
    digits = f"lpad(to_hex(hashint8extended({row}, {seed})), 16, '0')"
    return f"({milliseconds} || '7' || left({digits}, 3) || '8{mark}' || right({digits}, 14))::uuid"
