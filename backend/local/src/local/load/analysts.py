"""Analysts on a morning: the overview, a number followed, a dialog opened, a file taken along."""

import base64
import http
import json
import random
import time
from collections.abc import Callable, Iterator
from typing import Any, ClassVar
from urllib.parse import urlencode

import gevent
from locust import FastHttpUser, between

from local.load import stream
from local.load.figures import LIMITED

_BASE = "/api/v1"
_METRICS = (
    ("questions", "answers"),
    ("active_users", "new_users"),
    ("first_visible_p95", "full_answer_p95"),
    ("tokens", "cost"),
    ("error_rate", "fallback_rate"),
)
_BREAKDOWNS = ("model", "language", "outcome", "hour_of_week")
_REASON = "load test"
#: how long somebody looks at live numbers
_LIVE_SECONDS = 5.0
_SILENT_SECONDS = 30.0
_GOOD = (http.HTTPStatus.OK, http.HTTPStatus.CREATED)
_choose = random.choice
#: seconds before the next look
_think = between(1, 5)


class Analyst(FastHttpUser):
    """Every second one sits at the dashboard, with a session; the others are scripts with Basic."""

    abstract = False
    insecure = False
    #: name and password, whether with a session: one for each analyst who comes
    seats: ClassVar[Iterator[tuple[str, str, bool]]]

    def on_start(self) -> None:
        name, password, has_session = next(self.seats)
        credentials = base64.b64encode(f"{name}:{password}".encode()).decode()
        self.headers = {"Authorization": f"Basic {credentials}"}
        self.dialogs: list[str] = []
        #: seconds that a limit asks to wait
        self.later = 0.0
        if has_session:
            self._sign_in()

    def wait_time(self) -> float:
        later, self.later = self.later, 0.0
        return max(later, _think(self))

    def ask(self, kind: str, path: str, **query: Any) -> Any:
        """The answer, if there is one and it is JSON."""
        response = self._request("GET", kind, f"{path}?{urlencode(query, doseq=True)}")
        if response is None or "json" not in response.headers["content-type"]:
            return None
        return response.json()

    def watch(self) -> None:
        """Follow live numbers; what counts is how soon the first ones are there."""
        started, refusal, failure = time.perf_counter(), None, None
        took = 0.0
        try:
            url = f"{self.host}{_BASE}/live"
            with stream.opened(url, self.headers, seconds=_SILENT_SECONDS) as events:
                next(events)
                took = time.perf_counter() - started
                gevent.sleep(_LIVE_SECONDS)
        except stream.Refused as error:
            refusal = error
        except (OSError, StopIteration) as error:
            failure = error
        is_limited = refusal is not None and refusal.status == http.HTTPStatus.TOO_MANY_REQUESTS
        self.environment.events.request.fire(
            request_type="GET",
            name=LIMITED if is_limited else "live",
            response_time=(took or time.perf_counter() - started) * 1000,
            response_length=0,
            exception=None if is_limited else refusal or failure,
            context={},
        )
        if refusal and is_limited:
            self._obey(refusal.retry_after)

    def _sign_in(self) -> None:
        """For a cookie, which is Secure: no jar would send it over plain HTTP."""
        response = self._request("POST", "sign-in", "/auth/session")
        if response is not None:
            self.headers = {"Cookie": response.headers["set-cookie"].partition(";")[0]}

    def _request(self, method: str, kind: str, path: str) -> Any:
        """The response; None when it is no success. A limit is counted apart, and obeyed."""
        with self.client.request(
            method,
            f"{_BASE}{path}",
            name=kind,
            headers=self.headers,
            catch_response=True,
            allow_redirects=False,
        ) as response:
            status = response.status_code
            if status in _GOOD:
                response.success()
            elif status == http.HTTPStatus.TOO_MANY_REQUESTS:
                response.request_meta["name"] = LIMITED
                response.success()
                self._obey(response.headers.get("retry-after"))
            elif status:
                response.failure(f"status {status} {_code(response.text)}".rstrip())
        return response if status in _GOOD else None

    def _obey(self, retry_after: str | None) -> None:
        self.later = float(retry_after) if retry_after and retry_after.isdigit() else 1.0


def stats_day(analyst: Analyst) -> None:
    analyst.ask("stats-day", "/stats", period="day")


def stats_week(analyst: Analyst) -> None:
    analyst.ask("stats-week", "/stats", period="week")


def stats_month(analyst: Analyst) -> None:
    analyst.ask("stats-month", "/stats", period="month")


def series(analyst: Analyst) -> None:
    analyst.ask("series", "/stats/series", metric=_choose(_METRICS), period=_period())


def breakdown(analyst: Analyst) -> None:
    by = _choose(_BREAKDOWNS)
    analyst.ask("breakdown", "/stats/breakdown", metric="questions", by=by, period=_period())


def dialogs(analyst: Analyst) -> None:
    found = analyst.ask("dialogs", "/dialogs", period=_period())
    if found:
        analyst.dialogs = [dialog["id"] for dialog in found["dialogs"]]


def dialog(analyst: Analyst) -> None:
    """One of those that were listed last."""
    if not analyst.dialogs:
        dialogs(analyst)
    if analyst.dialogs:
        analyst.ask("dialog", f"/dialogs/{_choose(analyst.dialogs)}", reason=_REASON)


def users(analyst: Analyst) -> None:
    analyst.ask("users", "/users", period=_period())


def export(analyst: Analyst) -> None:
    analyst.ask("export", "/export/dialogs.csv", period="week")


def live(analyst: Analyst) -> None:
    analyst.watch()


#: how often each is done
_MORNING: dict[Callable[[Analyst], None], int] = {
    stats_day: 6,
    stats_week: 10,
    stats_month: 4,
    series: 8,
    breakdown: 6,
    dialogs: 5,
    dialog: 3,
    users: 4,
    export: 1,
    live: 2,
}
Analyst.tasks = [task for task, weight in _MORNING.items() for _ in range(weight)]


def _code(body: str | None) -> str:
    """What the API calls the problem."""
    try:
        return str(json.loads(body or "")["code"])
    except (ValueError, LookupError, TypeError):
        return ""


def _period() -> str:
    return _choose(("day", "week", "week", "month"))
