"""Server-sent events as they come. Under locust's patches a greenlet waits for them, not all."""

import http.client
import json
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit


class Refused(Exception):
    """The answer is no stream."""

    def __init__(self, status: int, retry_after: str | None) -> None:
        super().__init__(f"status {status}")
        self.status = status
        self.retry_after = retry_after


@contextmanager
def opened(
    url: str, headers: Mapping[str, str], *, seconds: float
) -> Generator[Iterator[dict[str, Any]]]:
    """The data of its events; raises Refused, or TimeoutError after so many silent seconds."""
    parts = urlsplit(url)
    connect = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = connect(parts.netloc, timeout=seconds)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}", headers=dict(headers))
        response = connection.getresponse()
        if response.status != http.HTTPStatus.OK:
            raise Refused(response.status, response.getheader("Retry-After"))
        yield (json.loads(line[5:]) for line in response if line.startswith(b"data:"))
    finally:
        connection.close()
