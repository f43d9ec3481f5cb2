"""What reviewers note at a second of an answer, for themselves or for colleagues."""

import sqlalchemy as sa
from alembic import op

from interview_ai.tables import Moment

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def _within(table: str, column: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_notes_organisation_id_{column}_{table}")
    return sa.ForeignKeyConstraint(["organisation_id", column], [f"{table}.organisation_id", f"{table}.id"], name=name)


def upgrade() -> None:
    op.create_table(
        "notes",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("interview_id", sa.String(32), nullable=False),
        sa.Column("answer_id", sa.String(32), nullable=False),
        sa.Column("staff_id", sa.String(32), nullable=False),
        sa.Column("at_s", sa.Double(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("written_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=True),
        sa.Column("organisation_id", sa.String(32), nullable=False),
        _within("interviews", "interview_id"),
        _within("answers", "answer_id"),
        _within("staff", "staff_id"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_notes_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
    )
    op.create_index(op.f("ix_notes_interview_id"), "notes", ["interview_id"])
    op.create_index(op.f("ix_notes_organisation_id"), "notes", ["organisation_id"])


def downgrade() -> None:
    op.drop_table("notes")
