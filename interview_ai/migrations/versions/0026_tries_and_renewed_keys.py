"""How often who tried what, for all processes; keys that are renewed and end with notice; what webhooks answered."""

import sqlalchemy as sa
from alembic import op

from interview_ai.tables import Moment

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tries",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("slot", sa.BigInteger(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_tries")),
    )
    op.create_index(op.f("ix_tries_ends_at"), "tries", ["ends_at"])
    op.add_column("api_keys", sa.Column("used_from", sa.String(64), nullable=True))
    op.add_column("api_keys", sa.Column("before_hash", sa.String(64), nullable=True))
    op.create_index(op.f("ix_api_keys_before_hash"), "api_keys", ["before_hash"], unique=True)
    for name in ("before_until", "renewed_at", "warned_at"):
        op.add_column("api_keys", sa.Column(name, Moment(), nullable=True))
    op.add_column("webhook_deliveries", sa.Column("answer", sa.Text(), nullable=True))
    op.add_column("webhook_deliveries", sa.Column("took_ms", sa.Integer(), nullable=True))
    op.add_column("webhook_deliveries", sa.Column("tried_at", Moment(), nullable=True))


def downgrade() -> None:
    for name in ("tried_at", "took_ms", "answer"):
        op.drop_column("webhook_deliveries", name)
    for name in ("warned_at", "renewed_at", "before_until"):
        op.drop_column("api_keys", name)
    op.drop_index(op.f("ix_api_keys_before_hash"), "api_keys")
    op.drop_column("api_keys", "before_hash")
    op.drop_column("api_keys", "used_from")
    op.drop_index(op.f("ix_tries_ends_at"), "tries")
    op.drop_table("tries")
