"""Chats in which nobody can be reached.

Expand first, contract in a later release: the program of the previous release must run on this
schema. A statement that waits for a lock longer than `lock_timeout` fails, so that a migration
never queues behind a long reader and blocks everybody else; run it again at a quieter moment.

Revision: c3d90a7be415, after 5b0f3ac2d7e1
"""

import sqlalchemy as sa
from alembic import op

revision = "c3d90a7be415"
down_revision = "5b0f3ac2d7e1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "closed_chats",
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["bot_id"], ["bots.id"], name=op.f("fk_closed_chats_bot_id_bots")),
        sa.PrimaryKeyConstraint("bot_id", "chat_id", name=op.f("pk_closed_chats")),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("closed_chats")
