"""The API as a process of its own, and a client of it that stays connected."""

import base64
import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from core.errors import StartupError
from local.postgres import end_with_parent

PERIODS = ("day", "week", "month")
_NAME = "bench"
_READY_SECONDS = 60.0
_STOP_SECONDS = 15.0
_LONGEST_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Milliseconds of many requests."""

    p50: float
    p95: float
    p99: float
    requests: int

    @classmethod
    def of(cls, took: list[float]) -> Self:
        ordered = sorted(took)
        last = len(ordered) - 1
        p50, p95, p99 = (ordered[min(last, len(ordered) * share // 100)] for share in (50, 95, 99))
        return cls(p50=p50, p95=p95, p99=p99, requests=len(took))


class Api:
    """A running API with an account of ours, as a context manager; its log is in the folder."""

    def __init__(self, database_url: str, folder: Path) -> None:
        self._folder = folder
        self._port = free_port()
        self._environment = os.environ | {  # noqa: TID251 - children inherit it
            "DATABASE_URL": database_url,
            "API_PORT": str(self._port),
            "METRICS_PORT": str(free_port()),
            "STATS_API_RATE_LIMIT": "1000000/second",
            "LOG_LEVEL": "WARNING",
        }
        self._process: subprocess.Popen[bytes] | None = None
        self._client = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        self._headers: dict[str, str] = {}

    def __enter__(self) -> Self:
        self._sign_up()
        with (self._folder / "api.log").open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "api"],
                cwd=self._folder,  # where there is no .env
                env=self._environment,
                stdout=log,
                stderr=log,
                preexec_fn=end_with_parent,  # noqa: PLW1509 - one prctl; nothing else can do it
            )
        self._wait_until_ready()
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()
        if self._process is not None:
            end(self._process)

    def stats(self, period: str) -> tuple[dict[str, Any], float]:
        """The answer, and milliseconds until its last byte."""
        started = time.perf_counter()
        status, body = self._get(f"/api/v1/stats?period={period}&tz=UTC")
        took = (time.perf_counter() - started) * 1000
        if status != http.HTTPStatus.OK:
            raise StartupError(f"GET /api/v1/stats answered {status}: {body[:300]!r}")
        answer: dict[str, Any] = json.loads(body)
        return answer, took

    def time(self, period: str, *, requests: int) -> Timing:
        """As many requests one after the other, but no longer than a minute."""
        self.stats(period)  # signs in, plans, warms
        deadline, took = time.monotonic() + _LONGEST_SECONDS, [self.stats(period)[1]]
        while len(took) < requests and time.monotonic() < deadline:
            took.append(self.stats(period)[1])
        return Timing.of(took)

    def _get(self, path: str) -> tuple[int, bytes]:
        self._client.request("GET", path, headers=self._headers)
        try:
            response = self._client.getresponse()
        except http.client.RemoteDisconnected:  # it ends connections that nobody uses for a while
            self._client.request("GET", path, headers=self._headers)
            response = self._client.getresponse()
        return response.status, response.read()

    def _sign_up(self) -> None:
        password, done = secrets.token_urlsafe(24), None
        for action in ("add", "reset"):  # the account of an earlier run gets a new password
            done = subprocess.run(  # noqa: S603 - our own program
                [sys.executable, "-m", "api", "users", action, _NAME, "--password-stdin"],
                cwd=self._folder,
                env=self._environment,
                input=f"{password}\n",
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode == 0:
                break
        if done is None or done.returncode:
            raise StartupError(f"No account could be made: {done.stderr if done else ''}")
        credentials = base64.b64encode(f"{_NAME}:{password}".encode()).decode()
        self._headers = {"Authorization": f"Basic {credentials}"}

    def _wait_until_ready(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + _READY_SECONDS
        while True:
            try:
                if self._get("/ready")[0] == http.HTTPStatus.OK:
                    return
            except OSError:
                self._client.close()
            if self._process.poll() is not None or time.monotonic() > deadline:
                log = (self._folder / "api.log").read_text(errors="replace")
                raise StartupError(f"The API did not start: {log[-500:]}")
            time.sleep(0.05)


def end(process: "subprocess.Popen[Any]") -> None:
    """Ask it to end; make it end if it does not."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
