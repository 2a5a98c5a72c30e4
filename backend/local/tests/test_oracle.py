"""The replay's judge: it must see what is wrong, and only that."""

import pytest

from local.replay.material import Script, is_command
from local.replay.oracle import Part, Verdict, _follow, _judge_chat
from local.replay.people import Chat


def part(content: str, question_id: int = 1, *, is_marked: bool = False) -> Part:
    return Part(question_id=question_id, content=content, state="sent", is_marked=is_marked)


@pytest.mark.parametrize(
    ("seen", "parts", "expected"),
    [
        # marked duplicates, unmarked duplicates, unexplained, parts that arrived
        (["a", "b"], [part("a"), part("b")], (0, 0, 0, 2)),
        (["a", "a", "b"], [part("a", is_marked=True), part("b")], (1, 0, 0, 2)),
        (["a", "a", "b"], [part("a"), part("b")], (0, 1, 0, 2)),
        (["a", "a"], [part("a"), part("a", 2)], (0, 0, 0, 2)),
        (["a", "a", "a"], [part("a", is_marked=True), part("a", 2)], (1, 0, 0, 2)),
        (["b"], [part("a"), part("b")], (0, 0, 0, 1)),
        (["a", "x"], [part("a")], (0, 0, 1, 1)),
        (["a b"], [part("\ta\tb\n")], (0, 0, 0, 1)),
    ],
)
def test_following_what_was_seen(
    seen: list[str], parts: list[Part], expected: tuple[int, int, int, int]
) -> None:
    verdict = Verdict()
    arrived = _follow(verdict, seen, parts)
    assert (
        verdict.marked_duplicates,
        verdict.unmarked_duplicates,
        verdict.unexplained_messages,
        len(arrived),
    ) == expected


@pytest.mark.parametrize(
    ("seen", "parts", "wrong"),
    [
        (["one", "two"], [part("one", 1), part("two", 2)], ""),
        (["one"], [part("one", 1)], "lost"),
        (["one", "other"], [part("one", 1), part("other", 2)], "other_text"),
        (["two", "one"], [part("two", 2), part("one", 1)], "out_of_order"),
        (["one", "two", "three"], [part("one", 1), part("two", 2)], "unexplained_messages"),
    ],
)
def test_a_chat_is_clean_or_says_why(seen: list[str], parts: list[Part], wrong: str) -> None:
    script = Script(dialog_id="d", questions=("1?", "2?"), is_hasty=False)
    chat = Chat(script=script, user_id=7, asked=[(1, 0.0), (2, 0.0)])
    verdict = Verdict()
    _judge_chat(verdict, chat, seen, parts, {"1?": "one", "2?": "two"})
    assert verdict.is_clean is not bool(wrong)
    if wrong:
        assert getattr(verdict, wrong) == 1


@pytest.mark.parametrize(
    ("text", "expected"), [("/shrug", True), ("/usr/bin", False), ("no", False)]
)
def test_commands_are_told_from_questions(text: str, *, expected: bool) -> None:
    assert is_command(text) is expected
