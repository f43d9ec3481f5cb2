"""Since when a roster's file is needed by nobody, and indexes for what campaigns ask of many rows."""

import sqlalchemy as sa
from alembic import op

from interview_ai.tables import Moment

revision = "0027"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("roster_uploads", sa.Column("ended_at", Moment(), nullable=True))


def downgrade() -> None:
    op.drop_column("roster_uploads", "ended_at")
