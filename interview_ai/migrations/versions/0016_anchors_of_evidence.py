"""The anchor, level 1, 3 or 5, that a piece of evidence is nearest to."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("evidence", sa.Column("anchor", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("evidence", "anchor")
