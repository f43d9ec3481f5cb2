"""How many reminders of one kind a campaign sends to one person, and rosters on the record before their bytes come."""

import sqlalchemy as sa
from alembic import op

from interview_ai.tables import Moment

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("campaigns", sa.Column("most_reminders", sa.Integer(), nullable=False, server_default="2"))
    op.create_table(
        "roster_uploads",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("organisation_id", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_roster_uploads_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_uploads")),
    )
    op.create_index(op.f("ix_roster_uploads_organisation_id"), "roster_uploads", ["organisation_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_roster_uploads_organisation_id"), "roster_uploads")
    op.drop_table("roster_uploads")
    op.drop_column("campaigns", "most_reminders")
