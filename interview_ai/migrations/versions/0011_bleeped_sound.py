"""The sound that a blind reviewer hears: with a tone over what is masked in the transcript."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("answers", sa.Column("bleeped_key", sa.Text(), nullable=True))
    op.add_column("answers", sa.Column("bleeped_with", sa.String(length=16), nullable=True))


def downgrade() -> None:
    op.drop_column("answers", "bleeped_with")
    op.drop_column("answers", "bleeped_key")
