"""The language of the fault matrix: a row is a story that happens in a world, and ends clean."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from .world import World

Story = Callable[[World], Awaitable[str]]
Record = Callable[[str, object], None]
Test = Callable[[World, Record], Awaitable[None]]


def fault(
    row: int, title: str, *, how: str, is_quick: bool = False
) -> Callable[[Story], pytest.MarkDecorator]:
    """Makes a test of a story, which returns what was observed in a short sentence.

    After each the oracle judges. Quick ones are a part of `make test`, the others of `make chaos`.
    """

    def tell(story: Story) -> Any:
        async def test(world: World, record_property: Record) -> None:
            record_property("row", {"row": row, "title": title, "how": how})
            observed = await story(world)
            await require_clean(world)
            record_property("observed", observed)

        return _as(test, story, is_quick=is_quick, row=row)

    return tell


async def require_clean(world: World) -> None:
    await world.settled()
    wrongs = await (await world.oracle()).wrongs()
    assert not wrongs, "\n".join(wrongs)


def _as(test: Test, story: Story, *, is_quick: bool, row: int) -> Any:
    test.__name__ = test.__qualname__ = story.__name__
    test.__module__, test.__doc__ = story.__module__, story.__doc__
    marked = pytest.mark.fault(row=row)(test)
    return marked if is_quick else pytest.mark.chaos(marked)
