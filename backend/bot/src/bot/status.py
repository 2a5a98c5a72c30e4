"""/status: whether the models answer, and what somebody waits for. Pure."""

from dataclasses import dataclass
from datetime import tzinfo
from enum import Enum, auto

from core.chat.waiting import Queue
from core.llm.outlook import Outlook as Known


class Outlook(Enum):
    """Of the models."""

    WELL = auto()
    PARTLY = auto()
    OUT = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusTexts:
    models: dict[Outlook, str]
    #: with `since` and `next_try`
    waiting: str
    #: with `seconds`
    next_try: str
    trying: str
    #: with `count`
    behind: str
    is_next: str


def outlook(models: Known) -> Outlook:
    if models.is_well:
        return Outlook.WELL
    return Outlook.OUT if models.is_out else Outlook.PARTLY


def told(models: Outlook, queue: Queue, texts: StatusTexts, zone: tzinfo) -> str:
    """The state of things as a message."""
    sentences = [texts.models[models]]
    if queue.waiting_since:
        since = f"{queue.waiting_since.astimezone(zone):%H:%M %Z}"
        sentences.append(texts.waiting.format(since=since, next_try=_next_try(queue, texts)))
    if queue.behind:
        sentences.append(texts.behind.format(count=queue.behind))
    if not queue.waiting_since and not queue.behind:
        sentences.append(texts.is_next)
    return " ".join(sentences)


def _next_try(queue: Queue, texts: StatusTexts) -> str:
    if queue.next_try_in is None:
        return texts.trying
    return texts.next_try.format(seconds=round(queue.next_try_in.total_seconds()))
