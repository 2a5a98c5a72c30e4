"""Which passwords are refused, and the sentence that says why. Pure."""

import re
import unicodedata

MIN_CHARACTERS = 8
MAX_CHARACTERS = 128
MAX_BYTES = 512
_MIN_DISTINCT = 5

#: words at the heart of the passwords that leak most; digits and marks around them do not help
_COMMON = frozenset(
    """
    aaaa abc abcd abcdef access account admin administrator alexander amanda andrew angel
    anthony apple arsenal asdf asdfgh asdfghjkl asdfjkl ashley austin babygirl bailey barcelona
    baseball basketball batman blink buster butterfly changeit changeme charlie cheese chelsea
    chocolate computer cookie corvette cowboy dallas daniel default diamond donald dragon eagle
    elizabeth eminem facebook family ferrari flower football forever freedom friend friends
    fuckyou gandalf george ginger google guest hallo hannah harley hello helloworld hockey
    hunter iceman iloveu iloveyou internet jackson jasmine jennifer jessica jesus jonathan
    jordan joseph joshua justin killer letmein letmeinnow liverpool login london lovely loveme
    lovers maggie manchester marina martin master matrix matthew maverick melissa mercedes
    merlin michael michelle minecraft monkey monster mustang mypassword naruto nicholas nicole
    ninja nopassword nothing orange parley passphrase passw passwd password passwort patrick
    peanut pepper pokemon postgres princess purple qazwsx qazwsxedc qwer qwert qwerty qwertyui
    qwertyuiop qwertz rabbit rainbow rangers robert root samantha samsung scooter secret
    secretpassword security server shadow sister snoopy soccer starwars steelers summer sunshine
    superman superuser system telegram temp temporary test testing thomas thunder tigger
    topsecret trustno trustnoone user username vanessa victoria welcome welcometo whatever
    william winter xxxx yankees zaqwsx zxcvbn zxcvbnm
    """.split()  # noqa: SIM905 - a list would be a column of 200 lines
)
_LOOKALIKES = str.maketrans("@4013$5!7", "aaoiessit")
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiop",
    "qwertzuiop",
    "asdfghjkl",
    "zxcvbnm",
    "yxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
)
_EDGES = re.compile(r"^[^a-z]+|[^a-z]+$")
_END = re.compile(r"[^a-z]+$")


def find(password: str, *, name: str) -> str | None:
    """What is wrong with a new password for this account, as a sentence; None if it will do."""
    if not MIN_CHARACTERS <= len(password) <= MAX_CHARACTERS or _bytes(password) > MAX_BYTES:
        return f"A password has {MIN_CHARACTERS} to {MAX_CHARACTERS} characters."
    if any(unicodedata.category(character) == "Cc" for character in password):
        return "A password has no control characters: HTTP Basic could not carry them."
    if name.lower() in password.lower():
        return "The password contains the account's name: choose one that does not."
    if _is_simple(password):
        return "This password is among the first that are tried: choose a few words of your own."
    return None


def _bytes(password: str) -> int:
    return len(password.encode(errors="surrogatepass"))


def _is_simple(password: str) -> bool:
    lower = password.lower()
    return len(set(lower)) < _MIN_DISTINCT or _is_walk(lower) or _is_common(lower)


def _is_common(lower: str) -> bool:
    readings = (_EDGES.sub("", lower), _END.sub("", lower).translate(_LOOKALIKES))
    return any(reading in _COMMON or _half(reading) in _COMMON for reading in readings)


def _half(reading: str) -> str:
    """Of a word written twice, the word."""
    half = reading[: len(reading) // 2]
    return half if half * 2 == reading else reading


def _is_walk(lower: str) -> bool:
    """Along the alphabet, the digits or the keyboard, in pieces of four and more."""
    rest = lower
    while rest:
        length = max((_walked(rest, row) for row in (*_ROWS, *(r[::-1] for r in _ROWS))), default=0)
        if length < min(4, len(rest)):
            return False
        rest = rest[length:]
    return True


def _walked(text: str, row: str) -> int:
    length = 0
    while length < len(text) and text[: length + 1] in row:
        length += 1
    return length
