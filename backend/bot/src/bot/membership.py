"""What the bot's standing in a chat says: may it write there? Pure."""

from aiogram.types import (
    ChatMemberBanned,
    ChatMemberLeft,
    ChatMemberRestricted,
    ChatMemberUnion,
)


def refusal_of(member: ChatMemberUnion) -> str | None:
    """Why it may not; None where it may. Who has blocked the bot has banned it from their chat."""
    match member:
        case ChatMemberBanned():
            return "blocked or banned"
        case ChatMemberLeft() | ChatMemberRestricted(is_member=False):
            return "not a member"
        case ChatMemberRestricted(can_send_messages=False):
            return "muted"
        case _:
            return None
