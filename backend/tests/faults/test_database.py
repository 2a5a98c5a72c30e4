"""Rows 14 to 19: a database that restarts, is away, full, or has no connection left."""

import asyncio
import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from core.db import migrate
from local.postgres import NOBODY, EmbeddedPostgres

from ..conftest import Program
from .fault import fault
from .world import Asked, World

PASSWORD = "four quiet herons wade"


def stranger(name: str) -> dict[str, str]:
    return {"Authorization": aiohttp.encode_basic_auth(name, PASSWORD)}


async def move_to_own_server(world: World) -> EmbeddedPostgres:
    """A server of the world's own, which keeps what is committed when its processes are killed."""
    postgres = EmbeddedPostgres(world.folder / "postgres", port=world.make_port())
    await asyncio.to_thread(postgres.__enter__)
    world.cables.callback(postgres.stop)
    await migrate.upgrade(postgres.url())
    await world.move_to(postgres.url())
    return postgres


async def ask_for_a_while(world: World, people: int, questions: int) -> list[Asked]:
    """Questions that come while something happens to the database."""
    crowd = [await world.join() for _ in range(people)]
    asked = []
    for _ in range(questions):
        for person in crowd:
            asked.append(await world.ask(person))
            await asyncio.sleep(0.02)
    return asked


async def all_answered(world: World, asked: Sequence[Asked]) -> float:
    return max([await world.answered(one, seconds=60) for one in asked])


async def restart(postgres: EmbeddedPostgres) -> None:
    await asyncio.to_thread(postgres.stop)
    await asyncio.to_thread(postgres.__enter__)


async def kill_a_backend(world: World, postgres: EmbeddedPostgres) -> None:
    """After which the server ends all connections and recovers."""
    bots = "SELECT pid FROM pg_stat_activity WHERE application_name = 'parley' LIMIT 1"
    os.kill(await world.value(bots), signal.SIGKILL)
    await world.database.engine.dispose()
    await asyncio.sleep(0.5)
    assert postgres.is_alive()


@asynccontextmanager
async def asking_the_api(world: World, api: Program) -> AsyncGenerator[Counter[str]]:
    """Counts what it answers to somebody it does not know, who needs the database to be refused."""
    answers: Counter[str] = Counter()
    url = f"http://127.0.0.1:{api.variables['API_PORT']}/api/v1/auth/me"

    async def ask() -> None:
        while True:
            async with world.http.get(url, headers=stranger("nobody")) as response:
                has_wait = "Retry-After" in response.headers
                answers[f"{response.status}{' with Retry-After' if has_wait else ''}"] += 1
            await asyncio.sleep(0.05)

    async with asyncio.TaskGroup() as tasks:
        asking = tasks.create_task(ask())
        yield answers
        asking.cancel()


@fault(
    14,
    "PostgreSQL restarts, or a backend is killed",
    how="SIGINT and start again; `kill -9` of a backend",
)
async def test_postgres_restarts(world: World) -> str:
    postgres = await move_to_own_server(world)
    bot = await world.start()
    api = await world.start_api(STATS_API_RATE_LIMIT="100000/minute")
    what = world.chance.each("restart", "backend killed")
    async with asyncio.TaskGroup() as tasks, asking_the_api(world, api) as answers:
        asking = tasks.create_task(ask_for_a_while(world, 4, 6))
        await asyncio.sleep(world.chance.uniform(0.1, 0.4))
        started = time.monotonic()
        if what == "restart":
            await restart(postgres)
        else:
            await kill_a_backend(world, postgres)
        back = time.monotonic() - started
        asked = await asking
        last = await all_answered(world, asked) - started
        await asyncio.sleep(0.5)
    assert bot.is_alive
    assert set(answers) <= {"401", "503 with Retry-After", "429 with Retry-After"}, answers
    assert answers["503 with Retry-After"]
    return (
        f"{what}: away for {back:.1f} s; {len(asked)} questions answered within {last:.1f} s; "
        "the API said 503 with Retry-After"
    )


@fault(
    15,
    "PostgreSQL is away for minutes",
    how="connections refused by the proxy for 6 s (minutes, scaled)",
)
async def test_postgres_is_away(world: World) -> str:
    cable, url = await world.cable(world.database_url)
    world.variables["DATABASE_URL"] = url
    bot = await world.start()
    people = [await world.join() for _ in range(world.chance.each(1, 3, 5))]
    await cable.refuse()
    asked = [await world.ask(person) for _ in range(3) for person in people]
    await asyncio.sleep(6)
    assert await world.model_calls() == []
    assert await world.value("SELECT count(*) FROM inbox WHERE kind = 'message'") == 0
    assert not await world.is_ready(bot)
    await cable.heal()
    back = time.monotonic()
    last = await all_answered(world, asked) - back
    return (
        "nothing confirmed, no model asked, readiness red; "
        f"{len(asked)} questions answered in order, {last:.1f} s after it was back"
    )


@fault(
    16,
    "The connection is cut during COMMIT",
    how="the proxy cuts at the word, before or after it passes",
)
async def test_cut_during_commit(world: World) -> str:
    cable, url = await world.cable(world.database_url)
    world.variables["DATABASE_URL"] = url
    await world.start()
    is_passed = world.chance.each(True, False)
    people = [await world.join() for _ in range(4)]
    trap = cable.cut_when_said(b"COMMIT", is_passed=is_passed, times=world.chance.each(3, 5, 8))
    asked = [await world.ask(person) for person in people]
    last = await all_answered(world, asked) - asked[0].at
    await world.settled()
    assert trap.sprung == trap.times
    assert await world.value("SELECT count(*) FROM turns") == len(asked)
    marked = await world.value("SELECT count(*) FROM outbox WHERE delivery_unknown")
    when = "committed, and nobody was told" if is_passed else "not committed"
    return (
        f"{trap.sprung} commits cut, {when}: 1 row each, {marked} parts marked, "
        f"all answered within {last:.1f} s"
    )


@fault(
    17,
    "The disk is full, or the database read-only",
    how="a tablespace on a full tmpfs; read-only by setting",
)
async def test_database_takes_nothing(world: World) -> str:
    await move_to_own_server(world)
    what = world.chance.each("full", "read-only")
    if what == "full" and not await put_inbox_on_small_disk(world, world.folder / "small"):
        what = "read-only"
    bot = await world.start()
    await refuse_writes(world, what)
    asked = [await world.ask(await world.join()) for _ in range(3)]

    async def is_red() -> bool:
        return not await world.is_ready(bot)

    await world.until(is_red)
    assert await world.value("SELECT count(*) FROM inbox WHERE kind = 'message'") == 0
    assert await world.model_calls() == []
    await asyncio.sleep(1)
    await accept_writes(world, what)
    back = time.monotonic()
    last = await all_answered(world, asked) - back
    await world.until(lambda: world.is_ready(bot))
    code = "53100" if what == "full" else "25006"
    return (
        f"{what} (`{code}`): nothing confirmed, readiness red; answered {last:.1f} s after, "
        "without a restart"
    )


async def put_inbox_on_small_disk(world: World, folder: Path) -> bool:
    """False where nobody may mount one."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size=1m,uid={NOBODY},gid={NOBODY},mode=700"]
    if subprocess.run([*mount, "tmpfs", folder], check=False, capture_output=True).returncode:
        return False
    world.cables.callback(lambda: subprocess.run(["umount", "-l", folder], check=True))
    async with world.database.engine.connect() as connection:
        plain = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await plain.exec_driver_sql(f"CREATE TABLESPACE small LOCATION '{folder}'")
    await world.query("ALTER TABLE inbox SET TABLESPACE small")
    await world.query("CREATE TABLE ballast (bytes text STORAGE PLAIN) TABLESPACE small")
    return True


async def refuse_writes(world: World, what: str) -> None:
    if what == "full":
        fill = "DO $$ BEGIN LOOP BEGIN INSERT INTO ballast VALUES (repeat('x', 7000)); "
        await world.query(f"{fill} EXCEPTION WHEN disk_full THEN EXIT; END; END LOOP; END $$")
    else:
        await world.query("ALTER DATABASE parley SET default_transaction_read_only = on")
        await end_connections(world)


async def accept_writes(world: World, what: str) -> None:
    if what == "full":
        await world.query("TRUNCATE ballast")
    else:
        await world.query("SET default_transaction_read_only = off")
        await world.database.engine.dispose()
        async with world.database.engine.connect() as connection:
            await connection.exec_driver_sql("SET transaction_read_only = off")
            await connection.exec_driver_sql(
                "ALTER DATABASE parley RESET default_transaction_read_only"
            )
            await connection.commit()
        await end_connections(world)
        await world.database.engine.dispose()


async def end_connections(world: World) -> None:
    await world.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE application_name = 'parley' AND pid <> pg_backend_pid()"
    )


@fault(
    18,
    "Deadlock, serialization failure",
    how="a trigger raises 40P01 or 40001 at the first writes to each table",
)
async def test_deadlock(world: World) -> str:
    await world.start()
    code = world.chance.each("40P01", "40001")
    tables = ("inbox", "turns", "messages", "llm_attempts", "outbox")
    asked, started = [], time.monotonic()
    ann = await world.join()
    for table in tables:
        await fail_first_writes(world, table, code, times=2)
        asked.append(await world.ask(ann))
        await world.answered(asked[-1])
        await world.settled()
        assert await world.value(f"SELECT last_value FROM failing_{table}") > 2
        await world.query(f"DROP TRIGGER failing ON {table}")
    seconds = (time.monotonic() - started) / len(tables)
    marked = await world.value("SELECT count(*) FROM outbox WHERE delivery_unknown")
    copies = sum([await world.copies(one) for one in asked])
    return (
        f"`{code}` twice on each of {len(tables)} tables: tried again; {len(asked)} answers, "
        f"{copies} copies, {marked} marked; {seconds:.1f} s each"
    )


async def fail_first_writes(world: World, table: str, code: str, *, times: int) -> None:
    """A sequence counts them: it is not rolled back."""
    await world.query(f"CREATE SEQUENCE failing_{table}")
    await world.query(
        f"""
        CREATE FUNCTION fail_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE n bigint := nextval('failing_{table}');
        BEGIN
            IF n <= {times} THEN
                RAISE EXCEPTION 'on purpose' USING ERRCODE = '{code}';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    await world.query(
        f"CREATE TRIGGER failing BEFORE INSERT OR UPDATE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION fail_{table}()"
    )


@fault(
    19,
    "No connection left in the pool",
    how="`DB_POOL_SIZE=1`, no overflow; a locked table before the API",
)
async def test_pool_exhausted(world: World) -> str:
    await world.start(db_pool_size=world.chance.each("1", "2"), db_max_overflow="0")
    asked = [await world.ask(await world.join()) for _ in range(12)]
    last = await all_answered(world, asked) - asked[0].at
    api = await world.start_api(
        DB_POOL_SIZE="1", DB_MAX_OVERFLOW="0", STATS_API_RATE_LIMIT="100000/minute"
    )
    url = f"http://127.0.0.1:{api.variables['API_PORT']}/api/v1/auth/me"

    async def ask(number: int) -> tuple[int, float]:
        started = time.monotonic()
        async with world.http.get(url, headers=stranger(f"nobody{number}")) as response:
            return response.status, time.monotonic() - started

    async with world.database.write() as locking:
        await locking.exec_driver_sql(
            "LOCK TABLE api_users, login_failures IN ACCESS EXCLUSIVE MODE"
        )
        answers = await asyncio.gather(*(ask(number) for number in range(4)))
    assert {status for status, _ in answers} <= {503}, answers
    longest = max(seconds for _, seconds in answers)
    assert longest < 25
    return f"12 chats answered within {last:.1f} s; the API said 503 after {longest:.1f} s at most"
