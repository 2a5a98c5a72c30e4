"""In which chats the bot may write, by what Telegram says of its standing there."""

import pytest
from aiogram.types import (
    ChatMemberAdministrator,
    ChatMemberBanned,
    ChatMemberLeft,
    ChatMemberMember,
    ChatMemberOwner,
    ChatMemberRestricted,
    ChatMemberUnion,
)

from bot.membership import refusal_of


def restricted(*, is_member: bool, can_send_messages: bool) -> ChatMemberRestricted:
    """Of its many permissions those that matter."""
    return ChatMemberRestricted.model_construct(
        is_member=is_member, can_send_messages=can_send_messages
    )


@pytest.mark.parametrize(
    ("standing", "refusal"),
    [
        (ChatMemberMember.model_construct(), None),
        (ChatMemberAdministrator.model_construct(), None),
        (ChatMemberOwner.model_construct(), None),
        (restricted(is_member=True, can_send_messages=True), None),
        (restricted(is_member=True, can_send_messages=False), "muted"),
        (restricted(is_member=False, can_send_messages=True), "not a member"),
        (ChatMemberLeft.model_construct(), "not a member"),
        (ChatMemberBanned.model_construct(), "blocked or banned"),
    ],
)
def test_refusal(standing: ChatMemberUnion, refusal: str | None) -> None:
    assert refusal_of(standing) == refusal
