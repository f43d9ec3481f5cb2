"""An opening with any number of candidates: generated load data in a database of its own, earned by no recording.

The first thousand go into the tables in bulk, and what the list keeps of them is derived by `standings.rebuild`, as
after a migration. All further ones are copies that the database makes of those, under ids, numbers and lots of their
own.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, literal, select, text
from sqlalchemy.orm import Session

from interview_ai import openings, organisations, standings, tallies
from interview_ai.database import EVERYWHERE, transaction
from interview_ai.openings import NewOpening, NewQuestion
from interview_ai.organisations import Member
from interview_ai.rules.bands import LOTS, SHUFFLES
from interview_ai.rules.evidence import rubric_from
from interview_ai.tables import (
    Answer,
    Candidate,
    CriterionPoints,
    EvidenceRow,
    Interview,
    Invitation,
    Opening,
    PersonKey,
    Question,
    ScoreRow,
    SearchEntry,
    StandingRow,
    TranscriptRow,
    new_id,
)
from tests.cast import CRITERIA, PASSWORD

LABEL = "generated load data"
EMAIL = "bench@example.com"
FIRST = 1000  # candidates that are no copies
STEP = 1 << 40  # between the random numbers of persons and of their copies
RENAMED = ("id", "candidate_id", "invitation_id", "interview_id", "answer_id", "token_hash")
COPIED: tuple[type[Any], ...] = (
    *(PersonKey, Candidate, Invitation, Interview, Answer, TranscriptRow, ScoreRow, EvidenceRow),
    *(StandingRow, CriterionPoints, SearchEntry),
)
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
    """The opening with so many candidates in the database of the settings; thousands, or fewer than a thousand."""
    member, opening_id = _opening()
    first = min(count, FIRST)
    with transaction(EVERYWHERE) as session:
        question = session.query(Question.id).filter_by(opening_id=opening_id).scalar()
        session.get_one(Opening, opening_id).demonstration = True
        _insert(session, member.organisation_id, opening_id, question, range(1, first + 1), random.Random(seed))
        standings.rebuild(session, opening_id)
        # PostgreSQL planned the checks of foreign keys while the tables were empty: it would read them whole, row by row
        session.execute(text("ANALYZE"))
        for copy in range(1, count // first):
            for table in COPIED:
                _copy(session, table.__table__, copy, first)
        tallies.recount(session, opening_id)
    return Crowd(opening_id, member, EMAIL)


def _copy(session: Session, table: Any, copy: int, first: int) -> None:
    """The first thousand rows of a table once more, under other names."""
    named = [column for column in table.columns if not (table.name == "search_entries" and column.name == "id")]
    again = select(*(_other(column, copy, first) for column in named))
    session.execute(insert(table).from_select(named, again.where(*_first_of(table, first))))


def _first_of(table: Any, first: int) -> list[Any]:
    """Which rows are no copies: a copy's names begin with its number, the first ones' with none."""
    if table.name == "person_keys":
        return [table.c.person < STEP]
    named = table.c.interview_id if "interview_id" in table.c else table.c.get("answer_id", table.c.get("id"))
    return [named >= f"{0:05x}", named < f"{1:05x}"]


def _other(column: Any, copy: int, first: int) -> Any:
    if column.name in RENAMED:
        return literal(f"{copy:05x}") + func.substr(column, 6)
    if column.name == "email":
        return literal(f"{copy}-") + column
    steps = {"person": copy * STEP, "number": copy * first}
    if column.name in steps:
        return column + steps[column.name]
    if column.name == "lot":
        return (column + 37 * copy) % LOTS
    return (column + 1_299_709 * copy) % SHUFFLES if column.name == "shuffle" else column


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
    person, candidate, invitation, interview = chance.randrange(STEP), _id(), _id(), _id()
    now = datetime.now(UTC)
    yield PersonKey, {"person": person, "sealed_key": secrets.token_bytes(32)}
    name, email = f"생성 자료 {number:06d}", f"load-{number}@example.invalid"
    yield (
        Candidate,
        {"id": candidate, "person": person, "name": name, "email": email, "language": "ko", "created_at": now},
    )
    link = {"id": invitation, "token_hash": f"{0:05x}{secrets.token_hex(32)[5:]}", "expires_at": now, "created_at": now}
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
    answer, scored = _id(), mode == "ai" and drawn < 0.85
    reason = None if scored else "people_only" if mode == "people" else chance.choice(["no_speech", "abstained"])
    given = {"take": 1, "created_at": now, "received_at": now, "bytes": 0, "reason_code": reason}
    after = "assessed" if scored else "needs_person"
    yield Answer, {"id": answer, "interview_id": interview, "question_id": question_id, "state": after, **given}
    if mode == "ai":
        yield from _heard(answer, person, now, reason, chance)


def _id() -> str:
    """An id that says that it is no copy."""
    return f"{0:05x}{new_id()[5:]}"


def _heard(
    answer: str, person: int, now: datetime, reason: str | None, chance: random.Random
) -> Iterator[tuple[type[Any], dict[str, Any]]]:
    said = [KOREAN[int(len(KOREAN) * chance.random() ** 2)] for _ in range(chance.randint(*WORDS))]
    words = [
        {"text": word, "start_s": place / 2, "end_s": place / 2 + 0.4, "confidence": 0.9}
        for place, word in enumerate(said)
    ]
    heard = {"engine": LABEL, "model": LABEL, "language": "ko", "text": " ".join(said), "words": words, "sketch": None}
    yield TranscriptRow, {"id": _id(), "answer_id": answer, **heard}
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
            "id": _id(),
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
        yield EvidenceRow, {"id": _id(), "answer_id": answer, "start_s": 0.0, "end_s": 1.0, **quote}
