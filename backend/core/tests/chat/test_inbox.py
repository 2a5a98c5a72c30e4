"""The queue's promises, on a real PostgreSQL: order in a lane, leases, fencing."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from core.chat import inbox
from core.chat.inbox import Fenced, Incoming, Work
from core.db.session import Database
from core.db.tables import inbox as inbox_table

BOT_ID = 42
LEASE = timedelta(seconds=30)


def update(number: int, lane: str | None = "1:0", *, raw: str = "{}") -> Incoming:
    return Incoming(
        update_id=number, identity=f"message:{number}", lane=lane, kind="message", raw=raw
    )


async def accept(database: Database, *updates: Incoming) -> list[str]:
    async with database.write() as session:
        return await inbox.accept(session, BOT_ID, updates)


async def claim(database: Database, limit: int = 10, lease: timedelta = LEASE) -> list[Work]:
    async with database.write() as session:
        return await inbox.claim(session, BOT_ID, limit=limit, lease=lease)


async def finish(database: Database, work: Work) -> None:
    async with database.write() as session:
        await inbox.finish(session, work)


async def state_of(database: Database, update_id: int) -> str:
    async with database.read() as session:
        query = select(inbox_table.c.state).where(inbox_table.c.update_id == update_id)
        return (await session.execute(query)).scalar_one()


class TestAccept:
    async def test_stores_once_what_comes_twice(self, database: Database) -> None:
        assert await accept(database, update(1), update(2)) == ["message", "message"]
        assert await accept(database, update(2), update(3)) == ["message"]

    async def test_takes_a_reused_update_id_with_other_content(self, database: Database) -> None:
        await accept(database, update(1))
        other = Incoming(update_id=1, identity="message:other", lane="2:0", kind="message", raw="1")
        assert await accept(database, other) == ["message"]

    async def test_keeps_escapes_that_text_cannot_hold(self, database: Database) -> None:
        await accept(database, update(1, raw=r'{"text": "\u0000 \ud83d"}'))
        [work] = await claim(database)
        assert work.raw == {"text": "\x00 \ud83d"}

    async def test_never_hands_out_an_unusable_one(self, database: Database) -> None:
        unusable = Incoming(
            update_id=7, identity="x", lane=None, kind="unknown", raw="1", reason="no object"
        )
        await accept(database, unusable)
        assert await claim(database) == []
        assert await state_of(database, 7) == "dead"


class TestClaim:
    async def test_takes_one_of_a_lane_in_the_order_of_arrival(self, database: Database) -> None:
        await accept(database, update(9), update(3), update(5, "2:0"))
        works = await claim(database)
        assert [work.update_id for work in works] == [9, 5]
        await finish(database, works[0])
        assert [work.update_id for work in await claim(database)] == [3]

    async def test_takes_what_has_no_lane_beside_everything(self, database: Database) -> None:
        await accept(database, update(1), update(2, None), update(3, None))
        assert [work.update_id for work in await claim(database)] == [1, 2, 3]

    async def test_never_gives_one_item_to_two(self, database: Database) -> None:
        await accept(database, *(update(n, f"{n}:0") for n in range(50)))
        claimed = await asyncio.gather(*(claim(database, limit=7) for _ in range(10)))
        numbers = [work.update_id for works in claimed for work in works]
        assert sorted(numbers) == list(range(50))

    async def test_waits_for_the_time_of_a_retry_and_so_does_the_lane(
        self, database: Database
    ) -> None:
        await accept(database, update(1), update(2))
        [work] = await claim(database)
        async with database.write() as session:
            await inbox.retry(session, work, delay=timedelta(hours=1), reason="because")
        assert await claim(database) == []

    async def test_brings_the_newest_edit_of_a_message_along(self, database: Database) -> None:
        def edit(update_id: int, message: int, words: str) -> Incoming:
            return Incoming(
                update_id=update_id,
                identity=f"edited_message:1:{message}:{update_id}",
                lane="1:0",
                kind="edited_message",
                raw=f'"{words}"',
            )

        question = Incoming(
            update_id=1, identity="message:1:7:100", lane="1:0", kind="message", raw="0"
        )
        edits = (edit(2, 7, "older"), edit(3, 7, "newest"), edit(4, 77, "of another message"))
        await accept(database, question, *edits)
        [work] = await claim(database)
        assert (work.update_id, work.edit) == (1, "newest")
        await finish(database, work)
        [work] = await claim(database)
        assert (work.update_id, work.edit) == (2, None)

    async def test_takes_over_when_a_lease_has_ended(self, database: Database) -> None:
        await accept(database, update(1))
        [first] = await claim(database, lease=timedelta(seconds=-1))
        [second] = await claim(database)
        assert (second.update_id, second.attempts) == (1, 2)
        assert second.epoch > first.epoch


class TestFencing:
    async def test_the_former_holder_can_do_nothing(self, database: Database) -> None:
        await accept(database, update(1))
        [former] = await claim(database, lease=timedelta(seconds=-1))
        [holder] = await claim(database)
        with pytest.raises(Fenced):
            await finish(database, former)
        await finish(database, holder)
        assert await state_of(database, 1) == "done"

    async def test_renewal_tells_what_was_taken_over(self, database: Database) -> None:
        await accept(database, update(1), update(2, "2:0"), update(3, "3:0"))
        lost, kept, finished = await claim(database, lease=timedelta(seconds=-1))
        await finish(database, finished)
        await claim(database, limit=1)
        async with database.write() as session:
            assert await inbox.renew(session, [lost, kept, finished], lease=LEASE) == {lost.hold}
        assert await claim(database) == []

    async def test_finishing_twice_is_refused(self, database: Database) -> None:
        await accept(database, update(1))
        [work] = await claim(database)
        await finish(database, work)
        with pytest.raises(Fenced):
            await finish(database, work)


class TestGivingBack:
    async def test_a_release_costs_no_attempt(self, database: Database) -> None:
        await accept(database, update(1))
        [work] = await claim(database)
        async with database.write() as session:
            await inbox.release(session, work)
        [again] = await claim(database)
        assert again.attempts == 1

    async def test_a_parked_item_lets_its_lane_move_on(self, database: Database) -> None:
        await accept(database, update(1), update(2))
        [work] = await claim(database)
        async with database.write() as session:
            await inbox.park(session, work, reason="of no use")
        assert [work.update_id for work in await claim(database)] == [2]
        assert await state_of(database, 1) == "dead"


async def test_a_lane_is_locked_until_the_transaction_ends(database: Database) -> None:
    """Two processes that store updates of one chat commit them in the order of their numbers."""
    async with database.write() as first:
        await inbox.lock_lanes(first, ["42:1:0"])
        async with database.write() as second:
            await second.execute(text("SET LOCAL lock_timeout = '50ms'"))
            with pytest.raises(Exception, match="lock timeout"):
                await inbox.lock_lanes(second, ["42:1:0"])
            await second.rollback()
