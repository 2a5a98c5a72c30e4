"""The one statement that sums rows: for each of several spans, or for each value of a dimension."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from core.db.session import ReadSession
from core.stats.calendar import Span
from core.stats.sources import IN_PIECE, PIECES, Filters, Rows, pieces, typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """By the spans' numbers, or by a dimension of the only span."""

    filters: Filters
    #: of the local hours of `hour_of_week`
    zone: ZoneInfo
    by: str | None = None

    async def sums(
        self,
        session: ReadSession,
        what: str,
        rows: Rows,
        spans: Mapping[int, Span],
        sums: Sequence[str],
        *,
        groups: Sequence[str] = (),
        where: str = "",
        **binds: Any,
    ) -> Sequence[Any]:
        """The sums for each key and group, over the rows of the spans.

        Each piece is summed by itself, in a subquery that OFFSET 0 keeps apart: the planner cannot
        see how narrow the pieces are, and would rather read whole tables than look them up.
        """
        by = {"key": self._dimension(rows)} if self.by else {}
        inner = [f"{sql} AS {name}" for name, sql in by.items()]
        inner += [f"f.{group}" for group in groups]
        inner += [f"{sql} AS sum_{number}" for number, sql in enumerate(sums)]
        outer = [f"sum(part.sum_{number})" for number in range(len(sums))]
        statement = f"""
            SELECT {", ".join([self._key, *(f"part.{group}" for group in groups), *outer])}
            FROM {PIECES} CROSS JOIN LATERAL (
                SELECT {", ".join(inner)} FROM {rows.sql} AS f
                WHERE {IN_PIECE} {where} {self.filters.sql(rows.columns)}
                {_group_by(len(by) + len(groups))}
                OFFSET 0
            ) AS part
            {_group_by(1 + len(groups))}
        """
        clause = typed(statement, self.filters).execution_options(query=self._name(what))
        return (await session.execute(clause, self._binds(rows, spans) | binds)).all()

    @property
    def _key(self) -> str:
        return "part.key" if self.by else "piece.span"

    def _dimension(self, rows: Rows) -> str:
        if self.by == "hour_of_week":  # ISO weekday and local hour: 1-00 is Monday's first hour
            return "to_char(f.bucket AT TIME ZONE :zone, 'ID-HH24')"
        assert self.by is not None
        return f"f.{rows.columns[self.by]}"

    def _binds(self, rows: Rows, spans: Mapping[int, Span]) -> dict[str, Any]:
        by_hour = self.by == "hour_of_week"
        zone = {"zone": self.zone.key} if by_hour else {}
        return pieces(spans, rows, by_hour=by_hour) | self.filters.values() | zone

    def _name(self, what: str) -> str:
        """Of the query, for who looks at how long it takes."""
        return f"stats.{what}_by_{self.by}" if self.by else f"stats.{what}"


def _group_by(columns: int) -> str:
    places = ", ".join(str(place) for place in range(1, columns + 1))
    return f"GROUP BY {places}" if columns else ""
