"""The page of metrics says what the code does."""

from pathlib import Path

from core.stats import dictionary

PAGE = Path(__file__).parents[4] / "docs" / "metrics.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == dictionary.markdown(), (
        "run `make metrics` and commit docs/metrics.md"
    )
