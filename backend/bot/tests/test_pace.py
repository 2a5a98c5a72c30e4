"""How many calls the bot makes: never more than its share, and what shows progress least."""

from hypothesis import given
from hypothesis import strategies as st

from bot.pace import Pace


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@given(
    rate=st.sampled_from([0.5, 1, 3, 7.5, 30]),
    processes=st.integers(1, 6),
    steps=st.lists(st.tuples(st.floats(0, 0.6), st.booleans(), st.integers(0, 40)), max_size=60),
)
def test_it_never_exceeds_its_share(
    rate: float, processes: int, steps: list[tuple[float, bool, int]]
) -> None:
    clock = Clock()
    pace = Pace(rate, clock=clock)
    pace.share_with(processes)
    made: list[float] = []
    for passed, is_part, wanted in steps:
        clock.now += passed
        if is_part:
            calls = max(0, min(wanted, pace.room()))
            pace.spend(calls)
        else:
            calls = int(pace.spare())
        made += [clock.now] * calls
    share = rate / processes
    for end in made:
        window = max(1.0, 1 / share)
        assert sum(end - window < moment <= end for moment in made) <= max(1, share)


def test_parts_go_first() -> None:
    clock = Clock()
    pace = Pace(10, clock=clock)
    shown = sum(pace.spare() for _ in range(10))
    assert (shown, pace.room()) == (5, 5)
    pace.spend(5)
    assert (pace.room(), pace.spare()) == (0, False)
    assert 0.9 < pace.pause() <= 1.0
    clock.now += 1.01
    assert pace.room() == 10


def test_the_pause_ends_when_there_is_room() -> None:
    clock = Clock()
    pace = Pace(2, clock=clock)
    pace.spend(2)
    clock.now += 0.7
    assert 0.29 < pace.pause() < 0.31
    clock.now += pace.pause()
    assert pace.room() == 2


def test_it_can_be_off() -> None:
    pace = Pace(0)
    pace.spend(1000)
    assert pace.room() > 1000
    assert pace.spare()
    assert pace.is_off
