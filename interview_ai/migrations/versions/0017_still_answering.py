"""Whoever has answered something and has not finished stands at a stage of their own, and the counts say so."""

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


def upgrade() -> None:
    _counted_anew("UPDATE standings SET stage = 'answering' WHERE state = 'begun' AND stage IN ('ready', 'working')")


def downgrade() -> None:
    _counted_anew(
        "UPDATE standings SET stage = CASE WHEN working THEN 'working' ELSE 'ready' END WHERE stage = 'answering'"
    )
