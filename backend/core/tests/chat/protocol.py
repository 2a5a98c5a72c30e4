"""The way of one message as a small machine, to be walked through in every order of events.

Two processes take the message, ask the model and send its parts. Each may die between any two
steps, a lease may end although its holder lives, a call may arrive without an answer, get lost or
be refused, and every provider may be out. `walk` visits every state that this can lead to.

A `Design` is what a program does about it. `SHIPPED` is ours, with the names of `core.chat`; the
others leave out one thing each, and must be found to break a promise: they show that the walk can
see. What is bounded, and what is taken for granted: one message, so many crashes and leases that
end early, and a database that keeps what it has committed.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """What a program does, and how much it is put to."""

    #: one more copy of a part of unknown fate, as SEND_POLICY=resend; else none
    resends: bool = True
    #: an update is stored before it is confirmed
    stores_first: bool = True
    #: the intent to send is stored before the call
    notes_intent: bool = True
    #: a write is refused when the lease has passed on
    is_fenced: bool = True
    #: a part that is taken from its sender gets a new epoch and state: its holder is fenced at once
    takes_away: bool = True
    #: nobody calls after their lease; else a frozen process may, once it goes on
    calls_in_lease: bool = True
    parts: int = 1
    crashes: int = 2
    early_ends: int = 2
    #: calls that Telegram refuses for the moment, and calls that nobody hears the end of
    refusals: int = 1
    silences: int = 3
    outages: int = 1


class Item(NamedTuple):
    """Of the inbox."""

    state: str = "none"
    epoch: int = 0
    owner: int = -1


class Part(NamedTuple):
    """Of the outbox; `copies` is what the person sees, and only Telegram knows."""

    state: str = "none"
    epoch: int = 0
    owner: int = -1
    is_marked: bool = False
    copies: int = 0


class Call(NamedTuple):
    part: int
    epoch: int
    #: none while it is not made
    outcome: str = "none"


class Process(NamedTuple):
    #: an update: none, fetched, stored or confirmed
    hand: str = "none"
    #: the epoch under which it works
    work: int = 0
    is_answered: bool = False
    call: Call | None = None


class State(NamedTuple):
    is_offered: bool
    item: Item
    turn: str
    parts: tuple[Part, ...]
    processes: tuple[Process, ...]
    crashes: int
    early_ends: int
    refusals: int
    silences: int
    outages: int
    #: broken promises
    wrong: frozenset[str] = frozenset()


Steps = Iterator[tuple[str, State]]

_OVER = ("sent", "unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    states: int
    #: promises that were broken, each with a shortest way to it
    broken: dict[str, list[str]]


def walk(design: Design, *, until: str = "") -> Walk:
    """Visit every state that the design can come to, or all until one breaks this promise."""
    start = State(
        is_offered=True,
        item=Item(),
        turn="none",
        parts=(Part(),) * design.parts,
        processes=(Process(), Process()),
        crashes=design.crashes,
        early_ends=design.early_ends,
        refusals=design.refusals,
        silences=design.silences,
        outages=design.outages,
    )
    came: dict[State, tuple[State, str] | None] = {start: None}
    broken: dict[str, list[str]] = {}
    waiting = deque([start])
    while waiting and until not in broken:
        state = waiting.popleft()
        if wrong := state.wrong | _wrong_now(state, design):
            _note(broken, wrong, came, state)
            continue
        is_over = True
        for name, after in _steps(state, design):
            is_over = False
            if after not in came:
                came[after] = (state, name)
                waiting.append(after)
        if is_over:
            _note(broken, _missed(state), came, state)
    return Walk(states=len(came), broken=broken)


def _note(
    broken: dict[str, list[str]],
    wrong: frozenset[str],
    came: dict[State, tuple[State, str] | None],
    state: State,
) -> None:
    for promise in wrong - broken.keys():
        broken[promise] = _way(came, state)


def _wrong_now(state: State, design: Design) -> frozenset[str]:
    wrong = set()
    for part in state.parts:
        if part.copies > 1 and not part.is_marked:
            wrong.add("doubled without a mark")
        if part.copies > (2 if design.resends else 1):
            wrong.add("too many copies")
        if state.turn == "final" and part.state not in _OVER:
            wrong.add("goes on after its end")
    return frozenset(wrong)


def _missed(state: State) -> frozenset[str]:
    """What is wrong with an end. Processes always come back, so it is one if nothing can follow."""
    wrong = set()
    if state.turn != "final" or state.item.state != "done":
        wrong.add("lost")
    if any(part.copies == 0 and not part.is_marked for part in state.parts):
        wrong.add("not sent")
    return frozenset(wrong)


def _way(came: dict[State, tuple[State, str] | None], state: State) -> list[str]:
    steps = []
    while before := came[state]:
        state, name = before
        steps.append(name)
    return steps[::-1]


def _steps(state: State, design: Design) -> Steps:
    for who, process in enumerate(state.processes):
        yield from _take_in(state, design, who, process)
        yield from _work(state, design, who, process)
        yield from _send(state, design, who, process)
        if state.crashes and process != Process():
            yield f"{who} dies", _put(state, who, Process())._replace(crashes=state.crashes - 1)
    yield from _end_leases(state, design)


def _take_in(state: State, design: Design, who: int, process: Process) -> Steps:
    """The poller: one at a time holds the lock."""
    is_locked = any(other.hand != "none" for other in state.processes)
    stored = state._replace(item=Item("pending")) if state.item.state == "none" else state
    first, second = ("stored", "confirmed") if design.stores_first else ("confirmed", "stored")
    after = {"stored": stored, "confirmed": state._replace(is_offered=False)}
    match process.hand:
        case "none" if state.is_offered and not is_locked:
            yield f"{who} fetches", _put(state, who, process._replace(hand="fetched"))
        case "fetched":
            yield f"{who}: {first}", _put(after[first], who, process._replace(hand=first))
        case hand if hand == first:
            yield f"{who}: {second}", _put(after[second], who, process._replace(hand="none"))


def _work(state: State, design: Design, who: int, process: Process) -> Steps:
    item = state.item
    if not process.work:
        if item.state == "pending":
            claimed = item._replace(state="running", epoch=item.epoch + 1, owner=who)
            turn = state.turn if state.turn in {"ready", "final"} else "generating"
            begun = state._replace(item=claimed, turn=turn)
            yield f"{who} claims", _put(begun, who, process._replace(work=claimed.epoch))
        return
    at_rest = process._replace(work=0, is_answered=False)
    is_ours = item.state == "running" and item.epoch == process.work
    if design.is_fenced and not is_ours:
        yield f"{who} is fenced", _put(state, who, at_rest)
    elif state.turn != "generating" and design.is_fenced:
        closed = state._replace(item=item._replace(state="done", owner=-1))
        yield f"{who} finds it answered", _put(closed, who, at_rest)
    elif not process.is_answered:
        yield f"{who} has an answer", _put(state, who, process._replace(is_answered=True))
        if state.outages:
            waits = state._replace(
                turn="waiting",
                item=item._replace(state="pending", owner=-1),
                outages=state.outages - 1,
            )
            yield f"{who} finds nobody to ask", _put(waits, who, at_rest)
    else:
        # Without a fence nothing tells that the answer is there already: its parts come again.
        parts = tuple(part._replace(state="pending", owner=-1) for part in state.parts)
        stored = state._replace(
            turn="ready", item=item._replace(state="done", owner=-1), parts=parts
        )
        yield f"{who} stores the answer", _put(stored, who, at_rest)


def _send(state: State, design: Design, who: int, process: Process) -> Steps:
    call = process.call
    if call is None:
        yield from _claim_part(state, design, who, process)
        return
    part = state.parts[call.part]
    is_ours = part.owner == who and part.epoch == call.epoch
    if call.outcome == "none":
        if design.calls_in_lease and not is_ours:
            yield f"{who} comes too late to call", _put(state, who, process._replace(call=None))
            return
        yield from _call(state, who, process, call)
        return
    after = _put(state, who, process._replace(call=None))
    if not design.takes_away:
        is_ours = part.epoch == call.epoch
    if design.is_fenced and not is_ours:
        yield f"{who} is fenced", after
        return
    settled = _settled(part, call.outcome, design)
    yield f"{who} notes: {call.outcome}", _close(_put_part(after, call.part, settled))


def _call(state: State, who: int, process: Process, call: Call) -> Steps:
    def made(outcome: str) -> State:
        return _put(state, who, process._replace(call=call._replace(outcome=outcome)))

    yield f"{who} calls: sent", _arrive(made("sent"), call.part)
    if state.silences:
        fewer = state.silences - 1
        unheard = _arrive(made("sent without a word"), call.part)
        yield f"{who} calls: sent without a word", unheard._replace(silences=fewer)
        yield f"{who} calls: lost", made("lost")._replace(silences=fewer)
    if state.refusals:
        yield f"{who} calls: refused", made("refused")._replace(refusals=state.refusals - 1)


def _claim_part(state: State, design: Design, who: int, process: Process) -> Steps:
    for number, part in enumerate(state.parts):
        if part.state in _OVER:
            continue
        # Without a note of the intent a claim is a lease in memory; it ends with its holder.
        if part.state == "pending" and part.owner < 0:
            state_then = "sending" if design.notes_intent else "pending"
            claimed = part._replace(state=state_then, epoch=part.epoch + 1, owner=who)
            call = Call(number, claimed.epoch)
            taken = _put(_put_part(state, number, claimed), who, process._replace(call=call))
            yield f"{who} takes part {number}", taken
        return  # in order: the first that is not over


def _settled(part: Part, outcome: str, design: Design) -> Part:
    match outcome:
        case "sent":
            return part._replace(state="sent", owner=-1)
        case "refused":
            return part._replace(state="pending", owner=-1)
        case _:
            return _of_unknown_fate(part, design, epoch=part.epoch + 1)


def _of_unknown_fate(part: Part, design: Design, *, epoch: int) -> Part:
    if not design.notes_intent:
        return part._replace(state="pending", owner=-1, epoch=epoch)
    is_sent_again = design.resends and not part.is_marked
    state = "pending" if is_sent_again else "unknown"
    return part._replace(state=state, is_marked=True, owner=-1, epoch=epoch)


def _end_leases(state: State, design: Design) -> Steps:
    """A lease ends when its holder has died, or early when they are frozen."""
    item = state.item
    if item.state == "running":
        is_early = state.processes[item.owner].work == item.epoch
        if spent := _spend(state, is_early=is_early):
            freed = spent._replace(item=item._replace(state="pending", owner=-1))
            yield "the work's lease ends", freed
    for number, part in enumerate(state.parts):
        if part.owner < 0 or part.state not in {"sending", "pending"}:
            continue
        call = state.processes[part.owner].call
        is_early = call is not None and (call.part, call.epoch) == (number, part.epoch)
        if spent := _spend(state, is_early=is_early):
            epoch = part.epoch + 1 if design.takes_away else part.epoch
            marked = _of_unknown_fate(part, design, epoch=epoch)
            yield f"part {number}'s lease ends", _close(_put_part(spent, number, marked))


def _spend(state: State, *, is_early: bool) -> State | None:
    if not is_early:
        return state
    return state._replace(early_ends=state.early_ends - 1) if state.early_ends else None


def _arrive(state: State, number: int) -> State:
    """Telegram shows the part."""
    part = state.parts[number]
    is_late = any(later.copies for later in state.parts[number + 1 :])
    is_early = any(before.state not in _OVER for before in state.parts[:number])
    wrong = state.wrong | {"out of order"} if is_late or is_early else state.wrong
    return _put_part(state, number, part._replace(copies=part.copies + 1))._replace(wrong=wrong)


def _close(state: State) -> State:
    if state.turn == "ready" and all(part.state in _OVER for part in state.parts):
        return state._replace(turn="final")
    return state


def _put(state: State, who: int, process: Process) -> State:
    processes = state.processes
    return state._replace(processes=tuple(chain(processes[:who], [process], processes[who + 1 :])))


def _put_part(state: State, number: int, part: Part) -> State:
    parts = state.parts
    return state._replace(parts=tuple(chain(parts[:number], [part], parts[number + 1 :])))
