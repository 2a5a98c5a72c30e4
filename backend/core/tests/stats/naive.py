"""Every metric once more, as plain SQL over the raw rows: the judge of the rollups.

Written without looking at how rollups are made; slow, obvious, and never used by the product.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, DateTime, Text, bindparam, text

from core.db.session import ReadSession
from core.stats.calendar import Span
from core.stats.sources import Filters

_TURNS = "turns t LEFT JOIN messages a ON a.id = t.answer_id"
_IN_SPAN = "t.created_at >= :a AND t.created_at < :b"
_QUESTIONS = "count(*)"
_ANSWERS = "count(a.id)"
_ALL_COST = (
    "coalesce(sum(t.cost_micros), 0) + coalesce(sum((SELECT sum(c.cost_micros) FROM llm_attempts c "
    "WHERE c.turn_id = t.id AND c.outcome IN ('failed', 'orphaned'))), 0)"
)
_LOST = (
    "coalesce(sum((SELECT sum(c.cost_micros) FROM llm_attempts c WHERE c.turn_id = t.id "
    "AND c.outcome = 'failed')) FILTER (WHERE t.is_fallback), 0)"
)
_REACHED = "t.finished_at IS NOT NULL AND t.state <> 'undeliverable'"


def _if(condition: str) -> str:
    return f"count(*) FILTER (WHERE {condition})"


def _sum(column: str) -> str:
    return f"coalesce(sum({column}), 0)"


def _over(top: str, bottom: str) -> str:
    return f"({top})::float8 / nullif(({bottom})::float8, 0)"


_FEEDBACK = "(SELECT count(*) FROM feedback f WHERE f.turn_id = t.id AND f.score {})"
_LIKES = _sum(_FEEDBACK.format("> 0"))
_DISLIKES = _sum(_FEEDBACK.format("< 0"))
_PUT_TO_A_MODEL = _if("t.attempts > 0")

AGGREGATES = {
    "messages": f"{_QUESTIONS} + {_ANSWERS}",
    "questions": _QUESTIONS,
    "answers": _ANSWERS,
    "dialogs": _if("t.opens_dialog"),
    "question_length": _over(_sum("t.question_length"), _QUESTIONS),
    "answer_length": _over(_sum("a.content_length"), _ANSWERS),
    "tokens": _sum("t.prompt_tokens + t.completion_tokens"),
    "prompt_tokens": _sum("t.prompt_tokens"),
    "completion_tokens": _sum("t.completion_tokens"),
    "cached_tokens": _sum("t.cached_tokens"),
    "reasoning_tokens": _sum("t.reasoning_tokens"),
    "cost": _ALL_COST,
    "cost_per_answer": _over(_ALL_COST, _ANSWERS),
    "estimated_cost_share": _over(
        "coalesce(sum(t.cost_micros) FILTER (WHERE t.cost_source = 'estimated'), 0)", _ALL_COST
    ),
    "fallback_rate": _over(_if("t.is_fallback"), _PUT_TO_A_MODEL),
    "saved_answers": _if("t.is_fallback AND a.id IS NOT NULL"),
    "fallback_cost": _LOST,
    "fallback_time": "coalesce(sum(t.wasted_ms) FILTER (WHERE t.is_fallback), 0)",
    "failed": _if("t.verdict = 'failed_told'"),
    "error_rate": _over(_if("t.verdict = 'failed_told'"), _QUESTIONS),
    "partial": _if("t.verdict = 'answered_partial'"),
    "delivered": _if(_REACHED),
    "delivery_unknown": _if("t.delivery_unknown"),
    "undeliverable": _if("t.state = 'undeliverable'"),
    "declined": _if("t.verdict = 'declined'"),
    "declined_rate": _over(_if("t.verdict = 'declined'"), _QUESTIONS),
    "stopped": _if("t.verdict = 'cancelled'"),
    "stopped_rate": _over(_if("t.verdict = 'cancelled'"), _QUESTIONS),
    "edited": _if("t.edited_at IS NOT NULL"),
    "likes": _LIKES,
    "dislikes": _DISLIKES,
    "feedback_score": _over(_LIKES, f"({_LIKES}) + ({_DISLIKES})"),
}

STAGES = {
    "queue": "t.queue_ms",
    "first_token": "t.first_token_ms",
    "generation": "t.generation_ms - t.first_token_ms",
    "delivery": f"CASE WHEN {_REACHED} THEN t.delivery_ms END",
    "first_visible": "t.queue_ms + t.first_token_ms",
    "full_answer": f"CASE WHEN {_REACHED} THEN t.queue_ms + t.generation_ms + t.delivery_ms END",
}
QUANTILES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}

DIMENSIONS = {
    "bot": "t.bot_id::text",
    "model": "CASE WHEN t.attempts = 0 THEN '' "
    "ELSE coalesce(t.model_served, t.model_asked, '') END",
    "provider": "coalesce(t.provider, '')",
    "outcome": "t.verdict",
    "language": "lower(split_part(coalesce(t.language, ''), '-', 1))",
    "kind": "t.kind",
    "error": "coalesce(t.error_kind, '')",
}


def _where(filters: Filters) -> str:
    conditions = ["t.verdict IS NOT NULL"]
    conditions += [
        f"{DIMENSIONS[name]} = :{name}" for name in ("model", "language") if name in filters.names
    ]
    if filters.bot is not None:
        conditions.append("t.bot_id = :bot")
    if filters.user is not None:
        conditions.append("t.user_id = :user")
    return " AND ".join(conditions)


_TYPES: dict[str, Any] = {
    "bot": BigInteger,
    "user": BigInteger,
    "model": Text,
    "language": Text,
    "a": DateTime(timezone=True),
    "b": DateTime(timezone=True),
}


async def _one(
    session: ReadSession, sql: str, filters: Filters, a: datetime, b: datetime
) -> list[tuple[object, ...]]:
    values = {"a": a, "b": b, **filters.values()}
    used = {name: value for name, value in values.items() if f":{name}" in sql}
    clause = text(sql).bindparams(*(bindparam(name, type_=_TYPES[name]) for name in used))
    return [tuple(row) for row in await session.execute(clause, used)]


async def aggregate(session: ReadSession, slug: str, span: Span, filters: Filters) -> object:
    """A sum, ratio or percentile."""
    sql = f"SELECT {_expression(slug)} FROM {_TURNS} WHERE {_where(filters)} AND {_IN_SPAN}"
    return (await _one(session, sql, filters, span.start, span.end))[0][0]


#: over the calls themselves; their model is the one that was called
CALLS = {
    "calls": "count(*)",
    "failed_calls": "count(*) FILTER (WHERE c.outcome = 'failed')",
    "call_error_rate": "count(*) FILTER (WHERE c.outcome = 'failed')::float8 "
    "/ nullif(count(*), 0)::float8",
}
CALL_DIMENSIONS = {
    "bot": "c.bot_id::text",
    "model": "c.target",
    "outcome": "c.outcome",
    "error": "coalesce(c.error_kind, '')",
}


def _calls(select: str, filters: Filters) -> str:
    conditions = ["t.verdict IS NOT NULL", _IN_SPAN]
    names = {"bot": "t.bot_id", "user": "t.user_id", "model": "c.target"}
    conditions += [f"{names[name]} = :{name}" for name in sorted(filters.names)]
    where = " AND ".join(conditions)
    return f"SELECT {select} FROM llm_attempts c JOIN turns t ON t.id = c.turn_id WHERE {where}"


async def calls(session: ReadSession, slug: str, span: Span, filters: Filters) -> object:
    return (await _one(session, _calls(CALLS[slug], filters), filters, span.start, span.end))[0][0]


async def calls_by(
    session: ReadSession, slug: str, dimension: str, span: Span, filters: Filters
) -> dict[str, object]:
    select = f"{CALL_DIMENSIONS[dimension]}, {CALLS[slug]}"
    sql = f"{_calls(select, filters)} GROUP BY 1"
    return {
        str(key): value for key, value in await _one(session, sql, filters, span.start, span.end)
    }


async def by(
    session: ReadSession, slug: str, dimension: str, span: Span, filters: Filters
) -> dict[str, object]:
    sql = (
        f"SELECT {DIMENSIONS[dimension]}, {_expression(slug)} FROM {_TURNS} "
        f"WHERE {_where(filters)} AND {_IN_SPAN} GROUP BY 1"
    )
    return {
        str(key): value for key, value in await _one(session, sql, filters, span.start, span.end)
    }


def _expression(slug: str) -> str:
    stage, _, q = slug.rpartition("_")
    if stage not in STAGES or q not in QUANTILES:
        return AGGREGATES[slug]
    return (
        f"percentile_disc({QUANTILES[q]}) WITHIN GROUP (ORDER BY greatest({STAGES[stage]}, 1)) "
        f"FILTER (WHERE t.first_token_ms IS NOT NULL AND ({STAGES[stage]}) IS NOT NULL)"
    )


async def _people(
    session: ReadSession, a: datetime, b: datetime, filters: Filters
) -> set[tuple[object, ...]]:
    sql = f"SELECT DISTINCT t.bot_id, t.user_id FROM turns t WHERE {_where(filters)} AND {_IN_SPAN}"
    return set(await _one(session, sql, filters, a, b))


async def people(
    session: ReadSession, slug: str, span: Span, filters: Filters, zone: ZoneInfo
) -> object:
    """Sets of people, compared."""
    epoch = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
    length = span.end - span.start
    here = await _people(session, span.start, span.end, filters)
    earlier = await _people(session, span.start - length, span.start, filters)
    ever = await _people(session, epoch, span.start, filters)
    match slug:
        case "active_users":
            return len(here)
        case "new_users":
            return len(here - ever)
        case "returning_users":
            return len(here & earlier)
        case "resurrected_users":
            return len((here & ever) - earlier)
        case "retention":
            return len(here & earlier) / len(earlier) if earlier else None
    raise KeyError(slug)


async def stickiness(
    session: ReadSession, days: list[Span], span: Span, filters: Filters
) -> object:
    here = await _people(session, span.start, span.end, filters)
    daily = [len(await _people(session, day.start, day.end, filters)) for day in days]
    return sum(daily) / len(daily) / len(here) if here else None


async def seen(session: ReadSession, span: Span) -> set[tuple[object, ...]]:
    return await _people(session, span.start, span.end, Filters())


async def first_seen(session: ReadSession, span: Span) -> set[tuple[object, ...]]:
    epoch = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
    return await seen(session, span) - await _people(session, epoch, span.start, Filters())
