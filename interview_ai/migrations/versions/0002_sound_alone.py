"""Answers keep their sound in a file of its own: a blind reviewer's browser must not hold the picture."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("answers", sa.Column("sound_key", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("answers", "sound_key")
