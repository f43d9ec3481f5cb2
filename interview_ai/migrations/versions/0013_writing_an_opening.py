"""Reviewers of an opening, recorded questions, further links to an invitation and when somebody was reminded."""

import sqlalchemy as sa
from alembic import op

from interview_ai.tables import Moment

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def _within(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id", column],
        [f"{target}.organisation_id", f"{target}.id"],
        name=op.f(f"fk_{table}_organisation_id_{column}_{target}"),
    )


def _tenant(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("organisation_id", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f(f"fk_{table}_organisation_id_organisations")
        ),
    ]


def upgrade() -> None:
    op.create_table(
        "opening_reviewers",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("opening_id", sa.String(32), nullable=False),
        sa.Column("staff_id", sa.String(32), nullable=False),
        *_tenant("opening_reviewers"),
        _within("opening_reviewers", "opening_id", "openings"),
        _within("opening_reviewers", "staff_id", "staff"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_reviewers")),
        sa.UniqueConstraint("opening_id", "staff_id", name=op.f("uq_opening_reviewers_opening_id_staff_id")),
    )
    for column in ("opening_id", "staff_id", "organisation_id"):
        op.create_index(op.f(f"ix_opening_reviewers_{column}"), "opening_reviewers", [column])
    op.create_table(
        "prompts",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("question_id", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_token", sa.String(32), nullable=True),
        sa.Column("next_at", Moment(), nullable=False),
        sa.Column("fault", sa.String(24), nullable=True),
        sa.Column("playable_key", sa.Text(), nullable=True),
        sa.Column("poster_key", sa.Text(), nullable=True),
        sa.Column("duration_s", sa.Double(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        *_tenant("prompts"),
        _within("prompts", "question_id", "questions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompts")),
        sa.UniqueConstraint("question_id", name=op.f("uq_prompts_question_id")),
    )
    op.create_index(op.f("ix_prompts_organisation_id"), "prompts", ["organisation_id"])
    op.create_index("ix_prompts_due", "prompts", ["state", "next_at"])
    op.create_table(
        "further_links",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("invitation_id", sa.String(32), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        *_tenant("further_links"),
        _within("further_links", "invitation_id", "invitations"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_further_links")),
    )
    op.create_index(op.f("ix_further_links_invitation_id"), "further_links", ["invitation_id"])
    op.create_index(op.f("ix_further_links_organisation_id"), "further_links", ["organisation_id"])
    with op.batch_alter_table("invitations") as invitations:
        invitations.add_column(sa.Column("reminded_at", Moment(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("invitations") as invitations:
        invitations.drop_column("reminded_at")
    op.drop_table("further_links")
    op.drop_table("prompts")
    op.drop_table("opening_reviewers")
