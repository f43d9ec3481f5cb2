"""Where every interview stands with the counts of each opening, and the words by which answers are found.

Filled by `standings.fill`, which `migrate` calls afterwards.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# SQLite's text index knows a row by its number; the triggers let it follow the table
FOLLOWS = (
    "CREATE VIRTUAL TABLE search_index USING fts5"
    "(terms, content='search_entries', content_rowid='id', detail='none', columnsize=0, tokenize='unicode61 remove_diacritics 0')",
    "CREATE TRIGGER search_entries_added AFTER INSERT ON search_entries BEGIN "
    "INSERT INTO search_index (rowid, terms) VALUES (new.id, new.terms); END",
    "CREATE TRIGGER search_entries_gone AFTER DELETE ON search_entries BEGIN "
    "INSERT INTO search_index (search_index, rowid, terms) VALUES ('delete', old.id, old.terms); END",
    "CREATE TRIGGER search_entries_changed AFTER UPDATE ON search_entries BEGIN "
    "INSERT INTO search_index (search_index, rowid, terms) VALUES ('delete', old.id, old.terms); "
    "INSERT INTO search_index (rowid, terms) VALUES (new.id, new.terms); END",
)
GIN = "CREATE INDEX ix_search_entries_terms ON search_entries USING gin (array_to_tsvector(string_to_array(terms, ' ')))"


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def _owner(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_organisation_id_organisations")
    return sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=name)


def _within(table: str, column: str, other: str, named: str = "id") -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_organisation_id_{column}_{other}")
    return sa.ForeignKeyConstraint(
        ["organisation_id", column], [f"{other}.organisation_id", f"{other}.{named}"], name=name
    )


def _standings() -> None:
    points: list[sa.Column[float]] = [sa.Column(name, sa.Double(), nullable=True) for name in ("points", "low", "high", "given_low", "given_high")]
    op.create_table(
        "standings",
        sa.Column("interview_id", sa.String(32), nullable=False),
        sa.Column("opening_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("mode", sa.String(8), nullable=False),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("scored", sa.Integer(), nullable=False),
        sa.Column("quotes", sa.Integer(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        *points,
        sa.Column("by", sa.String(16), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("reason_code", sa.String(32), nullable=True),
        sa.Column("raters", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(16), nullable=True),
        sa.Column("lot", sa.Integer(), nullable=False),
        sa.Column("shuffle", sa.BigInteger(), nullable=False),
        sa.Column("doubtful", sa.Boolean(), nullable=False),
        sa.Column("contradicted", sa.Boolean(), nullable=False),
        sa.Column("organisation_id", sa.String(32), nullable=False),
        _within("standings", "interview_id", "interviews"),
        _within("standings", "opening_id", "openings"),
        _owner("standings"),
        _key("standings", "interview_id"),
        sa.UniqueConstraint("organisation_id", "interview_id", name=op.f("uq_standings_organisation_id_interview_id")),
        sa.UniqueConstraint("opening_id", "number", name=op.f("uq_standings_opening_id_number")),
    )
    op.create_index("ix_standings_band", "standings", ["opening_id", "high", "lot"])
    op.create_index("ix_standings_lot", "standings", ["opening_id", "lot", "high"])
    op.create_index("ix_standings_stage", "standings", ["opening_id", "stage", "number"])


def _points(table: str, name: str, width: int, index: str) -> None:
    """Points of one interview by somebody or for something."""
    op.create_table(
        table,
        sa.Column("interview_id", sa.String(32), nullable=False),
        sa.Column(name, sa.String(width), nullable=False),
        sa.Column("opening_id", sa.String(32), nullable=False),
        sa.Column("points", sa.Double(), nullable=False),
        sa.Column("organisation_id", sa.String(32), nullable=False),
        _within(table, "interview_id", "standings", "interview_id"),
        _owner(table),
        _key(table, "interview_id", name),
    )
    op.create_index(index, table, ["opening_id", name, "points"])


def _counts() -> None:
    whose = [sa.Column(name, sa.String(32), nullable=False) for name in ("opening_id", "organisation_id")]
    op.create_table(
        "rank_counts",
        whose[0],
        sa.Column("by", sa.String(16), nullable=False),
        sa.Column("points", sa.Double(), nullable=False),
        sa.Column("high", sa.Double(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        whose[1],
        _within("rank_counts", "opening_id", "openings"),
        _owner("rank_counts"),
        _key("rank_counts", "opening_id", "by", "points", "high"),
    )
    op.create_table(
        "tallies",
        sa.Column("opening_id", sa.String(32), nullable=False),
        sa.Column("what", sa.String(48), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.String(32), nullable=False),
        _within("tallies", "opening_id", "openings"),
        _owner("tallies"),
        _key("tallies", "opening_id", "what"),
    )


def _search() -> None:
    op.create_table(
        "search_entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("answer_id", sa.String(32), nullable=False),
        sa.Column("interview_id", sa.String(32), nullable=False),
        sa.Column("opening_id", sa.String(32), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("hidden", sa.JSON(), nullable=False),
        sa.Column("organisation_id", sa.String(32), nullable=False),
        _within("search_entries", "answer_id", "answers"),
        _owner("search_entries"),
        _key("search_entries", "id"),
        sa.UniqueConstraint("answer_id", name=op.f("uq_search_entries_answer_id")),
    )
    op.create_index(op.f("ix_search_entries_interview_id"), "search_entries", ["interview_id"])
    for statement in FOLLOWS if op.get_bind().dialect.name == "sqlite" else (GIN,):
        op.execute(statement)


def upgrade() -> None:
    _standings()
    _points("own_points", "staff_id", 32, "ix_own_points_staff")
    _points("criterion_points", "criterion", 64, "ix_criterion_points_points")
    _counts()
    _search()
    for table in ("standings", "own_points", "criterion_points", "rank_counts", "tallies", "search_entries"):
        op.create_index(op.f(f"ix_{table}_organisation_id"), table, ["organisation_id"])
    # counts invitations without reading one
    op.create_index("ix_invitations_counted", "invitations", ["organisation_id", "opening_id"])


def downgrade() -> None:
    op.drop_index("ix_invitations_counted", "invitations")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_index")
    for table in ("search_entries", "tallies", "rank_counts", "criterion_points", "own_points", "standings"):
        op.drop_table(table)
