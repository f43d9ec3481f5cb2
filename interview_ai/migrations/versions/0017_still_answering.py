"""A stage of their own for whoever is still answering, in the counts too; nearly the same answers are kept as pairs.

Pairs of what was transcribed before are found by `resembling.fill`, which `migrate` calls afterwards.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

STAGES = "('stage:ready', 'stage:working', 'stage:answering')"
COUNTED = (
    "INSERT INTO tallies (organisation_id, opening_id, what, n) "
    "SELECT organisation_id, opening_id, 'stage:' || stage, count(*) FROM standings "
    "WHERE stage IN ('ready', 'working', 'answering') GROUP BY organisation_id, opening_id, stage"
)


def _counted_anew(change: str) -> None:
    op.execute(change)
    op.execute(f"DELETE FROM tallies WHERE what IN {STAGES}")
    op.execute(COUNTED)


def _pairs() -> None:
    op.add_column("transcripts", sa.Column("twins", sa.JSON(), nullable=True))
    op.add_column("standings", sa.Column("resembling", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "sketch_keys",
        sa.Column("answer_id", sa.String(32), nullable=False),
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("question_id", sa.String(32), nullable=False),
        sa.Column("organisation_id", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "answer_id"],
            ["answers.organisation_id", "answers.id"],
            name=op.f("fk_sketch_keys_organisation_id_answer_id_answers"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_sketch_keys_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("answer_id", "key", name=op.f("pk_sketch_keys")),
    )
    op.create_index("ix_sketch_keys_key", "sketch_keys", ["question_id", "key"])
    op.create_index(op.f("ix_sketch_keys_organisation_id"), "sketch_keys", ["organisation_id"])


def upgrade() -> None:
    _pairs()
    _counted_anew("UPDATE standings SET stage = 'answering' WHERE state = 'begun' AND stage IN ('ready', 'working')")


def downgrade() -> None:
    op.drop_table("sketch_keys")
    op.execute("DELETE FROM tallies WHERE what = 'flag:resembling'")
    op.drop_column("standings", "resembling")
    op.drop_column("transcripts", "twins")
    _counted_anew(
        "UPDATE standings SET stage = CASE WHEN working THEN 'working' ELSE 'ready' END WHERE stage = 'answering'"
    )
