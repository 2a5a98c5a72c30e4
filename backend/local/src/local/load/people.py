"""People in the simulator's chats: they ask, see the answer appear, read it, and ask again."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

from gevent.event import Event
from locust import FastHttpUser, between

from local.load import stream
from local.load.figures import ANSWER

_PATIENCE_SECONDS = 60.0
#: the simulator shows signs of life more often
_SILENT_SECONDS = 60.0


@dataclass(slots=True)
class Waiting:
    """For an answer; moments are of the monotonic clock."""

    asked: float = field(default_factory=time.monotonic)
    visible: float | None = None
    answered: float | None = None
    words: str = ""
    over: Event = field(default_factory=Event)


class Chats:
    """Tells whoever waits in a chat what appears there."""

    def __init__(self, simulator: str) -> None:
        self._url = f"{simulator}/people/events?user=all"
        self._waiting: dict[int, Waiting] = {}
        self.is_followed = Event()

    def follow(self) -> None:
        """Runs as long as people chat."""
        with stream.opened(self._url, {}, seconds=_SILENT_SECONDS) as events:
            self.is_followed.set()
            for event in events:
                self._notice(event)

    def wait(self, chat: int) -> Waiting:
        waiting = self._waiting[chat] = Waiting()
        return waiting

    def _notice(self, event: dict[str, Any]) -> None:
        match event:
            case {"type": "draft", "chat_id": chat, "draft": {"text": words}} if words:
                self._show(chat)
            case {"type": "message", "message": {"from": {"is_bot": True}} as message}:
                if waiting := self._show(message["chat"]["id"]):
                    waiting.answered = time.monotonic()
                    waiting.words = message.get("text", "")
                    waiting.over.set()

    def _show(self, chat: int) -> Waiting | None:
        waiting = self._waiting.get(chat)
        if waiting and waiting.visible is None:
            waiting.visible = time.monotonic()
        return waiting


class Person(FastHttpUser):
    abstract = False
    wait_time = between(2, 8)
    chats: ClassVar[Chats]
    ids: ClassVar[Iterator[int]]

    def on_start(self) -> None:
        self.id = next(self.ids)
        self.asked = 0

    def ask(self) -> None:
        self.asked += 1
        waiting = self.chats.wait(self.id)
        self._write(f"Question {self.asked} of person {self.id}")
        waiting.over.wait(_PATIENCE_SECONDS)
        if waiting.visible is not None:
            self._fire("first-visible", waiting.visible - waiting.asked)
        if waiting.answered is None:
            self._fire("full-answer", _PATIENCE_SECONDS, TimeoutError("no answer"))
        else:
            wrong = None if waiting.words == ANSWER else ValueError("another answer than was given")
            self._fire("full-answer", waiting.answered - waiting.asked, wrong)

    def _write(self, words: str) -> None:
        """The simulator's own time, beside the others to see when it is what is slow."""
        path = f"/people/chats/{self.id}/messages"
        self.client.post(path, json={"user_id": self.id, "text": words}, name="simulator")

    def _fire(self, kind: str, seconds: float, wrong: Exception | None = None) -> None:
        self.environment.events.request.fire(
            request_type="chat",
            name=kind,
            response_time=seconds * 1000,
            response_length=0,
            exception=wrong,
            context={},
        )


def ask(person: Person) -> None:
    person.ask()


Person.tasks = [ask]
