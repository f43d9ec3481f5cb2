"""Segments know their run and seconds, answers where segments join, mails carry receipts; incidents are kept."""

import sqlalchemy as sa
from alembic import op

from interview_ai.tables import Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("segments") as segments:
        segments.add_column(sa.Column("run", sa.String(64), nullable=True))
        segments.add_column(sa.Column("starts_s", sa.Double(), nullable=False, server_default="0"))
        segments.add_column(sa.Column("ends_s", sa.Double(), nullable=False, server_default="0"))
        segments.add_column(sa.Column("heard_at", Moment(), nullable=True))
        segments.add_column(sa.Column("metadata_header", sa.Text(), nullable=True))
        segments.add_column(sa.Column("dropped_at", Moment(), nullable=True))
        segments.create_unique_constraint("uq_segments_run", ["answer_id", "run"])
    op.add_column("answers", sa.Column("joins", sa.JSON(), nullable=True))
    op.add_column("outbox", sa.Column("attachments", sa.JSON(), nullable=True))
    op.create_table(
        "incidents",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("interview_id", sa.String(32), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("fault", sa.String(16), nullable=False),
        sa.Column("began_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=False),
        sa.Column("at_s", sa.Double(), nullable=False),
        sa.Column("noticed_at", Moment(), nullable=False),
        sa.Column("organisation_id", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "interview_id"],
            ["interviews.organisation_id", "interviews.id"],
            name=op.f("fk_incidents_organisation_id_interview_id_interviews"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_incidents_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
        sa.UniqueConstraint("interview_id", "key", name=op.f("uq_incidents_interview_id_key")),
    )
    op.create_index(op.f("ix_incidents_interview_id"), "incidents", ["interview_id"])
    op.create_index(op.f("ix_incidents_organisation_id"), "incidents", ["organisation_id"])


def downgrade() -> None:
    op.drop_table("incidents")
    op.drop_column("outbox", "attachments")
    op.drop_column("answers", "joins")
    with op.batch_alter_table("segments") as segments:
        segments.drop_constraint("uq_segments_run", type_="unique")
        for name in ("dropped_at", "metadata_header", "heard_at", "ends_s", "starts_s", "run"):
            segments.drop_column(name)
