"""Reading an Authorization header."""

import base64
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.accounts.basic import MAX_BYTES, Credentials, Unreadable, parse


def header(words: bytes) -> str:
    return f"Basic {base64.b64encode(words).decode()}"


readable = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=60)


@given(name=readable.filter(lambda name: ":" not in name and not name.isascii()), password=readable)
def test_every_readable_pair_comes_back_as_it_was_sent(name: str, password: str) -> None:
    assert parse(header(f"{name}:{password}".encode())) == Credentials(name=name, password=password)


@given(name=st.from_regex(r"[A-Za-z0-9._@-]{1,64}", fullmatch=True), password=readable)
def test_ascii_names_are_put_into_lower_case(name: str, password: str) -> None:
    credentials = parse(header(f"{name}:{password}".encode()))
    assert credentials == Credentials(name=name.lower(), password=password)


@given(words=st.text(st.characters(codec="latin-1"), max_size=1200))
def test_any_header_is_read_or_refused_and_nothing_else_happens(words: str) -> None:
    for value in (words, f"Basic {words}", f"basic  {words}"):
        try:
            credentials = parse(value)
        except Unreadable:
            continue
        both = credentials.name + credentials.password
        assert not any(unicodedata.category(character) == "Cc" for character in both)


@given(words=st.binary(max_size=200))
def test_any_bytes_are_read_as_utf8_or_refused(words: bytes) -> None:
    try:
        credentials = parse(header(words))
    except Unreadable:
        return
    name, _, password = words.decode().partition(":")
    assert (credentials.name, credentials.password) == (
        name.lower() if name.isascii() else name,
        password,
    )


@pytest.mark.parametrize(
    "words",
    [
        *("ada\0:password", "ada:pass\0word", "ada:pass\nword", "ada:\x7f", "ada:\x85", "\tada:x"),
        *("no colon at all", ""),
    ],
)
def test_control_characters_and_missing_colons_are_refused(words: str) -> None:
    with pytest.raises(Unreadable):
        parse(header(words.encode()))


@pytest.mark.parametrize(
    "value",
    [
        *("", "Basic", "Basic ", "Bearer abc", "Digest YTpi", "Basic !!!", "Basic YTp", "YTpi"),
        *("Basic YTpi YTpi", "Basic ÿ", f"Basic {base64.b64encode(b'a:' + b'x' * 800).decode()}"),
        header(b"ada:\xff\xfe"),
    ],
)
def test_what_is_not_basic_is_refused(value: str) -> None:
    with pytest.raises(Unreadable):
        parse(value)


def test_a_header_ends_at_one_kibibyte() -> None:
    words = b"ada:" + b"x" * (((MAX_BYTES - len("Basic ")) // 4) * 3 - 4)
    assert len(header(words)) <= MAX_BYTES
    assert parse(header(words)).name == "ada"
    with pytest.raises(Unreadable):
        parse(header(words + b"xxx"))


def test_a_password_may_hold_colons_and_is_never_shown() -> None:
    credentials = parse(header(b"ada:a:b:c"))
    assert credentials.password == "a:b:c"
    assert "a:b:c" not in repr(credentials)
