"""What stands still in an agency's region, the oldest first: what it is, since when, and who can do something about it.

Counts and names of organisations only; no candidate is named here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from interview_ai import database, memoranda, programmes
from interview_ai.organisations import Member
from interview_ai.region import Cell, own
from interview_ai.rules.evidence import Bilingual
from interview_ai.tables import (
    Answer,
    Campaign,
    CampaignRow,
    Interview,
    Invitation,
    Mail,
    Memorandum,
    Opening,
    Organisation,
    PartnerRequest,
    Programme,
    StandingRow,
)

WAITS = timedelta(days=7)
HANDED_WITHIN = GOES_ON_WITHIN = timedelta(days=1)
ANSWERED_WITHIN = CLOSED_FOR = timedelta(days=3)
"""How long something may stand before it is stuck: a link that nobody takes and a campaign that somebody paused a day,
a request to take part, an answer that waits for a person and candidates of a closed opening three, others a week."""
MANY_RETURNED = 5
MANY_SHARE = 0.05
"""From so many mails that came back, and from such a share of those that left, somebody should look at the roster."""
Kind = Literal[
    "rating",
    "decision",
    "closed",
    "person",
    "paused",
    "quota",
    "memorandum",
    "stopped",
    "unhanded",
    "returned",
    "full",
    "unanswered",
]


@dataclass(frozen=True, slots=True)
class Stuck:
    """One thing that stands still. `who` can act; `what` is the opening, the campaign or the programme.

    `of`: out of how many; `reasons`: how many answers wait for a person, by the reason's code.
    """

    kind: Kind
    who: Bilingual
    what: Bilingual
    n: int
    since: datetime
    of: int = 0
    reasons: tuple[tuple[str, int], ...] = ()


def stuck(session: Session, member: Member, counted: Sequence[Cell]) -> list[Stuck]:
    """All of it, the oldest first; `counted` are the region's own counts. Needs a session for EVERYWHERE."""
    at = database.now(session)
    reasons = _for_a_person(session, member)
    undecided = _undecided(session, member, at, reasons)
    found = [
        *undecided,
        *(one for one in reasons.values() if one.since < at - ANSWERED_WITHIN),
        *_paused(session, member, at),
        *_unhanded(session, member, at),
        *_returned(session, member),
        *_full(session, member, counted),
        *_unanswered(session, member, at),
    ]
    return sorted(found, key=lambda one: (one.since, one.kind, one.who.ko, one.what.ko))


UNDECIDED = ("begun", "working", "ready")
"""The stages of the ranked list before a decision; it is counted by them, so that they have an index."""
OPENING = (Opening.title_ko, Opening.title_en, Organisation.name_ko, Organisation.name_en)


def _of_openings(member: Member, *columns: Any) -> Select[Any]:
    """Sums by opening over its finished interviews without a decision."""
    return (
        select(*OPENING, *columns)
        .select_from(Opening)
        .join(Organisation, Organisation.id == Opening.organisation_id)
        .join(StandingRow, StandingRow.opening_id == Opening.id)
        .join(Interview, Interview.id == StandingRow.interview_id)
        .where(own(member), StandingRow.stage.in_(UNDECIDED), Interview.state == "finished")
        .group_by(Opening.id, Organisation.id)
    )


def _undecided(session: Session, member: Member, at: datetime, for_a_person: dict[str, Stuck]) -> list[Stuck]:
    """Who waits longer than a week for a rating or a decision; three days after an opening's deadline, everybody.

    What answers of the same opening wait for is said in the same place, and taken out of `for_a_person`.
    """
    closed_by = at - CLOSED_FOR
    closed = Opening.deadline <= closed_by
    unrated = case((StandingRow.raters == 0, 1), else_=0)
    counts = (Opening.deadline, func.count(Interview.id), func.sum(unrated), func.min(Interview.finished_at))
    wanted = _of_openings(member, Opening.id, *counts).where(or_(closed, Interview.finished_at < at - WAITS))
    found = []
    for ko, en, by_ko, by_en, opening_id, deadline, n, without, since in session.execute(wanted):
        what, who = Bilingual(ko, en), Bilingual(by_ko, by_en)
        waiting = for_a_person.pop(opening_id, None) if without else None
        reasons = waiting.reasons if waiting else ()
        if deadline <= closed_by:
            found.append(Stuck("closed", who, what, n, since=deadline, of=without, reasons=reasons))
        elif without:
            found.append(Stuck("rating", who, what, without, since=since, of=n, reasons=reasons))
        else:
            found.append(Stuck("decision", who, what, n, since=since))
    return found


def _for_a_person(session: Session, member: Member) -> dict[str, Stuck]:
    """By opening the answers without a score that nobody has rated yet; who chose people only is among them."""
    code = func.coalesce(Answer.reason_code, "")
    # not by its index: before PostgreSQL has counted the rows, it reads all that wait anew for each interview
    waits = func.coalesce(Answer.state, "") == "needs_person"
    counted = _of_openings(member, Opening.id, code, func.count(Answer.id), func.min(Answer.received_at))
    wanted = (
        counted.join(Answer, Answer.interview_id == Interview.id)
        .where(waits, StandingRow.raters == 0, Answer.received_at.is_not(None))
        .group_by(code)
    )
    rows: dict[str, list[Any]] = {}
    for row in session.execute(wanted):
        rows.setdefault(row[4], []).append(row)
    return {opening_id: _waiting(of_one) for opening_id, of_one in rows.items()}


def _waiting(rows: list[Any]) -> Stuck:
    ko, en, by_ko, by_en = rows[0][:4]
    reasons = sorted(((reason, n) for *_, reason, n, _ in rows), key=lambda pair: (-pair[1], pair[0]))
    n, since = sum(n for _, n in reasons), min(row[-1] for row in rows)
    return Stuck("person", Bilingual(by_ko, by_en), Bilingual(ko, en), n, since=since, reasons=tuple(reasons))


def _campaigns(member: Member, *columns: Any) -> Select[Any]:
    return (
        select(Campaign.name, Organisation.name_ko, Organisation.name_en, *columns)
        .join(Opening, Opening.id == Campaign.opening_id)
        .join(Organisation, Organisation.id == Campaign.organisation_id)
        .where(own(member))
    )


def _paused(session: Session, member: Member, at: datetime) -> Iterator[Stuck]:
    """Campaigns that a person paused, and those that stopped because nobody more may be invited, with the reason."""
    invited = select(func.count(Invitation.id)).where(Invitation.campaign_id == Campaign.id).scalar_subquery()
    waiting = (CampaignRow.campaign_id == Campaign.id, CampaignRow.outcome == "ready")
    left = select(func.count(CampaignRow.id)).where(*waiting, CampaignRow.invitation_id.is_(None)).scalar_subquery()
    wanted = _campaigns(member, Campaign, Opening, invited, left).where(Campaign.state == "paused")
    for name, ko, en, campaign, opening, n, rest in session.execute(wanted):
        why = _why_stopped(session, campaign, opening) if campaign.fault else "paused"
        since = campaign.next_at if campaign.fault else campaign.confirmed_at or campaign.created_at
        if not campaign.fault and since > at - GOES_ON_WITHIN:
            continue
        count, of = (n, campaign.rows_total or 0) if why == "paused" else (rest, 0)
        yield Stuck(why, Bilingual(ko, en), Bilingual(name, name), count, since=since, of=of)


def _why_stopped(session: Session, campaign: Campaign, opening: Opening) -> Kind:
    """What still keeps a stopped campaign from going on; "paused" once nothing does but somebody's word."""
    goes_on = session.scalars(select(programmes.goes_on()).where(Opening.id == opening.id)).one()
    if opening.state != "open" or opening.deadline <= database.now(session) or not goes_on:
        return "stopped"
    if campaign.organisation_id == opening.organisation_id:
        return "paused"
    agreed = memoranda.terms(session, campaign.organisation_id, opening)
    if not agreed.may:
        return "memorandum"
    return "quota" if agreed.left == 0 else "paused"


def _unhanded(session: Session, member: Member, at: datetime) -> Iterator[Stuck]:
    """Campaigns whose links are made to be handed over, and nobody has taken the file."""
    invited = select(func.count(Invitation.id)).where(Invitation.campaign_id == Campaign.id).scalar_subquery()
    waiting = (Campaign.channel == "file", Campaign.state == "sent", Campaign.files_taken == 0)
    late = Campaign.finished_at < at - HANDED_WITHIN
    wanted = _campaigns(member, invited, Campaign.finished_at).where(*waiting, late, invited > 0)
    for name, ko, en, n, since in session.execute(wanted):
        yield Stuck("unhanded", Bilingual(ko, en), Bilingual(name, name), n, since=since)


def _returned(session: Session, member: Member) -> Iterator[Stuck]:
    """Campaigns of whose mails many came back."""
    back = func.sum(case((Mail.returned_at.is_not(None), 1), else_=0))
    left = func.sum(case((Mail.state == "sent", 1), else_=0))
    wanted = (
        _campaigns(member, back, left, func.min(Mail.returned_at))
        .join(Mail, Mail.campaign_id == Campaign.id)
        .group_by(Campaign.id, Campaign.name, Organisation.id)
        .having(and_(back >= MANY_RETURNED, back >= MANY_SHARE * left))
    )
    for name, ko, en, n, of, since in session.execute(wanted):
        yield Stuck("returned", Bilingual(ko, en), Bilingual(name, name), n, since=since, of=of)


def _full(session: Session, member: Member, counted: Sequence[Cell]) -> Iterator[Stuck]:
    """Memoranda whose university has invited as many as was agreed."""
    wanted = (
        select(Memorandum, Organisation, Programme, Opening)
        .join(Programme, Programme.id == Memorandum.programme_id)
        .join(Organisation, Organisation.id == Memorandum.university_id)
        .outerjoin(Opening, Opening.id == Memorandum.opening_id)
        .where(
            Memorandum.organisation_id == member.organisation_id,
            Memorandum.ended_at.is_(None),
            Memorandum.quota.is_not(None),
        )
    )
    for agreed, university, programme, opening in session.execute(wanted):
        theirs = [cell for cell in counted if _is_meant(agreed, cell)]
        n, quota = memoranda.used(session, agreed), agreed.quota or 0
        if theirs and n >= quota:
            what = Bilingual(opening.title_ko, opening.title_en) if opening else _name(programme)
            yield Stuck("full", _name(university), what, n, since=max(cell.last_at for cell in theirs), of=quota)


def _is_meant(agreed: Memorandum, cell: Cell) -> bool:
    whose = (cell.inviter_id, cell.programme_id) == (agreed.university_id, agreed.programme_id)
    return whose and agreed.opening_id in (None, cell.opening_id)


def _name(named: Organisation | Programme | PartnerRequest) -> Bilingual:
    return Bilingual(named.name_ko, named.name_en)


def _unanswered(session: Session, member: Member, at: datetime) -> Iterator[Stuck]:
    """Requests to take part that nobody has answered for three days."""
    wanted = select(PartnerRequest, Programme).join(Programme, Programme.id == PartnerRequest.programme_id)
    asked_before = PartnerRequest.created_at < at - ANSWERED_WITHIN
    waiting = (PartnerRequest.state == "waiting", asked_before, Programme.closed_at.is_(None))
    for request, programme in session.execute(
        wanted.where(Programme.organisation_id == member.organisation_id, *waiting)
    ):
        yield Stuck("unanswered", _name(request), _name(programme), 1, since=request.created_at)
