"""Published openings, codes that prove whose a link is, and a memorandum for each university that takes part already."""

import secrets
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from interview_ai.tables import Moment

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

NAMES = sa.table(
    "organisations", sa.column("id", sa.String), sa.column("kind", sa.String), sa.column("begun_at", Moment())
)
STAFF = sa.table("staff", sa.column("organisation_id", sa.String), sa.column("state", sa.String))
PARTNERS = sa.table(
    "programme_partners",
    *(sa.column(name, sa.String) for name in ("organisation_id", "programme_id", "partner_id")),
)
MEMORANDA = sa.table(
    "memoranda",
    *(sa.column(name, sa.String) for name in ("id", "organisation_id", "programme_id", "university_id", "note")),
    sa.column("created_at", Moment()),
)


def upgrade() -> None:
    op.create_table(
        "proof_codes",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("invitation_id", sa.String(32), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("organisation_id", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "invitation_id"],
            ["invitations.organisation_id", "invitations.id"],
            name=op.f("fk_proof_codes_organisation_id_invitation_id_invitations"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_proof_codes_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proof_codes")),
    )
    op.create_index(op.f("ix_proof_codes_invitation_id"), "proof_codes", ["invitation_id"])
    op.create_index(op.f("ix_proof_codes_organisation_id"), "proof_codes", ["organisation_id"])
    op.add_column("openings", sa.Column("published_at", Moment(), nullable=True))
    op.create_index(op.f("ix_openings_published_at"), "openings", ["published_at"])
    op.add_column("organisations", sa.Column("begun_at", Moment(), nullable=True))
    _agree_with_those_who_take_part()
    # whoever works here already needs no list of first steps
    at_work = sa.select(STAFF.c.organisation_id).where(STAFF.c.state == "active")
    op.execute(NAMES.update().where(NAMES.c.id.in_(at_work)).values(begun_at=datetime.now(UTC)))


def _agree_with_those_who_take_part() -> None:
    """Until now every university of a programme might invite to all of it, and it still may."""
    universities = sa.select(NAMES.c.id).where(NAMES.c.kind == "university")
    connection, at = op.get_bind(), datetime.now(UTC)
    joined = connection.execute(sa.select(PARTNERS).where(PARTNERS.c.partner_id.in_(universities))).all()
    made = [
        {
            "id": secrets.token_hex(16),
            "organisation_id": row.organisation_id,
            "programme_id": row.programme_id,
            "university_id": row.partner_id,
            "note": "",
            "created_at": at,
        }
        for row in joined
    ]
    if made:
        connection.execute(MEMORANDA.insert(), made)


def downgrade() -> None:
    op.drop_column("organisations", "begun_at")
    op.drop_index(op.f("ix_openings_published_at"), "openings")
    op.drop_column("openings", "published_at")
    op.drop_table("proof_codes")
