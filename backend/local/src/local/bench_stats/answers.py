"""What the API answered, beside what an engine found in the raw rows."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from local.bench_stats.engines import Answers
from local.bench_stats.questions import MEASURES, Window

Body = Mapping[str, Any]
#: the API's ids of people, each given by bot and user
PublicIds = Callable[[Sequence[tuple[int, int]]], Mapping[tuple[int, int], str]]

_TILES = ("messages", "questions", "answers", "dialogs", "tokens", "cost", "answer_length")
_BUCKETS = ("messages", "questions", "answers", "tokens", "cost", "failed")
_PERSON = ("questions", "answers", "tokens", "cost")


def window_of(body: Body) -> Window:
    """The window that the API itself says it answered about."""
    given = body["window"]
    return Window(
        start=datetime.fromisoformat(given["start"]).astimezone(UTC),
        end=datetime.fromisoformat(given["end"]).astimezone(UTC),
        bucket=given["bucket"],
    )


def people_are_as_of(body: Body) -> datetime:
    """When the list of people was made: the API remembers it for a while."""
    return datetime.fromisoformat(body["top_users"]["as_of"])


def differences(body: Body, found: Answers, public_ids: PublicIds) -> Iterator[str]:
    """Each number of the API that an engine finds otherwise, in words."""
    yield from _compared("summary", body["summary"]["current"], _tile(found["summary"][0]))
    given = [bucket for bucket in body["activity"] if any(bucket["values"].values())]
    if len(given) != len(found["activity"]):
        yield f"activity: {len(given)} buckets, found {len(found['activity'])}"
    for bucket, (start, *row) in zip(given, found["activity"], strict=False):
        wanted = _named(row, _BUCKETS) | {"active_users": row[-1]}
        at = round(datetime.fromisoformat(bucket["start"]).timestamp())
        yield from _compared(bucket["start"], bucket["values"] | {"at": at}, wanted | {"at": start})
    yield from _people(body["top_users"]["users"], found["top_users"], public_ids)


def _people(
    given: Sequence[Body], found: Sequence[tuple[int, ...]], public_ids: PublicIds
) -> Iterator[str]:
    ids = public_ids([(bot_id, user_id) for bot_id, user_id, *_ in found])
    if len(given) != len(found):
        yield f"top users: {len(given)}, found {len(found)}"
    for place, (person, (bot_id, user_id, *row)) in enumerate(zip(given, found, strict=False), 1):
        wanted = _named(row, _PERSON) | {"id": ids[bot_id, user_id]}
        yield from _compared(f"top user {place}", person, wanted)


def _tile(row: tuple[int, ...]) -> dict[str, Any]:
    return _named(row, _TILES) | {"active_users": row[-1]}


def _named(row: Sequence[int], names: Sequence[str]) -> dict[str, Any]:
    """An engine's numbers by the API's names."""
    values: dict[str, Any] = dict(zip(MEASURES, row, strict=False))
    values["messages"] = values["questions"] + values["answers"]
    values["answer_length"] = values["answer_units"] / values["answers"]
    return {name: values[name] for name in names}


def _compared(what: str, given: Body, wanted: Mapping[str, Any]) -> Iterator[str]:
    for name, value in wanted.items():
        if given.get(name) != value:
            yield f"{what}, {name}: {given.get(name)}, found {value}"
