"""A campaign without a file: a program makes it, sends its rows some at a time, and confirms to how many it goes.

The rules are those of rosters: the same columns, the same faults in the same words, the same outcomes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from interview_ai import audit, campaign_reading, campaign_rows, campaigns, roster_rows
from interview_ai.campaign_drafts import NewCampaign
from interview_ai.campaign_rows import Claimed
from interview_ai.errors import Conflict, Invalid
from interview_ai.organisations import Member
from interview_ai.roster_rows import Asks, Checked
from interview_ai.rules import roster
from interview_ai.rules.roster import Matching
from interview_ai.tables import Campaign, CampaignRow

A_CALL = 1000
LONGEST_VALUE = 500
MATCHING = Matching({field: place for place, field in enumerate(roster.FIELDS)}, 0, roster.FIELDS, certain=True)


@dataclass(frozen=True, slots=True)
class AddedRow:
    """One row that was sent: its number in the campaign, its outcome, and what is wrong with it by field."""

    row: int
    outcome: str
    faults: Sequence[Any]


def add(session: Session, member: Member, new: NewCampaign) -> Campaign:
    """A campaign that waits for rows; nothing is sent. Raises Invalid (code: the field), NotFound, Conflict (closed).

    Needs a session for EVERYWHERE, like all that follows: the opening may be another tenant's.
    """
    made = campaigns.add(session, member, new)
    made.state, made.file_key, made.rows_total = "preview", None, 0  # there is no file to read
    session.flush()
    return made


def add_rows(session: Session, member: Member, campaign_id: str, sent: Sequence[Mapping[str, str]]) -> list[AddedRow]:
    """Keeps rows with what would become of each. Raises NotFound, Conflict once the campaign is confirmed."""
    campaign = _in_preview(session, member, campaign_id)
    last = session.scalars(select(func.max(CampaignRow.row)).where(CampaignRow.campaign_id == campaign.id)).one() or 0
    if last + len(sent) > campaign_reading.MOST_ROWS:
        raise Invalid(
            f"A campaign holds at most {campaign_reading.MOST_ROWS:,} rows. Make another one.",
            f"한 회차에는 {campaign_reading.MOST_ROWS:,}명까지 넣을 수 있습니다. 회차를 하나 더 만들어 주십시오.",
            code="rows",
        )
    asks = Asks(campaign.language, phone=campaign.channel == "sms", birth_year=campaign.proof == "birth_year")
    found = [_checked(last + number, row, asks) for number, row in enumerate(sent, start=1)]
    campaign_rows.keep(session, _claimed(campaign, asks), found)
    total = last + len(sent)
    session.execute(update(Campaign).where(Campaign.id == campaign.id).values(rows_total=total, rows_read=total))
    audit.append(session, member.actor, "roster rows added", f"campaign:{campaign.id}", details={"rows": len(sent)})
    return _added(session, campaign.id, last)


def _in_preview(session: Session, member: Member, campaign_id: str) -> Campaign:
    """The campaign, locked until the transaction ends: two calls at once get their rows one behind the other."""
    session.execute(select(Campaign.id).where(Campaign.id == campaign_id).with_for_update())
    campaign = campaigns.own(session, member, campaign_id)
    if campaign.state != "preview":
        raise Conflict(
            "Rows can be added only until the campaign is confirmed.",
            "명단은 회차를 확정하기 전까지만 넣을 수 있습니다.",
            code="moved",
        )
    return campaign


def _checked(number: int, row: Mapping[str, str], asks: Asks) -> Checked:
    return roster_rows.checked((number, [row.get(field, "") for field in roster.FIELDS]), MATCHING, asks)


def _claimed(campaign: Campaign, asks: Asks) -> Claimed:
    """What keeping rows asks of a roster that is read; here no file and nobody else who reads it."""
    return Claimed(
        campaign.id,
        campaign.organisation_id,
        campaign.opening_id,
        "",
        file_bytes=0,
        token="",
        asks=asks,
        columns={},
        rows_read=0,
        base=0,
    )


def _added(session: Session, campaign_id: str, last: int) -> list[AddedRow]:
    there = (CampaignRow.campaign_id == campaign_id, CampaignRow.row > last)
    kept = session.scalars(select(CampaignRow).where(*there).order_by(CampaignRow.row))
    return [AddedRow(row.row, row.outcome, row.faults or []) for row in kept]
