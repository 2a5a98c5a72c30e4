"""Who asks what and when: the history, one question after the other."""

import random
from datetime import datetime, timedelta

from core.text import utf16_length
from simulator.history import answers, fates
from simulator.history.answers import Asked
from simulator.history.fates import Fate
from simulator.history.past import Mark, Past
from simulator.history.people import Person, meet
from simulator.history.rhythm import Rhythm
from simulator.history.rows import BOT_ID, Row, Rows, make_id
from simulator.history.visits import Asking, askings
from simulator.provider.demo import reply_to
from simulator.small_talk import QUESTIONS

_EDITED = 0.02
#: with a text, if not a whole one
_WRITTEN = ("answered", "answered_partial", "cancelled")
_SORRY = "Sorry, no answer."


class Story:
    def __init__(self, now: datetime) -> None:
        self._chance = random.Random(20)  # noqa: S311 - the same history each time
        self._past = Past(now)
        self._rhythm = Rhythm(self._past.start, now)
        #: by chat: the dialog that is open, and the number of the newest question
        self._open: dict[int, Row] = {}
        self._numbers: dict[int, int] = {}
        self._rows = Rows()

    def tell(self) -> Rows:
        people = meet(self._chance, self._rhythm)
        for asking in askings(self._chance, people, self._rhythm):
            self._turn(asking)
        self._rows.users += [_user(person) for person in people]
        self._rows.marks += [self._mark(mark) for mark in self._past.marks()]
        return self._rows

    def _turn(self, asking: Asking) -> None:
        asked = self._asked(asking)
        turn = answers.make_turn(self._chance, asked)
        calls = answers.make_calls(self._chance, asked, turn)
        rating = answers.make_rating(self._chance, asked, turn)
        content = asked.answer["content"] if asked.answer else _SORRY
        self._rows.turns.append(turn)
        self._rows.attempts += calls
        self._rows.feedback += [rating] if rating else []
        self._rows.outbox.append(answers.make_part(self._chance, turn, content))

    def _asked(self, asking: Asking) -> Asked:
        chance, person, moment = self._chance, asking.person, asking.at
        era, trouble = self._past.era(moment), self._past.trouble(moment)
        fate = fates.draw(chance, tuple(era.setup.models), trouble)
        waits = fates.draw_waits(chance, fate, trouble)
        words = chance.choice(QUESTIONS[person.speaks]) if fate.kind == "text" else ""
        opens_dialog, dialog = self._dialog(asking)
        answered_at = moment + timedelta(milliseconds=waits.queue + waits.generation)
        return Asked(
            person=person,
            at=moment,
            era=era,
            fate=fate,
            waits=waits,
            opens_dialog=opens_dialog,
            question=self._question(dialog, asking, words, fate),
            answer=self._answer(dialog, words, answered_at, fate),
        )

    def _dialog(self, asking: Asking) -> tuple[bool, Row]:
        """The open dialog of the chat, and whether it was opened just now."""
        known = self._open.get(asking.chat_id)
        if known and not asking.is_new:
            return False, known
        if known:
            known["closed_at"] = asking.at
        dialog: Row = {
            "id": make_id(self._chance, asking.at),
            "bot_id": BOT_ID,
            "chat_id": asking.chat_id,
            "thread_id": 0,
            "chat_kind": "supergroup" if asking.chat_id < 0 else "private",
            "created_at": asking.at,
            "closed_at": None,
        }
        self._open[asking.chat_id] = dialog
        self._rows.dialogs.append(dialog)
        return True, dialog

    def _question(self, dialog: Row, asking: Asking, words: str, fate: Fate) -> Row:
        number = self._numbers.get(asking.chat_id, 0) + 1
        self._numbers[asking.chat_id] = number
        row = self._message(dialog, words, asking.at)
        row |= {"user_id": asking.person.id, "role": "user", "kind": fate.kind}
        row["telegram_message_id"] = number
        if words and self._chance.random() < _EDITED:
            row["edited_at"] = asking.at + timedelta(seconds=self._chance.uniform(20, 200))
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
