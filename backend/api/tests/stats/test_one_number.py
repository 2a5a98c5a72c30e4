"""Tile, chart, breakdown and file tell one number, over the ninety days of the demonstration."""

import csv
import io
from datetime import UTC, datetime, timedelta

from .conftest import Serving, asking


async def test_is_the_same_wherever_it_is_asked_for(reach: Serving, demo_url: str) -> None:
    today = datetime.now(UTC).date()
    slugs = ["messages", "questions", "answers", "dialogs", "tokens", "cost", "failed", "likes"]
    days = {"from_": str(today - timedelta(days=30)), "to": str(today + timedelta(days=2))}
    window = days | {"tz": "Europe/Berlin", "metric": slugs, "limit": 200}
    async with reach(demo_url) as http:
        get = asking(http)
        tile = (await get("/stats", **window))["summary"]["current"]
        series = await get("/stats/series", **window)
        files = await get("/export/series.csv", **window)
        slices = {
            by: (await get("/stats/breakdown", **window, by=by))["slices"]
            for by in ("bot", "model", "outcome", "language", "kind", "hour_of_week")
        }
    rows = list(csv.DictReader(io.StringIO(files)))
    assert len(series["buckets"]) == len(rows) == 32
    for slug in slugs:
        total = series["total"]["current"][slug]
        assert total > 0, slug
        assert total == tile.get(slug, total)
        assert total == sum(bucket["values"][slug] for bucket in series["buckets"])
        assert total == sum(int(row[slug]) for row in rows)
        for by, found in slices.items():
            assert total == sum(one["values"][slug] for one in found), by
