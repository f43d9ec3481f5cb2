"""Since when a webhook takes nothing."""

import sqlalchemy as sa
from alembic import op

from interview_ai.tables import Moment

revision = "0023"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("webhooks", sa.Column("failing_since", Moment(), nullable=True))


def downgrade() -> None:
    op.drop_column("webhooks", "failing_since")
