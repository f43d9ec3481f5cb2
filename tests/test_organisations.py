"""Staff join by a mailed link, sign in, are locked out, come back, and leave for good."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from interview_ai import audit, organisations, staff_links, tokens
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import Conflict, Forbidden, Invalid, NotFound
from interview_ai.organisations import Member
from interview_ai.tables import Mail, Organisation, SignIn, Staff, StaffLink
from tests.cast import PASSWORD


def employer(name: str = "Jun", email: str = "jun@example.com") -> Member:
    """An organisation with an owner who is signed in."""
    with transaction(EVERYWHERE) as session:
        made = organisations.add_organisation(session, "employer", name, name)
        organisations.add_staff(session, made, email=email, name=name, role="owner", password=PASSWORD)
    return member(enter(email, PASSWORD) or "")


def enter(email: str, password: str) -> str | None:
    attempt = organisations.check(email, password)
    with transaction(EVERYWHERE) as session:
        return organisations.sign_in(session, attempt)


def member(token: str) -> Member:
    found = who(token)
    assert found is not None
    return found


def who(token: str) -> Member | None:
    with reading(EVERYWHERE) as session:
        return organisations.member_of(session, token)


def mailed_link(recipient: str) -> str:
    with reading(EVERYWHERE) as session:
        wanted = select(Mail.body).where(Mail.recipient == recipient).order_by(Mail.created_at.desc())
        body = session.scalars(wanted).first() or ""
    found = re.search(r"/set-password/(\S+)", body)
    assert found
    return found.group(1)


def invite(jun: Member, email: str = "colleague@example.com") -> Staff:
    with transaction(jun.organisation_id) as session:
        return organisations.invite_staff(session, jun, email=email, name="Colleague", role="recruiter", language="ko")


def accept(token: str, password: str = PASSWORD) -> None:
    with transaction(EVERYWHERE) as session:
        staff_links.accept_link(session, token, password)


def test_an_invited_colleague_sets_a_password_and_signs_in(anywhere: str) -> None:
    jun = employer()
    invite(jun)
    accept(mailed_link("colleague@example.com"))
    colleague = member(enter("Colleague@Example.com ", PASSWORD) or "")
    assert (colleague.organisation_id, colleague.role) == (jun.organisation_id, "recruiter")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Jun.Kim+Work@Example.COM ", "jun.kim+work@example.com"),
        ("jun@localhost", "jun@localhost"),
        ("o'neill_2@mail.example.co.kr", "o'neill_2@mail.example.co.kr"),
        ("jun@한글.kr", "jun@한글.kr"),
        (unicodedata.normalize("NFD", "jun@한글.kr"), "jun@한글.kr"),
        ("jun@xn--bj0bj06e.kr", "jun@한글.kr"),
        ("a" * 64 + "@example.com", "a" * 64 + "@example.com"),
    ],
)
def test_a_mail_address_is_kept_as_people_write_it(typed: str, kept: str) -> None:
    assert organisations.address_of(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        *("", "jun", "@example.com", "jun@", "jun@example", "jun@[.com", "jun@[127.0.0.1]", "jun@127.0.0.1"),
        *("a,b@example.com", "a@b@example.com", "a;b@example.com", "Jun <jun@example.com>", '"a b"@example.com'),
        *("a b@example.com", "a@exam ple.com", "a@example.com\nBcc: b@example.com", "a\x00@example.com", "a(b)@x.com"),
        *(".a@example.com", "a.@example.com", "a..b@example.com", "a@.example.com", "a@example..com", "a@example.com."),
        *("a@-example.com", "a@example-.com", "a@exa_mple.com", "a@example.123", "a@" + "b" * 64 + ".com"),
        *(
            "홍길동@example.com",
            "a@straße.de",
            "a@한글。kr",
            "a@xn--zzzzzz.kr",
            "jun＠example.com",
            "mailto:a@example.com",
        ),
        *("a" * 65 + "@example.com", "a@" + "한" * 60 + ".kr", "a@" + "b." * 126 + "kr", "a@" + "b" * 100_000 + ".kr"),
    ],
)
def test_what_is_not_one_mail_address_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        organisations.address_of(typed)
    assert refused.value.code == "email"


def test_somebody_with_an_address_under_a_korean_domain_joins_and_signs_in(home: Path) -> None:
    invite(employer(), "colleague@한글.kr")
    accept(mailed_link("colleague@한글.kr"))
    assert enter(" Colleague@한글.kr", PASSWORD)


def test_the_cookie_is_kept_only_as_a_digest(home: Path) -> None:
    employer()
    token = enter("jun@example.com", PASSWORD) or ""
    with reading(EVERYWHERE) as session:
        kept = session.scalars(select(SignIn.token_hash)).all()
    assert tokens.digest(token) in kept
    assert token not in kept


def test_wrong_password_unknown_address_and_somebody_invited_are_refused_alike(home: Path) -> None:
    jun = employer()
    invite(jun)
    assert enter("jun@example.com", "another password") is None
    assert enter("nobody@example.com", PASSWORD) is None
    assert enter("colleague@example.com", PASSWORD) is None


def test_ten_failures_lock_the_account_for_fifteen_minutes(home: Path) -> None:
    employer()
    wrong = organisations.check("jun@example.com", "wrong password")
    for _ in range(organisations.MAX_FAILURES):
        with transaction(EVERYWHERE) as session:
            assert organisations.sign_in(session, wrong) is None
    assert enter("jun@example.com", PASSWORD) is None
    with transaction(EVERYWHERE) as session:
        staff = session.scalars(select(Staff)).one()
        assert staff.locked_until is not None
        staff.locked_until -= timedelta(seconds=organisations.LOCK_S)
    assert enter("jun@example.com", PASSWORD)


def test_twelve_hours_without_a_click_end_the_sign_in(home: Path) -> None:
    employer()
    token = enter("jun@example.com", PASSWORD) or ""
    with transaction(EVERYWHERE) as session:
        long_ago = datetime.now(UTC) - timedelta(seconds=organisations.IDLE_S + 60)
        session.execute(update(SignIn).where(SignIn.token_hash == tokens.digest(token)).values(seen_at=long_ago))
    assert who(token) is None


def test_using_the_pages_keeps_the_sign_in_alive_but_not_past_a_week(home: Path) -> None:
    employer()
    token = enter("jun@example.com", PASSWORD) or ""
    with transaction(EVERYWHERE) as session:
        organisations.touch(session, token)
    assert who(token)
    with transaction(EVERYWHERE) as session:
        session.execute(update(SignIn).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
        organisations.touch(session, token)
    assert who(token) is None


def test_signing_out_ends_this_browser_and_signing_out_everywhere_ends_all(home: Path) -> None:
    jun = employer()
    phone, desk, home_computer = (enter("jun@example.com", PASSWORD) or "" for _ in range(3))
    with transaction(jun.organisation_id) as session:
        organisations.sign_out(session, phone)
    assert who(phone) is None
    assert who(desk)
    with transaction(jun.organisation_id) as session:
        organisations.sign_out_everywhere(session, jun)
    assert who(desk) is who(home_computer) is None


def test_a_mail_scanner_cannot_use_up_a_link(home: Path) -> None:
    invite(employer())
    link = mailed_link("colleague@example.com")
    for _ in range(3):
        with reading(EVERYWHERE) as session:
            assert staff_links.link_holder(session, link).email == "colleague@example.com"
    accept(link)
    with pytest.raises(NotFound):
        accept(link)


def test_a_forgotten_password_is_replaced_by_a_mailed_link_that_ends_older_sign_ins(home: Path) -> None:
    employer()
    before = enter("jun@example.com", PASSWORD) or ""
    with transaction(EVERYWHERE) as session:
        staff_links.forgotten(session, " Jun@example.com")
    accept(mailed_link("jun@example.com"), "quite another password")
    assert who(before) is None
    assert enter("jun@example.com", PASSWORD) is None
    assert enter("jun@example.com", "quite another password")


def test_a_password_link_is_good_for_an_hour(home: Path) -> None:
    employer()
    with transaction(EVERYWHERE) as session:
        staff_links.forgotten(session, "jun@example.com")
        link = session.scalars(select(StaffLink)).one()
        assert timedelta(minutes=59) < link.expires_at - datetime.now(UTC) <= timedelta(hours=1)
        link.expires_at = datetime.now(UTC)
    with pytest.raises(NotFound):
        accept(mailed_link("jun@example.com"))


def test_asking_for_an_unknown_address_mails_nobody_and_asking_often_mails_three_times(home: Path) -> None:
    employer()
    with transaction(EVERYWHERE) as session:
        staff_links.forgotten(session, "nobody@example.com")
        for _ in range(5):
            staff_links.forgotten(session, "jun@example.com")
        assert len(session.scalars(select(Mail)).all()) == staff_links.MAX_PASSWORD_LINKS


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaaaa", "jun and some more", "x" * 200])
def test_a_password_that_is_easy_to_guess_is_refused(home: Path, password: str) -> None:
    employer()
    with transaction(EVERYWHERE) as session:
        staff_links.forgotten(session, "jun@example.com")
    with pytest.raises(Invalid):
        accept(mailed_link("jun@example.com"), password)


def test_who_has_left_is_out_at_once_and_cannot_come_back_by_an_old_link(anywhere: str) -> None:
    jun = employer()
    colleague = invite(jun)
    accept(mailed_link("colleague@example.com"))
    token = enter("colleague@example.com", PASSWORD) or ""
    with transaction(EVERYWHERE) as session:
        staff_links.forgotten(session, "colleague@example.com")
    with transaction(jun.organisation_id) as session:
        organisations.leave(session, jun, colleague.id)
    assert who(token) is None
    assert enter("colleague@example.com", PASSWORD) is None
    with pytest.raises(NotFound):
        accept(mailed_link("colleague@example.com"))
    invite(jun)
    accept(mailed_link("colleague@example.com"))
    assert enter("colleague@example.com", PASSWORD)


def test_only_an_owner_changes_the_staff_and_one_owner_remains(home: Path) -> None:
    jun = employer()
    invite(jun)
    accept(mailed_link("colleague@example.com"))
    colleague = member(enter("colleague@example.com", PASSWORD) or "")
    with transaction(jun.organisation_id) as session:
        for forbidden in (
            lambda: organisations.leave(session, colleague, jun.id),
            lambda: organisations.change_role(session, colleague, colleague.id, "owner"),
            lambda: organisations.invite_staff(
                session, colleague, email="a@b.kr", name="A", role="owner", language="ko"
            ),
        ):
            with pytest.raises(Forbidden):
                forbidden()
        with pytest.raises(Conflict):
            organisations.leave(session, jun, jun.id)
        with pytest.raises(Conflict):
            organisations.change_role(session, jun, jun.id, "reviewer")
        organisations.change_role(session, jun, colleague.id, "owner")
        organisations.leave(session, jun, jun.id)


def test_hana_cannot_touch_or_learn_of_jun(home: Path) -> None:
    jun, hana = employer(), employer("Hana", "hana@example.com")
    with transaction(hana.organisation_id) as session:
        with pytest.raises(NotFound):
            organisations.leave(session, hana, jun.id)
        with pytest.raises(Conflict) as refused:
            organisations.invite_staff(session, hana, email=jun.email, name="J", role="reviewer", language="ko")
        assert "account" not in refused.value.en
    assert who(enter("jun@example.com", PASSWORD) or "")


def test_what_happens_to_accounts_is_on_the_record_without_names(home: Path) -> None:
    jun = employer()
    invite(jun)
    with reading(EVERYWHERE) as session:
        assert audit.verify(session) == 4
        organisation = session.scalars(select(Organisation)).one()
        actions = session.execute(select(audit.AuditEntry.action, audit.AuditEntry.organisation_id)).all()
    assert [action for action, _ in actions] == [
        "organisation added",
        "staff added",
        "staff signed in",
        "staff invited",
    ]
    assert {where for _, where in actions} == {organisation.id}
