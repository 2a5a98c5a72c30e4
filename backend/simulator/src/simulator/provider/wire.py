"""JSON as it goes over the wire, and refusals in OpenRouter's shape."""

import json
from collections.abc import Mapping
from typing import Any

import orjson
from aiohttp import web

JSON = "application/json"


class Refusal(Exception):
    """A request that gets an error instead of an answer."""

    def __init__(self, status: int, error_type: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.error_type = error_type

    def response(self) -> web.Response:
        error = error_object(self.status, self.error_type, str(self))
        return json_response({"error": error, "user_id": None}, status=self.status)


def error_object(code: int, error_type: str, message: str) -> dict[str, Any]:
    return {"code": code, "message": message, "metadata": {"error_type": error_type}}


def dumps(value: object) -> bytes:
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:  # half a surrogate pair: JSON can say it, UTF-8 cannot
        return json.dumps(value, separators=(",", ":")).encode()


def loads(data: bytes) -> Any:
    """Raises ValueError."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:  # the same half, on its way in
        return json.loads(data)


def json_response(
    body: object, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> web.Response:
    return web.Response(body=dumps(body), status=status, headers=headers, content_type=JSON)


async def read_body(request: web.Request, *, limit: int) -> bytes:
    """The whole body, whatever the application's own limit; raises Refusal when it is longer."""
    body = bytearray()
    async for part in request.content.iter_any():
        body += part
        if len(body) > limit:
            raise Refusal(413, "payload_too_large", f"The body is longer than {limit} bytes")
    return bytes(body)
