"""A campaign from the file to the last message: added, matched, confirmed, paused, cancelled, each by a person.

The row belongs to whoever invites; its opening may be another tenant's. So these functions need a session for
EVERYWHERE, and each asks whose the campaign is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from interview_ai import (
    audit,
    campaign_choices,
    campaign_drafts,
    campaign_reading,
    campaign_room,
    campaign_rows,
    database,
    openings,
    roster_uploads,
)
from interview_ai.campaign_drafts import FASTEST, NewCampaign
from interview_ai.campaign_room import Room
from interview_ai.drafts import tidy
from interview_ai.errors import Conflict, InterviewError, Invalid, NotFound
from interview_ai.organisations import Member, address_of
from interview_ai.rules import pace, roster
from interview_ai.rules.evidence import Bilingual
from interview_ai.tables import Campaign, CampaignRow, Opening, Organisation

FORGOTTEN = timedelta(days=30)  # a roster that nobody confirmed


def add(session: Session, member: Member, new: NewCampaign, *, rings: bool = True) -> Campaign:
    """A campaign whose roster is read from now on; nothing is sent. Raises Invalid, NotFound, Conflict (closed).

    `rings`: a worker is told; the command line reads it itself.
    """
    campaign_choices.may_invite(member)
    campaign_drafts.must_fit(new)
    opening = openings.open_to_invite(session, member, new.opening_id)
    made = Campaign(
        organisation_id=member.organisation_id,
        opening_id=opening.id,
        staff_id=member.id,
        name=tidy(new.name),
        file_name=roster.kept_value(new.file_name),
        file_key=new.upload_id,
        file_bytes=new.file_bytes,
        language="en" if new.language == "en" else "ko",
        consent_basis=new.consent_basis,
        consent_note=tidy(new.consent_note),
        proof=new.proof,
        channel=new.channel,
        per_minute=new.per_minute,
        quiet_from=new.quiet_from,
        quiet_until=new.quiet_until,
        reply_to=address_of(new.reply_to) if new.reply_to.strip() else None,
        remind_after_days=new.remind_after_days,
        most_reminders=new.most_reminders,
        next_at=database.now(session),
        created_at=database.now(session),
    )
    if new.channel == "file":  # nothing leaves: there is nobody to spare and no night to wait for
        made.per_minute, made.quiet_from, made.quiet_until = FASTEST, 0, 0
    session.add(made)
    session.flush()
    details = {"opening": opening.id, "consent": new.consent_basis, "channel": new.channel, "proof": new.proof}
    audit.append(session, member.actor, "campaign added", f"campaign:{made.id}", details=details)
    if rings:
        database.after_commit(session, partial(campaign_reading.ring, made.id))
    return made


def own(session: Session, member: Member, campaign_id: str) -> Campaign:
    """The organisation's own campaign. Raises NotFound, Forbidden for reviewers: it holds names."""
    found = session.get(Campaign, campaign_id)
    if found is None or found.organisation_id != member.organisation_id:
        raise NotFound
    campaign_choices.may_invite(member)
    return found


def match(session: Session, member: Member, campaign_id: str, columns: Mapping[str, int]) -> None:
    """Which column of the file holds what, as a person says; the file is read with it. Raises Invalid, Conflict."""
    found = own(session, member, campaign_id)
    missing = [field for field in roster.NEEDED if field not in columns]
    if missing or len(set(columns.values())) != len(columns):
        raise Invalid(
            "Choose a column for the name and one for the mail address, each column once.",
            "이름 열과 이메일 열을 고르고, 한 열은 한 번만 골라 주십시오.",
            code=missing[0] if missing else "columns",
        )
    heads = [{"name": head["name"], "refused": head["refused"], "samples": []} for head in found.heads]
    if any(not 0 <= place < len(heads) or heads[place]["refused"] for place in columns.values()):
        raise Invalid("Choose columns that are there.", "파일에 있는 열 가운데 골라 주십시오.", code="columns")
    known = {"columns": dict(columns), "head_row": found.columns.get("head_row", 0)}
    _move(session, found, ("matching",), state="reading", columns=known, heads=heads, next_at=database.now(session))
    audit.append(session, member.actor, "roster matched", f"campaign:{found.id}", details={"fields": sorted(columns)})
    database.after_commit(session, partial(campaign_reading.ring, found.id))


def mend(session: Session, member: Member, campaign_id: str, *, upload_id: str, file_name: str, length: int) -> None:
    """Takes in a file of mended rows: a row that names a faulty one takes its place, others are added behind.

    Also a first file again, where the one before was refused. Raises Conflict once the campaign is confirmed.
    """
    found = own(session, member, campaign_id)
    last = session.scalars(select(func.max(CampaignRow.row)).where(CampaignRow.campaign_id == found.id)).one() or 0
    new: dict[str, Any] = {"file_key": upload_id, "file_bytes": length}
    if not last:  # the roster itself: what is mended later goes by the roster's name
        new["file_name"] = roster.kept_value(file_name)
    fresh: dict[str, Any] = {
        "rows_read": 0,
        "rows_total": None,
        "columns": {},
        "fault": None,
        "attempts": 0,
        "row_base": last,
    }
    _move(session, found, ("preview", "refused"), state="reading", next_at=database.now(session), **new, **fresh)
    audit.append(session, member.actor, "roster mended", f"campaign:{found.id}")
    database.after_commit(session, partial(campaign_reading.ring, found.id))


def confirm(session: Session, member: Member, campaign_id: str, *, ready: int | None = None) -> Campaign:
    """From now on messages leave. `ready`: how many the person was told; another number asks them to look again."""
    # held before it is counted: a program that adds rows at this very moment comes first, or is refused afterwards
    session.execute(select(Campaign.id).where(Campaign.id == campaign_id).with_for_update())
    found = own(session, member, campaign_id)
    openings.open_to_invite(session, member, found.opening_id)  # holds the agreement: of two at once one comes first
    count = campaign_rows.counted(session, found.id).get("ready", 0)
    if found.state == "preview" and (not count or ready not in (None, count)):
        raise Conflict(
            "The roster has changed. Look at the numbers again before you confirm.",
            "명단이 달라졌습니다. 수를 다시 확인하고 확정해 주십시오.",
            code="changed",
        )
    _must_reach(found)
    campaign_room.of(session, member, found).must_suffice()
    at = database.now(session)
    by = {"confirmed_at": at, "confirmed_by": member.id, "staff_id": member.id}
    _move(session, found, ("preview",), state="sending", next_at=at, fault=None, **by)
    details = {"ready": count, "channel": found.channel, "consent": found.consent_basis}
    audit.append(session, member.actor, "campaign confirmed", f"campaign:{found.id}", details=details)
    return found


def refusal(
    session: Session, member: Member, found: Campaign, *, whole: bool = True
) -> tuple[InterviewError | None, Room]:
    """What confirming would be refused with now, and for how many there is room.

    `whole`: there must be room for all who are left; one that stopped goes on for as many as there is.
    """
    room = campaign_room.of(session, member, found)
    try:
        openings.open_to_invite(session, member, found.opening_id)
        _must_reach(found)
        if whole:
            room.must_suffice()
    except InterviewError as error:
        return error, room
    return None, room


def _must_reach(found: Campaign) -> None:
    """Raises Conflict where the mail server went away after the campaign was made whose proof needs it."""
    if campaign_drafts.needs_mail(found.proof):
        raise Conflict(
            "No mail server is set here any more, so no code can be mailed and nobody could open their link. Cancel "
            "this campaign and make it again with the year of birth as the proof of identity, or with none.",
            "메일 서버 설정이 없어져 확인 번호를 메일로 보낼 수 없고, 아무도 링크를 열 수 없습니다. 이 회차를 취소하고 "
            "본인 확인을 ‘출생연도’나 ‘확인하지 않음’으로 골라 다시 만들어 주십시오.",
            code="proof",
        )


def pause(session: Session, member: Member, campaign_id: str) -> None:
    """Nothing more leaves until somebody resumes."""
    found = own(session, member, campaign_id)
    _move(session, found, ("sending",), state="paused")
    audit.append(session, member.actor, "campaign paused", f"campaign:{found.id}")


def resume(session: Session, member: Member, campaign_id: str) -> None:
    """Messages leave again."""
    found = own(session, member, campaign_id)
    openings.open_to_invite(session, member, found.opening_id)
    _move(session, found, ("paused",), state="sending", next_at=database.now(session), fault=None)
    audit.append(session, member.actor, "campaign resumed", f"campaign:{found.id}")


def cancel(session: Session, member: Member, campaign_id: str) -> None:
    """Ends a campaign: whoever was written to keeps the invitation, and what is known of all others is forgotten."""
    found = own(session, member, campaign_id)
    _end(session, found, member.actor, "campaign cancelled")


def _end(session: Session, found: Campaign, actor: audit.Actor, action: str) -> None:
    before = ("reading", "matching", "preview", "sending", "paused", "refused")
    key = found.file_key
    at = database.now(session)
    _move(session, found, before, state="cancelled", finished_at=at, file_key=None, lease_token=None, heads=[])
    unsent = (CampaignRow.campaign_id == found.id, CampaignRow.invitation_id.is_(None))
    counts = campaign_rows.counted(session, found.id)
    session.execute(delete(CampaignRow).where(*unsent))
    if key:
        roster_uploads.end(session, key)
    whose = found.organisation_id
    audit.append(session, actor, action, f"campaign:{found.id}", organisation_id=whose, details=dict(counts))


def forget_unconfirmed(session: Session) -> int:
    """Cancels campaigns that nobody confirmed in a month: their rosters are people who were never written to."""
    since = database.now(session) - FORGOTTEN
    waiting = ("matching", "preview", "refused")
    found = session.scalars(select(Campaign).where(Campaign.state.in_(waiting), Campaign.created_at < since)).all()
    for campaign in found:
        _end(session, campaign, audit.SERVICE, "campaign forgotten")
    return len(found)


def _move(session: Session, found: Campaign, before: tuple[str, ...], **values: object) -> None:
    """One conditional UPDATE, so that of two people who press at the same moment one is told. Raises Conflict."""
    moving = update(Campaign).where(Campaign.id == found.id, Campaign.state.in_(before)).values(**values)
    if not database.changed(session, moving):
        raise Conflict(
            "The campaign has moved on meanwhile. This page shows how it is now.",
            "그 사이 회차의 상태가 바뀌었습니다. 지금 상태를 확인해 주십시오.",
            code="moved",
        )
    session.refresh(found)


def expected(session: Session, found: Campaign, count: int) -> tuple[datetime, datetime]:
    """When the first and about when the last of so many messages leaves, if sending begins now."""
    if campaign_drafts.nothing_leaves(found.channel):
        return pace.span(database.now(session), count, FASTEST, (0, 0))
    return pace.span(database.now(session), count, found.per_minute, (found.quiet_from, found.quiet_until))


def opening_of(session: Session, found: Campaign) -> campaign_choices.Choice:
    """The opening of a campaign with its employer."""
    opening = session.get_one(Opening, found.opening_id)
    employer = session.get_one(Organisation, opening.organisation_id)
    title = Bilingual(opening.title_ko, opening.title_en)
    return campaign_choices.Choice(opening.id, title, Bilingual(employer.name_ko, employer.name_en), opening.deadline)
