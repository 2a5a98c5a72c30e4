"""The judge of the fault matrix finds what is wrong, and nothing where all is well."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from .oracle import Forgiven, Oracle, _copies, _order
from .table import merged

CHAT = 7


def part(words: str, *, asked: int | None = 1, **more: Any) -> Any:
    row = {"state": "sent", "delivery_unknown": False, "part": 0, "asked_in": CHAT, **more}
    return SimpleNamespace(content=words, message_id=asked, **row)


def said(*words: str) -> list[dict[str, Any]]:
    return [{"text": one, "from": {"is_bot": True}} for one in words]


def oracle(**more: Any) -> Oracle:
    fields = {"chats": {}, "calls": [], "logs": [], "forgiven": Forgiven(), **more}
    nowhere: Any = None
    return Oracle(database=nowhere, **fields)


@pytest.mark.parametrize(
    ("seen", "parts", "wrongs"),
    [
        (["a"], [part("a")], 0),
        (["a\tb "], [part("a\tb")], 0),
        (["a", "a"], [part("a", delivery_unknown=True)], 0),
        (["a", "a"], [part("a"), part("a")], 0),
        ([], [part("a", state="unknown", delivery_unknown=True)], 0),
        (["a", "a"], [part("a")], 1),
        (["a", "a", "a"], [part("a", delivery_unknown=True)], 2),
        ([], [part("a")], 1),
        (["a", "b"], [part("a")], 1),
    ],
)
def test_copies(seen: Sequence[str], parts: Sequence[Any], wrongs: int) -> None:
    assert len(list(_copies(CHAT, said(*seen), parts))) == wrongs


@pytest.mark.parametrize(
    ("seen", "parts", "wrongs"),
    [
        (["a", "b"], [part("a"), part("b", asked=2)], 0),
        (["a", "a", "b"], [part("a"), part("b", asked=2)], 0),
        (["a", "b", "!"], [part("a"), part("b", asked=2), part("!", part=-1)], 0),
        (["b", "a"], [part("a"), part("b", asked=2)], 1),
        (["b", "a"], [part("b", asked=2), part("a")], 1),
    ],
)
def test_order(seen: Sequence[str], parts: Sequence[Any], wrongs: int) -> None:
    assert len(list(_order(CHAT, said(*seen), parts))) == wrongs


def call(micros: float, generation: str = "g1") -> dict[str, Any]:
    return {"cost": micros / 1e6, "generation_id": generation, "model": "large"}


def attempt(micros: int, source: str = "usage", generation: str | None = "g1") -> Any:
    return SimpleNamespace(
        target="parley/large", generation_id=generation, cost_micros=micros, cost_source=source
    )


@pytest.mark.parametrize(
    ("calls", "attempts", "wrongs"),
    [
        ([call(10)], [attempt(10)], 0),
        ([call(10.4)], [attempt(10)], 0),
        ([call(10)], [attempt(10, generation=None)], 0),
        ([call(10)], [attempt(3, "estimated", None)], 0),
        ([], [attempt(3, "estimated", None)], 0),
        ([call(10)], [], 2),
        ([call(10)], [attempt(20)], 2),
        ([call(10), call(10, "g2")], [attempt(10), attempt(0)], 1),
    ],
)
def test_money(calls: list[Any], attempts: list[Any], wrongs: int) -> None:
    assert len(list(oracle(calls=calls)._money(attempts))) == wrongs


def test_each_question_has_a_turn_and_that_has_an_end() -> None:
    person = {"is_bot": False}
    chat = [{"message_id": n, "text": text, "from": person} for n, text in enumerate("ab/")]
    turns = [SimpleNamespace(chat_id=CHAT, message_id=0, state="ready", generations=1)]
    found = list(oracle(chats={CHAT: chat})._accepted(turns))
    assert found == ["lost: (7, 1) has no turn", "unfinished: turn of (7, 0) is ready"]


def test_what_only_a_machine_says_is_found() -> None:
    judge = oracle(chats={CHAT: said("sk-or-v1-secret")}, logs=["42:simulator-token"])
    assert len(list(judge._raw_words())) == 2


def test_sentences_that_differ_in_numbers_become_one() -> None:
    told = ["1 copy, 2.5 s", "1 copy, 3.1 s", "`401`: 2 tries", "`409`: 2 tries"]
    assert merged(told) == ["1 copy, 2.5–3.1 s", "`401`: 2 tries", "`409`: 2 tries"]
