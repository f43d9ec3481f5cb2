"""Campaigns in tests: a programme in which Seoyeon invites to Jun's opening, rosters sent and read as a worker does."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import select

from interview_ai import campaigns
from interview_ai.campaign_drafts import NewCampaign
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.organisations import Member
from interview_ai.storage import storage
from interview_ai.tables import Campaign, CampaignRow, new_id
from tests import desk
from worker import campaigning

BASIS = {"consent_basis": "career_services", "quiet_from": 0, "quiet_until": 0}
ROSTER = "이름,이메일,학과,학년,휴대전화\n김민지,minji@example.org,기계공학과,4학년,010-1234-5678\n박소라,sora@example.org,경영학과,3학년,\n"


@dataclass(frozen=True)
class Region:
    """Jun's opening in a programme of Doyun's, to which Seoyeon invites."""

    jun: Member
    seoyeon: Member
    doyun: Member
    opening_id: str


def region() -> Region:
    """Both take part in one programme."""
    jun = desk.jun()
    seoyeon = desk.organisation("university", "Seoyeon", "seoyeon@example.edu")
    doyun = desk.organisation("agency", "Doyun", "doyun@example.org")
    programme = desk.programme(doyun, seoyeon, jun)
    return Region(jun, seoyeon, doyun, desk.opening(jun, programme_id=programme))


def stored(content: bytes) -> str:
    """A file in the storage as an upload leaves it; returns its id."""
    upload_id = new_id()
    storage().append(upload_id, 0, content)
    return upload_id


def added(member: Member, opening_id: str, content: bytes | str = ROSTER, **more: object) -> str:
    """A campaign whose roster waits to be read; returns its id."""
    data = content.encode() if isinstance(content, str) else content
    about = {"opening_id": opening_id, "name": "2026 하반기", "file_name": "명단.csv", "file_bytes": len(data)}
    new = replace(NewCampaign(**about, upload_id=stored(data), **BASIS), **more)
    with transaction(EVERYWHERE) as session:
        return campaigns.add(session, member, new).id


def read(member: Member, opening_id: str, content: bytes | str = ROSTER, **more: object) -> Campaign:
    """A campaign whose roster was read."""
    campaign_id = added(member, opening_id, content, **more)
    campaigning.read(campaign_id)
    return campaign(campaign_id)


def campaign(campaign_id: str) -> Campaign:
    """It, as it is now."""
    with reading(EVERYWHERE) as session:
        return session.get_one(Campaign, campaign_id)


def rows(campaign_id: str) -> list[CampaignRow]:
    """Its rows in their order."""
    with reading(EVERYWHERE) as session:
        wanted = select(CampaignRow).where(CampaignRow.campaign_id == campaign_id).order_by(CampaignRow.row)
        return list(session.scalars(wanted))


def outcomes(campaign_id: str) -> list[tuple[int, str]]:
    """Number and outcome of each row."""
    return [(row.row, row.outcome) for row in rows(campaign_id)]


def confirmed(member: Member, campaign_id: str) -> None:
    """A person confirms."""
    with transaction(EVERYWHERE) as session:
        campaigns.confirm(session, member, campaign_id)
