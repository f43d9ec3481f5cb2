"""An agency asks, an owner answers: nobody takes part unasked, and asking tells nothing of who is here already."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from interview_ai import (
    memoranda,
    openings,
    organisations,
    overviews,
    partner_questions,
    partner_requests,
    programmes,
    public_openings,
    staff_links,
)
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import Conflict, Forbidden, Invalid, NotFound
from interview_ai.organisations import Member
from interview_ai.partner_questions import Asked
from interview_ai.partner_requests import MOST_A_DAY, NewPartner
from interview_ai.tables import (
    AuditEntry,
    Mail,
    Memorandum,
    Opening,
    Organisation,
    PartnerRequest,
    ProgrammePartner,
    Staff,
    StaffLink,
)
from tests import desk
from tests.cast import PASSWORD

NEW = NewPartner("employer", "경북정밀", "Gyeongbuk Precision", owner_name="Owner", owner_email="owner@example.com")


class Round:
    """Doyun's agency with a programme, and Jun's firm, which is here already and takes part in nothing."""

    def __init__(self) -> None:
        self.doyun = desk.organisation("agency", "Doyun", "doyun@example.go.kr")
        self.jun = desk.jun()
        with transaction(EVERYWHERE) as session:
            self.programme_id = programmes.add_programme(session, self.doyun, "지역 인재", "Regional talent").id

    def ask(self, email: str, who: Member | None = None, *, kind: organisations.OrganisationKind = "employer") -> str:
        with transaction(EVERYWHERE) as session:
            new = replace(NEW, kind=kind, owner_email=email)
            return partner_requests.ask(session, who or self.doyun, self.programme_id, new)

    def requests(self) -> list[PartnerRequest]:
        with reading(EVERYWHERE) as session:
            return list(session.scalars(select(PartnerRequest).order_by(PartnerRequest.created_at)))

    def listed(self) -> list[PartnerRequest]:
        with reading(EVERYWHERE) as session:
            return partner_requests.of_programme(session, self.programme_id)

    def partners(self) -> list[str]:
        with reading(EVERYWHERE) as session:
            return [one.organisation.name_en for one in programmes.partners(session, self.programme_id)]

    def accept(self, who: Member) -> None:
        with transaction(EVERYWHERE) as session:
            (one,) = partner_questions.asked_of(session, who)
            partner_requests.accept(session, who, one.request.id)

    def later(self, **by: int) -> None:
        """As if all that was asked had been asked that much earlier."""
        with transaction(EVERYWHERE) as session:
            for one in session.scalars(select(PartnerRequest)):
                one.created_at -= timedelta(**by)


@pytest.fixture
def round_(home: Path) -> Round:
    return Round()


def asked(who: Member) -> list[Asked]:
    with reading(EVERYWHERE) as session:
        return partner_questions.asked_of(session, who)


def mails(recipient: str) -> list[Mail]:
    with reading(EVERYWHERE) as session:
        return list(session.scalars(select(Mail).where(Mail.recipient == recipient).order_by(Mail.created_at)))


def joined(email: str) -> Member:
    """Follows the newest link that was mailed to the address."""
    token = mails(email)[-1].body.split("/set-password/")[1].split()[0]
    with transaction(EVERYWHERE) as session:
        staff_links.accept_link(session, token, PASSWORD)
    return desk.signed_in(email)


def test_an_organisation_that_is_here_takes_part_once_its_owner_accepts(anywhere: str) -> None:
    round_ = Round()
    assert round_.ask(" Jun@example.com ") == "jun@example.com"
    assert round_.partners() == [] and programmes.open_to(round_.jun.organisation_id) == []
    (mail,) = mails("jun@example.com")
    assert "Doyun" in mail.subject and "받아들이기 전에는" in mail.body and "/staff/partnerships" in mail.body
    assert mail.reply_to == "doyun@example.go.kr" and "set-password" not in mail.body
    assert partner_questions.how_many_ask(round_.jun) == 1
    round_.accept(round_.jun)
    assert round_.partners() == ["Jun"] and round_.listed() == [] and asked(round_.jun) == []
    assert [one.id for one in programmes.open_to(round_.jun.organisation_id)] == [round_.programme_id]


def test_the_mail_is_in_the_language_of_whoever_it_goes_to(round_: Round) -> None:
    with transaction(EVERYWHERE) as session:
        session.get_one(Staff, round_.jun.id).language = "en"
    round_.ask("jun@example.com")
    (mail,) = mails("jun@example.com")
    assert mail.subject == "[Doyun] Will you take part in Regional talent?" and "What the agency will see" in mail.body


def test_somebody_new_joins_by_the_mail_and_then_answers_like_everybody(round_: Round) -> None:
    round_.ask("owner@example.com")
    owner = joined("owner@example.com")
    assert owner.organisation_name.en == "Gyeongbuk Precision" and owner.role == "owner"
    assert round_.partners() == [], "a password is no answer"
    round_.accept(owner)
    assert round_.partners() == ["Gyeongbuk Precision"]


@pytest.mark.parametrize("who", ["nobody", "owner", "colleague", "invited", "other kind", "left", "the agency itself"])
def test_the_agency_learns_nothing_of_an_address_by_asking_it(round_: Round, who: str) -> None:
    addresses = {"nobody": "owner@example.com", "owner": "jun@example.com", "the agency itself": "doyun@example.go.kr"}
    email = addresses.get(who, "somebody@example.com")
    if who in ("colleague", "left"):
        desk.colleague(round_.jun, email, "reviewer")
    if who == "invited":
        with transaction(round_.jun.organisation_id) as session:
            new = {"email": email, "name": "C", "language": "ko"}
            organisations.invite_staff(session, round_.jun, role="recruiter", **new)
    if who == "other kind":
        desk.organisation("university", "Seoyeon", email)
    if who == "left":
        with transaction(EVERYWHERE) as session:
            staff = session.scalars(select(Staff).where(Staff.email == email)).one()
            organisations.leave(session, round_.jun, staff.id)
    before = len(mails(email))
    assert round_.ask(email) == email
    (one,) = round_.listed()
    shown = (
        one.state,
        one.kind,
        one.name_ko,
        one.name_en,
        one.owner_name,
        one.owner_email,
        one.answered_at,
        one.reason,
    )
    assert shown == ("waiting", "employer", NEW.name_ko, NEW.name_en, "Owner", email, None, None)
    assert round_.partners() == []
    assert len(mails(email)) == before + 1
    round_.ask(email)
    assert len(mails(email)) == before + 1, "the same form sent twice asks once"
    round_.later(hours=1)
    with pytest.raises(Conflict) as refused:
        round_.ask(email)
    assert refused.value.code == "asked"
    with transaction(EVERYWHERE) as session:
        partner_requests.ask_again(session, round_.doyun, one.id)
    assert len(mails(email)) == before + 2
    with transaction(EVERYWHERE) as session:
        partner_requests.withdraw(session, round_.doyun, round_.listed()[0].id)
    assert [one.state for one in round_.listed()] == ["withdrawn"]


def test_a_member_who_is_no_owner_is_told_who_can_answer_and_the_owner_finds_the_request(round_: Round) -> None:
    member = desk.colleague(round_.jun, "colleague@example.com", "recruiter")
    round_.ask("colleague@example.com")
    (mail,) = mails("colleague@example.com")
    assert "Jun (jun@example.com)" in mail.body
    assert partner_questions.how_many_ask(member) == 0
    with pytest.raises(Forbidden), transaction(EVERYWHERE) as session:
        partner_requests.accept(session, member, round_.requests()[0].id)
    round_.accept(round_.jun)
    assert round_.partners() == ["Jun"]


def test_an_owner_of_another_kind_cannot_take_part_and_is_told_why(round_: Round) -> None:
    seoyeon = desk.organisation("university", "Seoyeon", "seoyeon@example.ac.kr")
    round_.ask("seoyeon@example.ac.kr", kind="employer")
    (mail,) = mails("seoyeon@example.ac.kr")
    assert "기관 유형과 다릅니다" in mail.body
    assert asked(seoyeon) == []
    with pytest.raises(NotFound), transaction(EVERYWHERE) as session:
        partner_requests.accept(session, seoyeon, round_.requests()[0].id)
    with transaction(EVERYWHERE) as session:
        partner_requests.withdraw(session, round_.doyun, round_.requests()[0].id)
    round_.ask("seoyeon@example.ac.kr", kind="university")
    round_.accept(seoyeon)
    with reading(EVERYWHERE) as session:
        agreed = session.scalars(select(Memorandum)).one()
    assert (agreed.university_id, agreed.opening_id, agreed.quota) == (seoyeon.organisation_id, None, None)


def test_who_left_an_organisation_is_told_that_the_address_cannot_answer(round_: Round) -> None:
    member = desk.colleague(round_.jun, "colleague@example.com", "owner")
    with transaction(EVERYWHERE) as session:
        organisations.leave(session, round_.jun, member.id)
    round_.ask("colleague@example.com")
    (mail,) = mails("colleague@example.com")
    assert "더 이상 쓰이지 않습니다" in mail.body and "set-password" not in mail.body
    assert asked(round_.jun) == [], "what was asked of somebody who left reaches nobody else"


def test_two_owners_of_one_organisation_are_asked_once_and_answer_once(round_: Round) -> None:
    second = desk.colleague(round_.jun, "second@example.com", "owner")
    round_.ask("jun@example.com")
    round_.ask("second@example.com")
    assert len(asked(round_.jun)) == len(asked(second)) == 1
    round_.accept(second)
    assert [one.state for one in round_.requests()] == ["accepted", "accepted"]
    with pytest.raises(Conflict) as refused, transaction(EVERYWHERE) as session:
        partner_requests.decline(session, round_.jun, round_.requests()[0].id)
    assert refused.value.code == "answered"
    assert round_.partners() == ["Jun"]


def test_of_all_who_answer_at_once_one_is_heard(anywhere: str) -> None:
    round_ = Round()
    others = [desk.colleague(round_.jun, f"owner{n}@example.com", "owner") for n in range(3)]
    round_.ask("jun@example.com")
    request_id = round_.requests()[0].id
    heard: list[str] = []
    begin = threading.Barrier(4)

    def answer(who: Member, accepts: bool) -> None:
        begin.wait(timeout=20)
        try:
            with transaction(EVERYWHERE) as session:
                if accepts:
                    partner_requests.accept(session, who, request_id)
                else:
                    partner_requests.decline(session, who, request_id)
            heard.append("accepted" if accepts else "declined")
        except Conflict as error:
            assert error.code == "answered"

    crowd = [threading.Thread(target=answer, args=(who, n % 2 == 0)) for n, who in enumerate((round_.jun, *others))]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join(timeout=60)
    assert len(heard) == 1
    assert [one.state for one in round_.requests()] == heard
    assert len(round_.partners()) == (heard == ["accepted"])


def test_declining_tells_the_agency_the_reason_and_it_may_ask_again(round_: Round) -> None:
    round_.ask("jun@example.com")
    with pytest.raises(Invalid), transaction(EVERYWHERE) as session:
        partner_requests.decline(session, round_.jun, round_.requests()[0].id, "x" * 501)
    with transaction(EVERYWHERE) as session:
        partner_requests.decline(session, round_.jun, round_.requests()[0].id, " no places\nthis year ")
    (one,) = round_.listed()
    assert (one.state, one.reason) == ("declined", "no places this year")
    with transaction(EVERYWHERE) as session:
        partner_requests.ask_again(session, round_.doyun, one.id)
    round_.accept(round_.jun)
    assert round_.partners() == ["Jun"]


def test_who_asked_is_mailed_the_answer_once_in_their_language(anywhere: str) -> None:
    round_ = Round()
    sora = desk.colleague(round_.doyun, "sora@example.go.kr", "owner")
    with transaction(EVERYWHERE) as session:
        session.get_one(Staff, sora.id).language = "en"
    second = desk.colleague(round_.jun, "second@example.com", "owner")
    round_.ask("second@example.com", sora)
    round_.ask("jun@example.com")
    round_.accept(second)
    answers = [*mails("doyun@example.go.kr"), *mails("sora@example.go.kr")]
    (mail,) = answers
    assert (mail.recipient, mail.reply_to) == ("sora@example.go.kr", "second@example.com")
    assert mail.subject == "[Jun] takes part in “Regional talent”"
    assert f"/staff/programmes/{round_.programme_id}/memoranda" in mail.body


@pytest.mark.parametrize(("reason", "said"), [("올해는 어렵습니다", "올해는 어렵습니다"), ("", "적지 않았습니다")])
def test_a_mail_of_a_refusal_has_its_reason_and_names_nobody_whom_the_agency_did_not_name(
    round_: Round, reason: str, said: str
) -> None:
    round_.ask("jun@example.com")
    with transaction(EVERYWHERE) as session:
        partner_requests.decline(session, round_.jun, round_.requests()[0].id, reason)
    (mail,) = mails("doyun@example.go.kr")
    assert said in mail.body and "경북정밀" in mail.subject and "Jun" not in mail.subject + mail.body


def test_where_who_asked_has_left_an_owner_of_the_agency_is_mailed(round_: Round) -> None:
    gone = desk.colleague(round_.doyun, "gone@example.go.kr", "owner")
    round_.ask("jun@example.com", gone)
    with transaction(EVERYWHERE) as session:
        session.get_one(Staff, gone.id).state = "left"
    round_.accept(round_.jun)
    assert [len(mails(who)) for who in ("gone@example.go.kr", "doyun@example.go.kr")] == [0, 1]


def test_a_request_that_is_withdrawn_cannot_be_answered_and_one_that_is_answered_not_withdrawn(round_: Round) -> None:
    round_.ask("jun@example.com")
    first = round_.requests()[0].id
    for _ in range(2):
        with transaction(EVERYWHERE) as session:
            assert partner_requests.withdraw(session, round_.doyun, first) == round_.programme_id
    with pytest.raises(Conflict) as refused, transaction(EVERYWHERE) as session:
        partner_requests.accept(session, round_.jun, first)
    assert refused.value.code == "answered" and asked(round_.jun) == []
    with transaction(EVERYWHERE) as session:
        partner_requests.ask_again(session, round_.doyun, first)
    round_.accept(round_.jun)
    for act in (partner_requests.withdraw, partner_requests.ask_again):
        with pytest.raises(Conflict), transaction(EVERYWHERE) as session:
            act(session, round_.doyun, round_.requests()[-1].id)


def test_asking_again_twice_at_once_asks_once(round_: Round) -> None:
    round_.ask("jun@example.com")
    first = round_.requests()[0].id
    for _ in range(2):
        with transaction(EVERYWHERE) as session:
            partner_requests.ask_again(session, round_.doyun, first)
    assert [one.state for one in round_.requests()] == ["withdrawn", "waiting"]
    assert len(round_.listed()) == 1


def test_nobody_is_asked_more_than_three_times_a_day(round_: Round) -> None:
    round_.ask("jun@example.com")
    for _ in range(MOST_A_DAY - 1):
        with transaction(EVERYWHERE) as session:
            partner_requests.ask_again(session, round_.doyun, round_.listed()[0].id)
    with pytest.raises(Conflict) as refused, transaction(EVERYWHERE) as session:
        partner_requests.ask_again(session, round_.doyun, round_.listed()[0].id)
    assert refused.value.code == "often"
    assert len(asked(round_.jun)) == 1, "a refusal takes nothing back"
    round_.later(days=1, minutes=1)
    with transaction(EVERYWHERE) as session:
        partner_requests.ask_again(session, round_.doyun, round_.listed()[0].id)


def test_a_wrong_address_ends_with_the_request_and_a_wrong_name_is_put_right(round_: Round) -> None:
    round_.ask("owner@example.com")
    with transaction(EVERYWHERE) as session:
        partner_requests.withdraw(session, round_.doyun, round_.requests()[0].id)
    with pytest.raises(NotFound):
        joined("owner@example.com")
    with transaction(EVERYWHERE) as session:
        right = replace(NEW, kind="university", name_ko="동해대", name_en="Donghae", owner_name="Seoyeon")
        partner_requests.ask(session, round_.doyun, round_.programme_id, right)
    owner = joined("owner@example.com")
    assert (owner.organisation_kind, owner.organisation_name.en, owner.name) == ("university", "Donghae", "Seoyeon")
    round_.accept(owner)
    with reading(EVERYWHERE) as session:
        assert len(session.scalars(select(Organisation)).all()) == 3


def test_two_agencies_ask_the_same_newcomer_and_neither_touches_what_is_the_others(round_: Round) -> None:
    other = desk.organisation("agency", "Other", "other@example.go.kr")
    round_.ask("owner@example.com")
    with transaction(EVERYWHERE) as session:
        theirs = programmes.add_programme(session, other, "다른 사업", "Another")
        partner_requests.ask(session, other, theirs.id, replace(NEW, name_ko="딴 이름", name_en="Another name"))
        withdrawn = session.scalars(select(PartnerRequest.id).filter_by(programme_id=theirs.id)).one()
        partner_requests.withdraw(session, other, withdrawn)
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(StaffLink.used_at)).all() == [None, None], "its link goes on working"
    with transaction(EVERYWHERE) as session:
        partner_requests.ask_again(session, other, withdrawn)
    owner = joined("owner@example.com")
    assert owner.organisation_name.en == "Gyeongbuk Precision"
    assert [one.agency.name_en for one in asked(owner)] == ["Doyun", "Other"]
    with transaction(EVERYWHERE) as session:
        partner_requests.decline(session, owner, asked(owner)[1].request.id)
    round_.accept(owner)
    assert round_.partners() == ["Gyeongbuk Precision"]


def test_who_takes_part_already_may_say_so_and_stays_what_it_is(round_: Round) -> None:
    round_.ask("jun@example.com")
    round_.accept(round_.jun)
    desk.colleague(round_.jun, "second@example.com", "owner")
    round_.ask("second@example.com")
    (one,) = asked(round_.jun)
    assert one.takes_part
    round_.accept(round_.jun)
    assert round_.partners() == ["Jun"] and round_.listed() == []


def test_a_closed_programme_cannot_be_joined_until_it_is_open_again(round_: Round) -> None:
    round_.ask("jun@example.com")
    with transaction(EVERYWHERE) as session:
        programmes.close(session, round_.doyun, round_.programme_id)
    with pytest.raises(Conflict) as refused:
        round_.accept(round_.jun)
    assert refused.value.code == "closed"
    with pytest.raises(Conflict):
        round_.ask("owner@example.com")
    with transaction(EVERYWHERE) as session:
        programmes.reopen(session, round_.doyun, round_.programme_id)
    round_.accept(round_.jun)


def test_nobody_else_answers_withdraws_or_asks(round_: Round) -> None:
    hana, other = desk.hana(), desk.organisation("agency", "Other", "other@example.go.kr")
    round_.ask("jun@example.com")
    request_id = round_.requests()[0].id
    assert asked(hana) == []
    for act, who in (
        (partner_requests.accept, hana),
        (partner_requests.decline, hana),
        (partner_requests.accept, round_.doyun),
        (partner_requests.withdraw, other),
        (partner_requests.ask_again, other),
    ):
        with pytest.raises(NotFound), transaction(EVERYWHERE) as session:
            act(session, who, request_id)
    for act in (partner_requests.withdraw, partner_requests.ask_again):
        with pytest.raises(Forbidden), transaction(EVERYWHERE) as session:
            act(session, round_.jun, request_id)
    for who, wrong in ((other, NotFound), (hana, Forbidden)):
        with pytest.raises(wrong):
            round_.ask("jun@example.com", who)


@pytest.mark.parametrize(
    "typed", [{"name_ko": " "}, {"owner_name": ""}, {"owner_email": "no address"}, {"name_en": "x" * 81}]
)
def test_what_is_missing_is_said_before_anybody_is_asked(round_: Round, typed: dict[str, str]) -> None:
    for email in ("jun@example.com", "owner@example.com"):
        with pytest.raises(Invalid), transaction(EVERYWHERE) as session:
            new = replace(NEW, **({"owner_email": email} | typed))
            partner_requests.ask(session, round_.doyun, round_.programme_id, new)
    assert round_.requests() == []


def test_what_was_asked_and_answered_is_on_the_record_without_names(round_: Round) -> None:
    round_.ask("jun@example.com")
    round_.accept(round_.jun)
    with transaction(EVERYWHERE) as session:
        programmes.leave(session, round_.jun, round_.programme_id)
    with reading(EVERYWHERE) as session:
        about = select(AuditEntry).where(AuditEntry.subject == f"programme:{round_.programme_id}")
        said = [(one.action, one.actor) for one in session.scalars(about.order_by(AuditEntry.id))][1:]
    assert said == [
        ("partner asked", f"staff:{round_.doyun.id}"),
        ("partner request accepted", f"staff:{round_.jun.id}"),
        ("partner left", f"staff:{round_.jun.id}"),
    ]


class Running:
    """A programme in which Seoyeon's university and Jun's firm take part, with a published opening."""

    def __init__(self) -> None:
        self.doyun = desk.organisation("agency", "Doyun", "doyun@example.go.kr")
        self.seoyeon = desk.organisation("university", "Seoyeon", "seoyeon@example.ac.kr")
        self.jun = desk.jun()
        self.programme_id = desk.programme(self.doyun, self.seoyeon, self.jun)
        self.opening_id = desk.opening(self.jun, programme_id=self.programme_id)
        with transaction(self.jun.organisation_id) as session:
            public_openings.publish(session, self.jun, self.opening_id)

    def invite(self, who: Member, name: str) -> str:
        with transaction(EVERYWHERE) as session:
            email = f"{name.lower()}@example.org"
            return openings.invite(session, who, self.opening_id, name=name, email=email, language="ko")

    def leave(self, who: Member) -> None:
        with transaction(EVERYWHERE) as session:
            programmes.leave(session, who, self.programme_id)

    def invited(self) -> int:
        with reading(EVERYWHERE) as session:
            (view,) = overviews.agency(session, self.doyun)
        return view.total.invited

    def is_public(self) -> bool:
        with reading(EVERYWHERE) as session:
            return bool(public_openings.listed(session, public_openings.Wanted()).openings)


def test_a_university_that_leaves_invites_nobody_more_and_its_students_go_on(anywhere: str) -> None:
    running = Running()
    token = running.invite(running.seoyeon, "Minji")
    running.leave(running.seoyeon)
    running.leave(running.seoyeon)  # safe to press twice
    with pytest.raises(NotFound):
        running.invite(running.seoyeon, "Sora")
    assert desk.begin(token).opening_id == running.opening_id
    assert running.invited() == 1, "the agency's figures keep what was up to then"
    with reading(EVERYWHERE) as session:
        (line,) = overviews.university(session, running.seoyeon)
        assert line.funnel.invited == 1, "and so do the university's"
        assert not memoranda.terms_of(session, running.seoyeon.organisation_id, [line.opening_id])[line.opening_id].may
    running.invite(running.jun, "Yuna")


def test_an_employer_that_leaves_takes_its_openings_out_and_its_interviews_go_on(home: Path) -> None:
    running = Running()
    token = running.invite(running.seoyeon, "Minji")
    assert running.is_public()
    running.leave(running.jun)
    for who in (running.seoyeon, running.jun):
        with pytest.raises(Conflict) as refused:
            running.invite(who, "Sora")
        assert refused.value.code == "left"
    assert not running.is_public()
    assert desk.begin(token).opening_id == running.opening_id
    assert running.invited() == 1
    with pytest.raises(NotFound):
        desk.opening(running.jun, programme_id=running.programme_id)
    desk.invite(running.jun, desk.opening(running.jun), "Yuna")


def test_the_agency_can_end_a_part_and_ask_for_it_again(home: Path) -> None:
    running = Running()
    for who, wrong in (
        (running.jun, Forbidden),
        (desk.organisation("agency", "Other", "other@example.go.kr"), NotFound),
    ):
        with pytest.raises(wrong), transaction(EVERYWHERE) as session:
            programmes.end_partnership(session, who, running.programme_id, running.seoyeon.organisation_id)
    with transaction(EVERYWHERE) as session:
        programmes.end_partnership(session, running.doyun, running.programme_id, running.seoyeon.organisation_id)
    with pytest.raises(NotFound):
        running.invite(running.seoyeon, "Minji")
    with transaction(EVERYWHERE) as session:
        new = replace(NEW, kind="university", owner_email="seoyeon@example.ac.kr")
        partner_requests.ask(session, running.doyun, running.programme_id, new)
        (one,) = partner_questions.asked_of(session, running.seoyeon)
        partner_requests.accept(session, running.seoyeon, one.request.id)
    running.invite(running.seoyeon, "Minji")
    with reading(EVERYWHERE) as session:
        assert len(session.scalars(select(ProgrammePartner)).all()) == 2


def test_only_an_owner_leaves_and_only_where_the_organisation_takes_part(home: Path) -> None:
    running = Running()
    hana, recruiter = desk.hana(), desk.colleague(running.jun, "colleague@example.com", "recruiter")
    for who, wrong in ((hana, NotFound), (recruiter, Forbidden), (running.doyun, NotFound)):
        with pytest.raises(wrong):
            running.leave(who)


def test_limits_of_a_memorandum_stay_when_a_university_that_was_not_answered_yet_accepts(home: Path) -> None:
    """As after the migration that made a request of each partner who had not joined."""
    running = Running()
    with transaction(EVERYWHERE) as session:
        session.execute(update(Memorandum).values(quota=3))
        row = session.scalars(select(ProgrammePartner).filter_by(partner_id=running.seoyeon.organisation_id)).one()
        session.delete(row)
        new = replace(NEW, kind="university", owner_email="seoyeon@example.ac.kr")
        partner_requests.ask(session, running.doyun, running.programme_id, new)
        (one,) = partner_questions.asked_of(session, running.seoyeon)
        partner_requests.accept(session, running.seoyeon, one.request.id)
    with reading(EVERYWHERE) as session:
        opening = session.get_one(Opening, running.opening_id)
        assert memoranda.left(session, running.seoyeon.organisation_id, opening) == 3
