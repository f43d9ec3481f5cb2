"""Links by which an outsider may look at chosen answers of one candidate."""

import sqlalchemy as sa
from alembic import op

from interview_ai.tables import Moment

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def _within(table: str, column: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_shares_organisation_id_{column}_{table}")
    return sa.ForeignKeyConstraint(["organisation_id", column], [f"{table}.organisation_id", f"{table}.id"], name=name)


def upgrade() -> None:
    op.create_table(
        "shares",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("interview_id", sa.String(32), nullable=False),
        sa.Column("staff_id", sa.String(32), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("question_ids", sa.JSON(), nullable=False),
        sa.Column("with_picture", sa.Boolean(), nullable=False),
        sa.Column("with_words", sa.Boolean(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("opened_at", Moment(), nullable=True),
        sa.Column("organisation_id", sa.String(32), nullable=False),
        _within("interviews", "interview_id"),
        _within("staff", "staff_id"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_shares_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shares")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_shares_token_hash")),
    )
    op.create_index(op.f("ix_shares_interview_id"), "shares", ["interview_id"])
    op.create_index(op.f("ix_shares_organisation_id"), "shares", ["organisation_id"])


def downgrade() -> None:
    op.drop_table("shares")
