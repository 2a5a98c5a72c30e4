"""Points at which a process dies on purpose."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import failpoints
from core.errors import SettingsError
from core.failpoints import Action, Failpoint, FailpointReached, Order, reach
from core.settings import load

SOURCES = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def disarmed() -> Generator[None]:
    yield
    failpoints.arm(())


class TestOrder:
    @pytest.mark.parametrize(
        ("written", "expected"),
        [
            ("work_claimed:kill", Order(point=Failpoint.WORK_CLAIMED, action=Action.KILL)),
            ("token_came:raise@3", Order(point=Failpoint.TOKEN_CAME, action=Action.RAISE, at=3)),
            (
                "part_claimed:block=2.5@2",
                Order(point=Failpoint.PART_CLAIMED, action=Action.BLOCK, seconds=2.5, at=2),
            ),
        ],
    )
    def test_it_is_read(self, written: str, expected: Order) -> None:
        assert Order.parse(written) == expected

    @pytest.mark.parametrize(
        "written",
        ["", "kill", "nowhere:kill", "work_claimed:explode", "work_claimed:kill@", "a:b:c"],
    )
    def test_what_cannot_be_read_is_refused(self, written: str) -> None:
        with pytest.raises(ValueError, match=r".+"):
            Order.parse(written)

    @given(st.sampled_from(Failpoint), st.sampled_from(Action), st.integers(1, 1000))
    def test_each_point_and_action_can_be_ordered(
        self, point: Failpoint, action: Action, at: int
    ) -> None:
        assert Order.parse(f"{point}:{action}@{at}") == Order(point=point, action=action, at=at)


class TestReach:
    def test_without_orders_nothing_happens(self) -> None:
        for point in Failpoint:
            reach(point)

    def test_an_order_strikes_once_at_its_time(self) -> None:
        failpoints.arm([Order.parse("token_came:raise@2")])
        reach(Failpoint.TOKEN_CAME)
        reach(Failpoint.WORK_CLAIMED)
        with pytest.raises(FailpointReached):
            reach(Failpoint.TOKEN_CAME)
        reach(Failpoint.TOKEN_CAME)

    def test_blocking_stops_the_whole_process(self) -> None:
        failpoints.arm([Order.parse("token_came:block=0.2")])
        started = time.monotonic()
        reach(Failpoint.TOKEN_CAME)
        assert time.monotonic() - started >= 0.2

    def test_each_point_is_noted_once(self, tmp_path: Path) -> None:
        journal = tmp_path / "journal"
        failpoints.arm([], journal)
        for point in (Failpoint.WORK_CLAIMED, Failpoint.TOKEN_CAME, Failpoint.WORK_CLAIMED):
            reach(point)
        assert journal.read_text() == "work_claimed\ntoken_came\n"

    @pytest.mark.parametrize(
        ("action", "number"), [("kill", signal.SIGKILL), ("freeze", signal.SIGSTOP)]
    )
    def test_a_process_is_killed_or_frozen(self, action: str, number: signal.Signals) -> None:
        orders = f"failpoints.arm([failpoints.Order.parse('work_claimed:{action}')])"
        reached = "failpoints.reach(failpoints.Failpoint.WORK_CLAIMED)"
        child = subprocess.Popen(
            [sys.executable, "-c", f"from core import failpoints; {orders}; {reached}"]
        )
        _, status = os.waitpid(child.pid, os.WUNTRACED)
        child.kill()
        child.wait()
        assert (os.WSTOPSIG(status) if os.WIFSTOPPED(status) else os.WTERMSIG(status)) == number


class TestSettings:
    ORDERS = "part_delivered:kill, token_came:block=2@3"

    def test_they_are_read_in_development(self) -> None:
        settings = load(None, {"FAILPOINTS": self.ORDERS, "ENVIRONMENT": "development"})
        assert settings.failpoints == tuple(map(Order.parse, self.ORDERS.split(", ")))

    @pytest.mark.parametrize("name", ["FAILPOINTS", "FAILPOINTS_JOURNAL"])
    def test_they_are_refused_in_production(self, name: str) -> None:
        with pytest.raises(SettingsError, match="ENVIRONMENT=development"):
            load(None, {name: self.ORDERS})


@pytest.mark.parametrize("point", Failpoint)
def test_each_point_has_its_place_in_the_sources(point: Failpoint) -> None:
    place = re.compile(rf"\breach\(Failpoint\.{point.name}\)")
    sources = (*SOURCES.glob("core/src/**/*.py"), *SOURCES.glob("bot/src/**/*.py"))
    assert any(place.search(source.read_text(encoding="utf-8")) for source in sources)
