"""An employer writes an opening and invites people; its owner has two switches."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from interview_ai import amendments, drafts, interviews, invitees, message_links, openings
from interview_ai.amendments import Amendment
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import Conflict, Forbidden, Invalid, NotFound
from interview_ai.invitees import Person
from interview_ai.tables import (
    AuditEntry,
    Candidate,
    CandidateSession,
    Invitation,
    Mail,
    Opening,
    Question,
)
from tests import desk


def test_an_opening_has_its_questions_in_order_and_its_own_copy_of_the_rubric(anywhere: str) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun, questions=3)
    with reading(jun.organisation_id) as session:
        made = session.get_one(Opening, opening_id)
        assert [question.position for question in made.questions] == [1, 2, 3]
        assert made.rubric.criteria[0]["anchors"]["5"]["en"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"questions": ()},
        {"questions": (desk.QUESTION,) * 6},
        {"questions": (replace(desk.QUESTION, text_ko=" ", text_en=""),)},
        {"questions": (replace(desk.QUESTION, answer_s=5),)},
        {"questions": (replace(desk.QUESTION, takes=0),)},
        {"deadline": datetime.now(UTC) - timedelta(minutes=1)},
        {"title_ko": "", "title_en": " "},
    ],
    ids=["no questions", "six", "empty question", "five seconds", "no takes", "yesterday", "no title"],
)
def test_an_opening_that_nobody_could_answer_is_refused(home: Path, wrong: dict[str, object]) -> None:
    jun = desk.jun()
    with pytest.raises(Invalid), transaction(jun.organisation_id) as session:
        openings.create(session, jun, replace(desk.new_opening(), **wrong))


def test_one_language_is_enough(home: Path) -> None:
    jun = desk.jun()
    korean = replace(desk.new_opening(), title_en="", questions=(replace(desk.QUESTION, text_en=""),))
    with transaction(jun.organisation_id) as session:
        made = openings.create(session, jun, korean)
        assert made.title_en == "품질관리"


def test_an_invitation_is_mailed_and_only_its_digest_is_kept(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    token = desk.invite(jun, opening_id, "Minji")
    with reading(EVERYWHERE) as session:
        mail = session.scalars(select(Mail)).one()
        assert message_links.link(token) in mail.body
        assert mail.recipient == "minji@example.org"
        assert token not in session.scalars(select(Invitation.token_hash)).one()
        assert interviews.invited(session, token).opening_id == opening_id


def test_inviting_again_gives_a_fresh_link_and_ends_the_old_one(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    first, second = desk.invite(jun, opening_id, "Minji"), desk.invite(jun, opening_id, "Minji")
    with reading(EVERYWHERE) as session:
        assert interviews.invited(session, second)
        with pytest.raises(Conflict) as replaced:
            interviews.invited(session, first)
        assert replaced.value.code == "replaced"
        assert len(session.scalars(select(Candidate)).all()) == 1


def test_a_revoked_invitation_ends_its_link(home: Path) -> None:
    jun = desk.jun()
    token = desk.invite(jun, desk.opening(jun), "Minji")
    with transaction(jun.organisation_id) as session:
        openings.revoke(session, jun, session.scalars(select(Invitation.id)).one())
    with reading(EVERYWHERE) as session, pytest.raises(Conflict):
        interviews.invited(session, token)


def test_whoever_has_finished_is_not_uninvited(home: Path) -> None:
    jun = desk.jun()
    desk.candidate(jun, desk.opening(jun), "Minji", 3)
    with transaction(jun.organisation_id) as session, pytest.raises(Conflict):
        openings.revoke(session, jun, session.scalars(select(Invitation.id)).one())


def test_a_later_deadline_holds_for_whoever_is_invited_or_has_begun(anywhere: str) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    token = desk.invite(jun, opening_id, "Minji")
    desk.begin(token)
    later = datetime.now(UTC) + timedelta(days=30)
    with transaction(jun.organisation_id) as session:
        amendments.amend(session, jun, opening_id, Amendment("", "Quality", later))
    with reading(EVERYWHERE) as session:
        assert session.get_one(Opening, opening_id).title_ko == "Quality"
        assert interviews.invited(session, token).expires_at == later
        assert session.scalars(select(CandidateSession.expires_at)).one() == later + interviews.GRACE


def test_questions_can_be_rewritten_until_somebody_has_begun(anywhere: str) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun, questions=3)
    new = Amendment("품질", "", datetime.now(UTC) + timedelta(days=7), (replace(desk.QUESTION, text_ko="왜요?"),))
    token = desk.invite(jun, opening_id, "Minji")
    with transaction(jun.organisation_id) as session:
        amendments.amend(session, jun, opening_id, new)
    desk.begin(token)
    with transaction(jun.organisation_id) as session:
        assert [question.text_ko for question in session.scalars(select(Question))] == ["왜요?"]
        with pytest.raises(Conflict):
            amendments.amend(session, jun, opening_id, new)


def test_the_links_of_a_closed_opening_work_again_once_it_is_reopened(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    token = desk.invite(jun, opening_id, "Minji")
    with transaction(jun.organisation_id) as session:
        amendments.close(session, jun, opening_id)
    with reading(EVERYWHERE) as session, pytest.raises(Conflict):
        interviews.invited(session, token)
    with transaction(jun.organisation_id) as session:
        amendments.reopen(session, jun, opening_id)
    with reading(EVERYWHERE) as session:
        assert interviews.invited(session, token)


def test_all_that_is_wrong_with_an_opening_is_said_at_once(home: Path) -> None:
    at = datetime.now(UTC)
    wrong = replace(
        desk.new_opening(), title_ko="", title_en=" ", deadline=at, questions=(replace(desk.QUESTION, takes=9),)
    )
    assert [fault.code for fault in drafts.faults(wrong, at)] == ["title_ko", "deadline", "takes-1"]


@pytest.mark.parametrize(
    "line",
    [
        "Minji Kim, minji@example.org",
        "Minji Kim\tminji@example.org",
        "Minji Kim <minji@example.org>",
        "minji@example.org; Minji Kim",
        "Minji Kim minji@example.org",
        "minji@example.org Minji Kim,",
    ],
)
def test_a_pasted_line_is_read_as_people_write_it(line: str) -> None:
    assert invitees.read(line) == Person("Minji Kim", "minji@example.org")


def test_pasted_lines_invite_whoever_can_be_and_nobody_twice(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    desk.invite(jun, opening_id, "Minji")
    pasted = "민지, minji@example.org\n\n서연\n도윤, doyun@example.org\n도윤, doyun@example.org\n"
    with transaction(jun.organisation_id) as session:
        found = invitees.invite_many(session, jun, opening_id, pasted, language="ko")
    assert [(line.number, line.outcome) for line in found] == [
        (1, "already"),
        (3, "faulty"),
        (4, "invited"),
        (5, "already"),
    ]
    assert invitees.to_mend(found) == "서연"
    with transaction(jun.organisation_id) as session, pytest.raises(Invalid):
        invitees.invite_many(session, jun, opening_id, "민지, m@example.org\n" * 201, language="ko")


def test_in_a_blind_opening_names_are_not_linked_to_who_began_unless_somebody_looks(home: Path) -> None:
    jun = desk.jun()
    blind, open_ = desk.opening(jun), desk.opening(jun, blind=False)
    for opening_id in (blind, open_):
        desk.candidate(jun, opening_id, "Minji", 3)
    with transaction(jun.organisation_id) as session:
        of = [session.get_one(Opening, opening_id) for opening_id in (blind, open_)]
        seen = [invitees.of_opening(session, jun, one, with_progress=False)[0].state for one in of]
        invitees.look(session, jun, blind)
        looked = invitees.of_opening(session, jun, of[0], with_progress=True)[0].state
        assert (seen, looked) == ([None, "finished"], "finished")
    with reading(EVERYWHERE) as session:
        kept = select(AuditEntry.subject).where(AuditEntry.action == "progress by name seen")
        assert session.scalars(kept).all() == [f"opening:{blind}"]


def test_a_reviewer_neither_writes_openings_nor_invites_nor_switches(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    reviewer = desk.colleague(jun, "reviewer@example.com", "reviewer")
    with transaction(jun.organisation_id) as session:
        for forbidden in (
            lambda: openings.create(session, reviewer, desk.new_opening()),
            lambda: openings.invite(session, reviewer, opening_id, name="A", email="a@example.org", language="ko"),
            lambda: openings.stop_scoring(session, reviewer, opening_id),
            lambda: openings.end_first_pass(session, reviewer, opening_id),
        ):
            with pytest.raises(Forbidden):
                forbidden()


def test_only_an_owner_ends_the_first_pass_and_it_is_on_the_record(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    recruiter = desk.colleague(jun, "recruiter@example.com", "recruiter")
    with transaction(jun.organisation_id) as session:
        with pytest.raises(Forbidden):
            openings.end_first_pass(session, recruiter, opening_id)
        openings.end_first_pass(session, jun, opening_id)
        openings.end_first_pass(session, jun, opening_id)
    with reading(EVERYWHERE) as session:
        ended = select(AuditEntry.actor).where(AuditEntry.action == "first pass ended")
        assert session.scalars(ended).all() == [f"staff:{jun.id}"]


def test_hana_cannot_reach_juns_opening(home: Path) -> None:
    jun, hana = desk.jun(), desk.hana()
    opening_id = desk.opening(jun)
    with transaction(hana.organisation_id) as session:
        for foreign in (
            lambda: openings.invite(session, hana, opening_id, name="A", email="a@example.org", language="ko"),
            lambda: openings.end_first_pass(session, hana, opening_id),
            lambda: openings.stop_scoring(session, hana, opening_id),
            lambda: openings.resume_scoring(session, hana, opening_id),
        ):
            with pytest.raises(NotFound):
                foreign()


def test_a_university_invites_to_the_openings_of_its_programmes_and_no_others(anywhere: str) -> None:
    jun = desk.jun()
    seoyeon = desk.organisation("university", "Seoyeon", "seoyeon@example.ac.kr")
    doyun = desk.organisation("agency", "Doyun", "doyun@example.go.kr")
    inside = desk.opening(jun, programme_id=desk.programme(doyun, seoyeon, jun))
    outside = desk.opening(jun)
    with transaction(EVERYWHERE) as session:
        token = openings.invite(session, seoyeon, inside, name="Minji", email="m@example.ac.kr", language="ko")
        with pytest.raises(NotFound):
            openings.invite(session, seoyeon, outside, name="Minji", email="m@example.ac.kr", language="ko")
        with pytest.raises(NotFound):
            openings.invite(session, doyun, inside, name="Minji", email="m@example.ac.kr", language="ko")
    with reading(EVERYWHERE) as session:
        assert interviews.invited(session, token).inviting_organisation_id == seoyeon.organisation_id


def test_an_opening_joins_only_a_programme_of_its_employer(home: Path) -> None:
    jun, hana = desk.jun(), desk.hana()
    seoyeon = desk.organisation("university", "Seoyeon", "seoyeon@example.ac.kr")
    doyun = desk.organisation("agency", "Doyun", "doyun@example.go.kr")
    programme_id = desk.programme(doyun, seoyeon, jun)
    with pytest.raises(NotFound):
        desk.opening(hana, programme_id=programme_id)
