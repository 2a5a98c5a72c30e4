"""What the bot says about people's data, by language."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Of this installation, as /privacy tells them."""

    #: the model provider's host
    provider: str
    #: messages of a conversation that the model sees again
    history: int
    raw_updates_days: int
    audit_log_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyTexts:
    privacy: Callable[[Facts], str]
    export_button: str
    erase_button: str
    #: with the minutes until then
    export_later: Callable[[int], str]
    export_in_private: str
    export_begun: str
    export_caption: str
    export_failed: str
    nothing_kept: str
    #: with the minutes for which the buttons work
    sure: Callable[[int], str]
    yes_button: str
    no_button: str
    not_yours: str
    expired: str
    erased: str
    not_erased: str


def _days(number: int) -> str:
    return f"{number} day{'' if number == 1 else 's'}"


def _minutes(number: int) -> str:
    return f"{number} minute{'' if number == 1 else 's'}"


ENGLISH = PrivacyTexts(
    privacy=lambda facts: (
        "What I keep of you, why, and for how long\n\n"
        "• Your questions and my answers, so that we can have a conversation – until you erase "
        "them.\n"
        "• Your name, username and language as Telegram tells them, to know whose conversation it "
        "is – until you erase them.\n"
        "• Your reactions to answers, to learn which were good – until you take them back or erase "
        "them.\n"
        "• All that Telegram sends me of you, word for word, so that no message is lost – for "
        f"{_days(facts.raw_updates_days)}.\n"
        "• How much you ask, how long answers take and what they cost, for statistics – for good; "
        "once you have erased your data, neither your name nor your id is in it.\n"
        "• Backups hold copies of all this until they are replaced by newer ones.\n\n"
        "Who sees it\n\n"
        f"• The language model at {facts.provider} gets each question, up to {facts.history} "
        "messages before it and a pseudonym; neither your name nor your Telegram id.\n"
        "• Whoever runs this bot can read what is stored. Its dashboard shows people under "
        "pseudonyms; opening a conversation takes a reason, which is recorded for "
        f"{_days(facts.audit_log_days)}.\n"
        "• Telegram carries every message.\n\n"
        "It is yours: /export gives you all of it as a file, /delete erases it."
    ),
    export_button="Take it along",
    erase_button="Erase it",
    export_later=lambda minutes: (
        "You were given a file within the last hour. "
        f"I can make another one in {_minutes(minutes)}."
    ),
    export_in_private="Your data are for your eyes alone: send me /export in our private chat.",
    export_begun="Collecting…",
    export_caption="All that I keep of you, as JSON. /delete erases it.",
    export_failed=(
        "I could not make sure that the file reached you. "
        "If it did not, please send /export again in a few minutes."
    ),
    nothing_kept="I keep nothing of you. If you write to me, we begin anew.",
    sure=lambda minutes: (
        "This erases all that I keep of you, in every chat with me: your questions and my answers "
        "to them, your name, your reactions. What I am writing for you is stopped. Only numbers "
        "remain, without your name or id.\n\n"
        "It cannot be undone; /export gives you a copy first. Shall I? "
        f"Only you can press, within {_minutes(minutes)}."
    ),
    yes_button="Erase everything",
    no_button="Keep it",
    not_yours="Only the person who asked can decide this.",
    expired="This button no longer works. Send /delete if you still want it.",
    erased=(
        "Erased. I keep nothing of what you wrote or who you are. Copies in backups go with the "
        "backups; should one be restored, you are erased again. If you write to me, we begin anew."
    ),
    not_erased="Nothing was erased.",
)


def _plural(number: int, one: str, few: str, many: str) -> str:
    """Russian has a form for 1 and 21, one for 2 to 4 and 22 to 24, one for the rest."""
    tens, units = number % 100, number % 10
    if units == 1 and tens != 11:  # noqa: PLR2004 - the grammar's
        return f"{number} {one}"
    if 2 <= units <= 4 and not 12 <= tens <= 14:  # noqa: PLR2004 - the grammar's
        return f"{number} {few}"
    return f"{number} {many}"


def _within_days(number: int) -> str:
    return _plural(number, "дня", "дней", "дней")


def _for_minutes(number: int) -> str:
    return _plural(number, "минуту", "минуты", "минут")


RUSSIAN = PrivacyTexts(
    privacy=lambda facts: (
        "Что я храню о вас, зачем и как долго\n\n"
        "• Ваши вопросы и мои ответы, чтобы мы могли вести разговор, – пока вы их не сотрёте.\n"
        "• Ваше имя, имя пользователя и язык, как их сообщает Telegram, чтобы знать, чей это "
        "разговор, – пока вы их не сотрёте.\n"
        "• Ваши реакции на ответы, чтобы понять, какие удались, – пока вы их не снимете или не "
        "сотрёте.\n"
        "• Всё, что Telegram присылает мне о вас, слово в слово, чтобы ни одно сообщение не "
        f"пропало, – в течение {_within_days(facts.raw_updates_days)}.\n"
        "• Сколько вы спрашиваете, как долго я отвечаю и чего это стоит, для статистики – "
        "бессрочно; после стирания в ней нет ни вашего имени, ни номера.\n"
        "• Резервные копии хранят всё это, пока их не сменят более новые.\n\n"
        "Кто это видит\n\n"
        f"• Языковая модель ({facts.provider}) получает каждый вопрос, сообщения разговора до него "
        f"(не более {facts.history}) и псевдоним – ни имени, ни номера в Telegram.\n"
        "• Тот, кто запустил этого бота, может прочесть сохранённое. На его панели люди показаны "
        "под псевдонимами; чтобы открыть разговор, нужно назвать причину, и она остаётся в "
        f"журнале в течение {_within_days(facts.audit_log_days)}.\n"
        "• Все сообщения проходят через Telegram.\n\n"
        "Это ваше: /export пришлёт всё файлом, /delete сотрёт."
    ),
    export_button="Забрать с собой",
    erase_button="Стереть",
    export_later=lambda minutes: (
        "Вы получили файл меньше часа назад. "
        f"Следующий я смогу собрать через {_for_minutes(minutes)}."
    ),
    export_in_private="Ваши данные только для вас: отправьте /export в личном чате со мной.",
    export_begun="Собираю…",
    export_caption="Всё, что я храню о вас, в формате JSON. /delete сотрёт это.",
    export_failed=(
        "Я не уверен, что файл дошёл до вас. "
        "Если нет, отправьте /export ещё раз через несколько минут."
    ),
    nothing_kept="Я ничего о вас не храню. Если вы мне напишете, начнём сначала.",
    sure=lambda minutes: (
        "Я сотру всё, что храню о вас во всех чатах со мной: ваши вопросы и мои ответы на них, "
        "ваше имя, ваши реакции. То, что я сейчас пишу для вас, остановится. Останутся только "
        "числа, без вашего имени и номера.\n\n"
        "Отменить это нельзя; копию перед этим пришлёт /export. Стереть? "
        f"Нажать можете только вы, в течение {_plural(minutes, 'минуты', 'минут', 'минут')}."
    ),
    yes_button="Стереть всё",
    no_button="Оставить",
    not_yours="Решать может только тот, кто об этом попросил.",
    expired="Эта кнопка больше не действует. Отправьте /delete, если всё ещё хотите этого.",
    erased=(
        "Стёрто. Я не храню ничего из того, что вы писали и кто вы. Резервные копии исчезнут со "
        "временем; если одну из них восстановят, вы будете стёрты снова. "
        "Если вы мне напишете, начнём сначала."
    ),
    not_erased="Ничего не стёрто.",
)
