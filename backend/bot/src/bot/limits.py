"""What is told to who has reached a cap: which one, and when to come back. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from core.chat.caps import Cap, Exceeded, Left

_MINUTE = 60
_HOUR = 60 * _MINUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitTexts:
    #: which cap, with `allowed`
    caps: dict[Cap, str]
    #: with `duration`; and with `time` and `zone` for what ends with the day
    soon: str
    tomorrow: str
    #: of a person's day; each with `left` and `allowed`
    left: str
    left_of: dict[Cap, str]
    #: the forms of each unit, of which `form` takes one by the number
    hours: tuple[str, ...]
    minutes: tuple[str, ...]
    seconds: tuple[str, ...]
    form: Callable[[int], int]


def told(exceeded: Exceeded, texts: LimitTexts) -> str:
    which = texts.caps[exceeded.cap].format(allowed=_amount(exceeded.cap, exceeded.allowed))
    when = texts.soon if exceeded.cap is Cap.USER_MESSAGES_PER_MINUTE else texts.tomorrow
    return f"{which} " + when.format(
        duration=duration(exceeded.resets_in, texts),
        time=f"{exceeded.resets_at:%H:%M}",
        zone=exceeded.resets_at.tzinfo,
    )


def told_left(left: Left, texts: LimitTexts) -> str:
    return texts.left_of[left.cap].format(
        left=_amount(left.cap, left.left), allowed=_amount(left.cap, left.allowed)
    )


def duration(left: timedelta, texts: LimitTexts) -> str:
    """Rounded up: in seconds below a minute, in minutes below an hour, else in both of the rest."""
    seconds = max(1, -int(-left.total_seconds() // 1))
    if seconds < _MINUTE:
        return _count(seconds, texts.seconds, texts)
    minutes = -(-seconds // _MINUTE)
    hours, minutes = divmod(minutes, _HOUR // _MINUTE)
    units = ((hours, texts.hours), (minutes, texts.minutes))
    return " ".join(_count(number, forms, texts) for number, forms in units if number)


def _count(number: int, forms: tuple[str, ...], texts: LimitTexts) -> str:
    return f"{number} {forms[texts.form(number)]}"


def _amount(cap: Cap, number: int) -> str:
    if cap in {Cap.USER_COST_PER_DAY, Cap.GLOBAL_COST_PER_DAY}:
        return f"${number / 1_000_000:,.2f}"
    return f"{number:,}"


def _english(number: int) -> int:
    return int(number != 1)


def _russian(number: int) -> int:
    """One, a few, many: 1 and 21; 2 to 4 and 22 to 24; 5 to 20 and the rest."""
    if number % 10 == 1 and number % 100 != 11:  # noqa: PLR2004 - the rules of the language
        return 0
    return 1 if number % 10 in {2, 3, 4} and number % 100 not in {12, 13, 14} else 2


ENGLISH = LimitTexts(
    caps={
        Cap.USER_MESSAGES_PER_MINUTE: "You have sent {allowed} messages within a minute, "
        "which is the limit.",
        Cap.USER_MESSAGES_PER_DAY: "You have reached the limit of {allowed} messages a day.",
        Cap.USER_TOKENS_PER_DAY: "The answer could take you above the limit of {allowed} tokens "
        "a day.",
        Cap.USER_COST_PER_DAY: "The answer could take you above the limit of {allowed} a day.",
        Cap.GLOBAL_MESSAGES_PER_DAY: "All people together have reached the limit of {allowed} "
        "messages a day.",
        Cap.GLOBAL_TOKENS_PER_DAY: "The answer could take all people together above the limit of "
        "{allowed} tokens a day.",
        Cap.GLOBAL_COST_PER_DAY: "The answer could take all people together above the limit of "
        "{allowed} a day.",
    },
    soon="Please ask again in {duration}.",
    tomorrow="The limit starts anew in {duration}, at {time} ({zone}).",
    left="Left for today:",
    left_of={
        Cap.USER_MESSAGES_PER_DAY: "Messages: {left} of {allowed}",
        Cap.USER_TOKENS_PER_DAY: "Tokens: {left} of {allowed}",
        Cap.USER_COST_PER_DAY: "Cost: {left} of {allowed}",
    },
    hours=("hour", "hours"),
    minutes=("minute", "minutes"),
    seconds=("second", "seconds"),
    form=_english,
)

RUSSIAN = LimitTexts(
    caps={
        Cap.USER_MESSAGES_PER_MINUTE: "Предел сообщений за минуту достигнут: {allowed}.",
        Cap.USER_MESSAGES_PER_DAY: "Ваш предел сообщений за день достигнут: {allowed}.",
        Cap.USER_TOKENS_PER_DAY: "Ответ может превысить ваш предел токенов за день: {allowed}.",
        Cap.USER_COST_PER_DAY: "Ответ может превысить ваш предел расходов за день: {allowed}.",
        Cap.GLOBAL_MESSAGES_PER_DAY: "Общий предел сообщений за день достигнут: {allowed}.",
        Cap.GLOBAL_TOKENS_PER_DAY: "Ответ может превысить общий предел токенов за день: {allowed}.",
        Cap.GLOBAL_COST_PER_DAY: "Ответ может превысить общий предел расходов за день: {allowed}.",
    },
    soon="Спросите снова через {duration}.",
    tomorrow="Счёт начнётся заново через {duration}, в {time} ({zone}).",
    left="Осталось на сегодня:",
    left_of={
        Cap.USER_MESSAGES_PER_DAY: "Сообщения: {left} из {allowed}",
        Cap.USER_TOKENS_PER_DAY: "Токены: {left} из {allowed}",
        Cap.USER_COST_PER_DAY: "Стоимость: {left} из {allowed}",
    },
    hours=("час", "часа", "часов"),
    minutes=("минуту", "минуты", "минут"),
    seconds=("секунду", "секунды", "секунд"),
    form=_russian,
)
