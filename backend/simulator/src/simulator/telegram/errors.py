"""Telegram's refusals, in Telegram's words."""

from typing import Any


class Refused(Exception):
    """A call answered with `ok: false`."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


def bad_request(sentence: str) -> Refused:
    return Refused(400, f"Bad Request: {sentence}")


def forbidden(sentence: str) -> Refused:
    return Refused(403, f"Forbidden: {sentence}")


def flood(seconds: int) -> Refused:
    return Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
