"""How many calls may be made again."""

import pytest

from core.llm.budget import AT_LEAST, WINDOW, RetryBudget


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("first_calls", "retries", "is_spent"),
    [
        (0, AT_LEAST - 1, False),
        (0, AT_LEAST, True),
        (26, 3, True),  # 29 calls: 2.9, but 3 at least
        (27, 3, True),  # 30 calls: 3
        (28, 3, False),  # 31 calls: 3.1
        (90, 9, False),  # 99 calls: 9.9
        (90, 10, True),  # 100 calls: 10
    ],
)
def test_it_is_a_share_of_the_calls_of_a_minute(
    first_calls: int, retries: int, *, is_spent: bool
) -> None:
    budget = RetryBudget(Clock())
    for number in range(first_calls + retries):
        budget.note_call(is_retry=number >= first_calls)
    assert budget.is_spent is is_spent


def test_what_is_long_ago_is_forgotten() -> None:
    clock = Clock()
    budget = RetryBudget(clock)
    for _ in range(AT_LEAST):
        budget.note_call(is_retry=True)
    clock.now += WINDOW - 0.1
    assert budget.is_spent
    clock.now += 0.1
    assert not budget.is_spent
