"""Requests to take part in a programme, and when a partner left; whoever has not joined yet is asked from now on."""

import secrets
from typing import Any

import sqlalchemy as sa
from alembic import op

from interview_ai.tables import Moment

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

ORGANISATIONS = sa.table("organisations", *(sa.column(name, sa.String) for name in ("id", "kind", "name_ko", "name_en")))
STAFF = sa.table(
    "staff",
    *(sa.column(name, sa.String) for name in ("organisation_id", "email", "name", "language", "state")),
    sa.column("password_hash", sa.String),
    sa.column("created_at", Moment()),
)
PARTNERS = sa.table(
    "programme_partners", *(sa.column(name, sa.String) for name in ("id", "organisation_id", "programme_id", "partner_id"))
)
REQUESTS = sa.table(
    "partner_requests",
    *(sa.column(name, sa.String) for name in ("id", "organisation_id", "programme_id", "kind", "name_ko", "name_en")),
    *(sa.column(name, sa.String) for name in ("owner_name", "owner_email", "language", "partner_id", "state")),
    sa.column("founds", sa.Boolean),
    sa.column("created_at", Moment()),
)


def upgrade() -> None:
    _make_requests()
    op.add_column("programme_partners", sa.Column("left_at", Moment(), nullable=True))
    _ask_those_who_have_not_joined()


def _make_requests() -> None:
    op.create_table(
        "partner_requests",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("programme_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("name_ko", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("owner_name", sa.Text(), nullable=False),
        sa.Column("owner_email", sa.String(254), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("partner_id", sa.String(32), nullable=True),
        sa.Column("founds", sa.Boolean(), nullable=False),
        sa.Column("asked_by", sa.String(32), nullable=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("organisation_id", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "programme_id"],
            ["programmes.organisation_id", "programmes.id"],
            name=op.f("fk_partner_requests_organisation_id_programme_id_programmes"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "asked_by"],
            ["staff.organisation_id", "staff.id"],
            name=op.f("fk_partner_requests_organisation_id_asked_by_staff"),
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisations.id"], name=op.f("fk_partner_requests_partner_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_partner_requests_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_requests")),
    )
    for column in ("organisation_id", "programme_id", "partner_id"):
        op.create_index(op.f(f"ix_partner_requests_{column}"), "partner_requests", [column])
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "uq_partner_requests_waiting",
        "partner_requests",
        ["programme_id", "owner_email"],
        unique=True,
        sqlite_where=waiting,
        postgresql_where=waiting,
    )


def _ask_those_who_have_not_joined() -> None:
    """Partners whose first owner has set no password yet: they answer when they have. Their memoranda stay."""
    connection = op.get_bind()
    joined = sa.or_(STAFF.c.password_hash.is_not(None), STAFF.c.state != "invited")
    at_work = sa.select(STAFF.c.organisation_id).where(joined)
    whose = (STAFF.c.organisation_id == ORGANISATIONS.c.id) & (PARTNERS.c.partner_id == ORGANISATIONS.c.id)
    wanted = (
        sa.select(PARTNERS, ORGANISATIONS.c.kind, ORGANISATIONS.c.name_ko, ORGANISATIONS.c.name_en)
        .add_columns(STAFF.c.name, STAFF.c.email, STAFF.c.language, STAFF.c.created_at)
        .where(whose, ORGANISATIONS.c.id.not_in(at_work))
        .order_by(STAFF.c.created_at)
    )
    first = {row.id: row for row in reversed(connection.execute(wanted).all())}
    if first:
        connection.execute(REQUESTS.insert(), [_request(row) for row in first.values()])
        connection.execute(PARTNERS.delete().where(PARTNERS.c.id.in_(list(first))))


def _request(row: sa.Row[Any]) -> dict[str, Any]:
    return {
        "id": secrets.token_hex(16),
        "organisation_id": row.organisation_id,
        "programme_id": row.programme_id,
        "kind": row.kind,
        "name_ko": row.name_ko,
        "name_en": row.name_en,
        "owner_name": row.name,
        "owner_email": row.email,
        "language": row.language,
        "partner_id": row.partner_id,
        "state": "waiting",
        "founds": True,
        "created_at": row.created_at,
    }


def downgrade() -> None:
    op.drop_column("programme_partners", "left_at")
    op.drop_table("partner_requests")
