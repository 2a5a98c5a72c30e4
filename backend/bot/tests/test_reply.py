"""When frames of a growing answer are shown."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import pytest
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import SendMessageDraft

from bot import reply
from bot.floods import Floods
from bot.pace import Pace
from bot.reply import TelegramSink
from bot.texts import ENGLISH
from core.chat.outbox import Address
from core.chat.reply import Sentence
from core.chat.values import Person, Question, Turn
from core.db.session import Database

if TYPE_CHECKING:
    from aiogram import Bot

HERE = Address(bot_id=42, chat_id=7)
TURN_ID = UUID(int=1)
#: seconds, of which the real ones are many
FRAME = 0.2


class Telegram:
    """Remembers what is shown, and when."""

    def __init__(self) -> None:
        self.frames: list[tuple[float, str]] = []
        self.flood: int | None = None

    async def send_message_draft(self, *, text: str, **_: Any) -> None:
        if self.flood is not None:
            method = SendMessageDraft(chat_id=HERE.chat_id, draft_id=1, text=text)
            raise TelegramRetryAfter(method=method, message="", retry_after=self.flood)
        self.frames.append((asyncio.get_running_loop().time(), text))


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reply, "PATIENCE_SECONDS", 0.05)
    monkeypatch.setattr(reply, "FRAME_SECONDS", FRAME)


@pytest.fixture
async def floods(unused_port: int) -> AsyncGenerator[Floods]:
    database = Database(f"postgresql+asyncpg://nobody@127.0.0.1:{unused_port}/none")
    yield Floods(database, HERE.bot_id)
    await database.close()


def turn(**more: Any) -> Turn:
    return Turn(
        id=TURN_ID,
        dialog_id=UUID(int=2),
        address=HERE,
        draft_id=1,
        state="generating",
        generations=1,
        placeholder_message_id=None,
        **more,
    )


def make_sink(telegram: Telegram, floods: Floods, pace: Pace | None = None) -> TelegramSink:
    question = Question(
        address=HERE,
        chat_kind="private",
        person=Person(id=7, first_name="Ann"),
        message_id=1,
        text="Hi",
    )

    async def remember(_turn: Turn, _message_id: int) -> None: ...

    return TelegramSink(
        cast("Bot", telegram),
        question,
        ENGLISH,
        floods=floods,
        pace=pace or Pace(0),
        remember=remember,
    )


async def test_the_first_text_does_not_wait_for_the_frame_after_an_empty_one(
    floods: Floods,
) -> None:
    telegram = Telegram()
    async with make_sink(telegram, floods).live(turn()) as show:
        await asyncio.sleep(0.1)  # an empty frame has begun the preview
        said = asyncio.get_running_loop().time()
        for number in range(1, 90):
            show("word " * number)
            await asyncio.sleep(0.01)
    moments = [moment for moment, _ in telegram.frames]
    texts = [text for _, text in telegram.frames]
    assert texts[0] == ""
    assert texts[1].startswith("word")
    assert moments[1] - said < FRAME / 2
    # what came early is made up for
    assert moments[2] - moments[0] >= 2 * FRAME - 0.01
    assert all(later - former >= FRAME - 0.01 for former, later in pairwise(moments[2:]))


async def test_while_a_turn_waits_for_a_model_only_text_is_shown(floods: Floods) -> None:
    telegram = Telegram()
    async with make_sink(telegram, floods).live(turn(waited=timedelta(seconds=5))) as show:
        await asyncio.sleep(3 * FRAME)
        assert telegram.frames == []
        show("Here I am")
        await asyncio.sleep(FRAME / 2)
    assert [text for _, text in telegram.frames] == ["Here I am"]


async def test_nothing_is_shown_in_a_chat_that_wants_silence(floods: Floods) -> None:
    telegram = Telegram()
    silence = timedelta(seconds=30)
    async with make_sink(telegram, floods).live(turn(silence=silence)) as show:
        show("word")
        await asyncio.sleep(3 * FRAME)
    assert telegram.frames == []


async def test_a_flood_silences_what_follows(floods: Floods) -> None:
    telegram = Telegram()
    telegram.flood = 30
    async with make_sink(telegram, floods).live(turn()) as show:
        show("word")
        await asyncio.sleep(0.2)
        telegram.flood = None
        show("word after word")
        await asyncio.sleep(3 * FRAME)
    assert telegram.frames == []
    assert floods.holds(HERE.chat_id)


async def test_frames_without_room_are_dropped(floods: Floods) -> None:
    telegram = Telegram()
    pace = Pace(2)
    pace.count()
    pace.count()
    async with make_sink(telegram, floods, pace).live(turn()) as show:
        show("word")
        await asyncio.sleep(3 * FRAME)
    assert telegram.frames == []


@pytest.mark.parametrize("says", ["word", ""])
async def test_who_saw_nothing_for_long_sees_a_sign_though_parts_take_all(
    floods: Floods, monkeypatch: pytest.MonkeyPatch, says: str
) -> None:
    monkeypatch.setattr(reply, "REFRESH_SECONDS", 4 * FRAME)
    telegram = Telegram()
    second = 0.0
    pace = Pace(10, clock=lambda: second)
    seen = []
    async with make_sink(telegram, floods, pace).live(turn()) as show:
        for number in range(8):
            if number % 4 == 0:
                second += 2
                for _ in range(9):
                    pace.count()
            show(says * (number + 1))
            await asyncio.sleep(FRAME)
            seen.append(len(telegram.frames))
    assert seen[0] == seen[2] == 1
    assert seen[-1] == 2


def test_only_a_failure_can_be_repeated(floods: Floods) -> None:
    sink = make_sink(Telegram(), floods)
    [failed] = sink.say(Sentence.FAILED, TURN_ID)
    assert failed.reply_markup is not None
    [[button]] = failed.reply_markup["inline_keyboard"]
    assert button["callback_data"] == f"retry:{TURN_ID.hex}"
    for sentence in (Sentence.WAITING, Sentence.STOPPED, Sentence.DECLINED):
        assert all(part.reply_markup is None for part in sink.say(sentence, TURN_ID))
