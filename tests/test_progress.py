"""How far a university's students are: every stage exact, only its own students, names up to "finished" and no further."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import update

from interview_ai import named_progress, openings, outcome_figures, outcome_sharing, progress, reviews
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import NotFound
from interview_ai.organisations import Member
from interview_ai.progress import STAGES, Stages, Wanted
from interview_ai.tables import AuditEntry, Decision, Mail, PublishedCount
from tests import desk
from tests.bench import region
from tests.bench.region import Made
from tests.mailed import campaign, left
from tests.test_campaign_links import taken
from tests.test_outcomes import send

AFTER = {"sent": 1, "delivered": 1, "opened": 2, "begun": 3, "finished": 4}
WHY = "The best answer by far."


def recount(made: Made, *, opening: str = "") -> dict[tuple[str, str], Counter[str]]:
    """By department and cohort, one by one."""
    found: dict[tuple[str, str], Counter[str]] = {}
    for row in made.rows:
        if row["university"] != made.universities[0].organisation_id or opening not in ("", row["opening"]):
            continue
        counts = found.setdefault((row["department"], row["cohort"]), Counter())
        counts["invited"] += 1
        for stage, least in AFTER.items():
            counts[stage] += row["far"] >= least and not (stage == "delivered" and row["returned"])
    return found


def shown(found: progress.Overview) -> dict[tuple[str, str], Counter[str]]:
    return {
        (line.department, one.cohort): Counter({stage: getattr(one.stages, stage) for stage in STAGES})
        for line in found.departments
        for one in line.cohorts
    }


def student(*, university: str = "seoyeon@example.ac.kr") -> tuple[Member, Member, str]:
    """A university, a firm, and the firm's opening of a programme of both."""
    jun = desk.jun()
    seoyeon = desk.organisation("university", "Seoyeon", university)
    doyun = desk.organisation("agency", "Doyun", "doyun@example.go.kr")
    return seoyeon, jun, desk.opening(jun, programme_id=desk.programme(doyun, seoyeon, jun))


def invited(seoyeon: Member, opening_id: str, name: str) -> str:
    with transaction(EVERYWHERE) as session:
        email = f"{name.lower()}@example.ac.kr"
        return openings.invite(session, seoyeon, opening_id, name=name, email=email, language="en")


def students(member: Member, **asked: object) -> named_progress.Students:
    with reading(EVERYWHERE) as session:
        return named_progress.students(session, member, Wanted(**asked))  # type: ignore[arg-type]


def test_every_stage_is_what_a_plain_recount_gives(anywhere: str) -> None:
    made = region.make(300, employers=4, universities=2)
    seoyeon, opening = made.universities[0], made.openings[0][0]
    with reading(EVERYWHERE) as session:
        assert shown(progress.overview(session, seoyeon, Wanted())) == recount(made)
        of_one = progress.overview(session, seoyeon, Wanted(opening_id=opening))
        lines = progress.campaigns(session, seoyeon)
    assert shown(of_one) == recount(made, opening=opening)
    by_campaign = Counter(row["campaign"] for row in made.rows if row["campaign"])
    assert {line.id: line.stages.invited for line in lines} == {line.id: by_campaign[line.id] for line in lines}
    assert len(lines) == 3


def test_the_list_of_names_finds_by_name_department_cohort_and_stage(anywhere: str) -> None:
    made = region.make(200, employers=3, universities=2)
    seoyeon = made.universities[0]
    mine = [row for row in made.rows if row["university"] == seoyeon.organisation_id]
    finished = students(seoyeon, at="finished")
    assert finished.total == sum(row["far"] >= 4 for row in mine)
    department = next(row["department"] for row in mine if row["department"] != outcome_figures.NOT_GIVEN)
    assert students(seoyeon, department=department).total == sum(row["department"] == department for row in mine)
    assert students(seoyeon, cohort="2025").total == sum(row["cohort"] == "2025" for row in mine)
    one = finished.rows[0]
    assert one.email in {row.email for row in students(seoyeon, words=f"{one.name} {one.email[:6].upper()}").rows}
    assert students(seoyeon, words="%").total == 0
    every = [
        row.invitation_id for page in range(1, students(seoyeon).last + 1) for row in students(seoyeon, page=page).rows
    ]
    assert len(set(every)) == len(mine)


def test_a_university_sees_only_whom_it_invited(anywhere: str) -> None:
    seoyeon, jun, opening_id = student()
    other = desk.organisation("university", "Other", "other@example.ac.kr")
    invited(seoyeon, opening_id, "Minji")
    desk.invite(jun, opening_id, "Juns")
    assert [one.name for one in students(seoyeon).rows] == ["Minji"]
    assert students(other).rows == ()
    with reading(EVERYWHERE) as session:
        assert progress.overview(session, seoyeon, Wanted()).total.invited == 1
        assert progress.overview(session, other, Wanted()).departments == ()
        assert progress.openings(session, other) == []


def test_a_mail_that_came_back_was_sent_and_not_delivered(home: Path) -> None:
    seoyeon, _, opening_id = student()
    invited(seoyeon, opening_id, "Minji")
    assert students(seoyeon).rows[0].at == "unsent"
    with transaction(EVERYWHERE) as session:
        mail = session.query(Mail).filter(Mail.cause.startswith("invitation:")).one()
        mail.state = "sent"
    assert students(seoyeon).rows[0].at == "unopened"
    with transaction(EVERYWHERE) as session:
        mail = session.query(Mail).filter(Mail.cause.startswith("invitation:")).one()
        mail.returned_at = mail.created_at
    assert students(seoyeon).rows[0].at == "returned"
    with reading(EVERYWHERE) as session:
        assert progress.overview(session, seoyeon, Wanted()).total == Stages(1, 1, mailed=1)


def test_links_that_were_handed_over_count_beside_mails_and_each_stage_holds_the_next(home: Path) -> None:
    seoyeon, _, opening_id = student()
    by_mail = campaign(seoyeon, opening_id, ["Minji", "Sora"])
    by_file = campaign(seoyeon, opening_id, ["Haneul", "Yuna", "Jiho"], channel="file", state="sent")

    def counted() -> tuple[Stages, dict[str, Stages], dict[str, str]]:
        with reading(EVERYWHERE) as session:
            told = progress.campaigns(session, seoyeon)
            assert {line.id: line.state for line in told} == {by_mail: "sending", by_file: "linked"}
            lines = {line.id: line.stages for line in told}
            total = progress.overview(session, seoyeon, Wanted()).total
        return total, lines, {one.name: one.at for one in students(seoyeon).rows}

    before, _, ats = counted()
    assert (before, before.steps) == (Stages(5, unhanded=3), STAGES)
    assert before.missing == (("unsent", 2), ("unhanded", 3))
    assert ats == dict.fromkeys(("Minji", "Sora"), "unsent") | dict.fromkeys(("Haneul", "Yuna", "Jiho"), "unhanded")
    left(days_ago=1)
    links = taken(seoyeon, by_file)
    desk.begin(links["Yuna"])
    total, lines, ats = counted()
    assert total == Stages(5, 5, 5, 1, 1, mailed=2, handed=3) and total.missing == ()
    assert lines == {by_mail: Stages(2, 2, 2, mailed=2), by_file: Stages(3, 3, 3, 1, 1, handed=3)}
    assert total.steps == ("invited", "given", "delivered", "opened", "begun", "finished")
    assert lines[by_file].steps == ("invited", "handed_over", "opened", "begun", "finished")
    assert (ats["Haneul"], ats["Yuna"]) == ("unopened", "begun")


def test_a_link_handed_over_after_its_mail_came_back_counts_once(home: Path) -> None:
    seoyeon, _, opening_id = student()
    which = campaign(seoyeon, opening_id, ["Minji"])
    left(days_ago=1)
    with transaction(EVERYWHERE) as session:
        session.execute(update(Mail).values(returned_at=Mail.created_at))
    taken(seoyeon, which)
    with reading(EVERYWHERE) as session:
        assert progress.overview(session, seoyeon, Wanted()).total == Stages(1, 1, 1, mailed=1, handed=1)
    assert students(seoyeon).rows[0].at == "unopened"
    with transaction(EVERYWHERE) as session:
        person = {"name": "Minji", "email": "minji@example.org", "language": "en"}
        openings.invite(session, seoyeon, opening_id, **person)
    assert students(seoyeon).rows[0].at == "unsent", "a fresh link ended the one that was handed over"


def test_a_result_shows_only_with_the_students_consent_and_only_once_a_letter_told_them(anywhere: str) -> None:
    seoyeon, jun, opening_id = student()
    minji = desk.begin(invited(seoyeon, opening_id, "Minji"))
    desk.answered(minji)
    desk.finished(minji)
    with transaction(jun.organisation_id) as session:
        reviews.decide(session, jun, minji.interview_id, "hired", reason=WHY)
    assert (students(seoyeon).rows[0].at, students(seoyeon).rows[0].result) == ("finished", None)
    with transaction(minji.organisation_id) as session:
        outcome_sharing.share(session, minji, shared=True)
    assert (students(seoyeon).rows[0].shares, students(seoyeon).rows[0].result) == (True, None)
    with reading(EVERYWHERE) as session:
        decision = session.query(Decision.id).scalar()
    send(jun, opening_id, decision)
    letter = update(Mail).where(Mail.cause == f"letter:{decision}")
    for state, seen in {"pending": None, "sending": None, "failed": None, "sent": "hired"}.items():
        with transaction(EVERYWHERE) as session:
            session.execute(letter.values(state=state))
        assert students(seoyeon).rows[0].result == seen, state
    with transaction(minji.organisation_id) as session:
        outcome_sharing.share(session, minji, shared=False)
    assert (students(seoyeon).rows[0].shares, students(seoyeon).rows[0].result) == (False, None)
    with reading(EVERYWHERE) as session:
        acts = [row.action for row in session.query(AuditEntry).filter(AuditEntry.action.startswith("result "))]
    assert acts == ["result shared with the university", "result no longer shared with the university"]


def test_who_was_invited_by_the_employer_has_nothing_to_share(home: Path) -> None:
    jun = desk.jun()
    minji = desk.applicant(jun, desk.opening(jun))
    with transaction(minji.organisation_id) as session:
        assert outcome_sharing.inviter(session, minji) is None
        with pytest.raises(NotFound):
            outcome_sharing.share(session, minji, shared=True)


def test_figures_are_brought_up_to_date_for_every_university_and_doing_it_twice_changes_nothing(anywhere: str) -> None:
    made = region.make(400, employers=2, universities=2)
    assert outcome_figures.publish_all() > 0
    assert outcome_figures.publish_all() == 0
    with reading(EVERYWHERE) as session:
        whose = {row.organisation_id for row in session.query(PublishedCount)}
    assert whose == {row["university"] for row in made.rows}


def test_a_student_who_is_named_anew_under_another_department_stays_where_the_first_roster_put_them(
    anywhere: str,
) -> None:
    made = region.make(400, employers=2, universities=1)
    seoyeon = made.universities[0]
    with reading(EVERYWHERE) as session:
        before = outcome_figures.counted(session, seoyeon.organisation_id)
    region.name_again(made, "바뀐 학과")
    with reading(EVERYWHERE) as session:
        assert outcome_figures.counted(session, seoyeon.organisation_id) == before
        named = progress.overview(session, seoyeon, Wanted())
    assert "바뀐 학과" in {line.department for line in named.departments}
