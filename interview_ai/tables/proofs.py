"""Codes that were mailed to an invited address, so that whoever holds the link can show that it is theirs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from interview_ai.tables.ground import Table, Tenanted, created_column, id_column, within


class ProofCode(Tenanted, Table):
    """One mailed code, as a keyed digest. Only the newest of an invitation counts; `failures` are wrong tries of it."""

    __tablename__ = "proof_codes"
    __table_args__ = (within("invitations", "invitation_id"),)
    id: Mapped[str] = id_column()
    invitation_id: Mapped[str] = mapped_column(String(32), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    failures: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = created_column()
