"""Decisions can be taken back until a letter left, openings have letters of their own, people override suggestions."""

import sqlalchemy as sa
from alembic import op

from interview_ai.tables import Moment

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def _within(own: str, table: str, column: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{own}_organisation_id_{column}_{table}")
    return sa.ForeignKeyConstraint(["organisation_id", column], [f"{table}.organisation_id", f"{table}.id"], name=name)


def _tenant(own: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{own}_organisation_id_organisations")
    return sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=name)


def upgrade() -> None:
    op.add_column("openings", sa.Column("contact", sa.Text(), nullable=True))
    with op.batch_alter_table("decisions") as decisions:
        decisions.add_column(sa.Column("withdrawn_at", Moment(), nullable=True))
        decisions.add_column(sa.Column("withdrawn_by", sa.String(32), nullable=True))
        decisions.add_column(sa.Column("withdrawn_reason", sa.Text(), nullable=True))
        decisions.create_unique_constraint(op.f("uq_decisions_organisation_id_id"), ["organisation_id", "id"])
        decisions.create_foreign_key(
            op.f("fk_decisions_organisation_id_withdrawn_by_staff"),
            "staff",
            ["organisation_id", "withdrawn_by"],
            ["organisation_id", "id"],
        )
    _overrides()
    _letters()
    _letter_texts()


def _overrides() -> None:
    op.create_table(
        "overrides",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("interview_id", sa.String(32), nullable=False),
        sa.Column("staff_id", sa.String(32), nullable=False),
        sa.Column("criterion", sa.String(64), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("original", sa.JSON(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.Column("withdrawn_by", sa.String(32), nullable=True),
        sa.Column("organisation_id", sa.String(32), nullable=False),
        _within("overrides", "interviews", "interview_id"),
        _within("overrides", "staff", "staff_id"),
        _within("overrides", "staff", "withdrawn_by"),
        _tenant("overrides"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overrides")),
    )
    op.create_index(op.f("ix_overrides_interview_id"), "overrides", ["interview_id"])
    op.create_index(op.f("ix_overrides_organisation_id"), "overrides", ["organisation_id"])


def _letters() -> None:
    op.create_table(
        "letters",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("interview_id", sa.String(32), nullable=False),
        sa.Column("decision_id", sa.String(32), nullable=False),
        sa.Column("staff_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("organisation_id", sa.String(32), nullable=False),
        _within("letters", "interviews", "interview_id"),
        _within("letters", "decisions", "decision_id"),
        _within("letters", "staff", "staff_id"),
        _tenant("letters"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_letters_decision_id")),
    )
    op.create_index(op.f("ix_letters_interview_id"), "letters", ["interview_id"])
    op.create_index(op.f("ix_letters_organisation_id"), "letters", ["organisation_id"])


def _letter_texts() -> None:
    op.create_table(
        "letter_texts",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("opening_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.String(32), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("organisation_id", sa.String(32), nullable=False),
        _within("letter_texts", "openings", "opening_id"),
        _within("letter_texts", "staff", "staff_id"),
        _tenant("letter_texts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_texts")),
        sa.UniqueConstraint(
            "opening_id", "kind", "language", name=op.f("uq_letter_texts_opening_id_kind_language")
        ),
    )
    op.create_index(op.f("ix_letter_texts_organisation_id"), "letter_texts", ["organisation_id"])


def downgrade() -> None:
    for table in ("letter_texts", "letters", "overrides"):
        op.drop_table(table)
    with op.batch_alter_table("decisions") as decisions:
        decisions.drop_constraint(op.f("fk_decisions_organisation_id_withdrawn_by_staff"), type_="foreignkey")
        decisions.drop_constraint(op.f("uq_decisions_organisation_id_id"), type_="unique")
        for name in ("withdrawn_reason", "withdrawn_by", "withdrawn_at"):
            decisions.drop_column(name)
    op.drop_column("openings", "contact")
