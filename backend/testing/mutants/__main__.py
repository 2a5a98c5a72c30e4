"""`make mutants`: changes one thing at a time in the code that must not be wrong, and looks whether
its tests notice.

A mutant is a module with one operator, constant, branch or call changed, or one word of its SQL,
for there the outbox has its logic. Its tests run in a fork of this process, which has the libraries
imported, and in which an import gives the changed module. What no test notices is a survivor; those
are listed in docs/mutants.md.
"""

import argparse
import hashlib
import importlib.abc
import importlib.machinery
import importlib.util
import io
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

from mutants.changes import ROOT, Mutant, mutants_of, source_of

PAGE = ROOT / "docs" / "mutants.md"
#: so many of a hundred have to be noticed
ENOUGH = 85
AT_ONCE = 2
_LIBRARIES = (
    *("pytest", "hypothesis", "sqlalchemy.ext.asyncio", "asyncpg", "alembic.command", "pydantic"),
    *("structlog", "aiohttp", "openai", "httpx2", "fastapi.testclient", "aiogram", "libpass"),
)

#: modules, and the tests that are theirs
SUBJECTS = {
    "core.llm.classify": ["core/tests/llm/test_classify.py", "core/tests/llm/test_openai.py"],
    "core.llm.health": [
        "core/tests/llm/test_health.py",
        "core/tests/llm/test_router.py",
        "core/tests/llm/test_routing.py",
    ],
    "core.chat.chats": ["core/tests/chat/test_chats.py"],
    "core.chat.outbox": [
        "core/tests/chat/test_outbox.py",
        "core/tests/chat/test_chats.py",
        "core/tests/chat/test_turns.py",
        "core/tests/chat/test_machine.py",
    ],
    "api.accounts.basic": ["api/tests/accounts/test_basic.py"],
    "api.accounts.current": [
        "api/tests/accounts/test_basic.py",
        "api/tests/accounts/test_signing.py",
        "api/tests/accounts/test_admin.py",
        "api/tests/accounts/test_sessions.py",
    ],
    "api.accounts.lockout": [
        "api/tests/accounts/test_registration.py",
        "api/tests/accounts/test_lockout.py",
    ],
    "api.accounts.sessions": ["api/tests/accounts/test_sessions.py"],
    "api.accounts.signing": [
        "api/tests/accounts/test_signing.py",
        "api/tests/accounts/test_lockout.py",
        "api/tests/accounts/test_basic.py",
    ],
}


_ABOUT = (
    "Written by `make mutants`, which changes one thing at a time in the code that must not be "
    "wrong and runs its tests. A survivor is a change that no test noticed."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Of one module; `survivors` are sentences."""

    module: str
    mutants: int
    survivors: list[str]


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives the mutant where its module is imported."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(
        self, name: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name != self._mutant.module:
            return None
        return importlib.util.spec_from_loader(name, self, origin=str(source_of(name)))

    def exec_module(self, module: ModuleType) -> None:
        module.__file__ = str(source_of(self._mutant.module))
        exec(compile(self._mutant.tree, module.__file__, "exec"), module.__dict__)  # noqa: S102 - it is what this is for


def _are_tests_green(tests: Sequence[str]) -> bool:
    import pytest  # noqa: PLC0415 - of the fork

    arguments = ["-x", "-q", "-p", "no:xdist", "-p", "no:randomly"]
    arguments += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # libraries are imported
    paths = [str(ROOT / "backend" / test) for test in tests]
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        return pytest.main([*arguments, "-p", "no:cacheprovider", *paths]) is pytest.ExitCode.OK


def _fork(mutant: Mutant | None, tests: Sequence[str]) -> int:
    child = os.fork()
    if child:
        return child
    os.setsid()  # so that what the tests start can be ended with them
    try:
        if mutant:
            sys.meta_path.insert(0, _Changed(mutant))
        is_green = _are_tests_green(tests)
    except BaseException:  # noqa: BLE001 - a mutant may break whatever it likes
        is_green = False
    os._exit(not is_green)


def _seconds_of(tests: Sequence[str]) -> float:
    started = time.monotonic()
    _, status = os.waitpid(_fork(None, tests), 0)
    if status:
        sys.exit(f"The tests fail without any change: {', '.join(tests)}")
    return time.monotonic() - started


def try_all(module: str, tests: Sequence[str]) -> Result:
    """Run the tests against each mutant. One that takes far longer than usual counts as noticed."""
    patience = max(20.0, _seconds_of(tests) * 6)
    running: dict[int, tuple[Mutant, float]] = {}
    survivors: list[Mutant] = []
    mutants = list(mutants_of(module))
    for mutant in mutants:
        running[_fork(mutant, tests)] = (mutant, time.monotonic() + patience)
        while len(running) >= AT_ONCE:
            survivors += _survivors(running)
    while running:
        survivors += _survivors(running)
    survivors.sort(key=lambda mutant: mutant.line)
    return Result(
        module=module,
        mutants=len(mutants),
        survivors=[f"line {x.line}, `{x.written}`: {x.change}" for x in survivors],
    )


def _survivors(running: dict[int, tuple[Mutant, float]]) -> Iterator[Mutant]:
    """Of those that have come to an end, or take too long."""
    time.sleep(0.02)
    for child, (mutant, deadline) in list(running.items()):
        ended, status = os.waitpid(child, os.WNOHANG)
        if not ended and time.monotonic() > deadline:
            os.killpg(child, signal.SIGKILL)
            ended, status = os.waitpid(child, 0)
        if ended:
            del running[child]
            if status == 0:
                yield mutant


def _kept(module: str, tests: Sequence[str]) -> Path:
    """Where the result for this very source and these very tests is."""
    files = [source_of(module), *(ROOT / "backend" / test for test in tests)]
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]
    return ROOT / ".parley" / "mutants" / f"{module}-{digest}.json"


def result_of(module: str, tests: Sequence[str]) -> Result:
    """From the last run, if nothing has changed since."""
    kept = _kept(module, tests)
    if kept.exists():
        return Result(**json.loads(kept.read_text(encoding="utf-8")))
    assert module not in sys.modules, f"{module} would not be changed"
    result = try_all(module, tests)
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(asdict(result)), encoding="utf-8")
    return result


@contextmanager
def _a_server() -> Iterator[None]:
    """One PostgreSQL for the tests of all mutants."""
    from local.postgres import EmbeddedPostgres  # noqa: PLC0415 - imports nothing that is changed

    with tempfile.TemporaryDirectory(prefix="parley-mutants-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        port = 54400 + os.getpid() % 1000
        with EmbeddedPostgres(Path(name) / "pg", port=port, durable=False) as server:
            os.environ["PARLEY_TEST_DATABASE_URL"] = server.url("postgres")  # noqa: TID251 - the tests read it
            yield


def page(results: Sequence[Result]) -> str:
    lines = [
        "# What the tests notice",
        "",
        _ABOUT,
        "",
        f"Run on {datetime.now(UTC):%Y-%m-%d}.",
        "",
        "| module | mutants | noticed | share |",
        "|---|---:|---:|---:|",
        *(_row(result) for result in results),
        "",
        "## Survivors",
        "",
        *(f"- `{result.module}` {survivor}" for result in results for survivor in result.survivors),
    ]
    return "\n".join(lines) + "\n"


def _row(result: Result) -> str:
    noticed = result.mutants - len(result.survivors)
    share = f"{100 * noticed / result.mutants:.0f} %"
    return f"| `{result.module}` | {result.mutants} | {noticed} | {share} |"


def main() -> None:
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("--only", help="a module; no page is written")
    only = parser.parse_args().only
    for name in _LIBRARIES:
        if importlib.util.find_spec(name.split(".")[0]):
            importlib.import_module(name)
    results: list[Result] = []
    with _a_server():
        for module, tests in SUBJECTS.items():
            if only in {None, module}:
                results.append(result_of(module, tests))
                print(_row(results[-1]), flush=True)
    if only:
        print(page(results))
    else:
        PAGE.write_text(page(results), encoding="utf-8")
    too_few = [
        result.module
        for result in results
        if 100 * len(result.survivors) > (100 - ENOUGH) * result.mutants
    ]
    if too_few:
        sys.exit(f"Too many changes go unnoticed in {', '.join(too_few)}: see {PAGE.name}.")


if __name__ == "__main__":
    main()
