"""The waveform, who counted faces, and the names that an opening's answers may hold."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("answers", sa.Column("peaks", sa.JSON(), nullable=True))
    op.add_column("answers", sa.Column("looked_with", sa.String(16), nullable=True))
    op.add_column("openings", sa.Column("vocabulary", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("openings", "vocabulary")
    op.drop_column("answers", "looked_with")
    op.drop_column("answers", "peaks")
