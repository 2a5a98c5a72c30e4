"""Whatever a question gets wrong: a documented 4xx with a sentence that helps, never a 5xx."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from .conftest import NAME, PASSWORD, Serving

NUMBERS = ("/stats", "/stats/series?metric=questions", "/stats/breakdown?metric=questions&by=bot")
LISTS = ("/users", "/dialogs")
FILES = tuple(
    f"/export/{what}.csv" + query
    for what, query in {
        "series": "?metric=questions",
        "breakdown": "?metric=questions&by=bot",
        "users": "",
        "dialogs": "",
    }.items()
)
EVERYWHERE = (*NUMBERS, "/stats/retention", "/stats/marks", *LISTS, *FILES)
FILTERED = (*NUMBERS, *LISTS, *FILES)

#: what is asked, the code it gets, and a part of the sentence
WINDOWS = (
    ("from=2026-11-08&to=2026-11-01", "empty_window", "`from` has to lie before `to`"),
    ("from=2026-11-01&to=2026-11-01", "empty_window", "`from` has to lie before `to`"),
    ("from=2026-11-01", "half_a_window", "`to` is missing"),
    ("to=2026-11-01", "half_a_window", "`from` is missing"),
    ("period=day&from=2026-11-01&to=2026-11-02", "two_windows", "either `period` or"),
    ("period=day&from=2026-11-01", "two_windows", "either `period` or"),
    ("from=2026-01-01&to=2030-01-01", "window_too_long", "days at most"),
    ("from=1026-01-01&to=2026-01-01", "date_out_of_range", "between 2010-01-01 and 2100-01-01"),
    ("from=2026-01-01&to=3026-01-01", "date_out_of_range", "between 2010-01-01 and 2100-01-01"),
    ("from=0001-01-01&to=2026-01-01", "date_out_of_range", "`from` has to lie"),
    ("from=2026-01-01&to=9999-12-31", "date_out_of_range", "`to` has to lie"),
    ("from=0001-01-01T00:00:00%2B14:00&to=2026-01-01", "date_out_of_range", "`from`"),
    ("from=2026-01-01&to=9999-12-31T23:00:00-12:00", "date_out_of_range", "`to`"),
    ("from=0000-00-00&to=2026-01-01", "wrong_moment", "`from` is no day"),
    ("from=2026-02-30&to=2026-03-01", "wrong_moment", "`from` is no day"),
    ("from=2026-01-01&to=tomorrow", "wrong_moment", "`to` is no day"),
    ("from=&to=", "wrong_moment", "`from` is no day"),
    ("from=1793404800&to=2026-01-01", "wrong_moment", "`from` is no day"),
    ("from=2026-01-01T24:61:00&to=2026-02-01", "wrong_moment", "`from` is no day"),
    ("from=2026-01-01T00:00:00%2B99:00&to=2026-02-01", "wrong_moment", "`from` is no day"),
    ("from=2026-01-01T08:30:00Z&to=2026-02-01", "not_on_the_hour", "by the UTC hour"),
    ("from=%00&to=%00", "wrong_moment", "`from` is no day"),
    ("from=%ED%A0%80&to=%ED%A0%80", "wrong_moment", "`from` is no day"),
    (f"from={'1' * 41}&to=2026-01-01", "invalid_request", "at most 40 characters"),
    ("period=year", "invalid_request", "'day', 'week' or 'month'"),
    ("period=", "invalid_request", "'day', 'week' or 'month'"),
    ("period=week%00", "invalid_request", "'day', 'week' or 'month'"),
    ("bucket=minute", "invalid_request", "'hour', 'day', 'week' or 'month'"),
    ("compare=tomorrow", "invalid_request", "'previous', 'weekday' or 'none'"),
    ("tz=Mars/Olympus", "unknown_timezone", "no time zone 'Mars/Olympus'"),
    ("tz=europe", "unknown_timezone", "use a name such as"),
    ("tz=/etc/passwd", "unknown_timezone", "use a name such as"),
    ("tz=../../etc/passwd", "unknown_timezone", "use a name such as"),
    ("tz=Europe/../Europe/Berlin", "unknown_timezone", "use a name such as"),
    ("tz=Europe", "unknown_timezone", "use a name such as"),
    ("tz=localtime", "unknown_timezone", "use a name such as"),
    ("tz=posixrules", "unknown_timezone", "use a name such as"),
    ("tz=right/Europe/Berlin", "unknown_timezone", "use a name such as"),
    ("tz=%00", "unknown_timezone", "use a name such as"),
    ("tz=UTC%00", "unknown_timezone", "use a name such as"),
    ("tz=%ED%A0%80", "unknown_timezone", "use a name such as"),
    (f"tz={'x' * 61}", "invalid_request", "at most 60 characters"),
    ("tz=Asia/Kolkata", "not_on_the_hour", "half or quarter hours"),
    ("tz=Asia/Kathmandu&from=2026-11-01&to=2026-11-02", "not_on_the_hour", "neighbouring zone"),
)

FILTERS = (
    ("bot=0", "greater than or equal to 1"),
    ("bot=-1", "greater than or equal to 1"),
    ("bot=me", "valid integer"),
    ("bot=1.5", "valid integer"),
    (f"bot={2**63}", "less than or equal to"),
    (f"bot={'9' * 4000}", "query.bot"),
    ("bot=%00", "valid integer"),
    ("bot=%D9%A1%00", "valid integer"),
    (f"model={'m' * 201}", "at most 200 characters"),
    ("model=a%00b", "may not contain NUL"),
    (f"language={'l' * 36}", "at most 35 characters"),
    ("language=%00", "may not contain NUL"),
    ("user=ann", "valid UUID"),
    ("user=%00", "valid UUID"),
    ("user=%ED%A0%80", "valid UUID"),
)

#: path, code, part of the sentence
ONE_BY_ONE = (
    ("/stats/series", "invalid_request", "query.metric: Field required"),
    ("/stats/series?metric=", "invalid_request", "'' is not known; /api/v1/openapi.json lists"),
    (
        "/stats/series?metric=questoins",
        "invalid_request",
        "'questoins' is not known; did you mean questions?",
    ),
    ("/stats/series?metric=QUESTIONS", "invalid_request", "did you mean questions?"),
    ("/stats/series?metric=%00", "invalid_request", "is not known"),
    ("/stats/series?metric=%ED%A0%80", "invalid_request", "is not known"),
    (f"/stats/series?metric={'x' * 3000}", "invalid_request", "is not known"),
    ("/stats/series?metric=questions;DROP", "invalid_request", "did you mean questions?"),
    (
        "/stats/series?" + "&".join(["metric=questions"] * 31),
        "invalid_request",
        "at most 30 items",
    ),
    (
        "/stats/series?metric=questions&from=2026-01-01&to=2026-06-01&bucket=hour",
        "too_many_buckets",
        "more than 1000 buckets",
    ),
    (
        "/stats?from=2026-01-01&to=2026-06-01&bucket=hour",
        "too_many_buckets",
        "more than 1000 buckets",
    ),
    (
        "/export/series.csv?metric=questions&from=2026-01-01&to=2026-06-01&bucket=hour",
        "too_many_buckets",
        "more than 1000 buckets",
    ),
    (
        "/stats/retention?from=2026-01-01&to=2026-06-01&bucket=day",
        "too_many_cohorts",
        "60 spans at most",
    ),
    (  # Pyongyang's days began at half past the hour from 2015 to 2018
        "/stats?from=2015-08-01&to=2018-06-01&tz=Asia/Pyongyang",
        "not_on_the_hour",
        "half or quarter hours",
    ),
    (
        (
            "/stats/series?metric=stickiness&bucket=hour&tz=Asia/Pyongyang"
            "&from=2016-01-01T00:00:00Z&to=2016-01-03T00:00:00Z"
        ),
        "not_on_the_hour",
        "half or quarter hours",
    ),
    ("/stats/series?metric=active_users&model=large", "wrong_filter", "cannot be narrowed by"),
    ("/stats/series?metric=retention&language=en", "wrong_filter", "it can be by bot, user"),
    ("/stats/series?metric=calls&language=en", "wrong_filter", "it can be by bot, model, user"),
    ("/stats/series?metric=full_answer_p50&language=en", "wrong_filter", "it can be by"),
    ("/stats/breakdown?metric=questions", "invalid_request", "query.by: Field required"),
    ("/stats/breakdown?metric=questions&by=user", "invalid_request", "query.by"),
    ("/stats/breakdown?metric=questions&by=bot%00", "invalid_request", "query.by"),
    ("/stats/breakdown?metric=active_users&by=model", "wrong_filter", "active_users cannot"),
    ("/stats/breakdown?metric=calls&by=provider", "wrong_filter", "calls cannot be"),
    ("/stats/breakdown?metric=questions&by=bot&limit=0", "invalid_request", "query.limit"),
    ("/stats/breakdown?metric=questions&by=bot&limit=501", "invalid_request", "query.limit"),
    ("/users?limit=0", "invalid_request", "greater than or equal to 1"),
    ("/users?limit=201", "invalid_request", "less than or equal to 200"),
    (f"/users?limit={'9' * 5000}", "invalid_request", "query.limit"),
    ("/dialogs?limit=0", "invalid_request", "greater than or equal to 1"),
    ("/dialogs?limit=201", "invalid_request", "less than or equal to 200"),
    ("/users?order=name", "invalid_request", "'questions', 'answers', 'tokens' or 'cost'"),
    ("/users?model=large", "wrong_filter", "People cannot be listed by model"),
    ("/users?language=en", "wrong_filter", "People cannot be listed by language"),
    ("/export/users.csv?model=large", "wrong_filter", "People cannot be listed by model"),
    ("/users?search=", "wrong_search", "such as Quiet Otter 4f"),
    ("/users?search=%00", "wrong_search", "such as Quiet Otter 4f"),
    ("/users?search=%ED%A0%80", "wrong_search", "such as Quiet Otter 4f"),
    (f"/users?search={'a' * 61}", "invalid_request", "at most 60 characters"),
    ("/dialogs?search=' OR 1=1", "wrong_search", "such as Quiet Otter 4f"),
    ("/export/users.csv?search=x", "wrong_search", "such as Quiet Otter 4f"),
    ("/export/dialogs.csv?search=x", "wrong_search", "such as Quiet Otter 4f"),
    ("/dialogs?having=", "invalid_request", "query.having"),
    ("/dialogs?having=liked%00", "invalid_request", "query.having"),
    ("/export/users.csv?order=name", "invalid_request", "query.order"),
    ("/users/1", "invalid_request", "valid UUID"),
    ("/dialogs?outcome=No!", "invalid_request", "query.outcome"),
    ("/dialogs?outcome=a%00", "invalid_request", "query.outcome"),
    ("/dialogs/1?reason=because", "invalid_request", "valid UUID"),
)


def asked() -> Iterator[tuple[str, str, str]]:
    for path in EVERYWHERE:
        yield from ((joined(path, query), code, part) for query, code, part in WINDOWS)
    for path in FILTERED:
        yield from ((joined(path, query), "invalid_request", part) for query, part in FILTERS)
    yield from ONE_BY_ONE


def joined(path: str, query: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}{query}"


@pytest.fixture
def wrong() -> list[str]:
    """What was not as it should be; a table is read to its end before it fails."""
    return []


async def test_each_gets_its_code_and_a_sentence(
    reach: Serving, golden_url: str, wrong: list[str]
) -> None:
    async with reach(golden_url) as http:
        described = (await get(http, "/openapi.json")).json()["paths"]
        for path, code, part in asked():
            answer = await get(http, path)
            is_told = code in documented(described, path)
            if not is_told or not is_problem(answer, 422, code) or part not in answer.text:
                wrong.append(f"{path[:120]}\n    {code}: {part}\n    {answer.text[:300]}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "path",
    [
        "/stats?bot=42&bot=43",
        "/stats?period=day&period=week",
        "/stats?tz=UTC&tz=Europe/Berlin",
        "/users?limit=1&limit=2",
        "/stats/series?metric=questions&metric=questions",
        "/stats?nothing=known",
        "/stats?model=%ED%A0%80&language=%FF",
        "/stats?bot=4611686018427387904",
        "/stats?tz=Asia/Kolkata&period=day",
        "/stats/breakdown?metric=questions&by=hour_of_week&tz=Asia/Kolkata&period=day",
        "/dialogs?model=%ED%A0%80&outcome=nothing_like_it",
    ],
)
async def test_what_is_odd_but_clear_is_answered(
    reach: Serving, golden_url: str, path: str
) -> None:
    async with reach(golden_url) as http:
        assert (await get(http, path)).status_code == 200


async def test_who_is_not_there_is_not_found(reach: Serving, golden_url: str) -> None:
    nobody = "00000000-0000-0000-0000-000000000000"
    async with reach(golden_url) as http:
        for path in FILTERED:
            answer = await get(http, joined(path, f"user={nobody}"))
            assert is_problem(answer, 404, "user_not_found"), path
        answer = await get(http, f"/dialogs/{nobody}?reason=because")
        assert is_problem(answer, 404, "dialog_not_found")
        answer = await get(http, "/stats/nothing")
        assert is_problem(answer, 404, "not_found")


def documented(paths: dict[str, Any], path: str) -> set[str]:
    """The codes of a route's 422."""
    route = path.partition("?")[0].replace("/dialogs/1", "/dialogs/{dialog_id}")
    route = route.replace("/users/1", "/users/{user_id}")
    answer = paths[f"/api/v1{route}"]["get"]["responses"]["422"]
    return set(answer["content"]["application/problem+json"]["examples"])


def is_problem(answer: httpx2.Response, status: int, code: str) -> bool:
    if answer.status_code != status:
        return False
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert body["trace_id"]
    assert len(body["detail"]) < 1000, body["detail"]
    return bool(body["code"] == code)


async def get(http: httpx2.AsyncClient, path: str) -> httpx2.Response:
    return await http.get(f"/api/v1{path}", auth=(NAME, PASSWORD))
