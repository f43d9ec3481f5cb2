"""When a link was first given out in a file of its campaign, and how many such files were taken."""

import sqlalchemy as sa
from alembic import op

from interview_ai.tables import Moment

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("invitations", sa.Column("handed_over_at", Moment(), nullable=True))
    op.add_column("campaigns", sa.Column("files_taken", sa.Integer(), nullable=False, server_default="0"))
    # campaigns that hand their links over remind nobody, so what further links their people have came with a file
    op.execute(
        "UPDATE invitations SET handed_over_at = (SELECT min(further_links.created_at) FROM further_links "
        "WHERE further_links.invitation_id = invitations.id) "
        "WHERE campaign_id IN (SELECT id FROM campaigns WHERE channel = 'file')"
    )
    op.execute(
        "UPDATE campaigns SET files_taken = (SELECT count(*) FROM audit "
        "WHERE audit.subject = 'campaign:' || campaigns.id AND audit.action = 'campaign links taken')"
    )


def downgrade() -> None:
    op.drop_column("campaigns", "files_taken")
    op.drop_column("invitations", "handed_over_at")
