"""active dialogs.

Expand first, contract in a later release: the program of the previous release must run on this
schema. A statement that waits for a lock longer than `lock_timeout` fails, so that a migration
never queues behind a long reader and blocks everybody else; run it again at a quieter moment.

Turns are not written while the index is made: about 3 seconds for 2.5 million of them.

Revision: 8e21b7d05f43, after 4d1f0c6a92be
"""

from alembic import op

revision = "8e21b7d05f43"
down_revision = "4d1f0c6a92be"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_index(
        op.f("ix_turns_dialog_id_created_at"), "turns", ["dialog_id", "created_at"], unique=False
    )
    op.drop_index(op.f("ix_turns_dialog_id"), table_name="turns")
    op.drop_index(op.f("ix_dialogs_created_at_id"), table_name="dialogs")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_index(op.f("ix_dialogs_created_at_id"), "dialogs", ["created_at", "id"], unique=False)
    op.create_index(op.f("ix_turns_dialog_id"), "turns", ["dialog_id"], unique=False)
    op.drop_index(op.f("ix_turns_dialog_id_created_at"), table_name="turns")
