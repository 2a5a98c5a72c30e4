"""What is done about an update without asking a model.

What takes a work item closes it in the transaction that stores what was decided, and raises Fenced
when the item is no longer ours.
"""

from collections.abc import Callable, Sequence
from uuid import UUID

from core.chat import chats, dialogs, feedback, inbox, outbox, repeats, waiting
from core.chat.inbox import Incoming, Work
from core.chat.outbox import Address, Part
from core.chat.repeats import Asked
from core.chat.waiting import Queue
from core.db.session import Database
from core.logging import get_logger
from core.stats import rollup
from core.stats.measures import Step

log = get_logger(__name__)


class Desk:
    """One instance serves all chats of a process."""

    def __init__(self, database: Database, *, delivered: Callable[[], None]) -> None:
        self._database = database
        #: called when there is something in the outbox to send
        self._delivered = delivered

    async def say(
        self, work: Work, address: Address, parts: Sequence[Part], *, ends_dialog: bool = False
    ) -> None:
        """Say something of the product's own and close the work item."""
        async with self._database.write() as session:
            await inbox.finish(session, work)
            if ends_dialog:
                await dialogs.close_dialog(session, address)
            await outbox.enqueue(session, address, parts)
        self._delivered()

    async def close(self, work: Work) -> None:
        """Close a work item that needed no answer."""
        async with self._database.write() as session:
            await inbox.finish(session, work)

    async def replace(self, work: Work, by: Incoming) -> None:
        """Close a work item and queue another one in its stead."""
        async with self._database.write() as session:
            await inbox.finish(session, work)
            if by.lane is not None:
                await inbox.lock_lanes(session, [by.lane])
            await inbox.accept(session, work.bot_id, [by])

    async def send_again(self, work: Work, address: Address, turn_id: UUID) -> bool:
        """Send an answer once more of which nobody knew whether it arrived; False when there is
        nothing to send.
        """
        async with self._database.write() as session:
            await inbox.finish(session, work)
            is_sent = await repeats.send_again(session, address, turn_id)
        self._delivered()
        return is_sent

    async def revise(self, work: Work, address: Address, message_id: int, text: str) -> None:
        """Keep the newest wording of a question that its author has edited."""
        async with self._database.write() as session:
            await inbox.finish(session, work)
            if turn_id := await dialogs.revise_question(session, address, message_id, text):
                await rollup.book(session, turn_id, Step.EDITED)

    async def rate(
        self, work: Work, address: Address, message_id: int, user_id: int, score: int | None
    ) -> None:
        """Keep, or with None take back, what a person thinks of the answer in a message."""
        async with self._database.write() as session:
            await inbox.finish(session, work)
            await feedback.react(session, address, message_id, user_id, score)

    async def meet(self, work: Work, chat_id: int, *, refused: str | None) -> None:
        """Keep whether the bot may write in a chat; `refused` tells why not."""
        async with self._database.write() as session:
            await inbox.finish(session, work)
            if refused:
                await chats.close(session, work.bot_id, chat_id, work.received_at, refused)
            else:
                await chats.reopen(session, work.bot_id, chat_id, work.received_at)

    async def give_up(
        self, work: Work, address: Address, message_id: int, parts: Sequence[Part], reason: str
    ) -> None:
        """Park an item that keeps failing, end its turn if it has one, and say so."""
        async with self._database.write() as session:
            await inbox.park(session, work, reason=reason)
            await outbox.enqueue(session, address, parts)
            if turn_id := await dialogs.fail_turn(session, address, message_id):
                await rollup.book(session, turn_id, Step.CONCLUDED)
        self._delivered()

    async def seen(self, address: Address, message_id: int, text: str) -> None:
        """Somebody has a message of ours before them."""
        async with self._database.write() as session:
            if await repeats.seen(session, address, message_id, text):
                log.info("part_seen")

    async def asked(self, address: Address, turn_id: UUID) -> Asked | None:
        """The question of a turn, to be asked again; None when it is not there any more."""
        async with self._database.read() as session:
            return await repeats.question_of(session, address, turn_id)

    async def queue(self, address: Address, user_id: int) -> Queue:
        """What a person waits for in a chat."""
        async with self._database.read() as session:
            return await waiting.queue(session, address, user_id)
