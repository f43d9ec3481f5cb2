"""A region of any size: generated load data of programmes, employers, universities and their students, in a database of
its own, earned by no recording; and how long the pages of the university and the agency take over it.

`python -m tests.bench.region 100000 [postgresql]` prints the times as JSON.
"""

from __future__ import annotations

import json
import random
import secrets
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from interview_ai import health, named_progress, organisations, outcome_figures, programmes, progress, region, stuck
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.organisations import Member
from interview_ai.progress import Wanted
from interview_ai.tables import (
    Answer,
    Campaign,
    CampaignRow,
    Candidate,
    Decision,
    Interview,
    Invitation,
    Mail,
    Memorandum,
    Opening,
    PersonKey,
    ProgrammePartner,
    Question,
    RubricRow,
    Staff,
    StandingRow,
    new_id,
)
from tests import cast, desk
from tests.bench import ranked

LABEL = "generated load data"
DEPARTMENTS = (
    "기계공학과",
    "전자공학과",
    "컴퓨터공학과",
    "경영학과",
    "화학공학과",
    "식품영양학과",
    "국어국문학과",
    "디자인학과",
)
COHORTS = ("2024", "2025", "2026")
KINDS = ("hired", "advance", "hold", "reject")
NOW = datetime.now(UTC)
TABLES: tuple[type[Any], ...] = (PersonKey, Candidate, Invitation, CampaignRow, Mail, Interview, StandingRow)
AFTER: tuple[type[Any], ...] = (Decision, Answer)


@dataclass(slots=True)
class Made:
    """The region's people by their rows, for a plain recount."""

    doyun: Member
    universities: list[Member] = field(default_factory=list)
    employers: list[str] = field(default_factory=list)
    openings: list[tuple[str, str, str]] = field(default_factory=list)
    """(opening, employer, programme)."""
    rows: list[dict[str, Any]] = field(default_factory=list)


def make(count: int, *, seed: int = 7, universities: int = 6, employers: int = 20, plans: int = 3) -> Made:
    """The whole region, with so many invitations."""
    chance = random.Random(seed)
    made = Made(desk.organisation("agency", "Doyun", "doyun@example.go.kr"))
    made.universities.append(desk.organisation("university", "Seoyeon", "seoyeon@example.ac.kr"))
    with transaction(made.doyun.organisation_id) as session:
        for n in range(plans):
            one = programmes.add_programme(session, made.doyun, f"지역 인재 {n + 1}차", f"Regional talent {n + 1}")
            one.places, one.deadline = 40 * (n + 1), NOW + timedelta(days=30 * n - 10)
            made.openings.append(("", "", one.id))
    with transaction(EVERYWHERE) as session:
        ids = [made.universities[0].organisation_id]
        ids += [_organisation(session, "university", f"생성 대학 {n}") for n in range(2, universities + 1)]
        made.employers = [_organisation(session, "employer", f"생성 기업 {n:02d}") for n in range(1, employers + 1)]
        _openings(session, made, chance)
        for partner in (*ids, *made.employers):
            for programme_id in {one[2] for one in made.openings}:
                whose = {"organisation_id": made.doyun.organisation_id, "programme_id": programme_id}
                session.add(ProgrammePartner(partner_id=partner, **whose))
        campaigns = _campaigns(session, made, ids)
        _people(session, made, count, ids, campaigns, chance)
    return made


def _organisation(session: Session, kind: Any, name: str) -> str:
    made = organisations.add_organisation(session, kind, name, f"{kind} {name[-2:].strip()}")
    state = "invited" if name.endswith(("7", "5")) else "active"
    email = f"{made.id[:12]}@example.invalid"
    session.add(Staff(organisation_id=made.id, email=email, name=LABEL, role="owner", state=state))
    session.flush()
    return made.id


def _openings(session: Session, made: Made, chance: random.Random) -> None:
    plans = [programme for _, _, programme in made.openings]
    made.openings = []
    for n, employer in enumerate(made.employers):
        programme = plans[n % len(plans)]
        opening = Opening(
            organisation_id=employer,
            programme_id=programme,
            title_ko=f"품질관리 {n + 1}",
            title_en=f"Quality control {n + 1}",
            language="ko",
            deadline=NOW + timedelta(days=chance.choice([-9, 10, 20])),
        )
        session.add(opening)
        session.flush()
        rubric = {"version": "1", "criteria": cast.CRITERIA}
        session.add(RubricRow(organisation_id=employer, opening_id=opening.id, **rubric))
        asked = {"position": 1, "text_ko": LABEL, "text_en": LABEL}
        session.add(Question(id=f"{opening.id[:28]}0001", organisation_id=employer, opening_id=opening.id, **asked))
        made.openings.append((opening.id, employer, programme))


def _campaigns(session: Session, made: Made, universities: list[str]) -> dict[tuple[str, str], str]:
    found = {}
    for university in universities:
        staff = session.query(Staff.id).filter_by(organisation_id=university).first()
        for n, (opening, _, programme) in enumerate(made.openings[:3]):
            row = Campaign(
                organisation_id=university,
                opening_id=opening,
                staff_id=staff[0],
                name=f"{n + 1}회 초대",
                state="paused" if n == 2 else "sent",
                file_name="roster.csv",
                rows_total=100,
            )
            session.add(row)
            session.flush()
            found[university, opening] = row.id
            agency = made.doyun.organisation_id
            session.add(
                Memorandum(
                    organisation_id=agency, programme_id=programme, university_id=university, quota=10 + 10**6 * n
                )
            )
    return found


def _people(
    session: Session,
    made: Made,
    count: int,
    universities: list[str],
    campaigns: dict[tuple[str, str], str],
    chance: random.Random,
) -> None:
    staff = dict(session.query(Staff.organisation_id, Staff.id).all())
    rows: dict[type[Any], list[dict[str, Any]]] = {table: [] for table in (*TABLES, *AFTER)}
    for number in range(1, count + 1):
        _person(number, made, universities, campaigns, staff, chance, rows)
        if number % 5000 == 0 or number == count:
            for table in (*TABLES, *AFTER):
                if rows[table]:
                    session.execute(insert(table), rows[table])
                rows[table] = []


def _person(
    number: int,
    made: Made,
    universities: list[str],
    campaigns: dict[tuple[str, str], str],
    staff: dict[str, str],
    chance: random.Random,
    rows: dict[type[Any], list[dict[str, Any]]],
) -> None:
    university = chance.choice(universities)
    opening, employer, programme = chance.choice(made.openings[: max(4, len(made.openings))])
    person, candidate, invitation, interview = chance.getrandbits(62), new_id(), new_id(), new_id()
    digest, begun = (
        secrets.token_hex(32),
        NOW - timedelta(days=chance.randint(1, 60), seconds=chance.randint(0, 80_000)),
    )
    reached = chance.choices(["unsent", "sent", "opened", "begun", "finished", "decided"], [2, 20, 18, 10, 20, 30])[0]
    far = ["unsent", "sent", "opened", "begun", "finished", "decided"].index(reached)
    kind = chance.choices(KINDS, [3, 2, 2, 4])[0] if far >= 5 else None
    returned = begun if reached == "sent" and chance.random() < 0.2 else None
    department = chance.choices([*DEPARTMENTS, None], [9, 8, 7, 6, 5, 3, 1, 1, 2])[0]
    cohort = chance.choice(COHORTS) if department else None
    campaign = campaigns.get((university, opening)) if department else None
    name = f"{chance.choice('김이박최정')}{chance.choice('민서지하도')}{chance.choice('준윤우연아')}"
    rows[PersonKey].append({"person": person, "sealed_key": b"0" * 32})
    who = {"person": person, "name": name, "email": f"load-{number}@example.invalid", "language": "ko"}
    rows[Candidate].append({"id": candidate, "organisation_id": employer, "created_at": begun, **who})
    rows[Invitation].append(
        {
            "id": invitation,
            "organisation_id": employer,
            "opening_id": opening,
            "candidate_id": candidate,
            "inviting_organisation_id": university,
            "token_hash": digest,
            "expires_at": NOW + timedelta(days=7),
            "campaign_id": campaign,
            "opened_at": begun if far >= 2 else None,
            "created_at": begun,
        }
    )
    if department and campaigns:
        named = {"name": name, "email": who["email"], "department": department, "cohort": cohort, "language": "ko"}
        which = campaign or next(key for (whose, _), key in campaigns.items() if whose == university)
        named |= {"id": new_id(), "organisation_id": university, "campaign_id": which, "row": number}
        rows[CampaignRow].append({**named, "outcome": "ready", "invitation_id": invitation})
    mail = {"id": new_id(), "organisation_id": employer, "cause": f"invitation:{digest}", "recipient": who["email"]}
    mail |= {"subject": LABEL, "body": "", "campaign_id": campaign, "returned_at": returned, "created_at": begun}
    rows[Mail].append({**mail, "state": "pending" if reached == "unsent" else "sent", "next_at": begun})
    if far >= 3:
        finished = begun + timedelta(hours=1) if far >= 4 else None
        whole = {"organisation_id": employer, "opening_id": opening, "number": number, "mode": "ai"}
        state = "finished" if finished else "begun"
        ends = {"begun_at": begun, "finished_at": finished, "state": state}
        rows[Interview].append(
            {"id": interview, "candidate_id": candidate, "invitation_id": invitation, **whole, **ends}
        )
        derived = {
            "interview_id": interview,
            "stage": kind or ("ready" if far >= 4 else "begun"),
            "answered": 1,
            "scored": 0,
            "quotes": 0,
        }
        derived |= {"working": False, "raters": chance.choice([0, 1]), "decision": kind, "lot": 0, "shuffle": 0}
        rows[StandingRow].append({**whole, **derived, "state": state})
        if far == 4:
            answer = {"id": new_id(), "interview_id": interview, "question_id": f"{opening[:28]}0001", "take": 1}
            answer |= {"organisation_id": employer, "state": "needs_person", "received_at": begun, "created_at": begun}
            rows[Answer].append(
                {**answer, "bytes": 5_000_000, "reason_code": chance.choice(["no_speech", "too_short"])}
            )
        if kind and finished:
            late = finished + timedelta(days=chance.expovariate(0.2))
            decision = {"id": new_id(), "organisation_id": employer, "interview_id": interview, "kind": kind}
            rows[Decision].append({**decision, "staff_id": staff[employer], "reason": LABEL, "created_at": late})
    made.rows.append(
        {
            "number": number,
            "university": university,
            "employer": employer,
            "programme": programme,
            "opening": opening,
            "department": department or outcome_figures.NOT_GIVEN,
            "cohort": cohort or outcome_figures.NOT_GIVEN,
            "far": far,
            "returned": returned is not None,
            "kind": kind,
            "campaign": campaign,
        }
    )


def decide(made: Made, kind: str, count: int) -> None:
    """So many more finished interviews of the first university are decided about."""
    mine = made.universities[0].organisation_id
    of_mine = (Invitation.id == Interview.invitation_id) & (Invitation.inviting_organisation_id == mine)
    with transaction(EVERYWHERE) as session:
        wanted = select(Interview).join(Invitation, of_mine).join(StandingRow, StandingRow.interview_id == Interview.id)
        waiting = wanted.where(Interview.state == "finished", StandingRow.decision.is_(None))
        for one in session.scalars(waiting.order_by(Interview.id).limit(count)).all():
            row = session.get_one(StandingRow, one.id)
            row.decision = row.stage = kind


def name_again(made: Made, department: str, count: int = 60) -> None:
    """A second roster of the first university names students of the first employer under another department."""
    seoyeon, there = made.universities[0], made.employers[0]
    opening, employer, _ = next(one for one in made.openings if one[1] != there)
    with transaction(EVERYWHERE) as session:
        mine = Invitation.inviting_organisation_id == seoyeon.organisation_id
        campaign = session.scalars(
            select(Campaign.id).where(Campaign.organisation_id == seoyeon.organisation_id)
        ).first()
        known = select(Candidate).join(Invitation, Invitation.candidate_id == Candidate.id)
        for one in session.scalars(known.where(mine, Candidate.organisation_id == there).limit(count)).all():
            key = PersonKey(person=one.person // 2, sealed_key=b"0" * 32)
            session.add(key)
            session.flush()
            again = Candidate(organisation_id=employer, person=key.person, name=one.name, email=one.email)
            session.add(again)
            session.flush()
            link = {"token_hash": secrets.token_hex(32), "expires_at": NOW, "created_at": NOW}
            whose = {"organisation_id": employer, "opening_id": opening, "candidate_id": again.id}
            invitation = Invitation(inviting_organisation_id=seoyeon.organisation_id, **whose, **link)
            session.add(invitation)
            session.flush()
            row = {"campaign_id": campaign, "row": 10**6 + one.person % 10**8, "outcome": "ready", "name": one.name}
            row |= {"email": one.email, "department": department, "invitation_id": invitation.id}
            session.add(CampaignRow(organisation_id=seoyeon.organisation_id, **row))


def timed(made: Made) -> dict[str, float]:
    """Seconds of what each part of the pages asks, the second time that it is asked."""
    seoyeon, doyun = made.universities[0], made.doyun

    def publishing(_: Session) -> object:
        with transaction(EVERYWHERE) as session:
            return outcome_figures.publish(session, seoyeon.organisation_id)

    with reading(EVERYWHERE) as session:
        counted = region.cells(session, doyun)
    asked: dict[str, Callable[[Session], object]] = {
        "progress: counts": lambda session: progress.overview(session, seoyeon, Wanted()),
        "progress: students": lambda session: named_progress.students(session, seoyeon, Wanted(words="민")),
        "progress: campaigns": lambda session: progress.campaigns(session, seoyeon),
        "progress: figures (background)": publishing,
        "region: counts": lambda session: region.region(session, doyun, region.cells(session, doyun)),
        "region: days": lambda session: region.days(session, doyun),
        "region: stuck": lambda session: stuck.stuck(session, doyun, counted),
        "region: due": lambda session: health.calendar(session, doyun),
        "region: health": health.health,
    }
    found = {}
    for name, ask in asked.items():
        with reading(EVERYWHERE) as session:
            ask(session)
        with reading(EVERYWHERE) as session:
            began = time.perf_counter()
            ask(session)
            found[name] = round(time.perf_counter() - began, 3)
    return found


def main(count: int, kind: str) -> None:
    """Prints the times over so many invitations."""
    with ranked.database(kind):
        made = make(count)
        print(json.dumps({"invitations": count, "database": kind, **timed(made)}, indent=2))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "sqlite")
