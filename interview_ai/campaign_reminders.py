"""Reminding a campaign's people: who has not opened, begun or finished; rarely and in waking hours."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, func, literal, or_, select, update
from sqlalchemy.orm import Session, aliased

from interview_ai import audit, campaign_drafts, database, messages, opt_outs, reminders
from interview_ai.campaign_drafts import MOST_REMINDERS
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import Conflict, NotFound
from interview_ai.messages import Message
from interview_ai.organisations import Member
from interview_ai.rules.quiet_hours import is_quiet
from interview_ai.tables import Campaign, CampaignRow, Candidate, Interview, Invitation, Mail, Opening, Organisation

KINDS: Final = ("not_opened", "not_begun", "not_finished")
A_ROUND: Final = 50  # in one transaction: nobody who records waits longer than these take
A_CALL_S: Final = 5.0
LEAVING: Final = ("sending", "sent")  # states of campaigns that write to people

Told = aliased(Mail)
Due = Sequence[tuple[Invitation, Candidate, Opening]]


def step() -> int:
    """Reminds whoever is to be reminded of the campaigns that ask for it; returns how many. Safe in many copies."""
    with reading(EVERYWHERE) as session:
        at = database.now(session)
        writes = (Campaign.state.in_(LEAVING), Campaign.channel != "file")
        wanted = select(Campaign).where(Campaign.remind_after_days.is_not(None), *writes)
        awake = [one.id for one in session.scalars(wanted) if not is_quiet(at, one.quiet_from, one.quiet_until)]
    until, reminded = time.monotonic() + A_CALL_S, 0
    for campaign_id in awake:
        for kind in KINDS:
            waited_for = _anybody_is_due(campaign_id, kind)
            while waited_for and time.monotonic() < until and (count := _round(campaign_id, kind)):
                reminded += count
    return reminded


def _anybody_is_due(campaign_id: str, kind: str) -> bool:
    """Asked apart, for mostly nobody is, and looking for them must hold up no writer."""
    with reading(EVERYWHERE) as session:
        return bool(_due_by_itself(session, session.get_one(Campaign, campaign_id), kind))


def _round(campaign_id: str, kind: str) -> int:
    with transaction(EVERYWHERE) as session:
        campaign = session.get_one(Campaign, campaign_id)
        due = _due_by_itself(session, campaign, kind)
        return sum(_remind(session, audit.SERVICE, campaign, kind, one) for one in due)


def _due_by_itself(session: Session, campaign: Campaign, kind: str) -> Due:
    return _due(session, campaign, kind, timedelta(days=max(1, campaign.remind_after_days or 1)))


def change(session: Session, member: Member, campaign_id: str, *, after_days: int | None, most: int) -> None:
    """Another number of days (None: nobody is reminded by itself) and of reminders of one kind to one person, from now
    on. Raises NotFound, Forbidden, Invalid (code: the field), Conflict for a campaign that reminds nobody any more.
    """
    campaign = _own(session, member, campaign_id)
    for fault in campaign_drafts.reminder_faults(after_days, most):
        raise fault
    if campaign.state in ("cancelled", "refused") or campaign.channel == "file":
        raise Conflict(
            "This campaign reminds nobody, so there is nothing to choose.",
            "알림을 보내지 않는 회차여서 정할 것이 없습니다.",
            code="moved",
        )
    campaign.remind_after_days, campaign.most_reminders = after_days, most
    details = {"after_days": after_days, "most": most}
    audit.append(session, member.actor, "campaign reminders changed", f"campaign:{campaign.id}", details=details)


def why_nobody(campaign: Campaign) -> str | None:
    """Why nobody of a campaign can be reminded at all: file, paused, cancelled or early; None: some may be."""
    if campaign.channel == "file":
        return "file"
    if campaign.state in LEAVING:
        return None
    return campaign.state if campaign.state in ("paused", "cancelled") else "early"


def counts(session: Session, member: Member, campaign_id: str) -> dict[str, int]:
    """How many could be reminded now, by the kind of reminder. Needs a session for EVERYWHERE; raises NotFound."""
    campaign = _own(session, member, campaign_id)
    return {kind: len(_willing(session, campaign, _found(session, campaign, kind))) for kind in KINDS}


def held_back(session: Session, member: Member, campaign_id: str) -> dict[str, dict[str, int]]:
    """By the kind of reminder, how many of those whom it is for cannot be reminded now, and why.

    `unsent`: their invitation has not left; `lately`: written to within a day; `rest`: reminded often enough, not
    reached, unwilling or out of time.
    """
    campaign = _own(session, member, campaign_id)
    return {kind: _why_not(session, campaign, kind) for kind in KINDS}


def _why_not(session: Session, campaign: Campaign, kind: str) -> dict[str, int]:
    lately = database.now(session) - reminders.BETWEEN
    wanted = (
        select(
            func.count(),
            func.count().filter(Mail.sent_at.is_(None)),
            func.count().filter(Mail.sent_at.is_not(None), or_(Mail.sent_at > lately, Invitation.reminded_at > lately)),
        )
        .select_from(Invitation)
        .outerjoin(Mail, Mail.cause == literal("invitation:") + Invitation.token_hash)
        .outerjoin(Interview, Interview.invitation_id == Invitation.id)
        .where(Invitation.campaign_id == campaign.id, Invitation.revoked_at.is_(None), _is(kind))
    )
    everybody, unsent, told = session.execute(wanted).one()
    due = len(_willing(session, campaign, _found(session, campaign, kind)))
    found = {"unsent": unsent, "lately": told, "rest": everybody - unsent - told - due}
    return {why: n for why, n in found.items() if n > 0}


def remind(session: Session, member: Member, campaign_id: str, kind: str) -> int:
    """Reminds the next A_ROUND who can be reminded of this; returns how many: 0 when everybody has been.

    In quiet hours the messages wait in the outbox for the morning. Raises NotFound, Forbidden.
    """
    campaign = _own(session, member, campaign_id)
    if kind not in KINDS:
        raise NotFound
    due = _due(session, campaign, kind, reminders.BETWEEN)
    return sum(_remind(session, member.actor, campaign, kind, one) for one in due)


def _own(session: Session, member: Member, campaign_id: str) -> Campaign:
    member.must_be("owner", "recruiter")
    campaign = session.get(Campaign, campaign_id)
    if campaign is None or campaign.organisation_id != member.organisation_id:
        raise NotFound
    return campaign


def _due(session: Session, campaign: Campaign, kind: str, after: timedelta) -> Due:
    """The next round of those who want to hear of it: whoever wants nothing stays among those found."""
    if why_nobody(campaign):
        return []
    beyond = ""
    while found := _found(session, campaign, kind, after, beyond=beyond, most=A_ROUND):
        willing = _willing(session, campaign, found)
        if willing:
            return willing
        beyond = found[-1][0].id
    return []


def _found(
    session: Session,
    campaign: Campaign,
    kind: str,
    after: timedelta = reminders.BETWEEN,
    *,
    beyond: str = "",
    most: int | None = None,
) -> Due:
    """Whose first message left so long ago and who could answer now, by the invitation's id."""
    at = database.now(session)
    first = and_(Mail.cause == literal("invitation:") + Invitation.token_hash, Mail.sent_at <= at - after)
    wanted = (
        select(Invitation, Candidate, Opening)
        .join(Candidate, Candidate.id == Invitation.candidate_id)
        .join(Opening, Opening.id == Invitation.opening_id)
        .join(Mail, first)
        .outerjoin(Interview, Interview.invitation_id == Invitation.id)
        .where(Invitation.campaign_id == campaign.id, Invitation.id > beyond, _is(kind))
        .where(*_can_answer(at), _not_lately(at, after))
        .where(~select(Told.id).where(Told.cause == _cause(kind, campaign.most_reminders)).exists())
        .order_by(Invitation.id)
        .limit(most)
    )
    return [(invitation, candidate, opening) for invitation, candidate, opening in session.execute(wanted)]


def _can_answer(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return Invitation.revoked_at.is_(None), Invitation.expires_at > at, Opening.state == "open"


def _not_lately(at: datetime, after: timedelta) -> ColumnElement[bool]:
    return or_(Invitation.reminded_at.is_(None), Invitation.reminded_at <= at - after)


def _is(kind: str) -> ColumnElement[bool]:
    if kind == "not_finished":
        return Interview.state.not_in(("finished", "withdrawn"))
    opened = Invitation.opened_at.is_not(None) if kind == "not_begun" else Invitation.opened_at.is_(None)
    return and_(Interview.id.is_(None), opened)


def _cause(kind: str, number: int) -> ColumnElement[str]:
    return literal(f"reminder:{kind}:") + Invitation.id + f":{number}"


def _willing(session: Session, campaign: Campaign, found: Due) -> Due:
    """Without those who want no more of it, and whose mails come back."""
    unwanted = opt_outs.among(session, campaign.organisation_id, [candidate.email for _, candidate, _ in found])
    returned = or_(Mail.returned_at.is_not(None), Mail.state == "failed")
    wanted = select(Mail.recipient).where(Mail.campaign_id == campaign.id, returned)
    if len(found) <= A_ROUND:  # theirs by name, which has an index, and not all of the campaign for each round
        wanted = wanted.where(Mail.cause.in_([cause for invitation, *_ in found for cause in _causes(invitation)]))
    unreached = set(session.scalars(wanted))
    return [one for one in found if one[1].email not in unwanted | unreached]


def _causes(invitation: Invitation) -> list[str]:
    """The names of all that a campaign writes to somebody."""
    reminded = [
        f"reminder:{kind}:{invitation.id}:{number}" for kind in KINDS for number in range(1, MOST_REMINDERS + 1)
    ]
    return [f"invitation:{invitation.token_hash}", *reminded]


def _remind(
    session: Session, actor: audit.Actor, campaign: Campaign, kind: str, whom: tuple[Invitation, Candidate, Opening]
) -> int:
    """1, or 0 where somebody else reminded them at this very moment."""
    invitation, candidate, opening = whom
    at = database.now(session)
    mine = update(Invitation).where(Invitation.id == invitation.id, _not_lately(at, reminders.BETWEEN))
    if not database.changed(session, mine.values(reminded_at=at)):
        return 0
    token = reminders.further_link(session, invitation)
    sender = session.get_one(Organisation, campaign.organisation_id)
    phone = select(CampaignRow.phone).where(CampaignRow.invitation_id == invitation.id)
    number = session.scalars(phone.where(CampaignRow.campaign_id == campaign.id)).first()
    message = Message(kind, sender, opening, candidate, invitation, token, campaign, number)
    messages.send(session, message, cause=f"reminder:{kind}:{invitation.id}:{_next(session, invitation, kind)}")
    audit.append(
        session,
        actor,
        "candidate reminded",
        f"invitation:{invitation.id}",
        organisation_id=invitation.organisation_id,
        person=candidate.person,
        details={"kind": kind},
    )
    return 1


def _next(session: Session, invitation: Invitation, kind: str) -> int:
    causes = [f"reminder:{kind}:{invitation.id}:{number}" for number in range(1, MOST_REMINDERS + 1)]
    return 1 + (session.scalar(select(func.count()).select_from(Mail).where(Mail.cause.in_(causes))) or 0)
