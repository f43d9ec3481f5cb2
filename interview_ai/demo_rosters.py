"""The demonstration region's rosters: files as universities have them, read and sent by the real use cases."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from interview_ai import campaign_reading, campaign_reminders, campaigns, database, dispatch, openings, tokens
from interview_ai.campaign_drafts import NewCampaign
from interview_ai.demo_agenda import Then, clock, in_office, link_in
from interview_ai.demo_partners import Job, Partner, Region, data
from interview_ai.demo_people import Sent, fate, follow
from interview_ai.errors import Conflict
from interview_ai.storage import storage
from interview_ai.tables import Campaign, Invitation, Mail, new_id

ABROAD = 0.06  # students who read English
AGAIN = 0.08  # of a roster: students of earlier ones
HEADS = ("이름", "학번", "학과", "학년", "이메일", "휴대전화", "언어")
FAULTS = ("address", "formula", "unseen", "twice")
ENDS = ("sent", "paused", "preview")

Row = tuple[str, ...]


@dataclass(slots=True)
class Plan:
    """One campaign that is to be. `ends`: how far it gets; `fates`: how far its people get, drawn where there are none;
    `photo`: the file has a column that no roster may have."""

    university: Partner
    employer: Partner
    programme: str
    name: str
    count: int
    ends: str = "sent"
    fates: list[str] = field(default_factory=list)
    photo: bool = False
    reminds: bool = False

    @property
    def job(self) -> Job:
        """The opening to which it invites."""
        return self.employer.job(self.programme)


def send_roster(region: Region, plan: Plan, session: Session) -> Then:
    """Adds a campaign; its file is read once that is kept, and a person looks at it after lunch."""
    content = _file(region, plan)
    upload_id = new_id()
    storage().append(upload_id, 0, content)
    new = NewCampaign(
        opening_id=plan.job.id,
        name=plan.name,
        upload_id=upload_id,
        file_name=f"{plan.university.about['ko']}_{plan.name}.csv",
        file_bytes=len(content),
        consent_basis="career_services",
    )
    made = campaigns.add(session, plan.university.member, new, rings=False)
    claimed = campaign_reading.claim(session, made.id)
    at = database.now(session)

    def read() -> None:
        if claimed is not None:
            campaign_reading.read(claimed)

    if plan.ends != "preview":
        region.agenda.add(in_office(at + timedelta(hours=2)), partial(_confirm, region, plan, made.id))
    return read


def _confirm(region: Region, plan: Plan, campaign_id: str, session: Session) -> None:
    campaigns.confirm(session, plan.university.member, campaign_id)
    at = database.now(session)
    region.agenda.add(at + timedelta(minutes=1), partial(_dispatch, region, plan, campaign_id))
    if plan.reminds:
        for days, kind in ((5, "not_opened"), (9, "not_finished")):
            later = clock(in_office(at + timedelta(days=days)), 10)
            region.agenda.add(later, partial(_remind, plan, campaign_id, kind))


def _dispatch(region: Region, plan: Plan, campaign_id: str, session: Session) -> None:
    """One round, and so on until all are invited or the campaign stops."""
    dispatch.a_round(session, campaign_id)
    at = database.now(session)
    written = (Mail.campaign_id == campaign_id, Mail.state == "pending")
    wanted = select(Mail, Invitation).join(Invitation, Mail.cause == "invitation:" + Invitation.token_hash)
    for mail, invitation in session.execute(wanted.where(*written).order_by(Mail.recipient)):
        token, language = link_in(mail), invitation.candidate.language
        whom = Sent(
            invitation.id, mail.id, token, mail.recipient, language, mail.unsubscribe, plan.job, plan.university
        )
        how_far = plan.fates.pop() if plan.fates else fate(region, plan.university.about["opened"])
        follow(region, whom, how_far, at)
    if session.get_one(Campaign, campaign_id).state != "sending":
        return
    act = _pause if plan.ends == "paused" else _dispatch
    region.agenda.add(at + timedelta(minutes=2), partial(act, region, plan, campaign_id))


def _pause(_: Region, plan: Plan, campaign_id: str, session: Session) -> None:
    campaigns.pause(session, plan.university.member, campaign_id)


def _remind(plan: Plan, campaign_id: str, kind: str, session: Session) -> None:
    campaign_reminders.remind(session, plan.university.member, campaign_id, kind)


def invite_directly(region: Region, employer: Partner, programme: str, session: Session) -> None:
    """An employer invites somebody who wrote to it, without a university between."""
    chance, job = region.chance, employer.job(programme)
    name, language = _name(region)
    email = f"{new_id()[:8]}@post.example"
    university = chance.choice([one for one in region.universities if one.owner] or region.universities)
    if university.owner and chance.random() < 0.4:
        name, _, email = _student(region, university)
        job.asked.append((name, email))
    try:
        token = openings.invite(session, job.employer.member, job.id, name=name, email=email, language=language)
    except Conflict:
        return
    cause = f"invitation:{tokens.digest(token)}"
    mail = session.scalars(select(Mail).where(Mail.cause == cause)).one()
    invitation = session.scalars(select(Invitation).where(Invitation.token_hash == tokens.digest(token))).one()
    sent = Sent(invitation.id, mail.id, token, email, language, mail.unsubscribe, job, None)
    follow(region, sent, fate(region, 0.9), database.now(session))


def _name(region: Region) -> tuple[str, str]:
    """A made-up name with the language that its owner reads."""
    chance, texts = region.chance, data()
    if chance.random() < ABROAD:
        return chance.choice(texts["abroad"]), "en"
    return chance.choice(texts["surnames"].split()) + chance.choice(texts["given"].split()), "ko"


def _student(region: Region, university: Partner) -> tuple[str, str, str]:
    """A new student of a university: name, language, address."""
    name, language = _name(region)
    number = f"{region.now.year - region.chance.randint(2, 5)}{len(university.students):04d}"
    made = (name, language, f"{number}@{university.domain}")
    university.students.append(made)
    return made


def _file(region: Region, plan: Plan) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow((*HEADS, "사진") if plan.photo else HEADS)
    for row in _rows(region, plan):
        writer.writerow((*row, "photo.jpg") if plan.photo else row)
    return text.getvalue().encode("cp949" if plan.university.about.get("cp949") else "utf-8-sig", "replace")


def _rows(region: Region, plan: Plan) -> Iterator[Row]:
    """The students, among them some of earlier rosters, who want none, whom the employer asked, and faulty ones."""
    chance, university = region.chance, plan.university
    earlier = list(university.students)
    fresh = [_student(region, university) for _ in range(plan.count)]
    rows = [_row(region, university, one) for one in fresh]
    faulty = len(fresh) if not plan.fates else 0
    if faulty:
        again = chance.sample(earlier, min(len(earlier), round(plan.count * AGAIN)))
        rows += [_row(region, university, one) for one in again]
        unwilling = [one for one in earlier if one[2] in university.opted_out][:2]
        asked = [(name, "ko", email) for name, email in plan.job.asked if email.endswith(f"@{university.domain}")]
        rows += [_row(region, university, one) for one in (*unwilling, *asked)]
        rows += [
            _spoilt(row, fault) for row, fault in zip(chance.sample(rows, min(len(rows), 4)), FAULTS, strict=False)
        ]
    chance.shuffle(rows)
    yield from rows


def _row(region: Region, university: Partner, student: tuple[str, str, str]) -> Row:
    chance, (name, language, email) = region.chance, student
    departments = university.about["departments"]
    weights = range(len(departments) + 1, 1, -1)
    phone = f"010-0000-{chance.randint(0, 9999):04d}"
    year = chance.choices(("3학년", "4학년", "졸업유예"), (3, 6, 1))[0]
    department = chance.choices(departments, weights)[0]
    return name, email.split("@")[0], department, year, email, phone, language


def _spoilt(row: Row, fault: str) -> Row:
    """A row as people spoil them."""
    name, number, department, year, email, *rest = row
    if fault == "address":
        email = email.replace("@", " at ")
    elif fault == "formula":
        name = f"=CONCAT({name})"
    elif fault == "unseen":
        name, email = f"{name}\n(휴학)", f"x{email}"
    return name, number, department, year, email, *rest
