"""What all tables share: their metadata, and columns that occur everywhere."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, DateTime, MetaData, func
from sqlalchemy.types import UserDefinedType

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class RawJson(UserDefinedType[Any]):
    """A `json` column written from JSON text as it came and read as Python values.

    `json`, not `jsonb`: it keeps the escapes of NUL and of lone surrogates, which `jsonb` refuses.
    """

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "JSON"


def moment() -> Column[datetime]:
    return Column(DateTime(timezone=True), server_default=func.now(), nullable=False)


def one_of(column: str, *values: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)
