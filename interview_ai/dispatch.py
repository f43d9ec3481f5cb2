"""Turns the rows of a confirmed campaign into invitations, a few at a time: never faster than it says, never twice.

A row's invitation and how far the campaign is are written in one transaction, so that a kill at any place costs
nothing, and pausing is nothing but not going on.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from interview_ai import acting, audit, campaign_drafts, campaign_rows, database, openings, opt_outs, webhook_events
from interview_ai.campaign_drafts import FASTEST
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import Conflict, InterviewError
from interview_ai.openings import Within
from interview_ai.organisations import Member
from interview_ai.rules import pace, quiet_hours
from interview_ai.rules.evidence import Bilingual
from interview_ai.tables import Campaign, CampaignRow, Opening, Organisation, Staff

A_ROUND = 50  # invitations in one transaction: nobody who records waits longer than these take
LONGEST_S = 1.0  # of one step over all campaigns: mails are to leave in between
STOPPED: Final = {
    "quota": Bilingual(
        "진흥원과 정한 인원을 모두 초대하여, 남은 분은 초대하지 않고 멈췄습니다. 진흥원에 협약 인원을 늘려 달라고 "
        "요청하고, 늘어나면 여기에서 이어 가십시오.",
        "As many as agreed with the agency are invited, so it has stopped before the rest. Ask the agency for a larger "
        "number in the memorandum; once it is raised, go on here.",
    ),
    "memorandum": Bilingual(
        "진흥원과의 협약이 끝나, 남은 분은 초대하지 않고 멈췄습니다. 진흥원에 협약을 늘리거나 새로 맺어 달라고 "
        "요청하고, 협약이 생기면 여기에서 이어 가십시오.",
        "The agreement with the agency has ended, so it has stopped before the rest. Ask the agency to extend the "
        "memorandum or to make a new one; once it holds, go on here.",
    ),
    "closed": Bilingual(
        "채용공고나 사업이 마감되어, 남은 분은 초대하지 않고 멈췄습니다. 공고의 기한은 기업이 늘릴 수 있고, 사업은 "
        "진흥원이 다시 열 수 있습니다. 그런 뒤에 여기에서 이어 가십시오.",
        "The opening or its programme is closed, so it has stopped before the rest. The employer can extend the "
        "opening and the agency can open the programme again; then go on here.",
    ),
    "left": Bilingual(
        "기업이 이 사업에 더 이상 참여하지 않아, 남은 분은 초대하지 않고 멈췄습니다. 진흥원에 문의해 주십시오.",
        "The employer takes part in the programme no more, so it has stopped before the rest. Ask the agency.",
    ),
}
"""Why nobody more can be invited, by the code of the refusal, and who can do something about it."""
OTHERWISE: Final = Bilingual(
    "이 공고에는 더 이상 초대할 수 없어, 남은 분은 초대하지 않고 멈췄습니다. 사업 참여가 끝났을 수 있습니다. "
    "진흥원에 문의해 주십시오.",
    "Nobody can be invited to this opening any more, so it has stopped before the rest. Perhaps your part in the "
    "programme has ended. Ask the agency.",
)


def step(longest_s: float = LONGEST_S) -> int:
    """One step over every campaign that is sending; returns how many were invited. Safe in many copies at once."""
    until = time.monotonic() + longest_s
    with reading(EVERYWHERE) as session:
        wanted = select(Campaign.id).where(Campaign.state == "sending", Campaign.next_at <= database.now(session))
        waiting = list(session.scalars(wanted.order_by(Campaign.next_at)))
    invited = 0
    while waiting and time.monotonic() < until:
        campaign_id = waiting.pop(0)
        sent = _round(campaign_id)
        invited += sent
        if sent == A_ROUND:
            waiting.append(campaign_id)  # each in turn, so that a large one holds up no small one
    return invited


def _round(campaign_id: str) -> int:
    with transaction(EVERYWHERE) as session:
        return a_round(session, campaign_id)


def a_round(session: Session, campaign_id: str) -> int:
    """At most A_ROUND rows of one campaign; returns how many were invited. Needs a session for EVERYWHERE."""
    held = select(Campaign).where(Campaign.id == campaign_id, Campaign.state == "sending")
    campaign = session.scalars(held.with_for_update(skip_locked=True)).one_or_none()
    at = database.now(session)
    if campaign is None or sleeps(campaign, at):
        return 0
    most, begins = pace.allowed(campaign.next_at, at, _rate(campaign))
    rows = _rows(session, campaign, min(most, A_ROUND)) if most else []
    if most and not rows:
        _finish(session, campaign, at)
    return _invite(session, campaign, rows, begins) if rows else 0


def sleeps(campaign: Campaign, at: datetime) -> bool:
    """Whether a campaign waits for its quiet hours to end: only where something leaves that would wake somebody."""
    quiet = quiet_hours.is_quiet(at, campaign.quiet_from, campaign.quiet_until)
    return quiet and not campaign_drafts.nothing_leaves(campaign.channel)


def _rate(campaign: Campaign) -> int:
    """How many a minute: links alone are made as fast as we can."""
    return FASTEST if campaign_drafts.nothing_leaves(campaign.channel) else campaign.per_minute


def _rows(session: Session, campaign: Campaign, most: int) -> Sequence[CampaignRow]:
    behind = (CampaignRow.campaign_id == campaign.id, CampaignRow.outcome == "ready")
    wanted = select(CampaignRow).where(*behind, CampaignRow.row > campaign.sent_row)
    return session.scalars(wanted.order_by(CampaignRow.row).limit(most)).all()


def _invite(session: Session, campaign: Campaign, rows: Sequence[CampaignRow], begins: datetime) -> int:
    """Invites whoever of these can still be, and notes how far the campaign is."""
    member = _by(session, campaign)
    try:
        opening = openings.open_to_invite(session, member, campaign.opening_id)
        _held = session.get_one(Organisation, opening.organisation_id)  # so that no row loads the employer anew
    except InterviewError as error:
        _block(session, campaign, STOPPED.get(error.code or "", OTHERWISE))
        return 0
    addresses = {row.email for row in rows}
    invited = campaign_rows.invited(session, campaign.opening_id, addresses)
    numbers = {row.phone for row in rows if row.phone}
    unwilling = opt_outs.among(session, campaign.organisation_id, addresses | numbers)
    room, count = openings.room(session, member, opening), 0
    for tried, row in enumerate(rows, start=1):
        if count == room:
            rows = rows[: tried - 1]  # the next round finds no room and says so
            break
        if row.email in invited or {row.email, row.phone} & unwilling:
            row.outcome = "already" if row.email in invited else "opted_out"
            continue
        count += _invite_one(session, member, opening, Within(campaign, row))
    campaign.sent_row = rows[-1].row  # there is one: `open_to_invite` refuses where there is no room
    campaign.next_at = begins + pace.each(_rate(campaign)) * len(rows)
    return count


def _invite_one(session: Session, member: Member, opening: Opening, within: Within) -> int:
    """1, or 0 for whoever another campaign or a person invited since this round looked."""
    row = within.row
    try:
        openings.invite_to(
            session, member, opening, name=row.name, email=row.email, language=row.language, within=within
        )
    except Conflict:
        row.outcome = "already"
        return 0
    return 1


def _by(session: Session, campaign: Campaign) -> Member:
    """Whoever confirmed the campaign, as the record shows them: also somebody who has left or has another role."""
    staff = session.get_one(Staff, campaign.confirmed_by or campaign.staff_id)
    return replace(acting.as_member(session, staff), role="recruiter")


def _block(session: Session, campaign: Campaign, why: Bilingual) -> None:
    campaign.state, campaign.next_at = "paused", database.now(session)  # since when it stands still
    campaign.fault = {"ko": why.ko, "en": why.en}
    _record(session, campaign, "campaign stopped")


def _finish(session: Session, campaign: Campaign, at: datetime) -> None:
    campaign.state, campaign.finished_at = "sent", at
    _record(session, campaign, "campaign sent")
    webhook_events.campaign(session, "sent", campaign)


def _record(session: Session, campaign: Campaign, action: str) -> None:
    whose = campaign.organisation_id
    audit.append(session, audit.SERVICE, action, f"campaign:{campaign.id}", organisation_id=whose)
