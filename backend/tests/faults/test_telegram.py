"""Rows 37 to 54: what Telegram refuses, loses, repeats, and what people do meanwhile."""

import asyncio
import hashlib
import time
from itertools import pairwise
from typing import Any

from ..conftest import Person
from .fault import fault
from .world import Asked, World

SEND, EDIT, DRAFT = "sendMessage", "editMessageText", "sendMessageDraft"
STORY = "It was a dark and stormy night. " * 40


async def chat_calls(world: World, chat_id: int, *, since: float = 0) -> list[str]:
    """Methods of calls to a chat after a moment of Telegram's clock, in milliseconds."""
    return [
        call["method"]
        for call in await world.telegram_calls("")
        if str(call["params"].get("chat_id")) == str(chat_id) and call["at"] > since
    ]


async def ask_for_a_story(world: World, person: Person) -> Asked:
    """One that is told slowly enough to do something meanwhile."""
    await world.speed(first_token_ms=50, tokens_per_second=60)
    return await world.ask(person, STORY)


@fault(
    37,
    "429 on a send: 3, 149, 1000 s",
    how="Telegram script; from the longer waits SQL takes the rest after 3 s",
)
async def test_flood_on_send(world: World) -> str:
    await world.start()
    wait = world.chance.each(3, 149, 1000)
    ann = await world.join()
    await world.telegram_fault(method=SEND, kind="flood", retry_after=wait, chat_id=ann.id)
    asked = [await world.ask(ann) for _ in range(2)]

    async def is_refused() -> bool:
        return any(not call["ok"] for call in await world.telegram_calls(SEND))

    await world.until(is_refused)
    [refused] = [call["at"] for call in await world.telegram_calls(SEND) if not call["ok"]]
    await asyncio.sleep(2.7)
    early = await chat_calls(world, ann.id, since=refused)
    assert early == []
    if wait > 3:
        await asyncio.sleep(1)
        assert await chat_calls(world, ann.id, since=refused) == []
        await world.query("UPDATE chat_floods SET until = now()")
        await world.query("UPDATE outbox SET run_after = now() WHERE state = 'pending'")
    for one in asked:
        await world.answered(one)
    await world.settled()
    assert [await world.copies(one) for one in asked] == [1, 1]
    marks = [(f"Telegram asked to wait {wait} s",)] if wait > 3 else []
    assert await world.query("SELECT label FROM stats_marks WHERE kind = 'flood'") == marks
    return f"`{wait}` s: no call to the chat meanwhile, each answer once after it"


@fault(38, "429 on a draft or an edit", how="Telegram script, private chat and group")
async def test_flood_on_preview(world: World) -> str:
    await world.start()
    ann = await world.join()
    kind = world.chance.each("private chat", "group")
    if kind == "group":
        await world.join_group(ann)
    method = DRAFT if kind == "private chat" else EDIT
    await world.telegram_fault(method=method, kind="flood", retry_after=3)
    asked = await ask_for_a_story(world, ann)
    await world.answered(asked)
    await world.settled()
    sends = sum(call["ok"] for call in await world.telegram_calls(SEND))
    assert sends == 1
    assert await world.copies(asked) == 1
    frames = [call["at"] for call in await world.telegram_calls(method)]
    pauses = [(later - earlier) / 1000 for earlier, later in pairwise(frames)]
    assert max(pauses, default=3.0) > 2.9
    return f"{kind}: frames dropped for 3 s, no send instead, the answer once"


@fault(39, "5xx, HTML, an empty 200", how="Telegram script, for a send and for an edit")
async def test_answers_that_are_none(world: World) -> str:
    policy = world.chance.each("resend", "hold")
    await world.start(send_policy=policy)
    faults: list[dict[str, Any]] = [
        {"kind": "error", "error_code": 500, "description": "Internal Server Error: restart"},
        {"kind": "error", "error_code": 502, "description": "Bad Gateway"},
        {"kind": "html"},
        {"kind": "empty"},
    ]
    for order in faults:
        ann = await world.join()
        await world.telegram_fault(method=SEND, chat_id=ann.id, **order)
        asked = await world.ask(ann)
        await world.settled()
        assert await world.copies(asked) == (1 if policy == "resend" else 0)
    marked = await world.value("SELECT count(*) FROM outbox WHERE delivery_unknown")
    assert marked == len(faults)
    bob = await world.join()
    await world.join_group(bob)
    await world.telegram_fault(method=EDIT, times=2, **world.chance.choice(faults))
    await world.answered(await ask_for_a_story(world, bob), seconds=40)
    await world.settled()
    assert len(await bob.seen()) == 1
    assert await world.value("SELECT count(*) FROM outbox WHERE delivery_unknown") == marked
    return f"{policy}: of {len(faults)} sends all marked; an edit simply done again"


@fault(
    40,
    "No answer to a send: lost before, lost after, timed out",
    how="Telegram script, each policy",
    is_quick=True,
)
async def test_send_without_answer(world: World) -> str:
    policy = world.chance.each("resend", "hold")
    await world.start(send_policy=policy)
    copies: dict[str, int] = {}
    for kind in ("drop_before", "drop_after", "hang"):
        ann = await world.join()
        await world.telegram_fault(method=SEND, kind=kind, chat_id=ann.id)
        asked = await world.ask(ann)
        await world.settled()
        copies[kind] = await world.copies(asked)
    assert await world.value("SELECT count(*) FROM outbox WHERE delivery_unknown") == len(copies)
    resent = {"drop_before": 1, "drop_after": 2, "hang": 1}
    held = {"drop_before": 0, "drop_after": 1, "hang": 0}
    assert copies == (resent if policy == "resend" else held)
    before, after, timed_out = copies.values()
    return f"{policy}: {before}, {after} and {timed_out} copies, each marked"


@fault(41, "Telegram refuses connections", how="a proxy before Telegram")
async def test_telegram_is_away(world: World) -> str:
    cable, url = await world.cable(world.base)
    await world.start(telegram_api_base_url=url)
    await world.speed(first_token_ms=800, tokens_per_second=0)
    asked = [await world.ask(await world.join()) for _ in range(3)]

    async def are_asked() -> bool:
        return len(await world.model_calls()) == len(asked)

    await world.until(are_asked)
    await cable.refuse()
    await asyncio.sleep(world.chance.each(2, 4, 6))
    await cable.heal()
    back = time.monotonic()
    last = max([await world.answered(one) for one in asked]) - back
    await world.settled()
    assert [await world.copies(one) for one in asked] == [1, 1, 1]
    assert await world.value("SELECT count(*) FROM outbox WHERE delivery_unknown") == 0
    return f"tried again until it works: 1 copy each, not marked, {last:.1f} s after it was back"


@fault(42, "Telegram cannot parse the entities", how="Telegram script", is_quick=True)
async def test_refused_formatting(world: World) -> str:
    await world.start()
    sentence = "Bad Request: can't parse entities: unexpected end"
    await world.telegram_fault(method=SEND, kind="error", description=sentence)
    ann = await world.join()
    asked = await world.ask(ann, "**Bold** it is")
    asked.answer = "Bold it is"
    await world.answered(asked)
    await world.settled()
    assert [message.get("entities") for message in await ann.seen()] == [None]
    assert await world.query("SELECT is_plain, delivery_unknown FROM outbox") == [(True, False)]
    return "the same words plain, 1 copy, not marked"


@fault(43, "The message is not modified", how="killed after an edit arrived; the edit done again")
async def test_not_modified(world: World) -> str:
    bot = await world.start(failpoints="part_delivered:kill")
    ann = await world.join()
    await world.join_group(ann)
    asked = await ask_for_a_story(world, ann)
    await world.killed(bot)
    await world.start()
    await world.settled()
    refused = [call for call in await world.telegram_calls(EDIT) if not call["ok"]]
    assert len(refused) == 1
    assert await world.query("SELECT state, delivery_unknown FROM outbox") == [("sent", False)]
    assert await world.copies(asked) == 1
    return "counts as delivered: 1 copy, not marked"


@fault(
    44,
    "The message that is answered has been deleted",
    how="an update about a message that is not there",
)
async def test_answered_message_is_gone(world: World) -> str:
    await world.start()
    ann = await world.join()
    await world.join_group(ann)
    await world.inject(message(ann, 4242, f"@parley_bot Where {world.chance.random()}?"))
    [answer] = await ann.wait_for_answers()
    await world.settled()
    [sent] = await ann.seen()
    assert "reply_to_message" not in sent
    assert answer
    return "sent without being a reply, once"


@fault(
    45,
    "Blocked, deactivated, kicked",
    how="the person blocks the bot while the model writes; Telegram script: 403",
)
async def test_nobody_there(world: World) -> str:
    await world.start()
    ann = await world.join()
    why = world.chance.each("blocked", "deactivated", "kicked")
    await world.speed(first_token_ms=1000, tokens_per_second=0)
    if why != "blocked":
        await world.telegram_fault(
            method=SEND, kind="error", error_code=403, description=FORBIDDEN[why], times=None
        )
    asked = [await world.ask(ann) for _ in range(4)]
    await world.until_rows([(4,)], "SELECT count(*) FROM inbox WHERE kind = 'message'")
    if why == "blocked":
        await block(world, ann, is_blocked=True)
    await world.settled()
    assert await world.query("SELECT DISTINCT state FROM turns") == [("undeliverable",)]
    # The lane goes on while Telegram is asked: without a word from it one more may be on its way.
    calls = len(await world.model_calls())
    assert calls == 1 if why == "blocked" else calls in {1, 2}
    assert len(await world.telegram_calls(SEND)) == calls
    assert await world.query("SELECT chat_id FROM closed_chats") == [(ann.id,)]
    await world.heal_telegram()
    if why == "blocked":
        await block(world, ann, is_blocked=False)
        await world.until_rows([], "SELECT chat_id FROM closed_chats")
    later = await world.ask(ann)
    await world.answered(later)
    assert [await world.copies(one) for one in asked] == [0, 0, 0, 0]
    return (
        f"{why}: {len(asked)} questions undeliverable, a model asked for {calls}, none sent later; "
        "the chat flagged, and the next question answered"
    )


FORBIDDEN = {
    "deactivated": "Forbidden: user is deactivated",
    "kicked": "Forbidden: bot was kicked from the group chat",
}


async def block(world: World, person: Person, *, is_blocked: bool) -> None:
    """Telegram tells the bot."""
    body = {"user_id": person.id, "blocked": is_blocked}
    await world.call(f"/people/chats/{person.id}/block", body)


@fault(
    46, "A group becomes a supergroup", how="Telegram script: 400 with the new id; service messages"
)
async def test_group_migrates(world: World) -> str:
    await world.start()
    ann = await world.join()
    await world.join_group(ann)
    first = await world.ask(ann)
    await world.answered(first)
    old, told = ann.chat_id, world.chance.each("by the refusal", "by service messages")
    group = await world.call("/people/groups", {"title": "Friends", "user_ids": [ann.id]})
    moved = {"migrate_to_chat_id": group["id"]}
    sentence = "Bad Request: group chat was upgraded to a supergroup chat"
    for method in (SEND, EDIT):
        await world.telegram_fault(
            method=method,
            kind="error",
            description=sentence,
            parameters=moved,
            chat_id=old,
            times=None,
        )
    second = await world.ask(ann)
    if told == "by service messages":
        await world.inject(message(ann, 5000, None, migrate_to_chat_id=group["id"]))
    ann.chat_id = group["id"]
    await world.answered(second)
    await world.settled()
    third = await world.ask(ann)
    await world.answered(third)
    prompts = await world.call("/script/provider/calls?full=1")
    said = [one["content"] for one in prompts[-1]["messages"]]
    assert first.question in said
    assert await world.copies(second) == 1
    return f"{told}: sent to the new chat, once; the conversation goes on there"


@fault(47, "The token is refused, or another program polls", how="Telegram script: 401, 409")
async def test_token_refused(world: World) -> str:
    bot = await world.start()
    ann = await world.join()
    kind = world.chance.each("409", "401")
    if kind == "409":
        await world.call("/script/telegram/settings", {"conflict": True})
    else:
        await world.telegram_fault(
            method="getUpdates",
            kind="error",
            error_code=401,
            description="Unauthorized",
            times=None,
        )
    asked = await world.ask(ann)

    async def is_red() -> bool:
        return not await world.is_ready(bot)

    await world.until(is_red)
    await asyncio.sleep(4)
    tries = bot.output.count("polling_refused")
    assert tries <= 4
    await world.call("/script/telegram/settings", {"conflict": False})
    await world.heal_telegram()
    await world.answered(asked)
    await world.until(lambda: world.is_ready(bot))
    return f"`{kind}`: readiness red, {tries} tries in 4 s; green and answered when it is over"


@fault(
    48,
    "Duplicated, reordered and replayed updates",
    how="Telegram script; 100 webhook calls; wrong secrets",
    is_quick=True,
)
async def test_replays(world: World) -> str:
    secret = "a-secret-of-some-length"
    port = world.make_port()
    url = f"http://127.0.0.1:{port}/telegram/a-path"
    await world.start(
        bot_port=str(port), telegram_mode="webhook", webhook_url=url, webhook_secret=secret
    )
    ann, bob = await world.join(), await world.join()
    asked = [await world.ask(ann), await world.ask(bob)]
    for one in asked:
        await world.answered(one)
    raws = [raw for (raw,) in await world.query("SELECT raw FROM inbox WHERE kind = 'message'")]
    count = "SELECT count(*) FROM inbox"
    before = await world.value(count)

    async def bring(raw: Any, headers: dict[str, str]) -> int:
        async with world.http.post(url, json=raw, headers=headers) as response:
            return response.status

    right = {"X-Telegram-Bot-Api-Secret-Token": secret}
    order = [world.chance.choice(raws) for _ in range(100)]
    assert set(await asyncio.gather(*(bring(raw, right) for raw in order))) == {200}
    stranger = {**raws[0], "update_id": 1}
    for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": "guessed"}):
        assert await bring(stranger, headers) == 401
    assert await world.value(count) == before
    for raw in raws:  # the same message as another update
        assert await bring({**raw, "update_id": raw["update_id"] + 900}, right) == 200
    await world.settled()
    assert await world.value("SELECT count(*) FROM turns") == len(asked)
    return f"{len(order)} replays: {len(asked)} turns; wrong secrets 401, and nothing written"


@fault(
    49,
    "update_id starts anew, or is used again",
    how="Telegram script: lower numbers, other content",
)
async def test_update_ids_start_anew(world: World) -> str:
    await world.start()
    ann = await world.join()
    await world.answered(await world.ask(ann))
    number = world.chance.randrange(5, 90_000)
    bob = await world.join()
    await world.inject({"update_id": number, **message(bob, 71, "First, after a quiet week")})
    await bob.wait_for_answers(1)
    [used] = await world.query(
        "SELECT update_id FROM inbox WHERE kind = 'message' ORDER BY seq LIMIT 1"
    )
    await world.inject({"update_id": used[0], **message(bob, 72, "The same number, other words")})
    await bob.wait_for_answers(2)
    await world.settled()
    assert await world.value("SELECT count(*) FROM turns") == 3
    return "a lower number is taken; a used one with other content is not swallowed"


@fault(
    50,
    "Updates that nobody can handle",
    how="Telegram script; a handler that raises each time: failpoint",
)
async def test_poisoned_updates(world: World) -> str:
    await world.start(failpoints="turn_opened:raise@1,turn_opened:raise@2,turn_opened:raise@3")
    ann = await world.join()
    await world.inject(
        {"message": {"message_id": "no number", "chat": 7}},
        {"some_future_kind": {"x": 1}},
        '"a string, not an update"',
        {"message": {"message_id": 1, "text": "x" * 512 * 1024}},
        "<html>not even JSON</html>",
    )
    world.forgiven.parked = 5
    poisoned = await world.ask(ann)
    later = await world.ask(ann)
    seconds = await world.answered(later) - poisoned.at
    assert len(await ann.seen()) == 2
    parked = await world.query(
        "SELECT reason, attempts FROM inbox WHERE state = 'dead' ORDER BY seq"
    )
    assert all(reason for reason, _ in parked)
    assert [attempts for reason, attempts in parked if "FailpointReached" in reason] == [3]
    return (
        f"{len(parked)} parked with their reasons, one after 3 tries and the person told; "
        f"the next question answered, {seconds:.1f} s"
    )


@fault(51, "1 MB of text, 4096 emoji, NUL, half characters, nothing visible", how="Telegram script")
async def test_hostile_messages(world: World) -> str:
    await world.start()
    messages = {
        "x" * 1_000_000: ("x" * 1_000_000, "This message is longer"),
        "👩‍👩‍👧" * 800: ("👩‍👩‍👧" * 800, ""),
        "zero \0 and half \ud83d": ("zero \ufffd and half \ufffd", ""),
        "\u200b \u2060": ("\u200b \u2060", "I see no text"),
    }
    for words, (stored, beginning) in messages.items():
        ann = await world.join()
        await world.inject(message(ann, 7, words))
        [answer, *_] = await ann.wait_for_answers()
        assert answer.startswith(beginning)
        kept = "SELECT content FROM messages WHERE role = 'user' AND chat_id = :chat_id"
        assert await world.value(kept, chat_id=ann.id) == stored
    await world.settled()
    assert await world.value("SELECT count(*) FROM inbox WHERE attempts > 1") == 0
    return f"{len(messages)} kinds stored sanitized and answered; no exception"


@fault(
    52,
    "20 messages within a second, two chats at once",
    how="people of the simulator",
    is_quick=True,
)
async def test_burst(world: World) -> str:
    await world.start()
    await world.call("/script/telegram/settings", {"flood_limits": "off"})
    await world.speed(first_token_ms=world.chance.each(20, 60, 120), tokens_per_second=0)
    ann, bob = await world.join(), await world.join()
    asked = {
        hashlib.sha256(one.question.encode()).hexdigest(): one
        for _ in range(20)
        for one in [await world.ask(ann), await world.ask(bob)]
    }
    seconds = max([await world.answered(one) - one.at for one in asked.values()])
    calls = await world.model_calls()
    at_once = 0
    for person in (ann, bob):
        own = [call for call in calls if asked[call["question_hash"]].person is person]
        assert all(later["at"] >= earlier["ended_at"] for earlier, later in pairwise(own))
        others = [call for call in calls if call not in own]
        at_once += sum(a["at"] < b["at"] < a["ended_at"] for a in own for b in others)
    assert at_once
    return (
        f"{len(asked)} questions in order, one call at a time for a chat, chats side by side; "
        f"{seconds:.1f} s"
    )


@fault(53, "A question edited before, during and after its answer", how="people of the simulator")
async def test_edited(world: World) -> str:
    ann, bob, eve = await world.join(), await world.join(), await world.join()
    before = await world.ask(ann)
    words = "Answer me this instead"
    replies = [{"exact": words, "text": "The newest wording."}]
    await world.call("/script/provider/replies", {"replies": replies})
    await world.edit(before, words)
    await world.start()
    await ann.wait_for_answers()
    during = await ask_for_a_story(world, bob)
    await world.draft_is_seen(bob)
    await world.edit(during, "Something else")
    await world.answered(during)
    after = await world.ask(eve)
    await world.answered(after)
    await world.edit(after, "Too late")
    await world.until_rows(
        [("Answer me this instead",), ("Something else",), ("Too late",)],
        "SELECT content FROM messages WHERE role = 'user' ORDER BY created_at",
    )
    await asyncio.sleep(1)
    assert await world.texts(ann) == ["The newest wording."]
    assert [len(await person.seen()) for person in (bob, eve)] == [1, 1]
    return "before: the newest words answered; during and after: kept, no second answer"


@fault(
    54,
    "Stop button, /stop and /delete while the model writes",
    how="people of the simulator",
    is_quick=True,
)
async def test_stopped(world: World) -> str:
    await world.start()
    how = world.chance.each("button", "/stop", "/delete")
    ann = await world.join(language_code="ru" if how == "/stop" else "en")
    await world.speed(first_token_ms=50, tokens_per_second=40)
    asked = await world.ask(ann, STORY * 4)
    await world.draft_is_seen(ann)
    if how == "/delete":
        return await deleted_meanwhile(world, asked)
    pressed = time.monotonic()
    if how == "button":
        [draft] = await ann.drafts()
        path = f"/people/chats/{ann.id}/drafts/{draft['draft_id']}/stop"
        await world.call(path, {"user_id": ann.id})
    else:
        await ann.write("/stop")
    seconds = await call_is_cancelled(world) - pressed
    [answer] = await ann.wait_for_answers()
    assert answer.startswith("It was a dark and stormy night.")
    assert answer.endswith("Остановлено." if how == "/stop" else "Stopped.")
    assert await world.query("SELECT verdict FROM turns") == [("cancelled",)]
    assert seconds < 1
    return f"{how}: the call cancelled after {seconds:.1f} s, what there was kept and marked"


async def deleted_meanwhile(world: World, asked: Asked) -> str:
    ann = asked.person
    pressed = await world.erase(ann)
    seconds = await call_is_cancelled(world) - pressed
    assert seconds < 1
    await asyncio.sleep(2)
    assert not any("stormy" in words for words in await world.texts(ann))
    assert await world.query("SELECT DISTINCT state FROM turns") == [("erased",)]
    assert await world.value("SELECT count(*) FROM messages WHERE content <> ''") == 0
    return f"/delete: the call cancelled after {seconds:.1f} s, nothing written or sent after it"


async def call_is_cancelled(world: World) -> float:
    async def is_cancelled() -> bool:
        return bool((await world.model_calls())[-1]["outcome"] == "cancelled")

    await world.until(is_cancelled)
    return time.monotonic()


def message(person: Person, message_id: int, words: str | None, **more: Any) -> dict[str, Any]:
    """An update about a message of a person's, as Telegram would tell of it."""
    kind = "private" if person.chat_id > 0 else "supergroup"
    chat = {"id": person.chat_id, "type": kind, "first_name": "Ann", "title": "Friends"}
    sender = {"id": person.id, "is_bot": False, "first_name": "Ann"}
    text = {} if words is None else {"text": words}
    about = {"message_id": message_id, "date": 1_790_000_000, "chat": chat, "from": sender}
    return {"message": {**about, **text, **more}}
