"""Turns that wait for a model, what they may cost, and chats that want silence.

Expand first, contract in a later release: the program of the previous release must run on this
schema. A statement that waits for a lock longer than `lock_timeout` fails, so that a migration
never queues behind a long reader and blocks everybody else; run it again at a quieter moment.

Turns are not written while their index is made: some seconds for millions of them.

Revision: 5b0f3ac2d7e1, after 2f7c61e9a04d
"""

import sqlalchemy as sa
from alembic import op

revision = "5b0f3ac2d7e1"
down_revision = "2f7c61e9a04d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "chat_floods",
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["bot_id"], ["bots.id"], name=op.f("fk_chat_floods_bot_id_bots")),
        sa.PrimaryKeyConstraint("bot_id", "chat_id", name=op.f("pk_chat_floods")),
    )
    op.add_column("llm_attempts", sa.Column("credential", sa.Text(), nullable=True))
    for name in ("cached_tokens", "reasoning_tokens"):
        op.add_column(
            "llm_attempts",
            sa.Column(name, sa.Integer(), server_default="0", nullable=False),
        )
    op.add_column("turns", sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "turns", sa.Column("reserved_tokens", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column(
        "turns", sa.Column("reserved_micros", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.create_index(
        "ix_turns_open",
        "turns",
        ["bot_id"],
        unique=False,
        postgresql_where=sa.text("state IN ('received', 'generating', 'waiting_provider')"),
    )


def downgrade() -> None:
    op.drop_index("ix_turns_open", table_name="turns")
    op.drop_column("turns", "reserved_micros")
    op.drop_column("turns", "reserved_tokens")
    op.drop_column("turns", "waiting_since")
    op.drop_column("llm_attempts", "reasoning_tokens")
    op.drop_column("llm_attempts", "cached_tokens")
    op.drop_column("llm_attempts", "credential")
    op.drop_table("chat_floods")
