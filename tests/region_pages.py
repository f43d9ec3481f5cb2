"""The pages of a demonstration region by name, with what it lacks made first: fresh organisations, rosters to match."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from interview_ai import campaign_reading, campaigns, openings, opt_outs, proofs
from interview_ai.campaigns import NewCampaign
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.organisations import Member
from interview_ai.storage import storage
from interview_ai.tables import Campaign, Invitation, Opening, Organisation, Programme, Staff, new_id
from interview_ai.tokens import digest
from tests import desk
from tests.cast import PASSWORD

UNCLEAR = "갑,을,병\n김민지,minji@example.org,기계공학과\n박소라,sora@example.org,경영학과\n"
FORBIDDEN = (
    "이름,이메일,학과,사진\n김민지,minji@example.org,기계공학과,a.jpg\n이하나,hana at example.org,경영학과,b.jpg\n"
)
STATES = ("paused", "preview")
Pages = list[tuple[str, str]]
SignIns = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Shown:
    """Pages by a name for the picture: of whom, with which password, at which addresses; and those for everybody.

    `sharing` is the link of a student who has finished, once it was opened.
    """

    staff: list[tuple[str, str, Pages]]
    public: Pages
    sharing: str


def shown(sign_ins: SignIns) -> Shown:
    """All of them over the database of the settings, in which a region was made."""
    with reading(EVERYWHERE) as session:
        university, agency = (_owner(session, kind) for kind in ("university", "agency"))
        opening = _open(session, university.organisation_id)
        running = session.scalars(select(Programme.id).where(Programme.closed_at.is_(None)).limit(1)).one()
        waiting = {state: _campaign(session, state) for state in STATES}
    seoyeon = desk.signed_in(university.email, sign_ins[university.email]["password"])
    staff = [(university.email, sign_ins[university.email]["password"], _of_university(seoyeon, opening))]
    for state in STATES:
        address, email = waiting[state]
        staff.append((email, sign_ins[email]["password"], [(f"campaign-{state}", address)]))
    staff += [(agency.email, sign_ins[agency.email]["password"], _of_agency(running)), *_fresh()]
    return Shown(staff, _public(seoyeon, opening), _finished(seoyeon, opening))


def _owner(session: Session, kind: str) -> Staff:
    """The owner of the first organisation of that kind: the one that has the most to show."""
    mine = select(Staff).join(Organisation, Organisation.id == Staff.organisation_id)
    wanted = mine.where(Organisation.kind == kind, Staff.role == "owner", Staff.state == "active")
    return session.scalars(wanted.order_by(Organisation.created_at, Organisation.id).limit(1)).one()


def _campaign(session: Session, state: str) -> tuple[str, str]:
    """The address of a campaign in that state, and who owns the university that sent it."""
    whose = select(Campaign.id, Staff.email).join(Staff, Staff.organisation_id == Campaign.organisation_id)
    wanted = whose.where(Campaign.state == state, Staff.role == "owner").order_by(Staff.created_at, Campaign.created_at)
    campaign_id, email = session.execute(wanted.limit(1)).one()
    return f"/staff/campaigns/{campaign_id}", email


def _open(session: Session, university_id: str) -> str:
    """An opening to which the university has a campaign, and which is open still."""
    sent = select(Opening.id).join(Campaign, Campaign.opening_id == Opening.id)
    mine = sent.where(Campaign.organisation_id == university_id)
    return session.scalars(mine.order_by(Opening.deadline.desc(), Opening.id).limit(1)).one()


def _of_university(seoyeon: Member, opening: str) -> Pages:
    with reading(EVERYWHERE) as session:
        mine = select(Campaign).where(Campaign.organisation_id == seoyeon.organisation_id, Campaign.state == "sent")
        sent = session.scalars(mine.order_by(Campaign.created_at.desc()).limit(1)).one().id
    unclear = _read(seoyeon, opening, UNCLEAR, "열 확인")
    refused = _read(seoyeon, opening, "%PDF-1.7 no roster", "읽지 못한 파일")
    faulty = _read(seoyeon, opening, FORBIDDEN, "고칠 명단")
    return [
        ("university", "/staff/university"),
        ("progress", "/staff/progress"),
        ("progress-shares", "/staff/progress?bars=share"),
        ("progress-whole", "/staff/progress?all=yes"),
        ("progress-finished", "/staff/progress?at=finished&page=2"),
        ("progress-opening", f"/staff/progress?opening={opening}"),
        ("progress-nobody", "/staff/progress?words=nobody-of-this-name"),
        ("campaigns", "/staff/campaigns"),
        ("campaign-new", "/staff/campaigns/new"),
        ("campaign-sent", f"/staff/campaigns/{sent}"),
        ("campaign-messages", f"/staff/campaigns/{sent}/messages"),
        ("campaign-matching", f"/staff/campaigns/{unclear}"),
        ("campaign-refused", f"/staff/campaigns/{refused}"),
        ("campaign-faulty", f"/staff/campaigns/{faulty}"),
        ("messages-university", "/staff/messages"),
        ("people-university", "/staff/people"),
        ("organisation-university", "/staff/organisation"),
        ("keys", "/staff/keys"),
        ("webhooks", "/staff/webhooks"),
        ("account-university", "/staff/account"),
        ("api-docs", "/api/v1/docs"),
    ]


def _read(member: Member, opening: str, content: str, name: str) -> str:
    """A campaign whose roster was read, here rather than by a worker; returns its id."""
    data, upload_id = content.encode(), new_id()
    storage().append(upload_id, 0, data)
    about = {"file_name": f"{name}.csv", "file_bytes": len(data), "consent_basis": "career_services"}
    with transaction(EVERYWHERE) as session:
        made = campaigns.add(session, member, NewCampaign(opening, name, upload_id, **about), rings=False)
        claimed = campaign_reading.claim(session, made.id)
    assert claimed is not None
    campaign_reading.read(claimed)
    return made.id


def _of_agency(programme: str) -> Pages:
    return [
        ("region", "/staff/region"),
        ("region-shares", "/staff/region?bars=share"),
        ("region-whole", "/staff/region?all=yes&sort=hired"),
        ("programmes", "/staff/programmes"),
        ("memoranda", f"/staff/programmes/{programme}/memoranda"),
        ("organisation-agency", "/staff/organisation"),
        ("people-agency", "/staff/people"),
        ("account-agency", "/staff/account"),
    ]


def _fresh() -> list[tuple[str, str, Pages]]:
    """A university and an agency that have nothing yet."""
    pages = {
        "university": ["university", "progress", "campaigns", "campaigns/new", "messages", "organisation"],
        "agency": ["region", "programmes", "organisation"],
    }
    made = []
    for kind, names in pages.items():
        email = f"fresh@{kind}.example"
        desk.organisation("university" if kind == "university" else "agency", "새 기관", email)
        made.append((email, PASSWORD, [(f"empty-{kind}-{name.replace('/', '-')}", f"/staff/{name}") for name in names]))
    return made


def _public(seoyeon: Member, opening: str) -> Pages:
    with reading(EVERYWHERE) as session:
        published = session.scalars(
            select(Opening.id).where(Opening.published_at.is_not(None), Opening.id == opening)
        ).one()
        named = select(Organisation).where(Organisation.slug != "").order_by(Organisation.created_at.desc())
        slugs = {one.kind: one.slug for one in session.scalars(named)}
    code, year = (_asks(seoyeon, opening, kind) for kind in ("code", "birth_year"))
    stop = opt_outs.token(seoyeon.organisation_id, "minji@example.org")
    return [
        ("landing", "/"),
        ("openings-public", "/openings"),
        ("openings-none", "/openings?words=nothing-like-this"),
        ("opening-public", f"/openings/{published}"),
        *((f"page-of-{kind}", f"/o/{slug}") for kind, slug in sorted(slugs.items())),
        ("page-of-nobody", "/o/nobody-has-this"),
        ("proof-code", code),
        ("proof-year", year),
        ("stopping", f"/stop/{stop}"),
    ]


def _asks(seoyeon: Member, opening: str, kind: str) -> str:
    """A link that asks whose it is."""
    email = f"{kind}@example.org"
    with transaction(EVERYWHERE) as session:
        token = openings.invite(session, seoyeon, opening, name="Minji", email=email, language="ko")
        row = session.scalars(select(Invitation).where(Invitation.token_hash == digest(token))).one()
        row.proof, row.proof_hash = kind, proofs.birth_year_hash(email, "2001") if kind == "birth_year" else None
    return f"/i/{token}"


def _finished(seoyeon: Member, opening: str) -> str:
    with transaction(EVERYWHERE) as session:
        whom = {"name": "Minji", "email": "shows@example.org", "language": "ko"}
        token = openings.invite(session, seoyeon, opening, **whom)
        asked = len(session.get_one(Opening, opening).questions)
    minji = desk.begin(token)
    for position in range(1, asked + 1):
        desk.answered(minji, position)
    desk.finished(minji)
    return f"/i/{token}"
