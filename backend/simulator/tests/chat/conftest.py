"""A real simulator, a real Chromium, and a bot that the test plays call by call."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import httpx2
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Locator, Page

TOKEN = "42:simulator-token"
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_SECONDS = 15


@dataclass(slots=True, kw_only=True)
class Simulator:
    """The simulator as a process of its own, on a port that stays the same over a restart."""

    port: int
    log: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "simulator"],
                env={"SIMULATOR_PORT": str(self.port)},
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            with suppress(httpx2.TransportError):
                if httpx2.get(f"{self.url}/people/state").status_code < 500:
                    return
            time.sleep(0.05)
        pytest.fail(f"the simulator did not start: {self.log.read_text()}")

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(timeout=10)
            self.process = None


@pytest.fixture(scope="session")
def chromium() -> str:
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("there is no chromium on the PATH")
    return path


@pytest.fixture(scope="session")
def simulator(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    running = Simulator(port=free_port(), log=tmp_path_factory.mktemp("simulator") / "log")
    running.start()
    yield running
    running.stop()


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(slots=True)
class Bot:
    """Speaks the Bot API over HTTP; `user` and `group` act on the people's side."""

    client: httpx2.Client
    offset: int = 0

    def call(self, method: str, **parameters: Any) -> Any:
        answer = self.client.post(f"/bot{TOKEN}/{method}", json=parameters).json()
        assert answer["ok"], answer
        return answer["result"]

    def upload(self, method: str, name: str, content: bytes, **fields: Any) -> Any:
        field_name = method.removeprefix("send").lower()
        answer = self.client.post(
            f"/bot{TOKEN}/{method}", data=fields, files={field_name: (name, content)}
        ).json()
        assert answer["ok"], answer
        return answer["result"]

    def update(self, kind: str) -> Any:
        """Return the next update of this kind, which must come within a few seconds."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            for update in self.call("getUpdates", offset=self.offset, timeout=2):
                self.offset = update["update_id"] + 1
                if kind in update:
                    return update[kind]
        raise AssertionError(f"no {kind} came")

    def user(self, first_name: str, **fields: str) -> int:
        made = self.client.post("/people/users", json={"first_name": first_name, **fields})
        user_id: int = made.raise_for_status().json()["id"]
        return user_id

    def group(self, title: str, *user_ids: int) -> int:
        made = self.client.post("/people/groups", json={"title": title, "user_ids": user_ids})
        chat_id: int = made.raise_for_status().json()["id"]
        return chat_id

    def say(self, chat_id: int, user_id: int, text: str) -> None:
        body = {"user_id": user_id, "text": text}
        self.client.post(f"/people/chats/{chat_id}/messages", json=body).raise_for_status()


@pytest.fixture
def bot(simulator: Simulator) -> Iterator[Bot]:
    """A bot in a world without people, chats or updates."""
    with httpx2.Client(base_url=simulator.url, timeout=10) as client:
        client.post("/script/reset").raise_for_status()
        calm = {"flood_limits": "off"}
        client.post("/script/telegram/settings", json=calm).raise_for_status()
        yield Bot(client)


# Playwright's synchronous interface keeps an event loop running in this thread; it must end with
# the module, or no test after it could have a loop of its own.
@pytest.fixture(scope="module")
def context(chromium: str) -> Iterator[BrowserContext]:
    """One browser for all tests: their pages are tabs of it, as for a person with several seats."""
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGS)
        context = browser.new_context(locale="en-GB")
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        yield context
        browser.close()


def write(page: Page, text: str) -> None:
    """Send a message as a person does."""
    field = page.get_by_role("combobox", name="Message")
    field.fill(text)
    field.press("Enter")


def bubbles(page: Page) -> Locator:
    """Return the texts of the messages, without the draft's."""
    return page.locator(".row:not(.draft) .text")


class OpenPage(Protocol):
    def __call__(
        self, user_id: int, chat_id: int | None = None, *, base: str = ..., width: int = ...
    ) -> Page: ...


@dataclass(slots=True)
class Complaints:
    """What the pages of one test did that they should not."""

    seen: list[str] = field(default_factory=list)
    is_outage: bool = False
    """The test takes the simulator away: requests that fail are no fault of the page."""

    def watch(self, page: Page, base: str) -> None:
        page.on("pageerror", lambda error: self.seen.append(f"exception: {error}"))
        page.on("console", lambda message: self._hear(message.type, message.text))
        page.on("request", lambda request: self._look(request.url, base))

    def _hear(self, kind: str, text: str) -> None:
        if self.is_outage and text.startswith("Failed to load resource"):
            return
        if kind in {"error", "warning"}:
            self.seen.append(f"{kind}: {text}")

    def _look(self, url: str, base: str) -> None:
        if not url.startswith((f"{base}/", "blob:", "data:")):
            self.seen.append(f"foreign request: {url}")


@pytest.fixture
def complaints() -> Complaints:
    return Complaints()


@pytest.fixture
def open_page(
    simulator: Simulator, context: BrowserContext, complaints: Complaints
) -> Iterator[OpenPage]:
    """Open the chat as somebody; at the end no page may have complained."""

    def open_as(
        user_id: int, chat_id: int | None = None, *, base: str = simulator.url, width: int = 1200
    ) -> Page:
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 800})
        complaints.watch(page, base)
        page.goto(f"{base}/#user={user_id}&chat={chat_id or user_id}")
        page.locator("#talk-title h1").wait_for()
        return page

    yield open_as
    for page in context.pages:
        page.evaluate("localStorage.clear()")
        page.close()
    assert complaints.seen == []


@dataclass(slots=True)
class Wire:
    """A line to the simulator that the test can cut, and mend again."""

    target: int
    port: int = field(default_factory=free_port)
    listener: socket.socket | None = None
    ends: list[socket.socket] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def mend(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=[self.listener], daemon=True).start()

    def cut(self) -> None:
        """Close the line and everything on it."""
        for end in [self.listener, *self.ends]:
            if end:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
                end.close()
        self.listener = None
        self.ends.clear()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = socket.create_connection(("127.0.0.1", self.target))
                self.ends += [near, far]
                for pair in ((near, far), (far, near)):
                    threading.Thread(target=_carry, args=pair, daemon=True).start()


def _carry(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)


@pytest.fixture
def wire(simulator: Simulator) -> Iterator[Wire]:
    line = Wire(simulator.port)
    line.mend()
    yield line
    line.cut()
