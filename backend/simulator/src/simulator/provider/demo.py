"""What the simulated model says: sensible for a demonstration, the same for the same question."""

import ast
import operator
import re
from collections.abc import Callable, Sequence

from simulator.provider.demo_texts import ENGLISH, RUSSIAN, Phrases

_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_SUM = re.compile(r"[-+]?\d[\d\s.]*(?:[-+*/×÷]\s*[-+]?\d[\d\s.]*)+")
_OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def reply_to(messages: Sequence[tuple[str, str]]) -> str:
    """Answer the last of `messages`, pairs of role and content, oldest first."""
    question = messages[-1][1].strip() if messages else ""
    phrases = RUSSIAN if _CYRILLIC.search(question) else ENGLISH
    asked = [content for role, content in messages[:-1] if role == "user"]
    lowered = question.lower()
    if phrases.memory.search(lowered):
        return _recall(phrases, asked)
    if result := _calculate(question):
        return phrases.sum.format(sum=result)
    for pattern, text in phrases.topics:
        if pattern.search(lowered):
            return text
    return phrases.other.format(question=_quoted(question), words=len(question.split()))


def _recall(phrases: Phrases, asked: Sequence[str]) -> str:
    if not asked:
        return phrases.nothing_before
    listed = "\n".join(f"{number}. {_short(text)}" for number, text in enumerate(asked[-5:], 1))
    return phrases.before.format(questions=listed)


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in _short(text, 400).splitlines())


def _short(text: str, length: int = 160) -> str:
    text = " ".join(text.split()) if length < 200 else text  # noqa: PLR2004 - list items are one line
    return text if len(text) <= length else text[: length - 1] + "…"


def _calculate(question: str) -> str | None:
    """The first sum in the text with its result."""
    found = _SUM.search(question)
    if not found or len(found[0]) * 4 < len(question):  # a date in a long text is no sum
        return None
    written = found[0].strip(" .")
    try:
        tree = ast.parse(written.replace("×", "*").replace("÷", "/").replace(" ", ""), mode="eval")
        value = _value(tree.body)
    except (SyntaxError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return f"{written} = {value:g}" if abs(value) < 1e15 else None  # noqa: PLR2004 - exact in a float


def _value(node: ast.expr) -> float:
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_value(left), _value(right))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand)
        case _:
            raise ValueError("not a sum")
