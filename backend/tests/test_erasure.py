"""A person's right to their data, whole: what a chat shows, and what the tables then hold."""

import json
import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from sqlalchemy import text

from core.db.session import Database
from core.stats.calendar import DAY, Span, floor_day
from core.stats.metrics import METRICS
from core.stats.query import Clock, Values, measure
from core.stats.sources import Filters

from .conftest import Person, Stack, call, order_speed, press, until, wait_for_words

Join = Callable[..., Awaitable[Person]]
Query = Callable[..., Awaitable[list[Any]]]
Find = Callable[..., Awaitable[list[str]]]

NAMES = {"first_name": "Anneliese", "last_name": "Muster", "username": "annimuster"}
QUESTION = "Where grows the tangerine?"
ANSWER = "Where **marmalade** is made."
#: words that must be nowhere afterwards
SECRETS = (*NAMES.values(), "tangerine", "marmalade")


@pytest.fixture(autouse=True, scope="module")
def running(stack: Stack) -> None:
    stack.start_bot()


@pytest.fixture
async def database(stack: Stack) -> AsyncGenerator[Database]:
    database = Database(stack.database_url)
    yield database
    await database.close()


def is_in(everything: str, word: str) -> bool:
    """An id is no part of another number: the simulator makes them of the clock."""
    pattern = rf"(?<!\d){word}(?!\d)" if word.isdigit() else re.escape(word)
    return re.search(pattern, everything, re.IGNORECASE) is not None


@pytest.fixture
def find(database: Database) -> Find:
    async def find(*words: str) -> list[str]:
        """Where any column of any table has one of the words in its text."""
        hits = []
        async with database.read() as session:
            columns = await session.execute(
                text(
                    "SELECT table_name, column_name FROM information_schema.columns "
                    "WHERE table_schema = 'public'"
                )
            )
            for table, column in columns.all():
                rows = await session.execute(
                    text(f'SELECT CAST("{column}" AS text) FROM "{table}"')
                )
                everything = "\n".join(value for value in rows.scalars() if value)
                hits += [f"{table}.{column}: {word}" for word in words if is_in(everything, word)]
        return hits

    return find


@pytest.fixture
def numbers(database: Database) -> Callable[[], Awaitable[Values]]:
    async def numbers() -> Values:
        """Every metric, of today and the days around it."""
        now = datetime.now(UTC)
        span = Span(floor_day(now) - DAY, floor_day(now) + 2 * DAY)
        clock = Clock(zone=ZoneInfo("UTC"), now=now + timedelta(days=3))
        async with database.snapshot() as session:
            [found] = await measure(session, list(METRICS.values()), [span], Filters(), clock)
        return found

    return numbers


async def reply_with(http: aiohttp.ClientSession, question: str, answer: str) -> None:
    await call(http, "/script/provider/replies", {"replies": [{"exact": question, "text": answer}]})


async def erase(http: aiohttp.ClientSession, person: Person) -> None:
    await person.write("/delete")
    await wait_for_words(person, "Shall I?")
    await press(http, person, "Erase everything")
    await wait_for_words(person, "Erased.")


async def settle(query: Query) -> None:
    """Wait until nothing is under way any more."""

    async def is_settled() -> bool:
        [(open_,)] = await query(
            "SELECT (SELECT count(*) FROM inbox WHERE state IN ('pending', 'running'))"
            " + (SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending'))"
        )
        return bool(open_ == 0)

    await until(is_settled)


class TestDelete:
    async def test_nothing_of_the_person_is_left_and_every_number_is_what_it_was(
        self,
        join: Join,
        http: aiohttp.ClientSession,
        query: Query,
        find: Find,
        numbers: Callable[[], Awaitable[Values]],
    ) -> None:
        await reply_with(http, QUESTION, ANSWER)
        ann, bob = await join(**NAMES), await join(first_name="Robert")
        await bob.write("A question of mine")
        await bob.wait_for_answers(1)
        await ann.write(QUESTION)
        await ann.wait_for_answers(1)
        [answer] = await ann.seen()
        await ann.react(answer["message_id"], "👍")
        edited = f"/people/chats/{ann.id}/messages/{answer['message_id'] - 1}/edit"
        await call(http, edited, {"user_id": ann.id, "text": f"{QUESTION} And the quince?"})

        async def is_rated_and_edited() -> bool:
            counts = "SELECT sum(likes), count(edited_at) FROM turns"
            return await query(counts) == [(1, 1)]

        await until(is_rated_and_edited)
        await settle(query)
        assert {hit.split(": ")[1] for hit in await find(*SECRETS, "quince")} == {
            *SECRETS,
            "quince",
        }
        before = await numbers()
        await erase(http, ann)
        await settle(query)
        assert await find(*SECRETS, "quince") == []
        assert await find("A question of mine", "Robert") != []
        assert await numbers() == before
        # one row knows where to say that it is done
        places = {hit.split(": ")[0] for hit in await find(str(ann.id))}
        assert places == {"outbox.chat_id"}
        # the question and its buttons have given way
        assert not any("reply_markup" in message for message in await ann.seen())

    async def test_a_second_time_there_is_nothing_left_and_it_leaves_nothing(
        self, join: Join, http: aiohttp.ClientSession, query: Query, find: Find
    ) -> None:
        ann = await join(**NAMES)
        await ann.write("Hello!")
        await ann.wait_for_answers(1)
        await erase(http, ann)
        await ann.write("/delete")
        await wait_for_words(ann, "I keep nothing of you")
        await settle(query)
        assert await find(*SECRETS, "/delete") == []

    async def test_the_answer_under_way_is_cancelled_and_nothing_of_it_is_kept_or_sent(
        self, join: Join, http: aiohttp.ClientSession, query: Query, find: Find
    ) -> None:
        await order_speed(http, first_token_ms=50, tokens_per_second=20)
        await reply_with(http, QUESTION, "Marmalade and more marmalade. " * 200)
        ann = await join(**NAMES)
        await ann.write(QUESTION)

        async def has_text() -> bool:
            return any("armalade" in draft["text"] for draft in await ann.drafts())

        await until(has_text)
        await erase(http, ann)

        async def is_cancelled() -> bool:
            calls = await call(http, "/script/provider/calls")
            return bool(calls[-1]["outcome"] == "cancelled")

        await until(is_cancelled, seconds=5)
        await settle(query)
        assert await find(*SECRETS) == []
        assert await query("SELECT state, verdict, finished_at FROM turns") == [
            ("erased", "erased", None)
        ]
        assert [message["text"][:7] for message in await ann.seen()] == ["Erased."]

    async def test_who_writes_again_begins_anew(
        self, join: Join, http: aiohttp.ClientSession, query: Query
    ) -> None:
        ann = await join(**NAMES)
        await ann.write("My cat is called Murka")
        await ann.wait_for_answers(1)
        await erase(http, ann)
        await ann.write("What is my cat called?")
        await ann.wait_for_answers(3)
        calls = await call(http, "/script/provider/calls?full=1")
        said = [one["content"] for one in calls[-1]["messages"] if one["role"] == "user"]
        assert said == ["What is my cat called?"]
        people = await query("SELECT id = :ann, first_name FROM users ORDER BY id", ann=ann.id)
        assert people == [(True, "Anneliese"), (False, "")]

    async def test_an_old_update_that_comes_again_is_not_taken(
        self, join: Join, http: aiohttp.ClientSession, query: Query, find: Find
    ) -> None:
        ann = await join(**NAMES)
        await ann.write(QUESTION)
        await ann.wait_for_answers(1)
        [(raw,)] = await query("SELECT raw FROM inbox WHERE kind = 'message'")
        raw["message"]["date"] -= 5
        await erase(http, ann)
        again = {"updates": [{"message": raw["message"]}]}
        await call(http, "/script/telegram/updates", again)
        bob = await join()
        await bob.write("Hello!")
        await bob.wait_for_answers(1)
        assert await find(*SECRETS) == []

    async def test_pressing_twice_erases_once_and_leaves_nothing(
        self, join: Join, http: aiohttp.ClientSession, query: Query, find: Find
    ) -> None:
        ann = await join(**NAMES)
        await ann.write(QUESTION)
        await ann.wait_for_answers(1)
        await ann.write("/delete")
        await wait_for_words(ann, "Shall I?")
        button = (await ann.seen())[-1]
        [[yes], _] = button["reply_markup"]["inline_keyboard"]
        path = f"/people/chats/{ann.id}/messages/{button['message_id']}/press"
        for _ in range(2):
            await call(http, path, {"user_id": ann.id, "data": yes["callback_data"]})
        await wait_for_words(ann, "Erased.")
        await ann.write("I am back")
        await ann.wait_for_answers(3)
        await call(http, path, {"user_id": ann.id, "data": yes["callback_data"]})
        await settle(query)
        assert await find("I am back") != []  # the button was spent

    @pytest.mark.parametrize(
        ("button", "words"),
        [("Keep it", "Nothing was erased."), ("Erase everything", "no longer works")],
    )
    async def test_who_is_not_sure_or_late_keeps_everything(
        self, join: Join, http: aiohttp.ClientSession, find: Find, button: str, words: str
    ) -> None:
        ann = await join(**NAMES)
        await ann.write(QUESTION)
        await ann.wait_for_answers(1)
        await ann.write("/delete")
        await wait_for_words(ann, "Shall I?")
        more = {}
        if words == "no longer works":
            more["data"] = f"erase:{digest(ann.id, 1000)}:1000:1"
        await press(http, ann, button, **more)
        await wait_for_words(ann, words)
        assert await find(QUESTION) != []


def digest(user_id: int, asked: int) -> str:
    from bot.privacy import _digest

    return _digest(user_id, asked)


class TestGroups:
    async def test_only_who_asked_may_press_and_only_theirs_goes(
        self, join: Join, http: aiohttp.ClientSession, query: Query, find: Find
    ) -> None:
        ann, bob = await join(**NAMES), await join(first_name="Robert")
        group = await call(
            http, "/people/groups", {"title": "Friends", "user_ids": [ann.id, bob.id]}
        )
        ann.chat_id = bob.chat_id = group["id"]
        await ann.write("@parley_bot where grows the tangerine?")
        await ann.wait_for_answers(1)
        asked = await bob.write("@parley_bot and the pear?")
        await ann.wait_for_answers(2)
        await bob.write("@parley_bot what does she mean?", reply_to_message_id=asked - 2)
        await ann.wait_for_answers(3)
        await ann.write("nothing for the bot, of Anneliese")
        await ann.write("/delete@parley_bot")
        await wait_for_words(ann, "Shall I?")
        await press(http, bob, "Erase everything")
        await settle(query)
        assert await find("tangerine") != []
        await press(http, ann, "Erase everything")
        await wait_for_words(ann, "Erased.")
        await settle(query)
        assert await find("Anneliese", "Muster", "annimuster", "tangerine", str(ann.id)) == []
        assert await query(
            "SELECT content FROM messages WHERE role = 'user' AND content <> '' ORDER BY created_at"
        ) == [("@parley_bot and the pear?",), ("@parley_bot what does she mean?",)]

    async def test_what_was_shown_of_an_answer_gives_way(
        self, join: Join, http: aiohttp.ClientSession, query: Query
    ) -> None:
        await order_speed(http, first_token_ms=50, tokens_per_second=20)
        await reply_with(http, "@parley_bot tell me", "Marmalade and more marmalade. " * 200)
        ann = await join(**NAMES)
        group = await call(http, "/people/groups", {"title": "Friends", "user_ids": [ann.id]})
        ann.chat_id = group["id"]
        await ann.write("@parley_bot tell me")
        await wait_for_words(ann, "armalade")
        await erase(http, ann)
        await settle(query)
        assert sorted(message["text"][:8] for message in await ann.seen()) == [
            "Erased. ",
            "Stopped.",
        ]


async def documents(person: Person) -> list[dict[str, Any]]:
    return [message["document"] for message in await person.seen() if "document" in message]


async def read(http: aiohttp.ClientSession, document: dict[str, Any]) -> dict[str, Any]:
    async with http.get(f"/people/files/{document['file_id']}") as response:
        found: dict[str, Any] = json.loads(await response.read())
        return found


class TestExport:
    async def test_it_is_a_file_with_all_of_the_person_and_of_nobody_else(
        self, join: Join, http: aiohttp.ClientSession, query: Query
    ) -> None:
        await reply_with(http, QUESTION, ANSWER)
        ann, bob = await join(**NAMES), await join(first_name="Robert")
        await bob.write("A question of mine")
        await bob.wait_for_answers(1)
        await ann.write(QUESTION)
        await ann.wait_for_answers(1)
        [answer] = await ann.seen()
        await ann.react(answer["message_id"], "👎")

        async def is_rated() -> bool:
            return await query("SELECT count(*) FROM feedback") == [(1,)]

        await until(is_rated)
        await ann.write("/export")

        async def has_come() -> bool:
            return bool(await documents(ann))

        await until(has_come)
        [document] = await documents(ann)
        assert document["file_name"].endswith(".json")
        found = await read(http, document)
        assert found["you"]["first_name"] == "Anneliese"
        assert found["you"]["telegram_id"] == ann.id
        [turn] = found["questions"]
        assert (turn["question"], turn["answer"]) == (QUESTION, ANSWER)
        assert (turn["state"], turn["your_rating"]) == ("answered", -1)
        kinds = {next(k for k in one if k != "update_id") for one in found[_RAW]}
        assert kinds == {"message", "message_reaction"}
        assert "Robert" not in json.dumps(found)
        assert "of mine" not in json.dumps(found)

        await ann.write("/export")
        await wait_for_words(ann, "within the last hour")
        assert len(await documents(ann)) == 1

    async def test_a_file_that_cannot_be_sent_is_told_and_may_be_asked_for_again(
        self, join: Join, http: aiohttp.ClientSession
    ) -> None:
        await call(
            http,
            "/script/telegram/faults",
            {"method": "sendDocument", "kind": "flood", "retry_after": 30},
        )
        ann = await join(**NAMES)
        await ann.write(QUESTION)
        await ann.wait_for_answers(1)
        await ann.write("/export")
        await wait_for_words(ann, "could not make sure")
        await ann.write("/export")

        async def has_come() -> bool:
            return bool(await documents(ann))

        await until(has_come)

    async def test_in_a_group_it_asks_for_a_private_chat(
        self, join: Join, http: aiohttp.ClientSession
    ) -> None:
        ann = await join(**NAMES)
        group = await call(http, "/people/groups", {"title": "Friends", "user_ids": [ann.id]})
        ann.chat_id = group["id"]
        await ann.write("/export@parley_bot")
        await wait_for_words(ann, "in our private chat")
        assert await documents(ann) == []

    async def test_of_whom_nothing_is_kept_gets_words_and_leaves_nothing(
        self, join: Join, query: Query, find: Find
    ) -> None:
        ann = await join(**NAMES)
        await ann.write("/export")
        await wait_for_words(ann, "I keep nothing of you")
        await settle(query)
        assert await find(*SECRETS) == []


_RAW = "updates_as_telegram_sent_them"


class TestPrivacy:
    async def test_it_tells_what_holds_here_and_its_buttons_work(
        self, join: Join, http: aiohttp.ClientSession
    ) -> None:
        ann = await join(**NAMES)
        await ann.write("/privacy")
        [told] = await ann.wait_for_answers(1)
        assert "127.0.0.1 gets each question, up to 20 messages" in told
        assert "for 7 days" in told
        assert "for 90 days" in told
        await press(http, ann, "Take it along")

        async def has_come() -> bool:
            return bool(await documents(ann))

        await until(has_come)
        await press(http, ann, "Erase it")
        await wait_for_words(ann, "Shall I?")
        await press(http, ann, "Erase everything")
        await wait_for_words(ann, "Erased.")

    async def test_in_russian(self, join: Join, http: aiohttp.ClientSession) -> None:
        ann = await join(language_code="ru", **NAMES)
        await ann.write("/privacy")
        [told] = await ann.wait_for_answers(1)
        assert "в течение 7 дней" in told
        await press(http, ann, "Стереть")
        await wait_for_words(ann, "в течение 10 минут")
        await press(http, ann, "Стереть всё")
        await wait_for_words(ann, "Стёрто.")

    async def test_in_a_group_the_file_stays_private(
        self, join: Join, http: aiohttp.ClientSession, query: Query
    ) -> None:
        ann = await join(**NAMES)
        group = await call(http, "/people/groups", {"title": "Friends", "user_ids": [ann.id]})
        ann.chat_id = group["id"]
        await ann.write("/privacy@parley_bot")
        await ann.wait_for_answers(1)
        await press(http, ann, "Take it along")
        await settle(query)
        assert len(await ann.seen()) == 1

    async def test_the_menu_has_the_commands(self, http: aiohttp.ClientSession) -> None:
        state = await call(http, "/people/state")
        names = {command["command"] for command in state["bot"]["commands"]}
        assert {"privacy", "export", "delete"} <= names
