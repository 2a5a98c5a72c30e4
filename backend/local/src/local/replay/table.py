"""The table of a replay."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from local.replay.oracle import Verdict
from local.replay.people import Chat

_PERCENTILES = (50, 95, 99)


def print_table(
    name: str,
    verdict: Verdict,
    chats: Sequence[Chat],
    *,
    ended: Counter[str],
    seconds: float,
    kills: int,
    at_once: int,
    model_ms: Mapping[tuple[int, int], int],
) -> None:
    rows = [
        ("dialogs", len(chats)),
        ("people at once", at_once),
        ("questions", verdict.questions),
        ("answered, whole and in place", verdict.answered),
        ("commands, answered by the bot", verdict.commands),
        ("messages of the bot", verdict.messages),
        ("kills of the bot", kills),
        ("generated again", verdict.regenerated),
        ("marked duplicates", verdict.marked_duplicates),
        ("lost", verdict.lost),
        ("unmarked duplicates", verdict.unmarked_duplicates),
        ("chats out of order", verdict.out_of_order),
        ("answers with other text", verdict.other_text),
        ("messages nobody can explain", verdict.unexplained_messages),
        ("rows not in a final state", verdict.rows_not_final),
        *((f"turns {state}", count) for state, count in sorted(ended.items())),
        ("seconds", f"{seconds:.1f}"),
        ("turns a second", f"{verdict.questions / seconds:.1f}"),
        *_latency(list(_added(chats, model_ms))),
    ]
    print(f"\nreplay, {name}")
    for title, value in rows:
        print(f"  {title:<34}{value:>10}")
    for dialog_id in verdict.suspects[:5]:
        print(f"  look at {dialog_id}")
    print(f"  {'clean' if verdict.is_clean else 'NOT CLEAN'}", flush=True)


def _added(chats: Sequence[Chat], model_ms: Mapping[tuple[int, int], int]) -> Iterator[float]:
    """Milliseconds between question and first message of the answer, less the model's own.

    Only people who wait for each answer can say which message belongs to which question.
    """
    for chat in chats:
        if chat.script.is_hasty:
            continue
        appeared = iter(chat.appeared)
        for message_id, asked in chat.asked:
            moment = next((at for at in appeared if at > asked), None)
            if moment is None:
                break
            model = model_ms.get((chat.user_id, message_id), 0)
            yield max(0.0, (moment - asked) * 1000 - model)


def _latency(added: list[float]) -> Iterator[tuple[str, str]]:
    added.sort()
    for percentile in _PERCENTILES:
        if added:
            value = added[min(len(added) - 1, len(added) * percentile // 100)]
            yield f"added latency p{percentile}, ms", f"{value:.0f}"
