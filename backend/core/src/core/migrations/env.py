"""Alembic's entry: runs the migrations on the connection that `core.db.migrate` hands over."""

from alembic import context

from core.db.tables import metadata
from core.failpoints import Failpoint, reach

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    compare_type=True,
    compare_server_default=True,
    transaction_per_migration=True,
    on_version_apply=lambda **_: reach(Failpoint.SCHEMA_MIGRATED),
)
with context.begin_transaction():
    context.run_migrations()
