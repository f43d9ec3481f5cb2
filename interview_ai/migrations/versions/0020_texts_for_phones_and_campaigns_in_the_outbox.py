"""The text of a message to a phone, and indexes by which a campaign's mails are found in a large outbox."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outbox") as batch:
        batch.add_column(sa.Column("short", sa.Text(), nullable=True))
        batch.add_column(sa.Column("unsure", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.create_index("ix_outbox_due", ["state", "next_at"])
        batch.create_index("ix_outbox_campaign_due", ["campaign_id", "state", "next_at"])
        batch.create_index("ix_outbox_campaign_sent", ["campaign_id", "sent_at"])


def downgrade() -> None:
    with op.batch_alter_table("outbox") as batch:
        batch.drop_index("ix_outbox_campaign_sent")
        batch.drop_index("ix_outbox_campaign_due")
        batch.drop_index("ix_outbox_due")
        batch.drop_column("unsure")
        batch.drop_column("short")
