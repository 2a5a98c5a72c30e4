"""What /status says."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.status import told
from bot.texts import ENGLISH, RUSSIAN
from core.chat.waiting import Queue
from core.llm.outlook import Outlook

WELL = Outlook(targets=2, resting=0)
PARTLY = Outlook(targets=2, resting=1)
OUT = Outlook(targets=2, resting=2, back_in=timedelta(seconds=9))
IDLE = Queue(waiting_since=None, next_try_in=None, behind=0)
SINCE = datetime(2026, 11, 21, 15, 4, tzinfo=UTC)
TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.mark.parametrize(
    ("outlook", "queue", "expected"),
    [
        (
            WELL,
            IDLE,
            "The language models answer as usual. Nothing of yours waits for an answer here.",
        ),
        (
            PARTLY,
            Queue(waiting_since=None, next_try_in=None, behind=2),
            (
                "Some of the language models are having trouble; others answer. "
                "Messages of yours in the queue: 2."
            ),
        ),
        (
            OUT,
            Queue(waiting_since=SINCE, next_try_in=timedelta(seconds=8.6), behind=1),
            (
                "No language model can be reached at the moment. "
                "A question here has been waiting since 00:04 JST; I will ask again in about 9 s. "
                "Messages of yours in the queue: 1."
            ),
        ),
        (
            WELL,
            Queue(waiting_since=SINCE, next_try_in=None, behind=0),
            (
                "The language models answer as usual. "
                "A question here has been waiting since 00:04 JST; I am asking again right now."
            ),
        ),
        (
            PARTLY,
            Queue(waiting_since=SINCE, next_try_in=timedelta(seconds=0.3), behind=0),
            "A question here has been waiting since 00:04 JST; I am asking again right now.",
        ),
    ],
)
def test_it_is_said_in_a_few_words(outlook: Outlook, queue: Queue, expected: str) -> None:
    assert told(outlook, queue, ENGLISH.status, TOKYO) == expected
    assert "{" not in told(outlook, queue, RUSSIAN.status, TOKYO)
