"""The bytes of a reply: as a stream of chunks, or whole."""

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from simulator.provider.catalogue import PROVIDER_NAME, Offer, count_tokens
from simulator.provider.wire import JSON, dumps

COMMENT = b": OPENROUTER PROCESSING\n\n"
DONE = b"data: [DONE]\n\n"
NOT_UTF8 = b"\xff\xfe"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a model says to one request."""

    offer: Offer
    #: null: no content at all
    text: str | None
    finish_reason: str | None
    prompt_tokens: int
    #: False: an empty list of choices
    has_choices: bool = True
    #: False: a stream just ends, without reason, usage and [DONE]
    has_end: bool = True
    #: what the model's own provider reported in the middle of it
    error: object = None
    id: str = field(default_factory=lambda: f"gen-{int(time.time())}-{secrets.token_hex(10)}")
    created: int = field(default_factory=lambda: int(time.time()))

    def cost(self, completion_tokens: int) -> float:
        """Dollars; a reply that fails or says nothing is free."""
        if self.error or not completion_tokens:
            return 0.0
        return self.offer.cost(self.prompt_tokens, completion_tokens)

    def usage(self) -> dict[str, Any]:
        offer, prompt, completion = self.offer, self.prompt_tokens, count_tokens(self.text or "")
        cost = self.cost(completion)
        return {
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
            "cost": cost,
            "is_byok": False,
            "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
            "cost_details": {
                "upstream_inference_cost": cost,
                "upstream_inference_prompt_cost": offer.prompt_cost(prompt),
                "upstream_inference_completions_cost": offer.completion_cost(completion),
            },
            "completion_tokens_details": {"reasoning_tokens": 0},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A reply's bytes in the order in which they leave, and what a fault may put between them."""

    content_type: str
    #: said until the first part is due
    keep_alive: bytes
    #: said at the model's pace, each with so many characters of text
    parts: Sequence[bytes]
    part_chars: int
    tail: bytes
    not_json: bytes
    not_utf8: bytes


def streamed(reply: Reply, *, chunk_chars: int) -> Body:
    # What all chunks share is serialised once; only the text is escaped for each.
    head = b"data: " + dumps(_head(reply, "chat.completion.chunk"))[:-1]
    before = head + b',"choices":[{"index":0,"delta":{"role":"assistant","content":'
    after = b'},"finish_reason":null,"native_finish_reason":null,"logprobs":null}]}\n\n'
    opening = before + b'""' + after
    parts = [before + dumps(piece) + after for piece in _pieces(reply.text, chunk_chars)]
    parts = [opening + parts[0], *parts[1:]] if parts else [opening]
    return Body(
        content_type="text/event-stream",
        keep_alive=COMMENT,
        parts=parts if reply.has_choices else [_event(head, {"choices": []})],
        part_chars=chunk_chars,
        tail=_tail(head, reply),
        not_json=head + b',"choices":[{"index":0,"del\n\n',
        not_utf8=before + b'"' + NOT_UTF8 + b'"' + after,
    )


def whole(reply: Reply) -> Body:
    """Two halves: a fault within a reply has its place between them."""
    body = dumps(
        {
            **_head(reply, "chat.completion"),
            "system_fingerprint": None,
            "choices": [_choice(reply)] if reply.has_choices else [],
            "usage": reply.usage(),
        }
    )
    middle = len(body) // 2
    return Body(
        content_type=JSON,
        keep_alive=b"",
        parts=(body[:middle], body[middle:]),
        part_chars=-(-len(reply.text or "") // 2),
        tail=b"",
        #: neither inside nor outside of a string
        not_json=b'"}{\n',
        not_utf8=NOT_UTF8,
    )


def _head(reply: Reply, kind: str) -> dict[str, Any]:
    return {
        "id": reply.id,
        "object": kind,
        "created": reply.created,
        "model": reply.offer.id,
        "provider": PROVIDER_NAME,
    }


def _pieces(text: str | None, size: int) -> list[str | None]:
    if text is None:
        return [None]
    return [text[start : start + size] for start in range(0, len(text), size)]


def _tail(head: bytes, reply: Reply) -> bytes:
    if reply.error:
        return _event(head, {"error": reply.error, "choices": [_end(reply)]}) + DONE
    if not reply.has_end:
        return b""
    end = _event(head, {"choices": [_end(reply)]}) if reply.has_choices else b""
    return end + _event(head, {"choices": [], "usage": reply.usage()}) + DONE


def _end(reply: Reply) -> dict[str, Any]:
    return {
        "index": 0,
        "delta": {"role": "assistant", "content": None if reply.text is None else ""},
        "finish_reason": reply.finish_reason,
        "native_finish_reason": reply.finish_reason,
        "logprobs": None,
    }


def _choice(reply: Reply) -> dict[str, Any]:
    choice = {
        "index": 0,
        "message": {
            "role": "assistant",
            "content": reply.text,
            "refusal": None,
            "reasoning": None,
        },
        "finish_reason": reply.finish_reason,
        "native_finish_reason": reply.finish_reason,
        "logprobs": None,
    }
    return {**choice, "error": reply.error} if reply.error else choice


def _event(head: bytes, fields: dict[str, Any]) -> bytes:
    return head + b"," + dumps(fields)[1:] + b"\n\n"
