"""Which passwords are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.accounts import weakness


@pytest.mark.parametrize(
    "password",
    [
        *("password", "Password1", "P@ssw0rd", "p4ssw0rd!", "password123", "123password!"),
        *("12345678", "123456789", "87654321", "1234567890", "abcdefgh", "qwertyuiop", "asdfghjkl"),
        *("1qaz2wsx", "1q2w3e4r", "qwertz1234", "zxcvbnm123", "aaaaaaaa", "abababab", "11112222"),
        *(
            "iloveyou",
            "sunshine",
            "princess1",
            "letmein!!",
            "welcome2026",
            "Admin2026!",
            "changeme",
        ),
        *(
            "changeme",
            "monkeymonkey",
            "football",
            "trustno1",
            "superman99",
            "parley2026",
            "test1234",
        ),
    ],
)
def test_what_everybody_tries_first_is_refused(password: str) -> None:
    sentence = weakness.find(password, name="ada")
    assert sentence
    assert "first that are tried" in sentence


@pytest.mark.parametrize(
    "password",
    [
        *(
            "four quiet herons wade",
            "correct horse battery staple",
            "xK9#mQ2$vL",
            "Ünïcödé ist gut",
        ),
        *(
            "пароль-на-лето",
            "密码不是密码哦对吧",
            "🦊🐙🦉🐝🦋🐢🦜🐡",
            "a b c d e f",
            "passwordless by design",
        ),
        *("Ünïcödé ist gut", "passwordless by design", "x" * 60 + "yzabc" + "q" * 63),
    ],
)
def test_what_one_makes_up_is_taken(password: str) -> None:
    assert weakness.find(password, name="ada") is None


def test_the_name_may_not_be_in_it() -> None:
    sentence = weakness.find("I am Ada Lovelace", name="ada")
    assert sentence
    assert "name" in sentence


@pytest.mark.parametrize("password", ["", "short", "1234567", "x" * 129, "🦊" * 129])
def test_length_is_counted_in_characters(password: str) -> None:
    sentence = weakness.find(password, name="ada")
    assert sentence
    assert "8 to 128" in sentence


@pytest.mark.parametrize("character", ["\0", "\n", "\x7f", "\x85"])
def test_control_characters_could_not_be_sent_later(character: str) -> None:
    sentence = weakness.find(f"four quiet{character}herons", name="ada")
    assert sentence
    assert "control" in sentence


@given(st.text(max_size=200), st.text(min_size=3, max_size=64))
def test_every_text_gets_an_answer(password: str, name: str) -> None:
    assert weakness.find(password, name=name) != ""
