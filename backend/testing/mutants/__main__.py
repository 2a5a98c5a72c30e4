"""`make mutants`: changes one thing at a time in the code that must not be wrong, and looks whether
its tests notice.

A mutant is a module with one operator, constant, branch or call changed, or one word of its SQL,
for there the outbox has its logic. Its tests run in a fork of this process, which has the libraries
imported, and in which an import gives the changed module. What no test notices is a survivor; those
are listed in docs/mutants.md.
"""

import argparse
import importlib.abc
import importlib.machinery
import importlib.util
import io
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
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
    "core.llm.health": ["core/tests/llm/test_health.py", "core/tests/llm/test_router.py"],
    "core.chat.outbox": [
        "core/tests/chat/test_outbox.py",
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
    "api.accounts.signing": ["api/tests/accounts/test_signing.py"],
}


_ABOUT = (
    "Written by `make mutants`, which changes one thing at a time in the code that must not be "
    "wrong and runs its tests. A survivor is a change that no test noticed."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    mutant: Mutant
    is_noticed: bool


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


def survive(mutants: Iterable[Mutant], tests: Sequence[str]) -> Iterator[Outcome]:
    """Run the tests against each. One that takes far longer than usual counts as noticed."""
    patience = max(20.0, _seconds_of(tests) * 6)
    running: dict[int, tuple[Mutant, float]] = {}
    for mutant in mutants:
        running[_fork(mutant, tests)] = (mutant, time.monotonic() + patience)
        while len(running) >= AT_ONCE:
            yield from _ended(running)
    while running:
        yield from _ended(running)


def _ended(running: dict[int, tuple[Mutant, float]]) -> Iterator[Outcome]:
    time.sleep(0.02)
    for child, (mutant, deadline) in list(running.items()):
        ended, status = os.waitpid(child, os.WNOHANG)
        if not ended and time.monotonic() > deadline:
            os.killpg(child, signal.SIGKILL)
            ended, status = os.waitpid(child, 0)
        if ended:
            del running[child]
            yield Outcome(mutant=mutant, is_noticed=status != 0)


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


def page(outcomes: Sequence[Outcome]) -> str:
    lines = [
        "# What the tests notice",
        "",
        _ABOUT,
        "",
        f"Run on {datetime.now(UTC):%Y-%m-%d}.",
        "",
        "| module | mutants | noticed | share |",
        "|---|---:|---:|---:|",
    ]
    for module in dict.fromkeys(outcome.mutant.module for outcome in outcomes):
        of_it = [outcome for outcome in outcomes if outcome.mutant.module == module]
        noticed = sum(outcome.is_noticed for outcome in of_it)
        share = 100 * noticed / len(of_it)
        lines.append(f"| `{module}` | {len(of_it)} | {noticed} | {share:.0f} % |")
    lines += ["", "## Survivors", ""]
    lines += [
        f"- `{mutant.module}` line {mutant.line}, `{mutant.written}`: {mutant.change}"
        for mutant in sorted(
            (outcome.mutant for outcome in outcomes if not outcome.is_noticed),
            key=lambda mutant: (mutant.module, mutant.line),
        )
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("--only", help="a module, and no page is written")
    only = parser.parse_args().only
    for name in _LIBRARIES:
        if importlib.util.find_spec(name.split(".")[0]):
            importlib.import_module(name)
    outcomes: list[Outcome] = []
    with _a_server():
        for module, tests in SUBJECTS.items():
            if only in {None, module}:
                assert module not in sys.modules, f"{module} would not be changed"
                outcomes += survive(mutants_of(module), tests)
                print(page(outcomes).split("## Survivors")[0].splitlines()[-2], flush=True)
    if only:
        print(page(outcomes))
    else:
        PAGE.write_text(page(outcomes), encoding="utf-8")
    noticed = sum(outcome.is_noticed for outcome in outcomes)
    if 100 * noticed < ENOUGH * len(outcomes):
        sys.exit(f"Only {noticed} of {len(outcomes)} were noticed: docs/mutants.md lists the rest.")


if __name__ == "__main__":
    main()
