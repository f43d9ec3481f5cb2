"""An opening with any number of candidates: generated load data in a database of its own, earned by no recording.

Rows go into the tables in bulk; what the list keeps is then derived by `standings.rebuild`, as after a migration.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from interview_ai import openings, organisations, standings
from interview_ai.database import EVERYWHERE, transaction
from interview_ai.openings import NewOpening, NewQuestion
from interview_ai.organisations import Member
from interview_ai.rules.evidence import rubric_from
from interview_ai.tables import (
    Answer,
    Candidate,
    EvidenceRow,
    Interview,
    Invitation,
    Opening,
    PersonKey,
    Question,
    ScoreRow,
    TranscriptRow,
    new_id,
    new_person,
)
from tests.cast import CRITERIA, PASSWORD

LABEL = "generated load data"
EMAIL = "bench@example.com"
CHUNK = 1000
WORDS = (25, 45)  # of an answer
SECOND = {**CRITERIA[0], "id": "communication", "name": {"ko": "의사소통", "en": "Communication"}, "weight": 0.7}
# how often a word comes, from the first to the last: falling, so that a search meets many or few
KOREAN = (
    "저는 그래서 팀에서 문제를 그때 고객이 했습니다 프로젝트를 생각했습니다 해결했습니다 시간이 회의를 품질 데이터를 확인했습니다 제안했습니다 "
    "개선했습니다 불량률이 원인을 분석해서 동료와 일정이 책임을 설비를 점검했습니다 결과적으로 줄었습니다 배웠습니다 갈등이 설득했습니다 매출이 "
    "보고서를 정리했습니다 실험을 반복했습니다 교육을 도왔습니다 자재가 납기를 맞췄습니다 검사표를 만들었습니다 측정기를 교정했습니다"
).split()


@dataclass(frozen=True, slots=True)
class Crowd:
    """The opening that was made, and who reads its list."""

    opening_id: str
    member: Member
    email: str


def make(count: int, *, seed: int = 7) -> Crowd:
    """The opening with so many candidates in the database of the settings."""
    member, opening_id = _opening()
    with transaction(EVERYWHERE) as session:
        chance = random.Random(seed)
        people = iter(range(1, count + 1))
        question = session.query(Question.id).filter_by(opening_id=opening_id).scalar()
        session.get_one(Opening, opening_id).demonstration = True
        while numbers := list(islice(people, CHUNK)):
            _insert(session, member.organisation_id, opening_id, question, numbers, chance)
        standings.rebuild(session, opening_id)
    return Crowd(opening_id, member, EMAIL)


def _opening() -> tuple[Member, str]:
    with transaction(EVERYWHERE) as session:
        made = organisations.add_organisation(session, "employer", LABEL, LABEL)
        organisations.add_staff(session, made, email=EMAIL, name=LABEL, role="owner", password=PASSWORD)
    member = signed_in(EMAIL)
    new = NewOpening(
        title_ko=f"부하 시험용 생성 자료 ({LABEL})",
        title_en=LABEL,
        language="ko",
        deadline=datetime.now(UTC) + timedelta(days=30),
        questions=(
            NewQuestion("문제를 해결한 경험을 말해 주세요.", "Tell us about a time when you solved a problem."),
        ),
        rubric=rubric_from("1", [CRITERIA[0], SECOND]),
        blind=True,
    )
    with transaction(member.organisation_id) as session:
        return member, openings.create(session, member, new).id


def signed_in(email: str) -> Member:
    """Whoever reads the list."""
    attempt = organisations.check(email, PASSWORD)
    with transaction(EVERYWHERE) as session:
        token = organisations.sign_in(session, attempt)
        assert token
        session.flush()
        member = organisations.member_of(session, token)
    assert member
    return member


def _insert(
    session: Session, owner: str, opening_id: str, question_id: str, numbers: Sequence[int], chance: random.Random
) -> None:
    rows: dict[type[Any], list[dict[str, Any]]] = {
        table: []
        for table in (PersonKey, Candidate, Invitation, Interview, Answer, TranscriptRow, ScoreRow, EvidenceRow)
    }
    for number in numbers:
        for table, row in _candidate(number, owner, opening_id, question_id, chance):
            rows[table].append({"organisation_id": owner, **row} if table is not PersonKey else row)
    for table, made in rows.items():
        if made:
            session.execute(insert(table), made)


def _candidate(
    number: int, owner: str, opening_id: str, question_id: str, chance: random.Random
) -> Iterator[tuple[type[Any], dict[str, Any]]]:
    person, candidate, invitation, interview = new_person(), new_id(), new_id(), new_id()
    now = datetime.now(UTC)
    yield PersonKey, {"person": person, "sealed_key": secrets.token_bytes(32)}
    name, email = f"생성 자료 {number:06d}", f"load-{number}@example.invalid"
    yield (
        Candidate,
        {"id": candidate, "person": person, "name": name, "email": email, "language": "ko", "created_at": now},
    )
    link = {"id": invitation, "token_hash": secrets.token_hex(32), "expires_at": now, "created_at": now}
    yield Invitation, {**link, "opening_id": opening_id, "candidate_id": candidate, "inviting_organisation_id": owner}
    drawn = chance.random()
    mode, state = ("people" if drawn < 0.05 else "ai"), ("begun" if drawn > 0.92 else "finished")
    yield (
        Interview,
        {
            "id": interview,
            "opening_id": opening_id,
            "candidate_id": candidate,
            "invitation_id": invitation,
            "number": number,
            "state": state,
            "mode": mode,
            "begun_at": now,
            "finished_at": now,
        },
    )
    if state == "begun":
        return
    answer, scored = new_id(), mode == "ai" and drawn < 0.85
    reason = None if scored else "people_only" if mode == "people" else chance.choice(["no_speech", "abstained"])
    given = {"take": 1, "created_at": now, "received_at": now, "bytes": 0, "reason_code": reason}
    after = "assessed" if scored else "needs_person"
    yield Answer, {"id": answer, "interview_id": interview, "question_id": question_id, "state": after, **given}
    if mode == "ai":
        yield from _heard(answer, person, now, reason, chance)


def _heard(
    answer: str, person: int, now: datetime, reason: str | None, chance: random.Random
) -> Iterator[tuple[type[Any], dict[str, Any]]]:
    said = [KOREAN[int(len(KOREAN) * chance.random() ** 2)] for _ in range(chance.randint(*WORDS))]
    words = [
        {"text": word, "start_s": place / 2, "end_s": place / 2 + 0.4, "confidence": 0.9}
        for place, word in enumerate(said)
    ]
    heard = {"engine": LABEL, "model": LABEL, "language": "ko", "text": " ".join(said), "words": words, "sketch": None}
    yield TranscriptRow, {"id": new_id(), "answer_id": answer, **heard}
    levels = [chance.choice([1, 2, 2, 3, 3, 3, 3, 4, 4, 5]) for _ in range(2)]
    points = round((levels[0] + 0.7 * levels[1]) / 1.7, 3)
    width = chance.choice([0.5, 1.0, 1.0])
    score = {
        "provisional": True,
        "points": points,
        "low": max(1.0, points - width),
        "high": min(5.0, points + width),
        "criteria": [
            {"id": name, "points": level, "low": level, "high": level}
            for name, level in zip(("problem_solving", "communication"), levels, strict=True)
        ],
    }
    why = {"code": reason, "text": {"ko": LABEL, "en": LABEL}} if reason else None
    kept = {"gates": [], "delivery": None, "versions": {"code": LABEL, "scoring": LABEL}, "opinion": None}
    yield (
        ScoreRow,
        {
            "id": new_id(),
            "answer_id": answer,
            "person": person,
            "score": None if reason else score,
            "reason": why,
            "created_at": now,
            **kept,
        },
    )
    if not reason:
        quote = {"criterion": "problem_solving", "kind": "action", "quote": said[0], "start_char": 0, "end_char": 2}
        yield EvidenceRow, {"id": new_id(), "answer_id": answer, "start_s": 0.0, "end_s": 1.0, **quote}
