"""What a person's reactions to a message say about the answer in it."""

import pytest
from aiogram.types import (
    ReactionTypeCustomEmoji,
    ReactionTypeEmoji,
    ReactionTypePaid,
    ReactionTypeUnion,
)

from bot.reactions import score_of
from core.chat.feedback import DISLIKE, LIKE


@pytest.mark.parametrize(
    "emoji", ["👍", "❤", "❤️", "❤‍🔥", "❤️‍🔥", "🔥", "👏", "🎉", "😁", "🙏", "💯"]
)
def test_likes(emoji: str) -> None:
    assert score_of([ReactionTypeEmoji(emoji=emoji)]) == LIKE


@pytest.mark.parametrize("emoji", ["👎", "💩", "🤮", "😡", "🤬"])
def test_dislikes(emoji: str) -> None:
    assert score_of([ReactionTypeEmoji(emoji=emoji)]) == DISLIKE


@pytest.mark.parametrize("emoji", ["🤔", "👀", "😭", "", "👍👎"])
def test_what_could_mean_either_says_nothing(emoji: str) -> None:
    assert score_of([ReactionTypeEmoji(emoji=emoji)]) is None


@pytest.mark.parametrize(
    ("emoji", "score"),
    [
        ([], None),
        (["👍", "👎"], DISLIKE),
        (["👎", "👍"], LIKE),
        (["👎", "🤔"], DISLIKE),
        (["🤔", "👀"], None),
    ],
)
def test_the_last_that_counts_decides(emoji: list[str], score: int | None) -> None:
    assert score_of([ReactionTypeEmoji(emoji=one) for one in emoji]) == score


def test_custom_and_paid_ones_say_nothing() -> None:
    others: list[ReactionTypeUnion] = [
        ReactionTypeCustomEmoji(custom_emoji_id="5"),
        ReactionTypePaid(),
    ]
    assert score_of(others) is None
    assert score_of([*others, ReactionTypeEmoji(emoji="👍"), *others]) == LIKE
