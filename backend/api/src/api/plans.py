"""Plans of the named queries, for who develops: once for each name and minute.

PostgreSQL writes the values of a query into its plan. Only nodes, tables, indexes, estimates and
costs are taken from it.
"""

import asyncio
import time
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy.exc import SQLAlchemyError

from core.db.session import Database
from core.logging import get_logger

log = get_logger(__name__)

_SECONDS = 60.0
_WAITING = 20
_OWN = "plans.explain"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    name: str
    statement: str
    parameters: Any


class Plans:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._asked: dict[str, float] = {}
        self._questions: asyncio.Queue[_Question] = asyncio.Queue(_WAITING)

    def want(self, name: str, statement: str, parameters: Any) -> None:
        """Have the plan of a named query logged soon, unless it was within this minute."""
        is_readable = statement.lstrip().upper().startswith(("SELECT", "WITH"))
        if name in {"other", _OWN} or not is_readable or self._questions.full():
            return
        if time.monotonic() - self._asked.get(name, -_SECONDS) < _SECONDS:
            return
        self._asked[name] = time.monotonic()
        question = _Question(name=name, statement=statement, parameters=parameters)
        self._questions.put_nowait(question)

    async def log(self) -> None:
        """Runs as long as the server, on a connection of its own for each plan."""
        task = asyncio.current_task()
        while not (task and task.cancelling()):  # which the driver may turn into its own error
            question = await self._questions.get()
            try:
                await self._explain(question)
            except (SQLAlchemyError, OSError) as error:
                log.warning("query_plan_failed", query=question.name, error=type(error).__name__)

    async def _explain(self, question: _Question) -> None:
        async with self._database.read() as session:
            answer = await session.exec_driver_sql(
                f"EXPLAIN (FORMAT JSON) {question.statement}",
                question.parameters,
                execution_options={"query": _OWN},
            )
            plan = answer.scalar_one()
        tree = orjson.loads(plan) if isinstance(plan, str | bytes) else plan
        log.info("query_plan", query=question.name, plan=shape(tree[0]["Plan"]))


def shape(node: dict[str, Any], depth: int = 0) -> list[str]:
    """One line for each node, indented: what it does, to what, for how many rows, at what cost."""
    facts = [node["Node Type"], node.get("Relation Name"), node.get("Index Name")]
    words = " ".join(str(fact) for fact in facts if fact)
    cost = f"rows={node['Plan Rows']} cost={node['Total Cost']:.0f}"
    lines = [f"{'  ' * depth}{words} {cost}"]
    for child in node.get("Plans", []):
        lines += shape(child, depth + 1)
    return lines
