"""What was learned from double ratings of an opening's criteria, and whether people put it to use."""

import sqlalchemy as sa
from alembic import op

from interview_ai.tables import Moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def _within(table: str, column: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_calibrations_organisation_id_{column}_{table}")
    return sa.ForeignKeyConstraint(["organisation_id", column], [f"{table}.organisation_id", f"{table}.id"], name=name)


def upgrade() -> None:
    op.create_table(
        "calibrations",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("opening_id", sa.String(32), nullable=False),
        sa.Column("criterion", sa.String(64), nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(16), nullable=False),
        sa.Column("examples", sa.Integer(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("created_by", sa.String(32), nullable=True),
        sa.Column("applied_at", Moment(), nullable=True),
        sa.Column("applied_by", sa.String(32), nullable=True),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.Column("organisation_id", sa.String(32), nullable=False),
        _within("openings", "opening_id"),
        _within("staff", "created_by"),
        _within("staff", "applied_by"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_calibrations_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibrations")),
    )
    op.create_index(op.f("ix_calibrations_opening_id"), "calibrations", ["opening_id"])
    op.create_index(op.f("ix_calibrations_organisation_id"), "calibrations", ["organisation_id"])


def downgrade() -> None:
    op.drop_table("calibrations")
