"""A campaign from the file to the last message: added, matched, confirmed, paused, cancelled, each by a person.

The row belongs to whoever invites; its opening may be another tenant's. So these functions need a session for
EVERYWHERE, and each asks whose the campaign is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from interview_ai import (
    audit,
    campaign_choices,
    campaign_reading,
    campaign_rows,
    database,
    openings,
)
from interview_ai.drafts import tidy
from interview_ai.errors import Conflict, InterviewError, Invalid, NotFound
from interview_ai.organisations import Member, address_of
from interview_ai.rules import pace, roster
from interview_ai.rules.evidence import Bilingual
from interview_ai.storage import storage
from interview_ai.tables import Campaign, CampaignRow, Opening, Organisation

CONSENTS = ("this_programme", "career_services", "applied", "written")
PROOFS = ("none", "code", "birth_year")
CHANNELS = ("mail", "sms")
MOST_BYTES = 60_000_000
LONGEST_NAME = 80
LONGEST_NOTE = 500
FASTEST = 6000  # a minute
MOST_REMIND_DAYS = 30
FORGOTTEN = timedelta(days=30)  # a roster that nobody confirmed
OVER = ("sent", "cancelled", "refused")


@dataclass(frozen=True, slots=True)
class NewCampaign:
    """A campaign as somebody fills in its form; the roster's bytes lie in the storage under `upload_id`.

    `quiet_from`, `quiet_until`: whole hours of a Korean day between which nothing leaves; None: as quiet_hours.py has
    it; the same hour twice: there are none.
    """

    opening_id: str
    name: str
    upload_id: str
    file_name: str
    file_bytes: int
    consent_basis: str
    consent_note: str = ""
    language: str = "ko"
    proof: str = "none"
    channel: str = "mail"
    per_minute: int = 300
    quiet_from: int | None = None
    quiet_until: int | None = None
    reply_to: str = ""
    remind_after_days: int | None = None


def faults(new: NewCampaign) -> Iterator[Invalid]:
    """All that is wrong with a form but its file; `code` names the field."""
    if not 0 < len(tidy(new.name)) <= LONGEST_NAME:
        yield Invalid(
            f"Give the campaign a name of at most {LONGEST_NAME} characters.",
            f"회차 이름을 {LONGEST_NAME}자 이하로 적어 주십시오.",
            code="name",
        )
    if not new.opening_id:
        yield Invalid("Choose the opening to invite to.", "초대할 채용공고를 골라 주십시오.", code="opening_id")
    if new.consent_basis not in CONSENTS:
        yield Invalid(
            "Choose what the people in the roster agreed to. Without it nobody may be written to.",
            "명단에 있는 분들이 무엇에 동의했는지 골라 주십시오. 동의 없이는 아무에게도 보낼 수 없습니다.",
            code="consent_basis",
        )
    if new.consent_basis == "written" and not tidy(new.consent_note):
        yield Invalid(
            "Write what they agreed to, when and how.",
            "무엇에 언제 어떻게 동의했는지 적어 주십시오.",
            code="consent_note",
        )
    if len(new.consent_note) > LONGEST_NOTE:
        yield Invalid(
            f"Write at most {LONGEST_NOTE} characters.", f"{LONGEST_NOTE}자 이하로 적어 주십시오.", code="consent_note"
        )
    yield from _faults_of_sending(new)


def _faults_of_sending(new: NewCampaign) -> Iterator[Invalid]:
    if not 1 <= new.per_minute <= FASTEST:
        yield Invalid(
            f"Send between 1 and {FASTEST:,} messages a minute.",
            f"1분에 보내는 수는 1부터 {FASTEST:,}까지입니다.",
            code="per_minute",
        )
    hours = (new.quiet_from, new.quiet_until)
    if (None in hours and hours != (None, None)) or any(hour is not None and not 0 <= hour <= 23 for hour in hours):
        yield Invalid(
            "Give both hours of the quiet time, 0 to 23, or neither.",
            "조용한 시간은 0~23시로 시작과 끝을 함께 적거나 둘 다 비워 주십시오.",
            code="quiet_from",
        )
    if new.remind_after_days is not None and not 1 <= new.remind_after_days <= MOST_REMIND_DAYS:
        yield Invalid(
            f"Remind after 1 to {MOST_REMIND_DAYS} days, or not at all.",
            f"알림은 1일에서 {MOST_REMIND_DAYS}일 뒤로 정하거나 비워 주십시오.",
            code="remind_after_days",
        )
    if new.proof not in PROOFS or new.channel not in CHANNELS:
        yield Invalid("Choose one of the ways shown.", "보이는 방법 가운데 하나를 골라 주십시오.", code="proof")
    if new.reply_to.strip():
        try:
            address_of(new.reply_to)
        except Invalid as error:
            yield Invalid(error.en, error.ko, code="reply_to")


def must_fit(new: NewCampaign) -> None:
    """Raises the first thing that is wrong with a form."""
    for fault in faults(new):
        raise fault


def add(session: Session, member: Member, new: NewCampaign, *, rings: bool = True) -> Campaign:
    """A campaign whose roster is read from now on; nothing is sent. Raises Invalid, NotFound, Conflict (closed).

    `rings`: a worker is told; the command line reads it itself.
    """
    campaign_choices.may_invite(member)
    must_fit(new)
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
        next_at=database.now(session),
        created_at=database.now(session),
    )
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
    new = {"file_key": upload_id, "file_name": roster.kept_value(file_name), "file_bytes": length}
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
    opening = openings.open_to_invite(session, member, found.opening_id)
    count = campaign_rows.counted(session, found.id).get("ready", 0)
    if found.state == "preview" and (not count or ready not in (None, count)):
        raise Conflict(
            "The roster has changed. Look at the numbers again before you confirm.",
            "명단이 달라졌습니다. 수를 다시 확인하고 확정해 주십시오.",
            code="changed",
        )
    _must_fit_agreement(openings.room(session, member, opening), count)
    at = database.now(session)
    by = {"confirmed_at": at, "confirmed_by": member.id, "staff_id": member.id}
    _move(session, found, ("preview",), state="sending", next_at=at, fault=None, **by)
    details = {"ready": count, "channel": found.channel, "consent": found.consent_basis}
    audit.append(session, member.actor, "campaign confirmed", f"campaign:{found.id}", details=details)
    return found


def refusal(session: Session, member: Member, found: Campaign, ready: int) -> tuple[InterviewError | None, int | None]:
    """What confirming would be refused with now, and how many more may be invited (None: as many as one likes)."""
    room = openings.room(session, member, session.get_one(Opening, found.opening_id))
    try:
        openings.open_to_invite(session, member, found.opening_id)
        _must_fit_agreement(room, ready)
    except InterviewError as error:
        return error, room
    return None, room


def _must_fit_agreement(room: int | None, count: int) -> None:
    """Said before anything leaves: whoever comes last in a roster should not learn it by getting nothing."""
    if room is not None and count > room:
        raise Conflict(
            f"The agreement with the agency leaves room for {room:,} more people, and {count:,} are ready. "
            "Send a shorter roster, or ask the agency for a larger number.",
            f"진흥원과의 협약으로 더 초대할 수 있는 인원은 {room:,}명인데, 초대할 분이 {count:,}명입니다. "
            "명단을 줄여 다시 올리거나 진흥원에 인원을 늘려 달라고 요청해 주십시오.",
            code="quota",
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
        database.after_commit(session, partial(storage().drop, key))
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
    return pace.span(database.now(session), count, found.per_minute, (found.quiet_from, found.quiet_until))


def opening_of(session: Session, found: Campaign) -> campaign_choices.Choice:
    """The opening of a campaign with its employer."""
    opening = session.get_one(Opening, found.opening_id)
    employer = session.get_one(Organisation, opening.organisation_id)
    title = Bilingual(opening.title_ko, opening.title_en)
    return campaign_choices.Choice(opening.id, title, Bilingual(employer.name_ko, employer.name_en), opening.deadline)
