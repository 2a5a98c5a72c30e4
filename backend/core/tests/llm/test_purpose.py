"""What a question is about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.llm.purpose import is_about_code

CODE = [
    "```\nx\n```",
    "Why does this fail?\n\nTraceback (most recent call last):\n  ...",
    '  File "main.py", line 3, in <module>',
    "it says TypeError: 'int' object is not callable",
    "error[E0382]: borrow of moved value: `v`",
    "at com.example.Main.run(Main.java:12)\n    at com.example.Main.main(Main.java:5)",
    "def area(r):\n    return 3.14 * r * r",
    "const a = 1;\nconsole.log(a);",
    "SELECT name FROM users\nWHERE id = 7;",
    "#include <stdio.h>",
    "--- a/x.py\n+++ b/x.py",
    "Write a Python function that reverses a list",
    "How do I refactor this React class?",
    "напиши функцию на python, которая сортирует список",
    "составь SQL запрос по двум таблицам",
    "fix the bug in my bash script",
]
PROSE = [
    "",
    "Hello",
    "What is the capital of France?",
    "Tell me about pythons: do these snakes lay eggs?",
    "Summarise this text in three sentences, please.",
    "Расскажи сказку про дракона",
    "What class of ship was the Titanic?",
    "Dear Sir,\n\nthank you for your letter of 3 May.\n\nKind regards,\nAnn",
    "My shopping list:\n- milk\n- bread\n- 2 eggs",
    "1 + 1 = 2, is that always so?",
    "The error was mine; I am sorry.",
]


@pytest.mark.parametrize("question", CODE)
def test_code_is_known_by_its_signs(question: str) -> None:
    assert is_about_code(question)


@pytest.mark.parametrize("question", PROSE)
def test_prose_is_not_code(question: str) -> None:
    assert not is_about_code(question)


@given(st.text(max_size=500))
def test_any_text_may_be_asked_about(question: str) -> None:
    assert is_about_code(question) in {True, False}


@pytest.mark.timeout(10)  # a search that goes back and forth takes minutes
@pytest.mark.parametrize("part", ["(", "a", " ", "a.", "{", "export ", "x = ", "\n", "at a(", "`"])
def test_no_text_holds_up_the_others(part: str) -> None:
    assert is_about_code(part * 20_000 + "x") in {True, False}
