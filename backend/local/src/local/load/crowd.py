"""`python -m local.load.crowd`: locust, in a process of its own, for it patches all of it.

Reads Orders from standard input and writes Figures to standard output; its own words go to standard
error.
"""

import itertools
import sys
from collections.abc import Iterator

import gevent
from locust import FastHttpUser
from locust.env import Environment
from locust.html import get_html_report
from locust.log import setup_logging
from locust.stats import StatsEntry, stats_history

from local.load.analysts import Analyst
from local.load.figures import LIMITED, Figures, Line, Orders
from local.load.people import Chats, Person

_START_SECONDS = 15.0
#: for what is under way when the time is over
_STOP_SECONDS = 15.0


def main() -> None:
    setup_logging("WARNING")
    orders = Orders.model_validate_json(sys.stdin.read())
    environment = Environment(user_classes=list(_classes(orders)), stop_timeout=_STOP_SECONDS)
    runner = environment.create_local_runner()
    gevent.spawn(stats_history, runner)
    runner.start(orders.analysts + len(orders.people), orders.spawn_rate)
    gevent.sleep(orders.seconds)
    runner.stop()
    orders.page.write_text(get_html_report(environment, show_download_link=False))
    sys.stdout.write(_figures(environment).model_dump_json())
    sys.stdout.flush()
    runner.quit()


def _classes(orders: Orders) -> Iterator[type[FastHttpUser]]:
    if orders.analysts:
        Analyst.host = orders.api
        Analyst.fixed_count = orders.analysts
        Analyst.seats = (
            (orders.accounts[number // 2 % len(orders.accounts)], orders.password, number % 2 == 0)
            for number in itertools.count()
        )
        yield Analyst
    if orders.people and orders.simulator:
        Person.host = orders.simulator
        Person.fixed_count = len(orders.people)
        Person.ids = iter(orders.people)
        Person.chats = Chats(orders.simulator)
        gevent.spawn(Person.chats.follow)
        Person.chats.is_followed.wait(_START_SECONDS)
        yield Person


def _figures(environment: Environment) -> Figures:
    assert environment.runner is not None
    entries = environment.stats.entries.values()
    return Figures(
        lines=tuple(_line(entry) for entry in entries if entry.name != LIMITED),
        limited=sum(entry.num_requests for entry in entries if entry.name == LIMITED),
        failures=tuple(
            f"{error.name}: {error.error} ({error.occurrences} times)"
            for error in environment.stats.errors.values()
        ),
        crashes=tuple(str(crash["msg"]) for crash in environment.runner.exceptions.values()),
    )


def _line(entry: StatsEntry) -> Line:
    p50, p95, p99 = (entry.get_response_time_percentile(share) for share in (0.5, 0.95, 0.99))
    return Line(
        kind=entry.name,
        requests=entry.num_requests,
        failures=entry.num_failures,
        rate=entry.total_rps,
        p50=p50,
        p95=p95,
        p99=p99,
    )


if __name__ == "__main__":
    main()
