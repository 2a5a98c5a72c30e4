"""Messages counted: what came in, how long it waited, what became of replies."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Histogram

from bot.ingest import ALLOWED_UPDATES
from bot.outcome import Fate, Outcome

OTHER = "other"

_WAIT_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0)


class Messages:
    def __init__(self, registry: CollectorRegistry) -> None:
        self._received = Counter(
            "telegram_messages_received_total",
            "Updates that were new, by kind.",
            ["kind"],
            registry=registry,
        )
        self._sent = Counter(
            "telegram_messages_sent_total",
            "Calls that were to bring a part of a reply, by what became of it.",
            ["outcome"],
            registry=registry,
        )
        self._unknown = Counter(
            "telegram_delivery_unknown_total",
            "Parts of replies of which nobody can know whether they arrived.",
            registry=registry,
        )
        self._waited = Histogram(
            "inbox_wait_seconds",
            "From an update's arrival to the start of work.",
            buckets=_WAIT_BUCKETS,
            registry=registry,
        )
        self._failed = Counter(
            "update_failures_total",
            "Updates whose handling failed; each is tried three times.",
            registry=registry,
        )
        for kind in (*ALLOWED_UPDATES, OTHER):
            self._received.labels(kind)
        for fate in Fate:
            self._sent.labels(_word(fate))

    def came(self, kinds: Iterable[str]) -> None:
        for kind in kinds:
            self._received.labels(kind if kind in ALLOWED_UPDATES else OTHER).inc()

    def taken(self, *, queue_ms: int) -> None:
        self._waited.observe(queue_ms / 1000)

    def failed(self) -> None:
        self._failed.inc()

    def sent(self, outcome: Outcome | None, *, is_edit: bool) -> None:
        """None: it arrived. An edit can be repeated, so that nothing about it stays unknown."""
        fate = outcome.fate if outcome else Fate.SENT
        self._sent.labels(_word(fate)).inc()
        if fate is Fate.AMBIGUOUS and not is_edit:
            self.unknown(1)

    def unknown(self, parts: int) -> None:
        self._unknown.inc(parts)


def _word(fate: Fate) -> str:
    return fate.name.lower()
