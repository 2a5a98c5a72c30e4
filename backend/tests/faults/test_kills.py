"""Rows 1 to 13: processes that die, are told to stop, or freeze."""

import asyncio
import signal
from functools import partial
from pathlib import Path

from ..conftest import Person
from .fault import fault
from .world import LEASE_SECONDS, RECOVERY_SECONDS, Asked, World


async def killed_and_answered(world: World, failpoint: str) -> tuple[Asked, float]:
    """A question whose worker is killed at a point; how long after that its answer was there."""
    bot = await world.start(failpoints=f"{failpoint}:kill")
    ann = await world.join()
    asked = await world.ask(ann)
    died = await world.killed(bot)
    await world.start()
    return asked, await world.answered(asked) - died


def in_time(world: World, seconds: float) -> str:
    """The words for it; a run that is published fails where recovery takes longer than promised."""
    assert not world.is_timed or seconds <= LEASE_SECONDS + RECOVERY_SECONDS, seconds
    return f"{seconds:.1f} s after the kill"


async def counts(world: World) -> tuple[int, int]:
    """Of updates of people, and of turns."""
    [row] = await world.query(
        "SELECT (SELECT count(*) FROM inbox WHERE kind = 'message'), (SELECT count(*) FROM turns)"
    )
    return row[0], row[1]


@fault(1, "Killed after getUpdates, before its commit", how="failpoint `updates_fetched`")
async def test_killed_before_updates_are_stored(world: World) -> str:
    people = [await world.join() for _ in range(world.chance.each(1, 3, 8))]
    bot = await world.start(failpoints="updates_fetched:kill")
    asked = [await world.ask(person) for person in people]
    died = await world.killed(bot)
    before = await counts(world)
    await world.start()
    last = max([await world.answered(one) for one in asked])
    assert before == (0, 0)
    assert await counts(world) == (len(people), len(people))
    return f"brought again; 1 turn a question, answered {last - died:.1f} s after the kill"


@fault(2, "Killed after the commit, before the offset moves", how="failpoint `updates_stored`")
async def test_killed_before_updates_are_confirmed(world: World) -> str:
    people = [await world.join() for _ in range(world.chance.each(1, 3, 8))]
    bot = await world.start(failpoints="updates_stored:kill")
    asked = [await world.ask(person) for person in people]
    died = await world.killed(bot)
    assert (await counts(world))[0] > 0
    await world.start()
    last = max([await world.answered(one) for one in asked])
    assert await counts(world) == (len(people), len(people))
    return f"duplicates ignored; 1 turn a question, answered {last - died:.1f} s after the kill"


@fault(3, "Killed after the claim, before the model is asked", how="failpoint `work_claimed`")
async def test_killed_with_claimed_work(world: World) -> str:
    asked, seconds = await killed_and_answered(
        world, world.chance.each("work_claimed", "turn_opened", "call_noted")
    )
    assert await world.copies(asked) == 1
    return f"1 answer, {in_time(world, seconds)}"


@fault(
    4,
    "Killed while the model writes, with a draft in sight",
    how="failpoint `token_came`, a later one",
    is_quick=True,
)
async def test_killed_while_the_model_writes(world: World) -> str:
    await world.speed(first_token_ms=50, tokens_per_second=40)
    bot = await world.start(failpoints=f"token_came:kill@{world.chance.each(6, 8, 10)}")
    ann = await world.join()
    asked = await world.ask(ann, "Once upon a time. " * 40)
    died = await world.killed(bot)
    drafts = [draft["text"] for draft in await ann.drafts()]
    await world.speed(first_token_ms=0, tokens_per_second=0)
    await world.start()
    seconds = await world.answered(asked) - died
    outcomes = await world.query("SELECT outcome FROM llm_attempts ORDER BY created_at")
    assert outcomes == [("orphaned",), ("answered",)]
    assert await world.value("SELECT generations FROM turns") == 2
    assert await ann.drafts() == []
    assert drafts
    recovered = in_time(world, seconds)
    return f"generated twice, the first call `orphaned`; draft replaced; 1 copy, {recovered}"


@fault(
    5, "Killed when the answer is complete, before it is stored", how="failpoint `answer_complete`"
)
async def test_killed_with_an_answer_in_hand(world: World) -> str:
    asked, seconds = await killed_and_answered(world, "answer_complete")
    outcomes = await world.query(
        "SELECT outcome, cost_source FROM llm_attempts ORDER BY created_at"
    )
    assert outcomes[0][0] == "orphaned"
    assert outcomes[1] == ("answered", "usage")
    assert await world.copies(asked) == 1
    return f"generated twice, the first call's cost marked; 1 copy, {in_time(world, seconds)}"


@fault(6, "Killed when the answer is stored, before it is sent", how="failpoint `answer_stored`")
async def test_killed_with_a_stored_answer(world: World) -> str:
    asked, seconds = await killed_and_answered(world, "answer_stored")
    assert len(await world.model_calls()) == 1
    copies = await world.copies(asked)
    # the sender of the dying process may just have begun
    assert copies == 1 or await world.value("SELECT delivery_unknown FROM outbox")
    return f"sent without another call to a model, {in_time(world, seconds)}"


@fault(
    7, "Killed between the intent to send and the call", how="failpoint `part_claimed`, each policy"
)
async def test_killed_between_intent_and_call(world: World) -> str:
    policy = world.chance.each("resend", "hold")
    bot = await world.start(failpoints="part_claimed:kill", send_policy=policy)
    asked = await world.ask(await world.join())
    died = await world.killed(bot)
    await world.start(send_policy=policy)
    if policy == "resend":
        seconds = await world.answered(asked) - died
        await world.settled()
        assert await world.query("SELECT state, delivery_unknown FROM outbox") == [("sent", True)]
        assert await world.copies(asked) == 1
        return f"resend: 1 copy, marked, {in_time(world, seconds)}"
    await world.settled()
    assert await world.query("SELECT delivery_unknown FROM outbox ORDER BY seq LIMIT 1") == [
        (True,)
    ]
    assert await world.copies(asked) == 0
    await world.press(asked.person, "Send it again")
    await world.answered(asked)
    assert await world.copies(asked) == 1
    return "hold: 0 copies, marked, offered again with a button; pressed, 1 copy"


@fault(
    8,
    "Killed when Telegram has it, before that is stored",
    how="failpoint `part_delivered`, each policy",
    is_quick=True,
)
async def test_killed_between_call_and_note(world: World) -> str:
    policy = world.chance.each("resend", "hold")
    bot = await world.start(failpoints="part_delivered:kill", send_policy=policy)
    asked = await world.ask(await world.join())
    await world.killed(bot)
    assert await world.copies(asked) == 1
    await world.start(send_policy=policy)
    await world.until_rows(
        [(True,)], "SELECT delivery_unknown FROM turns WHERE finished_at > '-infinity'"
    )
    await world.settled()
    copies = await world.copies(asked)
    assert copies == (2 if policy == "resend" else 1)
    return f"{policy}: {copies} {'copies' if copies > 1 else 'copy'}, marked"


@fault(
    9, "Killed between two parts of a long answer", how="failpoint `part_settled`, the first one"
)
async def test_killed_between_two_parts(world: World) -> str:
    bot = await world.start(failpoints="part_settled:kill")
    ann = await world.join()
    asked = await world.ask(ann, world.long_answer(world.chance.each(2, 3, 4)))
    died = await world.killed(bot)
    before = len(await ann.seen())
    await world.start()
    seconds = await world.answered(asked) - died
    await world.settled()
    parts = await world.value("SELECT count(*) FROM outbox")
    assert (before, await world.value("SELECT count(*) FROM llm_attempts")) == (1, 1)
    assert len(await ann.seen()) == parts
    return f"{parts} parts, each once and in order; the rest {in_time(world, seconds)}"


@fault(
    10,
    "Killed during recovery, and during a migration",
    how="failpoints `parts_recovered`, `schema_migrated`",
)
async def test_killed_while_it_tidies_up(world: World) -> str:
    first = await world.start(failpoints="part_delivered:kill")
    asked = await world.ask(await world.join())
    await world.killed(first)
    second = await world.start(failpoints="parts_recovered:kill")
    await world.killed(second)
    assert await world.query("SELECT state FROM outbox") == [("sending",)]
    await world.start()
    await world.settled()
    copies = await world.copies(asked)
    assert copies == 2
    await killed_while_it_migrates(world)
    return f"{copies} copies, marked, as after one kill; the schema complete after the next start"


async def killed_while_it_migrates(world: World) -> None:
    fatal = f"schema_migrated:kill@{world.chance.each(1, 2, 3)}"
    async with world.empty_database() as url:
        assert await world.manage(url, "upgrade", FAILPOINTS=fatal) == -signal.SIGKILL
        assert await world.manage(url, "upgrade") == 0
        assert await world.manage(url, "check") == 0


async def both_are_under_way(world: World, told: Person) -> bool:
    """A part is being sent, and somebody is being told a story."""
    is_sending = await world.value("SELECT count(*) FROM outbox WHERE state = 'sending'")
    return bool(is_sending and await told.drafts())


@fault(11, "SIGTERM with a stream and a send under way", how="signal", is_quick=True)
async def test_told_to_stop_in_the_middle(world: World) -> str:
    drain = world.chance.each("0", "1", "2")
    bot = await world.start(drain_seconds=drain)
    ann, bob = await world.join(), await world.join()
    await world.telegram_fault(method="sendMessage", kind="delay", seconds=0.8, chat_id=bob.id)
    sent = await world.ask(bob)
    await world.speed(first_token_ms=100, tokens_per_second=20)
    streamed = await world.ask(ann, "Once upon a time. " * 40)
    await world.until(partial(both_are_under_way, world, ann))
    started = asyncio.get_running_loop().time()
    assert await world.end(bot) == 0
    seconds = asyncio.get_running_loop().time() - started
    assert seconds < 40
    assert await world.query("SELECT state FROM inbox WHERE state = 'running'") == []
    assert await world.copies(sent) == 1
    await world.speed(first_token_ms=0, tokens_per_second=0)
    await world.start()
    await world.answered(streamed)
    assert await world.value("SELECT count(*) FROM outbox WHERE delivery_unknown") == 0
    return (
        f"exit 0 after {seconds:.1f} s; the send finished; the turn handed back and resumed; "
        "1 copy each"
    )


@fault(12, "Two processes at once", how="a second process; then a kill of the first")
async def test_two_processes(world: World) -> str:
    first = await world.start()
    second = await world.start()
    people = [await world.join() for _ in range(10)]
    asked = [await world.ask(person) for person in people]
    for one in asked:
        await world.answered(one)
    await world.settled()  # a kill between a delivery and its note would have it sent once more
    assert "polling_started" not in second.output
    await world.end(first, signal.SIGKILL)
    later = await world.ask(people[0])
    seconds = await world.answered(later) - later.at
    assert "polling_refused" not in first.output + second.output
    return f"one polls; after its end the other, {seconds:.1f} s later; no duplicates"


@fault(13, "Frozen for longer than its lease, then continued", how="SIGSTOP, SIGCONT")
async def test_frozen_and_continued(world: World) -> str:
    point = world.chance.each("part_claimed", "token_came", "part_delivered")
    frozen = await world.start(failpoints=f"{point}:freeze")
    process = frozen.process
    assert process
    ann = await world.join()
    asked = await world.ask(ann)

    async def is_there() -> bool:
        return _is_stopped(process.pid)

    await world.until(is_there)
    await world.start()
    await world.until_rows(
        [(True,)], "SELECT bool_and(finished_at IS NOT NULL) FROM turns", seconds=20
    )
    before = await world.copies(asked)
    process.send_signal(signal.SIGCONT)
    await asyncio.sleep(2)
    copies = await world.copies(asked)
    assert "fenced" in frozen.output or "work_lost" in frozen.output
    if point == "token_came":
        assert copies == 1
    else:
        assert copies <= 2
        assert await world.value("SELECT bool_or(delivery_unknown) FROM outbox")
    return f"at `{point}`: fenced; {before} copies before it went on, {copies} after"


def _is_stopped(pid: int) -> bool:
    return (
        Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] == "T"
    )
