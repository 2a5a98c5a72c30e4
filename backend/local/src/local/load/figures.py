"""What the crowd is told and what it has measured: JSON between two processes. Pure."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

#: what an API says to whoever asks too often; counted apart, and neither fast nor failed
LIMITED = "429"
#: the one answer of the simulator's model: words of which each change would be seen
ANSWER = " ".join(f"This is sentence {number} of an answer." for number in range(1, 25))


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Orders(_Wire):
    api: str
    #: analysts share them, in turn
    accounts: tuple[str, ...]
    password: str = Field(repr=False)
    analysts: int
    #: its address, and who chats there
    simulator: str | None = None
    people: tuple[int, ...] = ()
    #: analysts and people who come, a second
    spawn_rate: float
    seconds: float
    #: where locust writes its page
    page: Path


class Line(_Wire):
    """One kind of request. Durations are in milliseconds, rounded to two digits by locust."""

    kind: str
    requests: int
    failures: int
    rate: float
    p50: float
    p95: float
    p99: float


class Figures(_Wire):
    lines: tuple[Line, ...]
    #: requests answered with 429
    limited: int
    #: what failed, and how often
    failures: tuple[str, ...]
    #: mistakes of the crowd's own programs
    crashes: tuple[str, ...]

    @property
    def requests(self) -> int:
        return sum(line.requests for line in self.lines)

    @property
    def failed(self) -> int:
        return sum(line.failures for line in self.lines)
