"""Since when a roster's file is needed by nobody, and indexes for what campaigns ask of many rows.

Where an index begins as another one does, the shorter one goes.
"""

import sqlalchemy as sa
from alembic import op

from interview_ai.tables import Moment

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

BEFORE = (
    ("ix_invitations_campaign_id", "invitations", ["campaign_id"]),
    ("ix_invitations_inviting_organisation_id", "invitations", ["inviting_organisation_id"]),
    ("ix_outbox_campaign_id", "outbox", ["campaign_id"]),
    ("ix_outbox_campaign_due", "outbox", ["campaign_id", "state", "next_at"]),
    ("ix_outbox_due", "outbox", ["state", "next_at"]),
)
AFTER = (
    ("ix_invitations_campaign", "invitations", ["campaign_id", "id"]),
    ("ix_invitations_inviting", "invitations", ["inviting_organisation_id", "opening_id"]),
    ("ix_outbox_due", "outbox", ["campaign_id", "channel", "state", "next_at"]),
)


def upgrade() -> None:
    op.add_column("roster_uploads", sa.Column("ended_at", Moment(), nullable=True))
    for name, table, _ in BEFORE:
        op.drop_index(name, table)
    for name, table, columns in AFTER:
        op.create_index(name, table, columns)


def downgrade() -> None:
    for name, table, _ in AFTER:
        op.drop_index(name, table)
    for name, table, columns in BEFORE:
        op.create_index(name, table, columns)
    op.drop_column("roster_uploads", "ended_at")
