"""erasures.

Expand first, contract in a later release: the program of the previous release must run on this
schema. A statement that waits for a lock longer than `lock_timeout` fails, so that a migration
never queues behind a long reader and blocks everybody else; run it again at a quieter moment.

Messages are not written while their index is made: some seconds for millions of them.

Revision: 2f7c61e9a04d, after 8e21b7d05f43
"""

import sqlalchemy as sa
from alembic import op

revision = "2f7c61e9a04d"
down_revision = "8e21b7d05f43"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "bots",
        sa.Column(
            "erasure_key",
            sa.LargeBinary(),
            server_default=sa.text(
                "(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))"
            ),
            nullable=False,
        ),
    )
    op.create_table(
        "erasures",
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.LargeBinary(), nullable=False),
        sa.Column(
            "erased_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["bot_id"], ["bots.id"], name=op.f("fk_erasures_bot_id_bots")),
        sa.PrimaryKeyConstraint("bot_id", "person", name=op.f("pk_erasures")),
    )
    op.add_column("inbox", sa.Column("user_id", sa.BigInteger(), nullable=True))
    op.create_index(
        op.f("ix_inbox_bot_id_user_id"),
        "inbox",
        ["bot_id", "user_id"],
        unique=False,
        postgresql_where=sa.text("user_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_inbox_received_at"),
        "inbox",
        ["received_at"],
        unique=False,
        postgresql_using="brin",
    )
    op.create_index(
        op.f("ix_outbox_created_at"),
        "outbox",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("turn_id IS NULL"),
    )
    op.add_column("users", sa.Column("exported_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        op.f("ix_messages_bot_id_user_id"),
        "messages",
        ["bot_id", "user_id"],
        unique=False,
        postgresql_where=sa.text("user_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index(op.f("ix_messages_bot_id_user_id"), table_name="messages")
    op.drop_column("users", "exported_at")
    op.drop_index(op.f("ix_outbox_created_at"), table_name="outbox")
    op.drop_index(op.f("ix_inbox_received_at"), table_name="inbox")
    op.drop_index(op.f("ix_inbox_bot_id_user_id"), table_name="inbox")
    op.drop_column("inbox", "user_id")
    op.drop_table("erasures")
    op.drop_column("bots", "erasure_key")
