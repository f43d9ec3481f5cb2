"""How many more people an agreement takes from a campaign, beside those whom campaigns under way will still invite."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import Session

from interview_ai import database, memoranda
from interview_ai.errors import Conflict
from interview_ai.organisations import Member
from interview_ai.tables import Campaign, CampaignRow, Candidate, Invitation, Memorandum, Opening

UNDER_WAY = ("sending", "paused")


@dataclass(frozen=True, slots=True)
class Room:
    """`left`: how many more people may be invited, None as many as one likes; `waiting`: who are counted off already.

    `needed`: for how many of the campaign's people there must be room.
    """

    left: int | None = None
    waiting: int = 0
    needed: int = 0

    def must_suffice(self) -> None:
        """Raises Conflict (quota) before anything leaves: who comes last must not learn it by getting nothing."""
        if self.left is None or self.needed <= self.left:
            return
        beside = aside = ""
        if self.waiting:
            beside = f" beside the {self.waiting:,} whom your campaigns under way will still invite"
            aside = f"진행 중이거나 멈춘 회차에서 보낼 {self.waiting:,}명을 빼면 "
        raise Conflict(
            f"The agreement with the agency leaves room for {self.left:,} more people{beside}, and {self.needed:,} are "
            f"ready. Send a shorter roster, {'cancel a paused campaign, ' if beside else ''}or ask the agency for a "
            "larger number.",
            f"진흥원과의 협약으로 더 초대할 수 있는 인원은 {aside}{self.left:,}명인데, "
            f"초대할 분이 {self.needed:,}명입니다. 명단을 줄여 다시 올리거나 "
            f"{'멈춘 회차를 취소하거나 ' if aside else ''}진흥원에 인원을 늘려 달라고 요청해 주십시오.",
            code="quota",
        )


def of(session: Session, member: Member, found: Campaign) -> Room:
    """What there is for a campaign beside all others: one to be confirmed, or one that stopped.

    Needs a session for EVERYWHERE.
    """
    opening = session.get_one(Opening, found.opening_id)
    if opening.organisation_id == member.organisation_id:
        return Room()
    rests = memoranda.rests(session, member.organisation_id, opening)
    if not rests:
        return Room()
    behind = {one.id: _waiting(session, one, found) for one, _ in rests}
    left, waiting = min((max(0, rest - behind[one.id]), behind[one.id]) for one, rest in rests)
    return Room(left, waiting, _needed(session, found))


def _others(session: Session, found: Campaign) -> Select[CampaignRow]:
    """Rows of other campaigns that will become invitations: behind the last that did, of openings that take people."""
    behind = and_(CampaignRow.campaign_id == Campaign.id, CampaignRow.row > Campaign.sent_row)
    goes_on = (Opening.state == "open", Opening.deadline > database.now(session))
    return (
        select(CampaignRow)
        .join(Campaign, behind)
        .join(Opening, Opening.id == Campaign.opening_id)
        .where(Campaign.organisation_id == found.organisation_id, Campaign.id != found.id)
        .where(Campaign.state.in_(UNDER_WAY), *goes_on)
        .where(CampaignRow.outcome == "ready")
    )


def _waiting(session: Session, memorandum: Memorandum, found: Campaign) -> int:
    """How many people of one agreement wait; one whom two campaigns name for one opening is one."""
    about = [Opening.programme_id == memorandum.programme_id]
    if memorandum.opening_id is not None:
        about.append(Opening.id == memorandum.opening_id)
    people = _others(session, found).where(*about, ~_invited())
    them = people.with_only_columns(Campaign.opening_id, CampaignRow.email).distinct().subquery()
    return session.scalars(select(func.count()).select_from(them)).one()


def _invited() -> ColumnElement[bool]:
    """Whoever was invited meanwhile needs no room of their own."""
    who = (Candidate.organisation_id == Opening.organisation_id, Candidate.email == CampaignRow.email)
    to = (Invitation.candidate_id == Candidate.id, Invitation.opening_id == Opening.id)
    return exists().where(*who, *to).correlate(Opening, CampaignRow)


def _needed(session: Session, found: Campaign) -> int:
    """The campaign's own people, less those who wait in another one for the same opening."""
    there = _others(session, found).where(Opening.id == found.opening_id)
    ready = (CampaignRow.campaign_id == found.id, CampaignRow.outcome == "ready", CampaignRow.row > found.sent_row)
    # a difference of two sets: asked person by person, 20,000 beside 20,000 took 90 s
    them = select(CampaignRow.email).where(*ready).except_(there.with_only_columns(CampaignRow.email)).subquery()
    return session.scalars(select(func.count()).select_from(them)).one()
