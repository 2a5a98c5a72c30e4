"""People in the simulator who ask while something happens, and count what comes back."""

import itertools
import json
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

_PATIENCE_SECONDS = 120.0
_PEOPLE = 10


@dataclass
class Asking:
    """`with Asking(simulator) as asking: …`: four questions a second, until its end."""

    simulator: str
    every_seconds: float = 0.25
    sent: dict[int, int] = field(default_factory=dict)
    _ended: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        people = [
            call(self.simulator, "/people/users", {"first_name": f"Guest {number}"})["id"]
            for number in range(_PEOPLE)
        ]
        self.sent = dict.fromkeys(people, 0)
        self._thread = threading.Thread(target=self._ask, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._ended.set()
        assert self._thread is not None
        self._thread.join()

    @property
    def total(self) -> int:
        return sum(self.sent.values())

    def wait_for_answers(self) -> dict[int, int]:
        """How many answers each has, once nobody waits any longer."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            came = {person: answers(self.simulator, person) for person in self.sent}
            is_complete = all(came[person] >= count for person, count in self.sent.items())
            if is_complete or time.monotonic() > deadline:
                return came
            time.sleep(0.5)

    def _ask(self) -> None:
        for number, person in enumerate(itertools.cycle(list(self.sent))):
            if self._ended.wait(self.every_seconds):
                return
            message = {"user_id": person, "text": f"How many are {number} and {number}?"}
            call(self.simulator, f"/people/chats/{person}/messages", message)
            self.sent[person] += 1


def answers(simulator: str, person: int) -> int:
    page = call(simulator, f"/people/chats/{person}/messages?limit=500")
    return sum(message["from"]["is_bot"] for message in page["messages"])


def call(base: str, path: str, body: dict[str, Any] | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(base + path, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)
