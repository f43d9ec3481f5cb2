"""The text of a message to a phone, and indexes by which a campaign's mails are found in a large outbox."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("short", sa.Text(), nullable=True))
    op.add_column("outbox", sa.Column("unsure", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_outbox_due", "outbox", ["state", "next_at"])
    op.create_index("ix_outbox_campaign_due", "outbox", ["campaign_id", "state", "next_at"])
    op.create_index("ix_outbox_campaign_sent", "outbox", ["campaign_id", "sent_at"])


def downgrade() -> None:
    op.drop_index("ix_outbox_campaign_sent", "outbox")
    op.drop_index("ix_outbox_campaign_due", "outbox")
    op.drop_index("ix_outbox_due", "outbox")
    op.drop_column("outbox", "unsure")
    op.drop_column("outbox", "short")
