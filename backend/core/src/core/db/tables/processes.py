"""What runs: processes that tell now and then that they are alive."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, Named, Table, TypedColumns

from core.db.tables.base import metadata, moment


class _BotProcesses(TypedColumns):
    """A process of a bot, from its start until its end, or until it is long silent."""

    id: Named[UUID] = Column(primary_key=True)
    bot_id: Named[int] = Column(BigInteger, ForeignKey("bots.id"), nullable=False)
    host: Named[str]
    pid: Named[int] = Column(Integer, nullable=False)
    release: Named[str]
    started_at: Named[datetime] = moment()
    #: its newest heartbeat
    seen_at: Named[datetime] = moment()


bot_processes = Table("bot_processes", metadata, _BotProcesses)
