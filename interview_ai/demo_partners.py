"""The demonstration region's agency, universities and employers: founded, invited, joined, with their openings."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, partial
from pathlib import Path
from random import Random
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from interview_ai import (
    acting,
    branding,
    database,
    demo_faces,
    first_steps,
    library,
    memoranda,
    openings,
    organisations,
    partner_questions,
    partner_requests,
    programmes,
    public_openings,
    rubrics,
    staff_links,
)
from interview_ai.demo_agenda import Agenda, in_office, mailed_to
from interview_ai.drafts import NewOpening, NewQuestion
from interview_ai.library.templates import templates
from interview_ai.organisations import Member, OrganisationKind, Role
from interview_ai.partner_requests import NewPartner
from interview_ai.tables import Memorandum, Staff

DATA = Path(__file__).parent / "demonstration" / "region.yaml"
LABEL_KO, LABEL_EN = " (시연)", " (demonstration)"
NOT_BLIND = 1  # the employer whose opening shows names

SignIns = dict[str, dict[str, str]]


@cache
def data() -> dict[str, Any]:
    """The region's names and texts."""
    content: dict[str, Any] = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    return content


@dataclass(slots=True)
class Job:
    """One opening. `hires`: places left of `places`; `asked`: names and addresses of those whom the employer invited
    itself; `worths`: how good each answer is, which is what the people who rate find out."""

    id: str
    employer: Partner
    deadline: datetime
    programme: str
    hires: int
    places: int
    asked: list[tuple[str, str]] = field(default_factory=list)
    worths: list[float] = field(default_factory=list)
    letters_due: bool = False


@dataclass(slots=True)
class Partner:
    """A university or an employer. `opted_out`: students of a university who want no more messages."""

    about: dict[str, Any]
    kind: OrganisationKind
    owner: Member | None = None
    reviewer: Member | None = None
    jobs: list[Job] = field(default_factory=list)
    students: list[tuple[str, str, str]] = field(default_factory=list)
    opted_out: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The organisation's id."""
        return self.member.organisation_id

    @property
    def member(self) -> Member:
        """The owner, who has joined."""
        if self.owner is None:
            raise LookupError(f"nobody of {self.about['slug']} has joined")
        return self.owner

    def job(self, programme: str) -> Job:
        """An employer's opening in a programme."""
        return next(job for job in self.jobs if job.programme == programme)

    @property
    def domain(self) -> str:
        """Where its addresses are."""
        return f"{self.about['slug']}{'.ac' if self.kind == 'university' else ''}.example"


@dataclass(slots=True)
class Region:
    """All of it while it is made."""

    agenda: Agenda
    chance: Random
    now: datetime
    universities: list[Partner]
    employers: list[Partner]
    agency: Member | None = None
    programmes: dict[str, str] = field(default_factory=dict)
    sign_ins: SignIns = field(default_factory=dict)

    @property
    def doyun(self) -> Member:
        """The agency's owner."""
        if self.agency is None:
            raise LookupError("the agency is not founded yet")
        return self.agency

    def new_password(self, member: Staff, kind: str, organisation: str) -> str:
        """A first password, kept to be told at the end."""
        password = secrets.token_urlsafe(9)
        whose = {"organisation": organisation, "kind": kind, "role": member.role}
        self.sign_ins[member.email] = whose | {"password": password}
        return password


def labelled(names: dict[str, Any]) -> tuple[str, str]:
    """Both names, each with the word that this is a demonstration."""
    return names["ko"] + LABEL_KO, names["en"] + LABEL_EN


def found_agency(region: Region, session: Session) -> None:
    """The agency with its owner."""
    about = data()["agency"]
    made = organisations.add_organisation(session, "agency", *labelled(about))
    owner = organisations.add_staff(session, made, email=about["email"], name=about["owner"], role="owner")
    staff_links.accept_link(
        session, mailed_to(session, owner.email), region.new_password(owner, "agency", made.name_ko)
    )
    region.agency = acting.as_member(session, owner)
    branding.save(session, region.doyun, demo_faces.face(about, *labelled(about)))
    demo_faces.show_logo(about, region.doyun, session)
    second = data()["second_of_agency"]
    _colleague(region, session, region.doyun, name=second["name"], email=second["email"], role="recruiter")


def begin_programme(region: Region, key: str, session: Session, *, year: int, places: int, deadline: datetime) -> None:
    """A programme of the agency's with its goal."""
    ko, en = data()["programmes"][key]["ko"], data()["programmes"][key]["en"]
    made = programmes.add_programme(session, region.doyun, f"{ko} {year}{LABEL_KO}", f"{en} {year}{LABEL_EN}")
    programmes.set_aims(session, region.doyun, made.id, places=places, deadline=deadline)
    region.programmes[key] = made.id


def invite(region: Region, key: str, partner: Partner, session: Session, *, joins: bool = True) -> None:
    """Asks somebody new to take part; the owner follows the mailed link on one of the next days."""
    ask(region, key, partner, session)
    if joins:
        token = mailed_to(session, f"owner@{partner.domain}")
        region.agenda.add(_soon(session), partial(_join, region, partner, token))


def ask(region: Region, key: str, partner: Partner, session: Session) -> None:
    """The agency asks the owner of an organisation to take part in a programme."""
    email = f"owner@{partner.domain}"
    new = NewPartner(partner.kind, *labelled(partner.about), owner_name=partner.about["owner"], owner_email=email)
    partner_requests.ask(session, region.doyun, region.programmes[key], new)


def _soon(session: Session) -> datetime:
    return in_office(database.now(session)) + timedelta(hours=2)


def accept(partner: Partner, session: Session) -> None:
    """The owner lets the organisation take part in what it is asked about."""
    for one in partner_questions.asked_of(session, partner.member):
        partner_requests.accept(session, partner.member, one.request.id)


def decline(partner: Partner, session: Session) -> None:
    """The owner has no use for it this time."""
    for one in partner_questions.asked_of(session, partner.member):
        partner_requests.decline(session, partner.member, one.request.id, data()["declined"])


def _join(region: Region, partner: Partner, token: str, session: Session) -> None:
    holder = staff_links.link_holder(session, token)
    password = region.new_password(holder, partner.kind, partner.about["ko"] + LABEL_KO)
    partner.owner = acting.as_member(session, staff_links.accept_link(session, token, password))
    branding.save(session, partner.owner, demo_faces.face(partner.about, *labelled(partner.about), kind=partner.kind))
    demo_faces.show_logo(partner.about, partner.owner, session)
    demo_faces.write_messages(data()["messages"].get(partner.about["slug"], {}), partner.owner, session)
    first_steps.put_away(session, partner.owner)
    accept(partner, session)
    place = region.employers.index(partner) if partner.kind == "employer" else len(data()["reviewers"])
    if place < len(data()["reviewers"]):
        name, email = data()["reviewers"][place], f"reviewer@{partner.domain}"
        partner.reviewer = _colleague(region, session, partner.owner, name=name, email=email, role="reviewer")


def _colleague(region: Region, session: Session, member: Member, *, name: str, email: str, role: Role) -> Member:
    staff = organisations.invite_staff(session, member, email=email, name=name, role=role, language="ko")
    password = region.new_password(staff, member.organisation_kind, member.organisation_name.ko)
    return acting.as_member(session, staff_links.accept_link(session, mailed_to(session, email), password))


def join(region: Region, key: str, partner: Partner, session: Session, *, answers: bool = True) -> None:
    """Somebody who is here already is asked to take part in a further programme, and accepts, or else declines."""
    ask(region, key, partner, session)
    region.agenda.add(_soon(session), partial(accept if answers else decline, partner))


def agree(
    region: Region,
    partner: Partner,
    session: Session,
    *,
    key: str,
    quota: int | None = None,
    until: datetime | None = None,
    full: bool = False,
) -> None:
    """Limits of what a university may do in a programme, written into the memorandum that it has.

    `full`: it may invite as many as it has invited.
    """
    wanted = select(Memorandum).where(
        Memorandum.university_id == partner.id, Memorandum.programme_id == region.programmes[key]
    )
    memorandum = session.scalars(wanted).first()
    if memorandum is not None:
        quota = memoranda.used(session, memorandum) if full else quota
        memoranda.change(session, region.doyun, memorandum.id, quota=quota, until=until)


def write_opening(
    region: Region, partner: Partner, key: str, session: Session, *, deadline: datetime, hires: int
) -> None:
    """An employer's opening with questions and rubric of the library, published."""
    template = templates()[partner.about["template"]]
    questions = tuple(
        NewQuestion(text.ko, text.en, think_s=template.think_s, answer_s=template.answer_s, takes=template.takes)
        for text in (_question(address) for address in template.questions)
    )
    criteria = [rubrics.shipped(name, weight=weight) for name, weight in template.criteria.items()]
    new = NewOpening(
        title_ko=partner.about["role_ko"],
        title_en=partner.about["role_en"],
        language="ko",
        deadline=deadline,
        questions=questions,
        rubric=rubrics.made(criteria),
        blind=region.employers.index(partner) != NOT_BLIND,
        programme_id=region.programmes[key],
        vocabulary=template.vocabulary,
    )
    made = openings.create(session, partner.member, new)
    public_openings.publish(session, partner.member, made.id)
    partner.jobs.append(Job(made.id, partner, deadline, key, hires, places=hires))


def _question(address: str) -> Any:
    competency, number = address.split(".")
    return library.questions_of(competency)[int(number)]
