"""What can be changed in a module, one thing at a time."""

import ast
import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    module: str
    line: int
    #: the line as it is
    written: str
    change: str
    tree: ast.Module = field(repr=False)


_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
}
_IN_SQL = (
    (r" AND ", " OR "),
    (r" OR ", " AND "),
    (r"\bNOT EXISTS\b", "EXISTS"),
    (r"\bNOT\b(?! (EXISTS|NULL))", ""),
    (r"\bIS NOT NULL\b", "IS NULL"),
    (r"\bIS NULL\b", "IS NOT NULL"),
    (r" <= ", " > "),
    (r" >= ", " < "),
    (r" < ", " >= "),
    (r" > ", " <= "),
    (r" <> ", " = "),
    (r" \+ ", " - "),
    (r"\bbool_or\b", "bool_and"),
    (r"\bASC\b|\bDESC\b", ""),
    (r"'(pending|sending|sent|unknown|undeliverable)'", "'other'"),
    (r"\bnow\(\)", "NULL"),
)
_IS_SQL = re.compile(r"\b(SELECT|UPDATE|INSERT|DELETE|WHERE|SET|CASE|FROM)\b")


def mutants_of(module: str) -> Iterator[Mutant]:
    source = source_of(module).read_text(encoding="utf-8")
    tree = ast.parse(source)
    decorators = {
        id(part)
        for node in ast.walk(tree)
        for decorator in getattr(node, "decorator_list", [])
        for part in ast.walk(decorator)
    }
    for number, node in enumerate(ast.walk(tree)):
        if id(node) in decorators:
            continue
        for change, apply in _changes(node):
            changed = copy.deepcopy(tree)
            target = next(x for i, x in enumerate(ast.walk(changed)) if i == number)
            apply(target)
            if ast.dump(changed) != ast.dump(tree):
                yield Mutant(
                    module=module,
                    line=node.lineno,  # type: ignore[attr-defined]
                    written=source.splitlines()[node.lineno - 1].strip(),  # type: ignore[attr-defined]
                    change=change,
                    tree=ast.fix_missing_locations(changed),
                )


Change = tuple[str, Callable[[ast.AST], None]]


def _changes(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.Compare() | ast.BoolOp() | ast.BinOp() | ast.UnaryOp():
            yield from _operators(node)
        case ast.If() | ast.IfExp() | ast.While():
            for word in (True, False):
                yield f"if {word}", lambda x, word=word: _set(x, test=ast.Constant(word))  # type: ignore[misc]
        case ast.Return(value=ast.expr() as value) if not _is_none(value):
            yield "returns None", lambda x: _set(x, value=ast.Constant(None))
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.With() | ast.AsyncWith():
            yield from _left_out(node)
        case ast.Constant():
            yield from _constants(node)


def _operators(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.Compare(ops=[op, *_]) if type(op) in _COMPARED:
            other = _COMPARED[type(op)]
            yield (
                f"{type(op).__name__} to {other.__name__}",
                lambda x: _set(x, ops=[other(), *x.ops[1:]]),  # type: ignore[attr-defined]
            )
        case ast.BoolOp(op=op):
            swapped = ast.Or if isinstance(op, ast.And) else ast.And
            yield f"to {swapped.__name__.lower()}", lambda x: _set(x, op=swapped())
        case ast.BinOp(op=op) if type(op) in _COMPUTED and not _is_type(node):
            computed = _COMPUTED[type(op)]
            yield f"{type(op).__name__} to {computed.__name__}", lambda x: _set(x, op=computed())
        case ast.UnaryOp(op=ast.Not()):
            yield "without not", lambda x: _set(x, op=ast.UAdd(), operand=_bool(x.operand))  # type: ignore[attr-defined]


def _left_out(node: ast.AST) -> Iterator[Change]:
    """Statements that only do something, each left out; but for words to a log."""
    for index, statement in enumerate(getattr(node, "body", [])):
        is_raise = isinstance(statement, ast.Raise)
        is_call = isinstance(statement, ast.Expr) and not isinstance(statement.value, ast.Constant)
        written = ast.unparse(statement)
        if (is_raise or is_call) and not written.startswith(("log.", "await log.")):
            yield f"without `{written.splitlines()[0][:60]}`", _leave_out(index)


def _leave_out(index: int) -> Callable[[ast.AST], None]:
    def apply(node: ast.AST) -> None:
        node.body[index] = ast.Pass()  # type: ignore[attr-defined]

    return apply


def _constants(node: ast.Constant) -> Iterator[Change]:
    value = node.value
    if isinstance(value, bool):
        yield f"{value} to {not value}", lambda x: _set(x, value=not value)
    elif isinstance(value, int | float):
        yield f"{value} to {value + 1}", lambda x: _set(x, value=value + 1)
    elif isinstance(value, str) and _IS_SQL.search(value):
        for pattern, word in _IN_SQL:
            for place in re.finditer(pattern, value):
                changed = value[: place.start()] + word + value[place.end() :]
                around = " ".join(value[max(0, place.start() - 25) : place.end() + 25].split())
                yield (
                    f"SQL {place.group().strip()} to {word.strip() or 'nothing'} in `{around}`",
                    lambda x, changed=changed: _set(x, value=changed),  # type: ignore[misc]
                )


def _set(node: ast.AST, **fields: object) -> None:
    for name, value in fields.items():
        setattr(node, name, value)


def _bool(value: ast.expr) -> ast.expr:
    return ast.Call(func=ast.Name(id="bool", ctx=ast.Load()), args=[value], keywords=[])


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _is_type(node: ast.BinOp) -> bool:
    """`int | None`, where nothing is computed."""
    return isinstance(node.op, ast.BitOr) and not any(
        isinstance(x, ast.Dict | ast.DictComp) for x in (node.left, node.right)
    )


def source_of(module: str) -> Path:
    program, *_ = module.split(".")
    return ROOT / "backend" / program / "src" / (module.replace(".", "/") + ".py")
