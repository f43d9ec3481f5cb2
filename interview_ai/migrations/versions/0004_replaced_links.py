"""The digests of replaced invitation links are remembered, so that an old link can say what became of it."""

import sqlalchemy as sa
from alembic import op

from interview_ai.tables import Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "replaced_links",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("invitation_id", sa.String(32), nullable=False),
        sa.Column("replaced_at", Moment(), nullable=False),
        sa.Column("organisation_id", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "invitation_id"],
            ["invitations.organisation_id", "invitations.id"],
            name=op.f("fk_replaced_links_organisation_id_invitation_id_invitations"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_replaced_links_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_replaced_links")),
    )
    op.create_index(op.f("ix_replaced_links_invitation_id"), "replaced_links", ["invitation_id"])
    op.create_index(op.f("ix_replaced_links_organisation_id"), "replaced_links", ["organisation_id"])


def downgrade() -> None:
    op.drop_table("replaced_links")
