"""Small sums in a question."""

import ast
import operator
import re
from collections.abc import Callable

_SUM = re.compile(r"(?<![\w.])[\d(][\d\s.,()%*/×÷:+−^-]*[\d)%](?![\w])")
#: dates, times, versions, telephone numbers
_NO_SUM = re.compile(r"\d+([-./:])\d+\1\d+$|\d+[.:]\d+$|\d{3}-\d{4}$|\d+(-\d+){2,}$")
#: of text for each of the sum: with more, the text is about something else
_CHARACTERS_AROUND = 5
_PERCENT = re.compile(r"(\d+(?:[.,]\d+)?)\s*%\s*(?:of|от)\s*(?=\d)", re.IGNORECASE)
_SIGNS = str.maketrans({"×": "*", "÷": "/", ":": "/", "−": "-", ",": ".", " ": "", "^": "@"})
_LARGEST = 10**15
_LARGEST_POWER = 64
_SIGNIFICANT_DIGITS = 12

Number = int | float


def solve(question: str) -> tuple[str, str] | None:
    """The first sum in the text and its result, where the text is about little else."""
    found = _SUM.search(_PERCENT.sub(r"\1/100*", question))
    if not found or _NO_SUM.match(found[0]) or len(found[0]) * _CHARACTERS_AROUND < len(question):
        return None
    try:
        tree = ast.parse(found[0].translate(_SIGNS), mode="eval").body
        result = _value(tree)
    except (SyntaxError, ValueError, ArithmeticError):
        return None
    if isinstance(tree, ast.Constant) or abs(result) >= _LARGEST:
        return None
    return " ".join(found[0].split()), _written(result)


def _value(node: ast.expr) -> Number:
    match node:
        case ast.Constant(value=int() | float() as number):
            return number
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_value(left), _value(right))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand)
        case _:
            raise ValueError("not a sum")


def _power(base: Number, exponent: Number) -> Number:
    if abs(exponent) > _LARGEST_POWER or abs(base) > _LARGEST:
        raise ValueError("too large")
    result: Number = base**exponent
    return result


def _written(number: Number) -> str:
    is_whole = number == int(number)
    return str(int(number)) if is_whole else f"{number:.{_SIGNIFICANT_DIGITS}g}"


_OPERATORS: dict[type[ast.operator], Callable[[Number, Number], Number]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.MatMult: _power,
}
