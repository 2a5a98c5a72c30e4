"""Which of Telegram's reactions say that an answer was good, and which that it was bad."""

from collections.abc import Sequence

from aiogram.types import ReactionTypeEmoji, ReactionTypeUnion

from core.chat.feedback import DISLIKE, LIKE

# The rest of Telegram's emoji, such as 🤔 or 👀, and the custom ones could mean either.
_GOOD = "👍 ❤ ❤\N{ZERO WIDTH JOINER}🔥 🔥 🥰 😍 😘 🤩 👏 👌 🎉 🏆 💯 💘 😁 🤗 🤝 🙏"
_BAD = "👎 💩 🤮 😡 🤬 🖕 🤡 🥱"
_SCORES = dict.fromkeys(_GOOD.split(), LIKE) | dict.fromkeys(_BAD.split(), DISLIKE)
#: asks for the coloured picture of an emoji; some clients send it, some do not
_COLOURED = "\N{VARIATION SELECTOR-16}"


def score_of(reactions: Sequence[ReactionTypeUnion]) -> int | None:
    """The score of the last reaction that has one; None when none has."""
    emoji = [one.emoji for one in reactions if isinstance(one, ReactionTypeEmoji)]
    scores = [_SCORES.get(one.replace(_COLOURED, "")) for one in emoji]
    return next((score for score in reversed(scores) if score), None)
