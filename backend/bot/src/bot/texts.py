"""What the bot itself says, by language."""

from dataclasses import dataclass

from bot import limits, privacy_texts
from bot.limits import LimitTexts
from bot.privacy_texts import PrivacyTexts
from bot.status import StatusTexts
from core.chat.reply import Sentence
from core.stats.calendar import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class AgainTexts:
    """What is told to who presses a button to have something done again."""

    asked: str
    gone: str
    not_yours: str
    #: about an answer that may not have arrived
    in_doubt: str
    send_button: str
    sending: str
    nothing_to_send: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    start: str
    help: str
    new_dialog: str
    nothing_to_stop: str
    stopping: str
    unknown_command: str
    crashed: str
    stop_button: str
    retry_button: str
    again: AgainTexts
    status: StatusTexts
    limits: LimitTexts
    usage: str
    periods: dict[Period, str]
    #: titles of metrics by slug; the dictionary's own where one is missing
    metrics: dict[str, str]
    commands: dict[str, str]
    sentences: dict[Sentence, str]
    privacy: PrivacyTexts


ENGLISH = Texts(
    start=(
        "Hello! I am an assistant: write to me as you would to a person, and I will answer.\n\n"
        "I remember our conversation until you start a new one with /new. "
        "Your messages are stored by whoever runs this bot and sent to a language model: "
        "/privacy tells the details. /help shows what I can do."
    ),
    help=(
        "Just write a message, and the answer appears while it is being written.\n\n"
        "/new – start a new conversation; I forget the old one\n"
        "/stop – stop the answer that is being written or waited for\n"
        "/status – whether the language models answer, and what waits\n"
        "/usage – how much you have asked, and what it cost\n"
        "/privacy – what I keep of you, and who sees it\n"
        "/export – all of it as a file\n"
        "/delete – erase all of it\n"
        "/help – this text\n\n"
        "In a group, mention me or reply to one of my messages. "
        "React with 👍 or 👎 to tell whether an answer was good."
    ),
    new_dialog="A new conversation. What would you like to talk about?",
    nothing_to_stop="There is nothing to stop: I am not writing an answer at the moment.",
    stopping="Stopping…",
    unknown_command="I do not know this command. /help shows what I can do.",
    crashed="Sorry, I could not handle this message. Please send it again in other words.",
    stop_button="Stop",
    retry_button="Try again",
    again=AgainTexts(
        asked="I am asking again.",
        gone="I cannot ask this again by myself. Please send it once more.",
        not_yours="Only who asked can have it asked again.",
        in_doubt=(
            "The connection to Telegram broke, and I cannot know whether all of my last answer "
            "reached you."
        ),
        send_button="Send it again",
        sending="I am sending it again.",
        nothing_to_send="It has been sent again already, or is not there any more.",
    ),
    status=StatusTexts(
        well="The language models answer as usual.",
        partly="Some of the language models are having trouble; others answer.",
        out="No language model can be reached at the moment.",
        waiting="A question here has been waiting since {since}; {next_try}.",
        next_try="I will ask again in about {seconds} s",
        trying="I am asking again right now",
        behind="Messages of yours in the queue: {count}.",
        nothing="Nothing of yours waits for an answer here.",
    ),
    limits=limits.ENGLISH,
    usage="What you have asked me, and what it took.",
    periods={
        Period.DAY: "Last 24 hours",
        Period.WEEK: "Last 7 days",
        Period.MONTH: "Last 30 days",
    },
    metrics={"full_answer_p50": "Half of the answers came within"},
    commands={
        "new": "Start a new conversation",
        "stop": "Stop the answer",
        "status": "Whether the models answer",
        "usage": "What you have used",
        "privacy": "What I keep of you",
        "export": "All of it as a file",
        "delete": "Erase all of it",
        "help": "What I can do",
    },
    sentences={
        Sentence.FAILED: (
            "Sorry, none of the language models could answer just now. "
            "Your message is saved; try again in a few minutes."
        ),
        Sentence.WAITING: (
            "No language model can be reached right now. Your message is saved: I keep trying for "
            "some minutes, and the answer comes by itself. /status tells how it stands, "
            "/stop ends the waiting."
        ),
        Sentence.DECLINED: (
            "The language model declined to answer this for reasons of its content policy. "
            "Please ask in another way."
        ),
        Sentence.TOO_LONG: (
            "This message is longer than the language model can read. "
            "Please shorten it or send it in parts."
        ),
        Sentence.NOTHING_TO_READ: (
            "I see no text in this message. Please write what you would like to know."
        ),
        Sentence.ONLY_TEXT: (
            "I can only read text so far. Please describe in words what you would like to know."
        ),
        Sentence.STOPPED: "Stopped.",
        Sentence.BROKEN_OFF: "The answer broke off here. Please ask again for the rest.",
        Sentence.LENGTH_REACHED: "This is as long as an answer can be. Ask me to go on.",
    },
    privacy=privacy_texts.ENGLISH,
)

RUSSIAN = Texts(
    start=(
        "Здравствуйте! Я помощник: пишите мне как человеку, и я отвечу.\n\n"
        "Я помню наш разговор, пока вы не начнёте новый командой /new. "
        "Сообщения хранит тот, кто запустил этого бота, и они передаются языковой модели: "
        "подробности расскажет /privacy. Что я умею, покажет /help."
    ),
    help=(
        "Просто напишите сообщение: ответ появляется по мере написания.\n\n"
        "/new – начать новый разговор; старый я забуду\n"
        "/stop – остановить ответ или его ожидание\n"
        "/status – отвечают ли языковые модели и что в очереди\n"
        "/usage – сколько вы спросили и чего это стоило\n"
        "/privacy – что я храню о вас и кто это видит\n"
        "/export – всё это файлом\n"
        "/delete – всё это стереть\n"
        "/help – этот текст\n\n"
        "В группе упомяните меня или ответьте на моё сообщение. "
        "Оценить ответ можно реакцией 👍 или 👎."
    ),
    new_dialog="Новый разговор. О чём поговорим?",
    nothing_to_stop="Останавливать нечего: сейчас я ничего не пишу.",
    stopping="Останавливаю…",
    unknown_command="Я не знаю такой команды. Что я умею, покажет /help.",
    crashed="Простите, я не смог обработать это сообщение. Отправьте его ещё раз другими словами.",
    stop_button="Стоп",
    retry_button="Повторить",
    again=AgainTexts(
        asked="Спрашиваю ещё раз.",
        gone="Сам я не могу спросить это снова. Отправьте вопрос ещё раз.",
        not_yours="Повторить вопрос может только тот, кто его задал.",
        in_doubt=(
            "Связь с Telegram прервалась, и я не могу знать, дошёл ли мой последний ответ целиком."
        ),
        send_button="Отправить снова",
        sending="Отправляю снова.",
        nothing_to_send="Он уже отправлен снова, или его больше нет.",
    ),
    status=StatusTexts(
        well="Языковые модели отвечают как обычно.",
        partly="С некоторыми языковыми моделями неполадки; другие отвечают.",
        out="Сейчас ни одна языковая модель не отвечает.",
        waiting="Вопрос здесь ждёт с {since}; {next_try}.",
        next_try="спрошу снова примерно через {seconds} с",
        trying="спрашиваю снова прямо сейчас",
        behind="Ваших сообщений в очереди: {count}.",
        nothing="Ваших сообщений без ответа здесь нет.",
    ),
    limits=limits.RUSSIAN,
    usage="Что вы спросили и чего это стоило.",
    periods={
        Period.DAY: "За 24 часа",
        Period.WEEK: "За 7 дней",
        Period.MONTH: "За 30 дней",
    },
    metrics={
        "questions": "Вопросы",
        "answers": "Ответы",
        "tokens": "Токены",
        "cost": "Стоимость",
        "full_answer_p50": "Половина ответов пришла за",
    },
    commands={
        "new": "Начать новый разговор",
        "stop": "Остановить ответ",
        "status": "Отвечают ли модели",
        "usage": "Сколько вы израсходовали",
        "privacy": "Что я храню о вас",
        "export": "Всё это файлом",
        "delete": "Всё это стереть",
        "help": "Что я умею",
    },
    sentences={
        Sentence.FAILED: (
            "Простите, сейчас ни одна языковая модель не смогла ответить. "
            "Сообщение сохранено; повторите через несколько минут."
        ),
        Sentence.WAITING: (
            "Сейчас ни одна языковая модель не отвечает. Сообщение сохранено: несколько минут я "
            "буду пробовать снова, и ответ придёт сам. Как идут дела, покажет /status, "
            "прекратить ожидание можно командой /stop."
        ),
        Sentence.DECLINED: (
            "Языковая модель отказалась отвечать из-за своих правил. Спросите иначе."
        ),
        Sentence.TOO_LONG: (
            "Это сообщение длиннее, чем модель может прочесть. "
            "Сократите его или отправьте по частям."
        ),
        Sentence.NOTHING_TO_READ: (
            "Я не вижу текста в этом сообщении. Напишите, что вы хотите узнать."
        ),
        Sentence.ONLY_TEXT: (
            "Пока я умею читать только текст. Опишите словами, что вы хотите узнать."
        ),
        Sentence.STOPPED: "Остановлено.",
        Sentence.BROKEN_OFF: "Здесь ответ оборвался. Спросите ещё раз, чтобы получить остальное.",
        Sentence.LENGTH_REACHED: "Длиннее ответ быть не может. Попросите меня продолжить.",
    },
    privacy=privacy_texts.RUSSIAN,
)

_BY_LANGUAGE = {"en": ENGLISH, "ru": RUSSIAN}


def texts_for(language_code: str | None) -> Texts:
    """By Telegram's language code, such as `pt-br`; English where there is no translation."""
    return _BY_LANGUAGE.get((language_code or "").split("-")[0].lower(), ENGLISH)
