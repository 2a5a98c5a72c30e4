"""`python -m core.stats`, as an operator calls it."""

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import programs
import pytest
from sqlalchemy import text

from core.db.session import Database
from core.stats import dictionary

Stats = Callable[..., CompletedProcess[str]]


@pytest.fixture
def stats(tmp_path: Path) -> Stats:
    def run(*arguments: str, url: str = "") -> CompletedProcess[str]:
        variables = {"DATABASE_URL": url} if url else {}
        return programs.run("core.stats", *arguments, variables=variables, folder=tmp_path)

    return run


class TestRebuild:
    @pytest.mark.usefixtures("history")
    async def test_says_that_nothing_differed(self, stats: Stats, database_url: str) -> None:
        done = stats("rebuild", url=database_url)
        assert done.returncode == 0
        assert "days rebuilt, nothing differed." in done.stdout
        assert "100%" in done.stderr

    @pytest.mark.usefixtures("history")
    async def test_tells_what_differed(
        self, stats: Stats, database: Database, database_url: str
    ) -> None:
        async with database.write() as session:
            await session.execute(text("UPDATE stats_totals SET questions = questions + 1"))
        done = stats("rebuild", "--from", "2025-01-01", url=database_url)
        assert done.returncode == 0
        assert "rows of rollups that differed" in done.stdout
        assert "stats_totals" in done.stdout
        assert "nothing differed" in stats("rebuild", url=database_url).stdout

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (["--from", "yesterday"], "is not a day such as 2026-11-01"),
            (["--from", "2026-11-02", "--to", "2026-11-01"], "--from has to lie before --to"),
        ],
    )
    def test_refuses_days_that_are_none(
        self, stats: Stats, arguments: list[str], sentence: str
    ) -> None:
        done = stats("rebuild", *arguments, url="postgresql+asyncpg://nobody@localhost/none")
        assert done.returncode == 2
        assert sentence in done.stderr

    @pytest.mark.parametrize(
        ("url", "words"),
        [("", "DATABASE_URL"), ("postgresql+asyncpg://nobody@127.0.0.1:1/none", "parley stats:")],
    )
    def test_says_that_there_is_no_database(self, stats: Stats, url: str, words: str) -> None:
        done = stats("rebuild", url=url)
        assert done.returncode == 1
        assert words in done.stderr
        assert "Traceback" not in done.stderr


def test_prints_the_dictionary(stats: Stats) -> None:
    assert stats("dictionary").stdout == dictionary.markdown()
