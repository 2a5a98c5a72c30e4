"""Statements written by hand. A parameter is named in the field's words, and is of one type
wherever it stands; PostgreSQL would have to guess it from the place.
"""

from typing import Any

from sqlalchemy import BigInteger, Integer, Interval, Text, TextClause, Uuid, bindparam, text

_TYPES: dict[str, Any] = {
    **dict.fromkeys(("bot_id", "chat_id", "user_id", "thread_id", "message_id"), BigInteger),
    "turn_id": Uuid,
    "seq": BigInteger,
    **dict.fromkeys(("epoch", "limit"), Integer),
    **dict.fromkeys(("lane", "reason"), Text),
    **dict.fromkeys(("delay", "lease"), Interval),
}


def sql(statement: str, **own: Any) -> TextClause:
    """`own` are the types of those parameters that stand nowhere else, or have another type here.

    Raises KeyError for a parameter without a type.
    """
    clause = text(statement)
    types = _TYPES | own
    names = clause.compile().params
    return clause.bindparams(*(bindparam(name, type_=types[name]) for name in names))
