"""/status: whether the models answer, and what somebody waits for. Pure."""

from dataclasses import dataclass
from datetime import tzinfo

from core.chat.waiting import Queue
from core.llm.outlook import Outlook


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusTexts:
    #: of the models: they answer, some of them rest, nobody can be asked
    well: str
    partly: str
    out: str
    #: with `since` and `next_try`
    waiting: str
    #: with `seconds`
    next_try: str
    trying: str
    #: with `count`
    behind: str
    nothing: str


def told(outlook: Outlook, queue: Queue, texts: StatusTexts, zone: tzinfo) -> str:
    """The state of things as a message."""
    # Whoever waits does not want to hear that others get answers.
    is_partly = not (outlook.is_well or outlook.is_out)
    sentences = [] if queue.waiting_since and is_partly else [_models(outlook, texts)]
    if queue.waiting_since:
        since = f"{queue.waiting_since.astimezone(zone):%H:%M %Z}"
        sentences.append(texts.waiting.format(since=since, next_try=_next_try(queue, texts)))
    if queue.behind:
        sentences.append(texts.behind.format(count=queue.behind))
    if not queue.waiting_since and not queue.behind:
        sentences.append(texts.nothing)
    return " ".join(sentences)


def _models(outlook: Outlook, texts: StatusTexts) -> str:
    if outlook.is_well:
        return texts.well
    return texts.out if outlook.is_out else texts.partly


def _next_try(queue: Queue, texts: StatusTexts) -> str:
    seconds = round(queue.next_try_in.total_seconds()) if queue.next_try_in else 0
    return texts.next_try.format(seconds=seconds) if seconds else texts.trying
