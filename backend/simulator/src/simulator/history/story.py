"""Who asks what and when: the history, one question after the other."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from core.text import utf16_length
from simulator.history import answers, fates
from simulator.history.answers import Asked
from simulator.history.fates import Fate
from simulator.history.past import DAYS, Mark, Past
from simulator.history.people import Person, meet
from simulator.history.rows import BOT_ID, Row, Rows, make_id
from simulator.provider.demo import reply_to
from simulator.small_talk import QUESTIONS

_TURNS_A_WEEKDAY = 80
#: how busy each hour of the day is, UTC
_HOURS = (2, 1, 1, 1, 1, 2, 4, 7, 10, 12, 12, 11, 10, 12, 13, 13, 12, 11, 10, 9, 8, 7, 5, 3)
_DIALOG_PAUSE = timedelta(hours=10)
_EDITED = 0.02
#: with a text, if not a whole one
_WRITTEN = ("answered", "answered_partial", "cancelled")
_SORRY = "Sorry, no answer."


class Story:
    def __init__(self, now: datetime) -> None:
        self._now = now
        self._chance = random.Random(20)  # noqa: S311 - the same history each time
        self._past = Past(now)
        self._open: dict[int, Row] = {}
        self._last: dict[int, datetime] = {}
        self._numbers: dict[int, int] = {}
        self._rows = Rows()

    def tell(self) -> Rows:
        people = meet(self._chance, self._past.start)
        for moment in self._moments():
            present = [person for person in people if person.came <= moment < person.left]
            weights = [person.weight for person in present]
            self._turn(self._chance.choices(present, weights)[0], moment)
        self._rows.users += [_user(person) for person in people]
        self._rows.marks += [self._mark(mark) for mark in self._past.marks()]
        return self._rows

    def _moments(self) -> Iterator[datetime]:
        for day in range(DAYS + 1):
            date = self._past.start + timedelta(days=day)
            growth = 0.6 + 0.4 * day / DAYS
            weekend = 0.45 if date.weekday() > 4 else 1.0  # noqa: PLR2004 - Saturday and Sunday
            count = round(_TURNS_A_WEEKDAY * growth * weekend * self._chance.uniform(0.8, 1.2))
            hours = self._chance.choices(range(24), _HOURS, k=count)
            moments = [
                date + timedelta(hours=hour, seconds=self._chance.uniform(0, 3599))
                for hour in hours
            ]
            for moment in sorted(moments):
                if moment < self._now - timedelta(minutes=10):
                    yield moment

    def _turn(self, person: Person, moment: datetime) -> None:
        asked = self._asked(person, moment)
        turn = answers.make_turn(self._chance, asked)
        calls = answers.make_calls(self._chance, asked, turn)
        rating = answers.make_rating(self._chance, asked, turn)
        content = asked.answer["content"] if asked.answer else _SORRY
        self._rows.turns.append(turn)
        self._rows.attempts += calls
        self._rows.feedback += [rating] if rating else []
        self._rows.outbox.append(answers.make_part(self._chance, turn, content))

    def _asked(self, person: Person, moment: datetime) -> Asked:
        chance, era = self._chance, self._past.era(moment)
        trouble = self._past.trouble(moment)
        fate = fates.draw(chance, tuple(era.setup.models), trouble)
        waits = fates.draw_waits(chance, fate, trouble)
        words = chance.choice(QUESTIONS[person.speaks]) if fate.kind == "text" else ""
        opens_dialog, dialog = self._dialog(person, moment)
        question = self._question(dialog, person, words, moment, fate)
        answered_at = moment + timedelta(milliseconds=waits.queue + waits.generation)
        return Asked(
            person=person,
            at=moment,
            era=era,
            fate=fate,
            waits=waits,
            opens_dialog=opens_dialog,
            question=question,
            answer=self._answer(dialog, words, answered_at, fate),
        )

    def _dialog(self, person: Person, moment: datetime) -> tuple[bool, Row]:
        """The open dialog of the person's chat, and whether it was opened just now."""
        chat_id = person.chat_id
        last = self._last.get(chat_id)
        self._last[chat_id] = moment
        if last and moment - last < _DIALOG_PAUSE:
            return False, self._open[chat_id]
        if last:
            self._open[chat_id]["closed_at"] = last
        dialog: Row = {
            "id": make_id(self._chance, moment),
            "bot_id": BOT_ID,
            "chat_id": chat_id,
            "thread_id": 0,
            "chat_kind": person.chat_kind,
            "created_at": moment,
            "closed_at": None,
        }
        self._open[chat_id] = dialog
        self._rows.dialogs.append(dialog)
        return True, dialog

    def _question(
        self, dialog: Row, person: Person, words: str, moment: datetime, fate: Fate
    ) -> Row:
        number = self._numbers.get(person.chat_id, 0) + 1
        self._numbers[person.chat_id] = number
        row = self._message(dialog, words, moment)
        row |= {"user_id": person.id, "role": "user", "kind": fate.kind}
        row["telegram_message_id"] = number
        if words and self._chance.random() < _EDITED:
            row["edited_at"] = moment + timedelta(seconds=self._chance.uniform(20, 200))
        return row

    def _answer(self, dialog: Row, words: str, moment: datetime, fate: Fate) -> Row | None:
        if fate.verdict not in _WRITTEN:
            return None
        whole = reply_to([("user", words)])
        written = whole if fate.verdict == "answered" else whole[: max(1, len(whole) // 3)]
        return self._message(dialog, written, moment)

    def _message(self, dialog: Row, content: str, moment: datetime) -> Row:
        message: Row = {
            "id": make_id(self._chance, moment),
            "bot_id": BOT_ID,
            "dialog_id": dialog["id"],
            "chat_id": dialog["chat_id"],
            "user_id": None,
            "role": "assistant",
            "kind": "text",
            "telegram_message_id": None,
            "content": content,
            "content_length": utf16_length(content),
            "created_at": moment,
            "edited_at": None,
        }
        self._rows.messages.append(message)
        return message

    def _mark(self, mark: Mark) -> Row:
        return {
            "id": make_id(self._chance, mark.at),
            "bot_id": BOT_ID,
            "at": mark.at,
            "kind": mark.kind,
            "label": mark.label,
        }


def _user(person: Person) -> Row:
    return {
        "bot_id": BOT_ID,
        "id": person.id,
        "public_id": person.public_id,
        "first_name": person.name,
        "last_name": None,
        "username": None,
        "language_code": person.language,
        "created_at": person.came,
    }
