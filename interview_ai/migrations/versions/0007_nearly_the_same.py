"""Sketches of transcripts, by which nearly the same answers of two people are found."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("transcripts", sa.Column("sketch", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("transcripts", "sketch")
