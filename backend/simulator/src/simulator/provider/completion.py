"""One request for a completion, from its prompt to the last byte of the reply."""

import asyncio
import math

from aiohttp import web

from simulator.provider.catalogue import CHARACTERS_PER_TOKEN, Offer, count_tokens
from simulator.provider.demo import reply_to
from simulator.provider.faults import INSTEAD, PARTING, WITHIN, instead_of_reply, spoiled
from simulator.provider.journal import Journal, milliseconds
from simulator.provider.line import Left, Line
from simulator.provider.prompt import Prompt
from simulator.provider.reply import Body, Reply, streamed, whole
from simulator.provider.script import Fault, Script
from simulator.provider.wire import Refusal

#: between comments, while the model thinks
_COMMENT_SECONDS = 0.4
#: so that it is noticed when a client leaves a fast stream
_PARTS_IN_A_WRITE = 256


class Completion:
    """However it ends, the journal says so."""

    def __init__(
        self, request: web.Request, prompt: Prompt, *, script: Script, journal: Journal
    ) -> None:
        self._prompt = prompt
        self._script = script
        self._journal = journal
        self._line = Line(request)
        self._call = journal.open(prompt)
        self._fault: Fault | None = None
        self._reply: Reply | None = None
        self._parts_said = 0
        self._characters_said = 0

    async def answer(self, *, refusal: Refusal | None) -> web.StreamResponse:
        """Answer the request, unless there is a reason to refuse it."""
        call = self._call
        try:
            if refusal:
                raise refusal
            call.outcome = await self._answer()
        except Refusal as reason:
            call.outcome = reason.error_type
            return reason.response()
        except Left:
            call.outcome = self._outcome_of_parting()
        except asyncio.CancelledError:
            call.outcome = self._outcome_of_parting()
            raise
        finally:
            self._bill()
            self._journal.close(call)
        return self._line.response

    async def _answer(self) -> str:
        """Returns the outcome."""
        prompt = self._prompt
        fault = self._fault = self._script.fault_for(prompt.question, prompt.model)
        self._call.fault = fault.kind if fault else None
        if fault and fault.kind in INSTEAD:
            await instead_of_reply(self._line, fault)
            return fault.kind
        self._reply = self._model_says()
        if fault:
            chunk_chars = self._script.speed.chunk_chars
            self._reply = spoiled(self._reply, fault, chunk_chars=chunk_chars)
        self._call.generation_id = self._reply.id
        await self._deliver(self._reply)
        return fault.kind if fault else "answered"

    def _model_says(self) -> Reply:
        prompt, offer = self._prompt, self._require_offer()
        text = self._script.reply_for(prompt.question, prompt.model)
        text = reply_to(prompt.messages) if text is None else text
        limit = prompt.max_tokens or offer.max_completion_tokens
        return Reply(
            offer=offer,
            text=text[: limit * CHARACTERS_PER_TOKEN],
            finish_reason="length" if count_tokens(text) > limit else "stop",
            prompt_tokens=prompt.tokens,
        )

    def _require_offer(self) -> Offer:
        """Raises Refusal when the model is unknown or the prompt too long for it."""
        model, tokens = self._prompt.model, self._prompt.tokens
        offer = self._script.offer(model)
        if offer is None:
            raise Refusal(404, "not_found", f"No endpoints found for {model}.")
        if tokens > offer.context_length:
            raise Refusal(
                400,
                "context_length_exceeded",
                f"This endpoint's maximum context length is {offer.context_length} tokens. "
                f"However, you requested about {tokens} tokens.",
            )
        return offer

    async def _deliver(self, reply: Reply) -> None:
        speed, fault, line = self._script.speed, self._fault, self._line
        if self._prompt.is_stream:
            body = streamed(reply, chunk_chars=speed.chunk_chars)
            thinking, pace = speed.first_token_ms / 1000, speed.chunk_seconds
        else:
            body = whole(reply)
            thinking, pace = speed.first_token_ms / 1000 + speed.seconds(len(reply.text or "")), 0.0
        if fault and fault.kind == "comments_only":
            thinking = math.inf
        if fault and fault.kind == "slow":
            pace = fault.delay_ms / 1000
        await line.open({"Content-Type": body.content_type, "X-Generation-Id": reply.id})
        await self._think(body, thinking)
        await self._speak(body, pace)
        line.say(body.tail)
        await line.end()

    async def _think(self, body: Body, seconds: float) -> None:
        """Keep the connection warm until the first token is due, with one comment at least."""
        while True:
            self._line.say(body.keep_alive)
            if seconds <= 0:
                break
            await self._line.pause(min(seconds, _COMMENT_SECONDS))
            seconds -= _COMMENT_SECONDS
        self._call.first_token_at = milliseconds()

    async def _speak(self, body: Body, pace: float) -> None:
        within = WITHIN.get(self._fault.kind) if self._fault else None
        if self._fault and within:
            last = len(body.parts) if self._prompt.is_stream else 1
            place = min(self._fault.after_chunks, last)
            await self._say_parts(body, place, pace)
            await within(self._line, body)
        await self._say_parts(body, len(body.parts), pace)

    async def _say_parts(self, body: Body, end: int, pace: float) -> None:
        """Say the parts up to `end`, all those that are due in one write."""
        clock = asyncio.get_running_loop()
        first, started = self._parts_said, clock.time()
        while self._parts_said < end:
            due = first + 1 + int((clock.time() - started) / pace) if pace else end
            due = min(due, end, self._parts_said + _PARTS_IN_A_WRITE)
            self._line.say(b"".join(body.parts[self._parts_said : due]))
            self._parts_said, self._characters_said = due, due * body.part_chars
            if pace:
                await self._line.pause(started + (due - first) * pace - clock.time())
            elif due < end:
                await self._line.flush()

    def _outcome_of_parting(self) -> str:
        fault = self._fault
        return fault.kind if fault and fault.kind in PARTING else "cancelled"

    def _bill(self) -> None:
        """A stream costs what was said of it; any other reply cannot be cancelled."""
        reply, call = self._reply, self._call
        if reply is None:
            return
        said = reply.text or ""
        if self._prompt.is_stream:
            said = said[: self._characters_said]
        call.prompt_tokens = reply.prompt_tokens
        call.completion_tokens = count_tokens(said)
        call.cost = reply.cost(call.completion_tokens)
        call.finish_reason = reply.finish_reason
