"""/usage: what somebody has asked and what it took, by the metrics that analysts see."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot import limits
from bot.texts import Texts
from core.chat import caps
from core.chat.caps import Caps, Left
from core.db.session import Database
from core.stats.calendar import Compare, Period, last
from core.stats.metrics import METRICS, Metric, Unit
from core.stats.query import Clock, Value, Values, measure
from core.stats.sources import Filters

SHOWN = ("questions", "answers", "tokens", "cost", "full_answer_p50")


class Usage:
    """Looks up one person's numbers, in the time zone of the statistics."""

    def __init__(self, database: Database, zone: ZoneInfo, caps: Caps) -> None:
        self._database = database
        self._zone = zone
        self._caps = caps

    async def left(self, bot_id: int, user_id: int) -> tuple[Left, ...]:
        """What the person may still use today, of what is capped."""
        async with self._database.read() as session:
            return await caps.left(session, bot_id, user_id, caps=self._caps)

    async def of(self, bot_id: int, user_id: int) -> dict[Period, Values]:
        clock = Clock(zone=self._zone, now=datetime.now(UTC))
        windows = {
            period: last(period, clock.now, clock.zone, compare=Compare.NONE) for period in Period
        }
        async with self._database.snapshot() as session:
            measured = await measure(
                session,
                [METRICS[slug] for slug in SHOWN],
                [window.span for window in windows.values()],
                Filters(bot=bot_id, user=user_id),
                clock,
            )
        return dict(zip(windows, measured, strict=True))


def told(usage: dict[Period, Values], left: Sequence[Left], texts: Texts) -> str:
    """The numbers as a message."""
    parts = [texts.usage]
    for period, values in usage.items():
        lines = [
            f"{texts.metrics.get(slug) or METRICS[slug].title}: {_shown(METRICS[slug], value)}"
            for slug, value in values.items()
            if value is not None
        ]
        parts.append("\n".join([f"{texts.periods[period]}:", *lines]))
    if left:
        parts.append(
            "\n".join([texts.limits.left, *(limits.told_left(x, texts.limits) for x in left)])
        )
    return "\n\n".join(parts)


def _shown(metric: Metric, value: Value) -> str:
    return _FORMATS[metric.unit](value or 0)


_FORMATS: dict[Unit, Callable[[float], str]] = {
    Unit.COUNT: "{:,.0f}".format,
    Unit.CHARACTERS: "{:,.0f}".format,
    Unit.TOKENS: "{:,.0f}".format,
    Unit.MICRODOLLARS: lambda micros: f"${micros / 1_000_000:,.4f}",
    Unit.MILLISECONDS: lambda milliseconds: f"{milliseconds / 1000:,.1f} s",
    Unit.SHARE: "{:.1%}".format,
}
