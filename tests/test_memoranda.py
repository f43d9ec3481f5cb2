"""What an agency and a university agreed: to which openings, how many, until when, and what ends with it."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from interview_ai import memoranda, openings, partner_questions, partner_requests, programmes
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import Conflict, Forbidden, Invalid, NotFound
from interview_ai.memoranda import NewMemorandum
from interview_ai.organisations import Member
from interview_ai.partner_requests import NewPartner
from interview_ai.tables import AuditEntry, Invitation, Memorandum, Opening, Organisation
from tests import desk


class Region:
    """Doyun's programme with Seoyeon's university and Jun's firm with two openings, nothing agreed yet."""

    def __init__(self) -> None:
        self.doyun = desk.organisation("agency", "Doyun", "doyun@example.org")
        self.seoyeon = desk.organisation("university", "Seoyeon", "seoyeon@example.ac.kr")
        self.jun = desk.jun()
        self.programme_id = desk.programme(self.doyun, self.seoyeon, self.jun)
        self.first, self.second = (desk.opening(self.jun, programme_id=self.programme_id) for _ in range(2))
        for one in self.memoranda():
            self.end(one.id)

    def memoranda(self) -> list[Memorandum]:
        with reading(EVERYWHERE) as session:
            return memoranda.of_programme(session, self.programme_id)

    def agree(self, *opening_ids: str, quota: int | None = None, until: datetime | None = None) -> None:
        new = NewMemorandum(self.seoyeon.organisation_id, opening_ids, quota=quota, until=until, note="봄 학기")
        with transaction(EVERYWHERE) as session:
            memoranda.add(session, self.doyun, self.programme_id, new)

    def end(self, memorandum_id: str) -> None:
        with transaction(EVERYWHERE) as session:
            memoranda.end(session, self.doyun, memorandum_id)

    def invite(self, opening_id: str, name: str, who: Member | None = None) -> str:
        with transaction(EVERYWHERE) as session:
            email = f"{name.lower()}@example.ac.kr"
            return openings.invite(session, who or self.seoyeon, opening_id, name=name, email=email, language="ko")

    def left(self, opening_id: str) -> int | None:
        with reading(EVERYWHERE) as session:
            return memoranda.left(session, self.seoyeon.organisation_id, session.get_one(Opening, opening_id))

    def may(self, opening_id: str) -> bool:
        with reading(EVERYWHERE) as session:
            return memoranda.may_invite(session, self.seoyeon.organisation_id, session.get_one(Opening, opening_id))


@pytest.fixture
def region(anywhere: str) -> Region:
    return Region()


def refused(region: Region, opening_id: str, name: str = "Minji") -> str:
    with pytest.raises(Conflict) as error:
        region.invite(opening_id, name)
    return error.value.code


def test_without_a_memorandum_a_university_of_the_programme_invites_nobody(region: Region) -> None:
    assert not region.may(region.first)
    assert refused(region, region.first) == "memorandum"


def test_a_memorandum_for_the_programme_covers_every_opening_of_it(region: Region) -> None:
    region.agree()
    region.invite(region.first, "Minji")
    region.invite(region.second, "Minji")
    assert region.left(region.first) is None


def test_a_memorandum_for_one_opening_covers_no_other(region: Region) -> None:
    region.agree(region.first)
    region.invite(region.first, "Minji")
    assert refused(region, region.second) == "memorandum"


def test_a_university_outside_of_the_programme_does_not_learn_that_the_opening_is_there(region: Region) -> None:
    region.agree()
    other = desk.organisation("university", "Hana", "hana@example.ac.kr")
    with pytest.raises(NotFound):
        region.invite(region.first, "Minji", other)


def test_as_many_as_agreed_may_be_invited_and_nobody_more(region: Region) -> None:
    region.agree(quota=2)
    region.invite(region.first, "Minji")
    region.invite(region.second, "Sora")
    assert region.left(region.first) == 0
    assert refused(region, region.first, "Yuna") == "quota"


def test_a_fresh_link_for_somebody_invited_takes_no_further_place(region: Region) -> None:
    region.agree(quota=1)
    region.invite(region.first, "Minji")
    region.invite(region.first, "Minji")
    assert region.left(region.first) == 0


def test_an_invitation_taken_back_gives_its_place_back_once(region: Region) -> None:
    region.agree(quota=1)
    region.invite(region.first, "Minji")
    with transaction(EVERYWHERE) as session:
        openings.revoke(session, region.seoyeon, session.scalars(select(Invitation.id)).one())
    assert region.left(region.first) == 1
    region.invite(region.first, "Sora")
    assert refused(region, region.first, "Minji") == "quota"


def test_a_second_one_for_the_same_is_refused_until_the_first_has_ended(region: Region) -> None:
    region.agree(quota=3)
    region.agree(region.first, quota=1)
    for again in ((), (region.first,), (region.second, region.first)):
        with pytest.raises(Conflict) as refused:
            region.agree(*again, quota=2)
        assert refused.value.code == "twice"
    region.agree(region.second)
    for one in region.memoranda():
        region.end(one.id)
    region.agree(quota=2)


def test_of_two_limits_the_tighter_one_holds(region: Region) -> None:
    region.agree(quota=5)
    region.agree(region.first, quota=1)
    assert (region.left(region.first), region.left(region.second)) == (1, 5)


def test_a_memorandum_that_ended_lets_nobody_more_in_and_leaves_who_was_invited(region: Region) -> None:
    region.agree()
    token = region.invite(region.first, "Minji")
    region.end(region.memoranda()[0].id)
    assert refused(region, region.first, "Sora") == "memorandum"
    assert desk.begin(token).opening_id == region.first


def test_a_memorandum_holds_until_its_last_moment(region: Region) -> None:
    region.agree(until=datetime.now(UTC) + timedelta(hours=1))
    assert region.may(region.first)
    with transaction(EVERYWHERE) as session:
        one = session.scalars(select(Memorandum).where(Memorandum.ended_at.is_(None))).one()
        one.until = datetime.now(UTC) - timedelta(seconds=1)
    assert not region.may(region.first)


def test_an_opening_of_its_own_memorandum_ends_with_it_although_the_programmes_goes_on(region: Region) -> None:
    region.agree()
    region.agree(region.first, quota=5, until=datetime.now(UTC) + timedelta(hours=1))
    with transaction(EVERYWHERE) as session:
        one = session.scalars(select(Memorandum).where(Memorandum.opening_id == region.first)).one()
        one.until = datetime.now(UTC) - timedelta(seconds=1)
    assert (region.may(region.first), region.may(region.second)) == (False, True)
    region.end(one.id)
    assert region.may(region.first), "once it is taken away, what holds for the programme holds for the opening"


def test_a_quota_may_be_raised_and_what_was_used_still_counts(region: Region) -> None:
    region.agree(quota=1)
    region.invite(region.first, "Minji")
    with transaction(EVERYWHERE) as session:
        memoranda.change(session, region.doyun, region.memoranda()[0].id, quota=3, until=None)
    assert region.left(region.first) == 2


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"quota": 0}, "quota"),
        ({"quota": 10**9}, "quota"),
        ({"until": datetime(2020, 1, 1, tzinfo=UTC)}, "until"),
        ({"note": "가" * 301}, "note"),
    ],
    ids=["nobody", "too many", "past", "long note"],
)
def test_what_cannot_be_agreed_is_said_at_its_field(region: Region, fields: dict[str, object], code: str) -> None:
    new = NewMemorandum(region.seoyeon.organisation_id, **fields)  # type: ignore[arg-type]
    with pytest.raises(Invalid) as error, transaction(EVERYWHERE) as session:
        memoranda.add(session, region.doyun, region.programme_id, new)
    assert error.value.code == code


def test_an_employer_is_no_university_and_a_foreign_opening_is_none_of_the_programmes(region: Region) -> None:
    elsewhere = desk.opening(region.jun)
    with pytest.raises(Invalid), transaction(EVERYWHERE) as session:
        memoranda.add(session, region.doyun, region.programme_id, NewMemorandum(region.jun.organisation_id))
    with pytest.raises(NotFound):
        region.agree(elsewhere)


def test_another_agency_and_a_university_can_neither_make_nor_end_one(region: Region) -> None:
    region.agree()
    other = desk.organisation("agency", "Other", "other@example.org")
    new, memorandum_id = NewMemorandum(region.seoyeon.organisation_id), region.memoranda()[0].id
    for who, wrong in ((other, NotFound), (region.seoyeon, Forbidden)):
        with pytest.raises(wrong), transaction(EVERYWHERE) as session:
            memoranda.add(session, who, region.programme_id, new)
        with pytest.raises(wrong), transaction(EVERYWHERE) as session:
            memoranda.end(session, who, memorandum_id)


def joined_by(region: Region, member: Member) -> None:
    """Doyun asks the member's organisation to take part, and it accepts."""
    new = NewPartner("university", "대학", "University", "서연", member.email)
    with transaction(EVERYWHERE) as session:
        partner_requests.ask(session, region.doyun, region.programme_id, new)
        (one,) = partner_questions.asked_of(session, member)
        partner_requests.accept(session, member, one.request.id)


def test_a_university_that_joins_may_invite_to_the_whole_programme_at_once(region: Region) -> None:
    joined_by(region, desk.organisation("university", "Donghae", "career@donghae.ac.kr"))
    with transaction(EVERYWHERE) as session:
        joined = session.scalars(select(Organisation).where(Organisation.name_en == "Donghae")).one()
        assert memoranda.may_invite(session, joined.id, session.get_one(Opening, region.first))


def test_a_closed_programme_takes_nobody_in_and_its_interviews_go_on(region: Region) -> None:
    region.agree()
    token = region.invite(region.first, "Minji")
    with transaction(EVERYWHERE) as session:
        programmes.close(session, region.doyun, region.programme_id)
    assert refused(region, region.first, "Sora") == "closed"
    with pytest.raises(Conflict):
        desk.invite(region.jun, region.first, "Yuna")
    with pytest.raises(Conflict):
        region.agree()
    with pytest.raises(Conflict), transaction(EVERYWHERE) as session:
        new = NewPartner("employer", "새 회사", "New", "새 사람", "new@example.com")
        partner_requests.ask(session, region.doyun, region.programme_id, new)
    assert desk.begin(token).opening_id == region.first
    with transaction(EVERYWHERE) as session:
        programmes.reopen(session, region.doyun, region.programme_id)
    region.invite(region.first, "Sora")


def test_what_was_agreed_is_on_the_record(region: Region) -> None:
    region.agree(quota=2)
    region.end(region.memoranda()[0].id)
    with reading(EVERYWHERE) as session:
        said = session.scalars(select(AuditEntry.action).where(AuditEntry.subject.startswith("memorandum:"))).all()
    assert said[-2:] == ["memorandum made", "memorandum ended"]


def test_two_who_invite_at_once_cannot_exceed_the_quota_together(region: Region) -> None:
    """Each transaction looks, waits for the other to have looked where that is possible, and then invites."""
    region.agree(quota=3)
    codes: list[str] = []
    begin = threading.Barrier(6)

    def one(name: str) -> None:
        begin.wait(timeout=20)
        try:
            region.invite(region.first, name)
        except Conflict as error:
            codes.append(error.code)

    crowd = [threading.Thread(target=one, args=(f"Student{number}",)) for number in range(6)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join(timeout=60)
    assert codes == ["quota"] * 3
    with reading(EVERYWHERE) as session:
        assert len(session.scalars(select(Invitation.id)).all()) == 3


def test_one_universitys_quota_takes_no_place_from_another(region: Region) -> None:
    region.agree(quota=1)
    joined_by(region, desk.organisation("university", "Donghae", "career@donghae.ac.kr"))
    region.invite(region.first, "Minji")
    with reading(EVERYWHERE) as session:
        joined = session.scalars(select(Organisation).where(Organisation.name_en == "Donghae")).one()
        assert memoranda.left(session, joined.id, session.get_one(Opening, region.first)) is None
