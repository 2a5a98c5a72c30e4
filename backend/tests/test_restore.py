"""A dump that is older than an erasure: what it brings back is erased again."""

import contextlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import aiohttp
import programs
import pytest
from databases import Server
from sqlalchemy import text
from sqlalchemy.engine import make_url

from core.db.session import Database
from core.errors import StartupError
from core.stats.rebuild import rebuild
from local.postgres import _find_binaries

from .conftest import Person, Stack, call, until

SCRIPT = Path(__file__).parents[2] / "deploy" / "backup" / "backup.sh"
SECRETS = ("Anneliese", "Muster", "annimuster", "tangerine", "marmalade")
Run = Callable[..., str]


def major(program: str | Path) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"(\d+)", said)
    assert found
    return int(found[1])


@pytest.fixture
async def tools(database_server: Server) -> Path:
    """A folder with pg_dump, pg_restore and psql of the server's version.

    A newer pg_dump reads an older server, and writes what that cannot restore.
    """
    database = Database(database_server.url)
    async with database.read() as session:
        statement = text("SELECT current_setting('server_version_num')")
        server = int((await session.execute(statement)).scalar_one()) // 10_000
    await database.close()
    installed = shutil.which("pg_dump")
    folders = [Path(installed).parent] if installed else []
    with contextlib.suppress(StartupError):
        folders.insert(0, _find_binaries().folder)
    for folder in folders:
        programs = [folder / name for name in ("pg_dump", "pg_restore", "psql")]
        if all(program.exists() for program in programs) and major(programs[0]) == server:
            return folder
    pytest.skip(f"there is no pg_dump for PostgreSQL {server}: set PG_BINDIR")


@pytest.fixture
def backup(tools: Path, fresh_stack: Stack, tmp_path: Path) -> Run:
    """Runs the script of production's backups."""
    folder = tmp_path / "backups"
    folder.mkdir()
    url = make_url(fresh_stack.database_url).set(drivername="postgresql")

    def run(*words: str) -> str:
        done = subprocess.run(
            ["sh", str(SCRIPT), *words],
            env={
                "PATH": f"{tools}:{os.environ['PATH']}",  # noqa: TID251 - where the shell is
                "BACKUP_FOLDER": str(folder),
                "DATABASE_URL": url.render_as_string(hide_password=False),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def program(stack: Stack, *words: str, given: str = "") -> str:
    done = run(stack, *words, given=given)
    assert done.returncode == 0, done.stderr
    return done.stdout


def run(stack: Stack, module: str, *words: str, given: str = "") -> CompletedProcess[str]:
    variables = {**os.environ, "DATABASE_URL": stack.database_url}  # noqa: TID251 - a child's
    return programs.run(
        module, *words, variables=variables, folder=stack.bot.log.parent, given=given
    )


async def make_anew(server: Server, stack: Stack) -> None:
    """As `make restore` does, before it fills the database."""
    await server.drop(stack.database_url)
    await server._execute(f'CREATE DATABASE "{make_url(stack.database_url).database}"')


async def found(stack: Stack, *words: str) -> list[str]:
    """Where any column of any table has one of the words in its text."""
    hits = []
    database = Database(stack.database_url)
    async with database.read() as session:
        columns = await session.execute(
            text(
                "SELECT table_name, column_name FROM information_schema.columns "
                "WHERE table_schema = 'public'"
            )
        )
        for table, column in columns.all():
            for word in words:
                statement = text(
                    f'SELECT EXISTS (SELECT FROM "{table}" '
                    f'WHERE CAST("{column}" AS text) ILIKE :word)'
                )
                if (await session.execute(statement, {"word": f"%{word}%"})).scalar_one():
                    hits.append(f"{table}.{column}: {word}")
    await database.close()
    return hits


async def differences(stack: Stack) -> list[Any]:
    database = Database(stack.database_url)
    outcome = await rebuild(database)
    await database.close()
    return list(outcome.examples)


async def wait_for_words(person: Person, words: str) -> None:
    async def are_there() -> bool:
        return any(words in message.get("text", "") for message in await person.seen())

    await until(are_there)


async def chat(http: aiohttp.ClientSession) -> tuple[Person, Person]:
    replies = [{"exact": "Where grows the tangerine?", "text": "Where marmalade is made."}]
    await call(http, "/script/provider/replies", {"replies": replies})
    names = {"first_name": "Anneliese", "last_name": "Muster", "username": "annimuster"}
    ann = Person(http, await call(http, "/people/users", names))
    bob = Person(http, await call(http, "/people/users", {"first_name": "Robert"}))
    await ann.write("Where grows the tangerine?")
    await ann.wait_for_answers(1)
    await bob.write("A question of mine")
    await bob.wait_for_answers(1)
    return ann, bob


async def erase(http: aiohttp.ClientSession, person: Person) -> None:
    await person.write("/delete")
    await wait_for_words(person, "Shall I?")
    question = (await person.seen())[-1]
    [[yes], _] = question["reply_markup"]["inline_keyboard"]
    path = f"/people/chats/{person.chat_id}/messages/{question['message_id']}/press"
    await call(http, path, {"user_id": person.id, "data": yes["callback_data"]})
    await wait_for_words(person, "Erased.")


async def test_who_was_erased_after_a_dump_is_erased_again_when_it_is_restored(
    fresh_stack: Stack, backup: Run, database_server: Server
) -> None:
    stack = fresh_stack
    stack.start_bot()
    async with aiohttp.ClientSession(stack.base) as http:
        ann, bob = await chat(http)
        [dump] = re.findall(r"parley-\S+\.dump", backup("once"))
        assert backup("tombstones") == ""
        await erase(http, ann)
        assert stack.bot.end() == 0
        assert await found(stack, *SECRETS) == []

        tombstones = backup("tombstones")
        assert len(tombstones.splitlines()) == 1
        assert str(ann.id) not in tombstones
        assert tombstones == program(stack, "core.chat", "tombstones")

        await make_anew(database_server, stack)
        backup("restore", dump)
        program(stack, "core.db", "upgrade")
        assert {hit.split(": ")[1] for hit in await found(stack, *SECRETS)} == set(SECRETS)
        # a database that knows of no erasure takes none away from the file
        assert backup("tombstones") == tombstones

        said = program(stack, "core.chat", "replay", given=tombstones)
        assert said == "erasures: 1 tombstones, 1 people erased again\n"
        assert await found(stack, *SECRETS) == []
        assert await found(stack, "A question of mine", "Robert") != []
        assert await differences(stack) == []
        assert backup("tombstones") == tombstones

        stack.start_bot()
        await ann.write("Do you know me?")
        await ann.wait_for_answers(3)
        calls = await call(http, "/script/provider/calls?full=1")
        said_before = [one["content"] for one in calls[-1]["messages"] if one["role"] == "user"]
        assert said_before == ["Do you know me?"]
        await bob.write("And me?")
        await bob.wait_for_answers(2)
        assert stack.bot.end() == 0
    assert await differences(stack) == []


async def test_an_operator_exports_and_erases_for_who_cannot_ask_the_bot(
    fresh_stack: Stack,
) -> None:
    stack = fresh_stack
    stack.start_bot()
    async with aiohttp.ClientSession(stack.base) as http:
        ann, _ = await chat(http)
        exported = json.loads(program(stack, "core.chat", "export", "42", str(ann.id)))
        assert [turn["question"] for turn in exported["questions"]] == [
            "Where grows the tangerine?"
        ]
        assert program(stack, "core.chat", "erase", "42", str(ann.id)).startswith("erased:")
        assert stack.bot.end() == 0
    assert await found(stack, *SECRETS) == []
    assert await differences(stack) == []


async def test_a_database_without_tombstones_is_no_obstacle(
    fresh_stack: Stack, backup: Run
) -> None:
    """That of a release before, or an empty one on a new server."""
    database = Database(fresh_stack.database_url)
    async with database.write() as session:
        await session.execute(text("DROP TABLE erasures"))
    await database.close()
    assert backup("tombstones") == ""


def test_lines_that_are_no_tombstones_are_refused(fresh_stack: Stack) -> None:
    done = run(fresh_stack, "core.chat", "replay", given="42\tno\n")
    assert done.returncode == 1
    assert done.stderr == "parley chat: line 1 is no tombstone.\n"
