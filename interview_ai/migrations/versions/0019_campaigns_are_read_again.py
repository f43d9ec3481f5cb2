"""How often a roster was taken up without getting further, and where its mended rows begin."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("campaigns", sa.Column('attempts', sa.Integer(), nullable=False, server_default='0'))
    op.add_column("campaigns", sa.Column('row_base', sa.Integer(), nullable=False, server_default='0'))


def downgrade() -> None:
    op.drop_column("campaigns", 'row_base')
    op.drop_column("campaigns", 'attempts')
