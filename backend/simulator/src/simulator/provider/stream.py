"""A streamed reply, byte by byte, with the faults that a stream can have.

The parts of a chunk that never change are serialised once; only the text is escaped for each.
"""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass

import orjson
from aiohttp import web

from simulator.provider.script import Fault, Speed

COMMENT = b": OPENROUTER PROCESSING\n\n"
DONE = b"data: [DONE]\n\n"
#: between comments, while nothing else is sent
COMMENT_SECONDS = 0.4
#: longer than any client waits
FOR_EVER = 3600.0


class Cut(Exception):
    """The connection is to be broken here."""

    def __init__(self, *, reset: bool) -> None:
        super().__init__("cut")
        self.reset = reset


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What every chunk of a reply repeats."""

    generation_id: str
    model: str
    created: int

    @property
    def head(self) -> bytes:
        fields = {
            "id": self.generation_id,
            "provider": "Simulator",
            "model": self.model,
            "object": "chat.completion.chunk",
            "created": self.created,
        }
        return b"data: " + orjson.dumps(fields)[:-1]

    def text(self, content: str) -> bytes:
        return (
            self.head
            + b',"choices":[{"index":0,"delta":{"role":"assistant","content":'
            + _escaped(content)
            + b'},"finish_reason":null,"native_finish_reason":null,"logprobs":null}]}\n\n'
        )

    def finish(self, reason: str) -> bytes:
        choice = {
            "index": 0,
            "delta": {"role": "assistant", "content": ""},
            "finish_reason": reason,
            "native_finish_reason": reason,
            "logprobs": None,
        }
        return self.head + b',"choices":' + orjson.dumps([choice]) + b"}\n\n"

    def usage(self, usage: dict[str, object]) -> bytes:
        return self.head + b',"choices":[],"usage":' + orjson.dumps(usage) + b"}\n\n"

    def error(self) -> bytes:
        """A failure of the model's provider after the stream has begun."""
        error = {"code": 502, "message": "Provider returned error", "metadata": {}}
        choice = {"index": 0, "delta": {"content": ""}, "finish_reason": "error"}
        return (
            self.head
            + b',"error":'
            + orjson.dumps(error)
            + b',"choices":'
            + orjson.dumps([choice])
            + b"}\n\n"
        )


async def send_text(
    response: web.StreamResponse, frame: Frame, text: str, speed: Speed, fault: Fault | None
) -> None:
    """Send the text in chunks; raises Cut where a fault breaks the stream off."""
    pause = speed.chunk_chars / 4 / speed.tokens_per_second if speed.tokens_per_second else 0.0
    if fault and fault.kind == "slow":
        pause = fault.delay_ms / 1000
    together: list[bytes] = []
    for number, piece in enumerate(_pieces(text, speed.chunk_chars)):
        if fault and number == fault.after_chunks:
            await _flush(response, together)
            await break_off(response, frame, fault)
        together.append(frame.text(piece))
        if pause:
            await _flush(response, together)
            await asyncio.sleep(pause)
    await _flush(response, together)
    if fault and fault.kind != "slow":  # the text was shorter than the fault's place in it
        await break_off(response, frame, fault)


async def break_off(response: web.StreamResponse, frame: Frame, fault: Fault) -> None:
    match fault.kind:
        case "error_chunk":
            await response.write(frame.error() + DONE)
            raise Cut(reset=False)
        case "cut_rst":
            raise Cut(reset=True)
        case "cut_fin":
            await asyncio.sleep(0.02)  # lets what was written leave before the end
            raise Cut(reset=False)
        case "eof_without_finish":
            await response.write_eof()
            raise Cut(reset=False)
        case "invalid_utf8":
            await response.write(frame.text("x").replace(b'"x"', b'"\xff\xfe"'))
        case "silence":
            await asyncio.sleep(FOR_EVER)
        case _:
            return


async def send_comments(response: web.StreamResponse, seconds: float) -> None:
    """Keep the connection warm, as OpenRouter does until a model begins."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while (left := end - loop.time()) > 0:
        await response.write(COMMENT)
        await asyncio.sleep(min(COMMENT_SECONDS, left))


def _pieces(text: str, size: int) -> Iterator[str]:
    return (text[start : start + size] for start in range(0, len(text), size))


async def _flush(response: web.StreamResponse, together: list[bytes]) -> None:
    if together:
        await response.write(b"".join(together))
        together.clear()


def _escaped(content: str) -> bytes:
    try:
        return orjson.dumps(content)
    except orjson.JSONEncodeError:  # half a surrogate pair: JSON can say it, UTF-8 cannot
        return json.dumps(content).encode()
