"""To which openings an organisation may invite now, as the form of a campaign offers them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from interview_ai import database, memoranda, overviews
from interview_ai.errors import Forbidden
from interview_ai.organisations import Member
from interview_ai.rules.evidence import Bilingual
from interview_ai.tables import Opening, Programme


@dataclass(frozen=True, slots=True)
class Choice:
    """An opening to which a member may invite now."""

    id: str
    title: Bilingual
    employer: Bilingual
    deadline: datetime
    programme: Bilingual | None = None


def may_invite(member: Member) -> None:
    """Raises Forbidden for whoever runs no campaigns."""
    if member.organisation_kind not in ("employer", "university"):
        raise Forbidden("An agency invites nobody itself.", "진흥원은 직접 초대하지 않습니다.")
    member.must_be("owner", "recruiter")


def choices(session: Session, member: Member) -> list[Choice]:
    """The openings to which the member may invite now: of the university's programmes, or the employer's own."""
    may_invite(member)
    if member.organisation_kind == "university":
        lines = [line for line in overviews.university(session, member) if line.takes_invitations]
        agreed = memoranda.terms_of(session, member.organisation_id, [line.opening_id for line in lines])
        lines = [line for line in lines if agreed[line.opening_id].may and agreed[line.opening_id].left != 0]
        names = _programmes_of(session, [line.opening_id for line in lines])
        found = [
            Choice(line.opening_id, line.title, line.employer, line.deadline, names.get(line.opening_id))
            for line in lines
        ]
        return sorted(found, key=lambda one: (one.deadline, one.id))
    open_now = (Opening.organisation_id == member.organisation_id, Opening.state == "open")
    wanted = select(Opening).where(*open_now, Opening.deadline > database.now(session))
    own_ones = session.scalars(wanted.order_by(Opening.deadline, Opening.id)).all()
    names = _programmes_of(session, [one.id for one in own_ones])
    return [
        Choice(one.id, Bilingual(one.title_ko, one.title_en), member.organisation_name, one.deadline, names.get(one.id))
        for one in own_ones
    ]


def _programmes_of(session: Session, opening_ids: list[str]) -> dict[str, Bilingual]:
    """The programme of each opening that belongs to one."""
    wanted = select(Opening.id, Programme.name_ko, Programme.name_en).join(
        Programme, Programme.id == Opening.programme_id
    )
    return {key: Bilingual(ko, en) for key, ko, en in session.execute(wanted.where(Opening.id.in_(opening_ids)))}
