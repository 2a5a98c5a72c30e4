"""What the bot is in a chat: a member, an administrator, thrown out; and how it hears of it."""

import time

from simulator.telegram.server import Telegram
from simulator.telegram.world import Chat, Json, without_color

_RIGHTS = (
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
)
#: an administrator without any privilege but those that come with being one
_GIVEN = {"can_manage_chat"}


def bot_status(chat: Chat) -> str:
    if chat.is_blocked:
        return "kicked"
    return "administrator" if chat.is_bot_admin else "member"


def member(user: Json, status: str) -> Json:
    """A ChatMember of the Bot API."""
    described: Json = {"user": without_color(user), "status": status}
    match status:
        case "kicked":
            described["until_date"] = 0
        case "administrator":
            described |= {right: right in _GIVEN for right in _RIGHTS}
    return described


def tell_bot(telegram: Telegram, chat: Chat, user_id: int, *, former: str) -> None:
    """Send my_chat_member: the person has changed what the bot is here."""
    bot = telegram.bot.user
    event = {
        "chat": chat.info,
        "from": without_color(telegram.world.users[user_id]),
        "date": int(time.time()),
        "old_chat_member": member(bot, former),
        "new_chat_member": member(bot, bot_status(chat)),
    }
    telegram.notify_bot("my_chat_member", event, chat)
