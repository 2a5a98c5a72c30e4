"""marks and processes.

Expand first, contract in a later release: the program of the previous release must run on this
schema. A statement that waits for a lock longer than `lock_timeout` fails, so that a migration
never queues behind a long reader and blocks everybody else; run it again at a quieter moment.

Revision: 4d1f0c6a92be, after b756ec7473a5
"""

import sqlalchemy as sa
from alembic import op

revision = "4d1f0c6a92be"
down_revision = "b756ec7473a5"
branch_labels = None
depends_on = None


# What earlier turns carry, where it was first seen. Fallbacks were not written down.
_MARKS_OF_TURNS = """
    INSERT INTO stats_marks (id, bot_id, at, kind, label)
    SELECT gen_random_uuid(), bot_id, min(created_at), seen.kind, seen.label
    FROM turns CROSS JOIN LATERAL (VALUES
        ('release', release), ('prompt', left(prompt_hash, 8)), ('models', model_asked)
    ) AS seen (kind, label)
    WHERE seen.label IS NOT NULL
    GROUP BY bot_id, seen.kind, seen.label
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "bot_processes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("release", sa.String(), nullable=False),
        sa.Column(
            "started_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "seen_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["bot_id"], ["bots.id"], name=op.f("fk_bot_processes_bot_id_bots")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bot_processes")),
    )
    op.create_table(
        "stats_marks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('release', 'prompt', 'models', 'flood', 'breaker')",
            name=op.f("ck_stats_marks_kind"),
        ),
        sa.ForeignKeyConstraint(["bot_id"], ["bots.id"], name=op.f("fk_stats_marks_bot_id_bots")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stats_marks")),
    )
    op.create_index(op.f("ix_stats_marks_at"), "stats_marks", ["at"], unique=False)
    op.create_index(
        op.f("ix_stats_marks_bot_id_kind_at"), "stats_marks", ["bot_id", "kind", "at"], unique=False
    )
    op.create_index(
        "ix_inbox_dead",
        "inbox",
        ["bot_id", "seq"],
        unique=False,
        postgresql_where=sa.text("state = 'dead'"),
    )
    op.create_index(
        op.f("ix_llm_attempts_created_at"), "llm_attempts", ["created_at"], unique=False
    )
    op.execute(_MARKS_OF_TURNS)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index(op.f("ix_llm_attempts_created_at"), table_name="llm_attempts")
    op.drop_index("ix_inbox_dead", table_name="inbox")
    op.drop_table("stats_marks")
    op.drop_table("bot_processes")
