"""What the simulated model says, and how it does sums."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.provider.arithmetic import solve
from simulator.provider.demo import reply_to
from simulator.small_talk import QUESTIONS

_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)


def say(question: str, *before: tuple[str, str]) -> str:
    return reply_to([("system", "Be kind."), *before, ("user", question)])


class TestTopics:
    @pytest.mark.parametrize("question", ["Hello!", "hi there", "Good morning"])
    def test_it_greets(self, question: str) -> None:
        assert "What can you do?" in say(question)

    def test_it_says_what_it_can_do(self) -> None:
        assert "demo model" in say("What can you do?")
        assert "Parley" in say("Что ты умеешь?")

    @pytest.mark.parametrize("question", ["Show me some code", "Покажи код", "a python function"])
    def test_it_shows_code(self, question: str) -> None:
        assert re.search(r"```python\n(.+\n)+?```", say(question), re.DOTALL)

    @pytest.mark.parametrize(
        ("question", "head"),
        [
            ("Compare Python and Go in a table", "| | Python | Go |"),
            ("compare tea with green coffee, please", "| | tea | green coffee |"),
            ("vim vs. emacs?", "| | vim | emacs |"),
            ("Сравни чай и кофе", "| | чай | кофе |"),
            ("Make me a table", "| | The first | The second |"),
        ],
    )
    def test_it_compares_in_a_table(self, question: str, head: str) -> None:
        assert f"{head}\n|---|---|---|\n" in say(question)

    @pytest.mark.parametrize(
        ("question", "title"),
        [
            ("Write a long, detailed guide to PostgreSQL indexes", "PostgreSQL indexes"),
            ("Напиши длинный рассказ о кошках", "о кошках"),
            ("Write something long", "anything at all"),
        ],
    )
    def test_it_can_go_on_for_more_than_a_message(self, question: str, title: str) -> None:
        reply = say(question)
        assert title in reply.splitlines()[0]
        words = re.sub(r"[*_`#|>-]", "", reply)
        assert len(words.encode("utf-16-le")) // 2 > 4096

    @pytest.mark.parametrize("language", ["en", "ru"])
    def test_it_answers_in_the_language_of_the_question(self, language: str) -> None:
        for question in QUESTIONS[language]:
            words = re.sub(r"```.*?```", "", say(question), flags=re.DOTALL)
            if solve(question) is None:
                assert bool(_CYRILLIC.search(words)) == (language == "ru"), question

    def test_without_letters_it_keeps_the_language(self) -> None:
        assert _CYRILLIC.search(say("👍", ("user", "Привет"), ("assistant", "Здравствуйте")))

    def test_no_placeholder_is_left(self) -> None:
        for question in [*QUESTIONS["en"], *QUESTIONS["ru"], "long", "длинно", "table", "xyz", ""]:
            assert not re.search(r"\$[a-z]", say(question)), question

    def test_it_quotes_what_it_does_not_know(self) -> None:
        assert "> Blue\n> moon" in say("Blue\nmoon")

    def test_different_questions_are_answered_differently(self) -> None:
        assert len({say(f"Topic {n}").splitlines()[-1] for n in range(40)}) == 3


class TestMemory:
    def test_it_quotes_what_was_asked_before(self) -> None:
        reply = say("What did I ask before?", ("user", "Is it blue?"), ("assistant", "Yes"))
        assert "1. Is it blue?" in reply
        assert "1. Синее?" in say("Что я спрашивал раньше?", ("user", "Синее?"))

    def test_it_quotes_the_last_five_with_their_numbers(self) -> None:
        asked = [("user", f"question {number}") for number in range(1, 8)]
        reply = say("What did I say earlier?", *asked)
        assert re.findall(r"^(\d)\. question \1$", reply, re.MULTILINE) == list("34567")

    def test_it_says_so_when_there_is_nothing(self) -> None:
        assert "first message" in say("What did I ask before?")
        assert "первое сообщение" in say("Что я говорил?")

    def test_it_remembers_a_name(self) -> None:
        told = ("user", "Hello, my name is Zoë and I like trains")
        assert "**Zoë**" in say("What is my name?", told)
        assert "**Аня**" in say("Как меня зовут?", ("user", "Меня зовут Аня"))
        assert "not told me" in say("What's my name?", ("user", "Hello"))

    def test_it_repeats_its_own_last_answer(self) -> None:
        assert "> Blue." in say("What did you say?", ("user", "Sky?"), ("assistant", "Blue."))


class TestSums:
    @pytest.mark.parametrize(
        ("question", "result"),
        [
            ("What is 17 * 23?", "391"),
            ("2+2", "4"),
            ("(3 + 4) × 2 − 1 =", "13"),
            ("Сколько будет 0,1 + 0,2?", "0.3"),
            ("144 ÷ 12", "12"),
            ("1 / 3", "0.333333333333"),
            ("2^10", "1024"),
            ("15% of 200", "30"),
            ("7 - -3", "10"),
        ],
    )
    def test_it_does_them(self, question: str, result: str) -> None:
        solved = solve(question)
        assert solved is not None
        assert solved[1] == result
        assert f"**{result}**" in say(question)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "42",
            "1 / 0",
            "2^9999",
            "99999999999999999999 * 2",
            "2026-11-21",
            "21.11.2026",
            "at 12:30",
            "call 555-1234",
            "version 1.2.3",
            "((((",
            "1 +",
            "room 101 (first floor)",
            "I was born in 1987 - 2 years before the fall of the wall, and I remember it well",
        ],
    )
    def test_it_knows_what_is_none(self, text: str) -> None:
        assert solve(text) is None


class TestAnything:
    @given(st.text(st.characters(), max_size=200))
    def test_every_text_has_one_answer(self, question: str) -> None:
        reply = say(question)
        assert reply.strip()
        assert reply == say(question)

    @given(st.lists(st.tuples(st.sampled_from(["system", "user", "assistant", "tool"]), st.text())))
    def test_every_conversation_has_an_answer(self, messages: list[tuple[str, str]]) -> None:
        assert reply_to(messages).strip()

    @pytest.mark.parametrize("text", ["1 " * 400_000, "python " * 100_000, "(" * 800_000])
    def test_a_megabyte_is_answered_at_once(self, text: str) -> None:
        assert len(say(text)) < 10_000
