"""The protocol of `core.chat`, in every order of events: what is shipped keeps its promises, and
what leaves one thing out is caught.
"""

from dataclasses import replace

import pytest

from .protocol import Design, walk

#: what is enough to break the designs that can be broken
LITTLE = Design(crashes=1, early_ends=1, silences=1, outages=0)


#: what it is put to at length
MUCH = (Design(), Design(parts=2, crashes=1, early_ends=1, silences=2, outages=0))

POLICIES = pytest.mark.parametrize("resends", [True, False], ids=["resend", "hold"])


@POLICIES
@pytest.mark.parametrize(
    "put_to",
    [
        replace(LITTLE, crashes=2, outages=1),
        pytest.param(replace(LITTLE, parts=2), marks=pytest.mark.chaos),
    ],
    ids=["one part", "two parts"],
)
def test_the_design_keeps_its_promises(put_to: Design, *, resends: bool) -> None:
    found = walk(replace(put_to, resends=resends))
    assert found.broken == {}
    assert found.states > 5_000


@POLICIES
@pytest.mark.chaos
@pytest.mark.parametrize("put_to", MUCH, ids=["one part", "two parts"])
def test_the_design_keeps_its_promises_under_much(put_to: Design, *, resends: bool) -> None:
    assert walk(replace(put_to, resends=resends)).broken == {}


@pytest.mark.chaos
def test_who_is_frozen_beyond_the_lease_may_break_the_order_and_nothing_else() -> None:
    late = replace(LITTLE, parts=2, calls_in_lease=False)
    assert walk(late).broken.keys() == {"out of order"}


@pytest.mark.parametrize(
    ("without", "broken"),
    [
        ({"stores_first": False}, "lost"),
        ({"notes_intent": False}, "doubled without a mark"),
        ({"is_fenced": False}, "doubled without a mark"),
        ({"takes_away": False}, "goes on after its end"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_leaving_one_thing_out_is_caught(without: dict[str, bool], broken: str) -> None:
    found = walk(replace(LITTLE, **without), until=broken)
    assert broken in found.broken, found
