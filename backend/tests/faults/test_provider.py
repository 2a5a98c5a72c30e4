"""Rows 20 to 36: providers that refuse, hang, break off, or answer with what is no answer."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

from .fault import fault
from .world import LARGE, SMALL, Asked, World

#: longer than the chunks before a fault within it
BEGUN = "This is what the larger model began to say, and it never came to an end with it. " * 3
#: what a provider may say of a key that is not ours
SECRET = {"error": {"code": 401, "message": "key sk-or-v1-very-secret is wrong"}}
WAITING = "No language model can be reached right now"
FAILED = "Sorry, none of the language models could answer"


async def falls_back(world: World, kind: str, **fault: object) -> tuple[Asked, float]:
    """The larger model fails like this; the answer is the smaller one's, and only that."""
    await world.provider_fault(kind=kind, model=LARGE, times=None, **fault)
    asked = await world.ask(await world.join(), begun=BEGUN)
    seconds = await world.answered(asked) - asked.at
    assert await world.texts(asked.person) == [asked.answer]
    assert [attempt[:3] for attempt in await attempts(world, asked)][1:] == [
        (SMALL, "answered", None)
    ]
    served = "SELECT is_fallback, model_served FROM turns WHERE chat_id = :chat_id"
    assert await world.query(served, chat_id=asked.person.id) == [(True, SMALL)]
    await world.heal_provider()
    return asked, seconds


async def attempts(world: World, asked: Asked) -> list[tuple[str, str, str | None, str | None]]:
    """Target, outcome, kind of error and the provider's word, of each call for a question."""
    return await world.query(
        """
        SELECT target, outcome, llm_attempts.error_kind, provider_code FROM llm_attempts
        JOIN turns ON turns.id = llm_attempts.turn_id WHERE turns.chat_id = :chat_id
        ORDER BY llm_attempts.created_at
        """,
        chat_id=asked.person.id,
    )


@fault(21, "A model hangs, or sends keep-alive comments alone", how="provider script")
async def test_no_first_token(world: World) -> str:
    kind = world.chance.each("comments_only", "hang")
    async with world.bot():
        asked, seconds = await falls_back(world, kind)
        assert (await attempts(world, asked))[0][:3] == (LARGE, "failed", "too_slow")
    async with world.bot(openrouter_fallback_models=""):
        await world.speed(first_token_ms=2500, tokens_per_second=0)
        late = await world.ask(await world.join())
        patience = await world.answered(late) - late.at
    return (
        f"{kind}: cut at 1.5 s, the next model's answer after {seconds:.1f} s; "
        f"a model that is the last one is not cut: {patience:.1f} s"
    )


@fault(22, "Some tokens, then silence", how="provider script")
async def test_silence_after_tokens(world: World) -> str:
    await world.start()
    asked, seconds = await falls_back(world, "silence", after_chunks=world.chance.each(1, 3, 5))
    assert (await attempts(world, asked))[0][:2] == (LARGE, "failed")
    assert await asked.person.drafts() == []
    return (
        f"cut after 1.5 s of silence, begun anew by the next model, draft replaced: {seconds:.1f} s"
    )


@fault(23, "The connection breaks in the middle of an answer", how="provider script: RST, FIN")
async def test_cut_in_the_middle(world: World) -> str:
    await world.start()
    kind = world.chance.each("cut_rst", "cut_fin")
    asked, seconds = await falls_back(world, kind, after_chunks=world.chance.each(1, 3, 5))
    assert (await attempts(world, asked))[0][:3] == (LARGE, "failed", "broken")
    return f"{kind}: begun anew by the next model, no word of the first: {seconds:.1f} s"


@fault(24, "An error in the middle of a stream", how="provider script: error chunk")
async def test_error_chunk(world: World) -> str:
    await world.start()
    word = world.chance.each("provider_unavailable", "provider_overloaded", "server")
    error = {"code": 502, "message": "Boom sk-or-1", "metadata": {"error_type": word}}
    asked, seconds = await falls_back(world, "error_chunk", body=error)
    assert (await attempts(world, asked))[0] == (LARGE, "failed", "broken", word)
    return f"begun anew by the next model, the error's type stored: {seconds:.1f} s"


@fault(25, "A stream ends without a reason", how="provider script: EOF, no `finish_reason`")
async def test_end_without_reason(world: World) -> str:
    await world.start()
    asked, seconds = await falls_back(world, "eof_without_finish", after_chunks=4)
    assert (await attempts(world, asked))[0][:3] == (LARGE, "failed", "broken")
    return f"not taken for an answer; the next model's after {seconds:.1f} s"


@fault(26, "200 with an error in it", how="provider script: instead of a stream, and in one")
async def test_error_in_200(world: World) -> str:
    await world.start()
    error, kind = world.chance.each(
        ({"code": 502, "message": "no"}, "unavailable"),
        ({"code": "server_error"}, "unavailable"),
        ("sk-or-no", "garbage"),
    )
    asked, seconds = await falls_back(world, "error_in_200", body={"error": error})
    assert (await attempts(world, asked))[0][:3] == (LARGE, "failed", kind)
    again, _ = await falls_back(world, "finish_reason", finish_reason="error")
    assert (await attempts(world, again))[0][:3] == (LARGE, "failed", "broken")
    return f"the next model's answer after {seconds:.1f} s"


@fault(27, "HTML, nothing, broken JSON, broken UTF-8", how="provider script", is_quick=True)
async def test_garbage(world: World) -> str:
    kinds = {
        "html": "garbage",
        "empty_body": "garbage",
        "garbage_json": "broken",
        "invalid_utf8": "broken",
    }
    seconds = []
    for kind, error_kind in kinds.items():
        async with world.bot() as bot:
            asked, took = await falls_back(world, kind)
            seconds.append(took)
            assert (await attempts(world, asked))[0][:3] == (LARGE, "failed", error_kind), kind
        assert "work_failed" not in bot.output
    return f"{len(kinds)} kinds: the next model's answer within {max(seconds):.1f} s, no exception"


@fault(28, "Nothing to see: null, empty, blank, zero-width", how="provider script")
async def test_invisible_answers(world: World) -> str:
    kinds = ("null_content", "empty_choices", "empty_text", "whitespace", "zero_width")
    for kind in kinds:
        async with world.bot():
            asked, _ = await falls_back(world, kind)
            assert (await attempts(world, asked))[0][:3] == (LARGE, "failed", "garbage")
    sent = [call["params"]["text"] for call in await world.telegram_calls("sendMessage")]
    assert all(text.strip("\u200b\u200d\ufeff \n\t") for text in sent)
    return f"{len(kinds)} kinds: never sent; the next model answers"


@fault(29, "429 with every kind of Retry-After", how="provider script, a new process for each")
async def test_rate_limits(world: World) -> str:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=40), usegmt=True)
    waits = {"1": 1, "40": 40, "3600": 900, soon: 40, "": 2, "-5": 2, "NaN": 2}
    longest = 0.0
    for wait in waits:
        headers = {"Retry-After": wait} if wait else {}
        async with world.bot():
            await world.provider_fault(kind="status", status=429, model=LARGE, headers=headers)
            ann = await world.join()
            first, asked = await world.ask(ann), await world.ask(ann)
            longest = max(longest, await world.answered(first) - first.at)
            await world.answered(asked)
            targets = [target for target, *_ in await attempts(world, asked)]
            assert targets == [LARGE, SMALL, SMALL], (wait, targets)
            await world.heal_provider()
    assert longest < 5
    return f"{len(waits)} kinds: the next model at once ({longest:.1f} s), the first left alone"


@fault(32, "404: the model is gone", how="provider script")
async def test_model_is_gone(world: World) -> str:
    bot = await world.start()
    body = world.chance.each(
        None,
        {"code": 404, "availability": {"code": "free_variant_ended", "retryable": False}},
    )
    await world.provider_fault(kind="status", status=404, model=LARGE, times=None, body=body)
    ann = await world.join()
    for _ in range(3):
        await world.answered(await world.ask(ann))
    calls = [call["model"] for call in await world.model_calls()]
    assert calls == [LARGE, SMALL, SMALL, SMALL]
    assert "model_rests" in bot.output
    return "asked once, then disabled, with a mark and a warning; the next model answers"


@fault(33, "500, 502, 503, 504, 524, 529, 498, 408", how="provider script, a new process for each")
async def test_server_errors(world: World) -> str:
    statuses = (500, 502, 503, 504, 524, 529, 498, 408)
    most, longest = 0, 0.0
    for status in statuses:
        async with world.bot():
            asked, seconds = await falls_back(world, "status", status=status)
            made = await attempts(world, asked)
            assert made[0][2] == ("rate_limited" if status == 498 else "unavailable"), status
            most = max(most, len(made))
            longest = max(longest, seconds)
    async with world.bot():
        await world.provider_fault(kind="status", status=world.chance.each(*statuses), times=2)
        asked = await world.ask(await world.join())
        await world.answered(asked)
        most = max(most, len(await attempts(world, asked)))
    assert most <= 3
    return f"{len(statuses)} kinds: {most} calls at most for a question, {longest:.1f} s at most"


@fault(35, "200 KB, 10 000 tokens a second, one character a chunk", how="provider script")
async def test_floods_of_text(world: World) -> str:
    bot = await world.start(max_answer_tokens="64000")
    await world.call("/script/telegram/settings", {"flood_limits": "off"})
    characters, rate, chunk = world.chance.each(
        (200_000, 0, 400), (40_000, 10_000, 40), (8_000, 2_000, 1)
    )
    assert bot.process
    before = rss_mb(bot.process.pid)
    await world.speed(first_token_ms=0, tokens_per_second=rate, chunk_chars=chunk)
    ann = await world.join()
    answer = " ".join(f"**w{number:06}**" for number in range(characters // 12))
    asked = await world.ask(ann, answer)
    asked.answer = answer.replace("*", "")
    seconds = await world.answered(asked, seconds=150) - asked.at
    grown = rss_mb(bot.process.pid) - before
    said = await ann.seen()
    assert all(len(message["text"].encode("utf-16-le")) <= 2 * 4096 for message in said)
    assert all(len(message.get("entities", [])) <= 100 for message in said)
    frames = [call["at"] for call in await world.telegram_calls("sendMessageDraft")]
    pace = min((later - earlier for earlier, later in pairwise(frames)), default=1000.0) / 1000
    assert pace > 0.95
    assert grown < 100
    return (
        f"`{characters // 1000}` kB in {len(said)} messages, {seconds:.1f} s, "
        f"{grown:.0f} MB more memory"
    )


def rss_mb(pid: int) -> float:
    pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * 4096 / 1e6


#: what a model says, and what a person then sees
HOSTILE = {
    "right-to-left: \u202eevil\u202c and עברית": "right-to-left: \u202eevil\u202c and עברית",
    "four bytes: 𝒳 🏳️‍🌈 👩‍👩‍👧‍👦": "four bytes: 𝒳 🏳️‍🌈 👩‍👩‍👧‍👦",
    "combining: " + "e\u0301\u0323" * 50: "combining: " + "e\u0301\u0323" * 50,
    "unclosed **bold and `code and [link](": "unclosed **bold and `code and [link](",
    "```python\nnever closed": "never closed",
    "<b>html</b> & [x](javascript:alert(1))": "<b>html</b> & x (javascript:alert(1))",
}


@fault(36, "Hostile characters, unclosed Markdown", how="provider script", is_quick=True)
async def test_hostile_characters(world: World) -> str:
    await world.start()
    await world.call("/script/telegram/settings", {"flood_limits": "off"})
    for words, shown in HOSTILE.items():
        ann = await world.join()
        await world.ask(ann, words)
        await ann.wait_for_answers()
        assert await world.texts(ann) == [shown]
    halved = await world.join()
    await world.provider_fault(kind="surrogate_nul")
    await world.ask(halved, "never said")
    await halved.wait_for_answers()
    assert await world.texts(halved) == ["half \ufffd and \ufffd here"]
    return f"{len(HOSTILE) + 1} kinds shown, halves of characters as U+FFFD"


@fault(
    31,
    "400: the context is too long; 413",
    how="provider script; a dialog of some length",
)
async def test_context_too_long(world: World) -> str:
    await world.start()
    ann = await world.join()
    for number in range(4):
        await world.answered(await world.ask(ann, f"{number}, at length. " * 100))
    before = len(await world.model_calls())
    status = world.chance.each(400, 413)
    body = {"code": status, "message": "This endpoint's maximum context length is 1000 tokens."}
    await world.provider_fault(kind="status", status=status, body=body, times=1)
    asked = await world.ask(ann)
    await world.answered(asked)
    calls = (await world.call("/script/provider/calls?full=1"))[before:]
    prompts = [[message["content"] for message in call["messages"]] for call in calls]
    assert all(prompt[-1] == asked.question for prompt in prompts)
    assert len(calls) == 2
    return (
        f"`{status}`: answered by the second call, with {len(prompts[1])} of "
        f"{len(prompts[0])} messages; the newest question is always there"
    )


@fault(
    34,
    "All providers down: back in time, or not",
    how="provider script: 503; `WAIT_SECONDS` 40 and 4 instead of 600",
)
async def test_all_down(world: World) -> str:
    is_back = world.chance.each(True, False)
    bot = await world.start(wait_seconds="40" if is_back else "4")
    refused = {"status": 503} if is_back else {"status": 401, "body": SECRET}
    await world.provider_fault(kind="status", times=None, **refused)
    ann = await world.join()
    asked = await world.ask(ann)
    [told] = await ann.wait_for_answers(1)
    assert told.startswith(WAITING)
    waiting = "SELECT count(*) FROM turns WHERE state = 'waiting_provider'"
    assert await world.value(waiting) == 1
    if is_back:
        later = await world.ask(ann)
        await world.heal_provider()
        seconds = await world.answered(asked, seconds=50) - asked.at
        await world.answered(later)
        assert await world.texts(ann) == [told, asked.answer, later.answer]
        return f"back in time: told once, answered by itself after {seconds:.1f} s"
    _, failed = await ann.wait_for_answers(2)
    assert failed.startswith(FAILED)
    await world.settled()
    assert await world.query("SELECT state, error_kind FROM turns") == [
        ("failed_told", "all_targets_failed")
    ]
    await world.heal_provider()
    await world.end(bot)
    await world.start()  # knows nothing of the models' failures
    await world.press(ann, "Try again")
    await world.answered(asked)
    return "not in time: told twice, with a button; pressed, it answered"
