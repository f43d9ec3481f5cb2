"""What a page shows once after a form, sealed, so that any web process can show it."""

import sqlalchemy as sa
from alembic import op

from interview_ai.tables import Moment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shown_once",
        sa.Column("name_hash", sa.String(64), nullable=False),
        sa.Column("staff_id", sa.String(32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("organisation_id", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "staff_id"],
            ["staff.organisation_id", "staff.id"],
            name=op.f("fk_shown_once_organisation_id_staff_id_staff"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_shown_once_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("name_hash", name=op.f("pk_shown_once")),
    )
    op.create_index(op.f("ix_shown_once_organisation_id"), "shown_once", ["organisation_id"])


def downgrade() -> None:
    op.drop_table("shown_once")
