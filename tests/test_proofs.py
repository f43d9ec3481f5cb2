"""Whose a link is: the mailed code, the year of birth, wrong tries, and the way back in."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from interview_ai import interviews, proofs
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import Conflict, Forbidden, Invalid, NotFound, TooMuch
from interview_ai.tables import AuditEntry, Candidate, Invitation, Mail, ProofCode
from tests import cast, desk


class Link:
    """Minji's link to Jun's opening, which asks for something."""

    def __init__(self, kind: str, year: str | None = None) -> None:
        self.jun = desk.jun()
        self.opening_id = desk.opening(self.jun)
        self.token = desk.invite(self.jun, self.opening_id, "Minji")
        with transaction(EVERYWHERE) as session:
            row = session.scalars(select(Invitation)).one()
            email = session.get_one(Candidate, row.candidate_id).email
            row.proof, row.proof_hash = kind, proofs.birth_year_hash(email, year) if year else None
            self.id = row.id

    def ask(self) -> str:
        """Has a code mailed; returns it as the mail says it."""
        with transaction(EVERYWHERE) as session:
            proofs.ask(session, interviews.invited(session, self.token, to_begin=True))
        with reading(EVERYWHERE) as session:
            newest = select(Mail).where(Mail.cause.startswith("link-code:")).order_by(Mail.created_at.desc())
            mail = session.scalars(newest).first()
        assert mail is not None and mail.recipient == "minji@example.org"
        found = re.search(r"^(\d{6})$", mail.body, re.MULTILINE)
        assert found
        return found.group(1)

    def check(self, value: str) -> bool:
        with transaction(EVERYWHERE) as session:
            return proofs.check(session, interviews.invited(session, self.token, to_begin=True), value)

    def asked(self) -> proofs.Asked:
        with reading(EVERYWHERE) as session:
            return proofs.asked(session, self.row())

    def row(self) -> Invitation:
        with reading(EVERYWHERE) as session:
            return session.get_one(Invitation, self.id)


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_the_mailed_code_opens_the_link_once(anywhere: str) -> None:
    link = Link("code")
    assert not link.asked().sent
    code = link.ask()
    assert link.check(f" {code[:3]} {code[3:]} ")
    assert not link.check(code)


def test_neither_the_code_nor_anything_it_could_be_guessed_from_is_kept(anywhere: str) -> None:
    link = Link("code")
    code = link.ask()
    with reading(EVERYWHERE) as session:
        kept = session.scalars(select(ProofCode)).one()
    assert code not in kept.code_hash
    assert kept.code_hash == proofs.hash_of(link.id, "code", code) != proofs.hash_of("another", "code", code)


def test_a_code_ends_after_its_ten_minutes(anywhere: str) -> None:
    link = Link("code")
    code = link.ask()
    with transaction(EVERYWHERE) as session:
        session.execute(update(ProofCode).values(expires_at=ProofCode.created_at))
    assert not link.asked().sent
    assert not link.check(code)


def test_a_newer_code_ends_the_one_before(anywhere: str) -> None:
    link = Link("code")
    earlier, newer = link.ask(), link.ask()
    assert earlier == newer or not link.check(earlier)
    assert link.check(newer)


def test_after_five_wrong_tries_the_right_code_is_wrong_too(anywhere: str) -> None:
    link = Link("code")
    code = link.ask()
    for left in (4, 3, 2, 1, 0):
        assert not link.check(other_than(code))
        assert link.asked().left == left
    assert not link.asked().sent
    assert not link.check(code)
    assert link.check(link.ask())


def test_no_more_than_five_codes_are_mailed_within_an_hour(anywhere: str) -> None:
    link = Link("code")
    for _ in range(5):
        link.ask()
    with pytest.raises(TooMuch):
        link.ask()
    with transaction(EVERYWHERE) as session:
        for code in session.scalars(select(ProofCode)):
            code.created_at -= timedelta(hours=1, seconds=1)
    assert link.check(link.ask())


def test_whoever_goes_on_guessing_is_locked_out_until_whoever_invited_unlocks(anywhere: str) -> None:
    link = Link("code")
    code = link.ask()
    with transaction(EVERYWHERE) as session:
        session.get_one(Invitation, link.id).proof_failures = proofs.MOST_FAILURES - 1
    assert not link.check(other_than(code))
    assert link.asked().locked
    for act in (lambda: link.check(code), link.ask):
        with pytest.raises(Conflict) as error:
            act()
        assert error.value.code == "locked"
    with transaction(EVERYWHERE) as session:
        assert proofs.unlock(session, link.jun, link.id) == link.opening_id
    assert link.check(code)


def test_the_year_of_birth_opens_the_link(anywhere: str) -> None:
    link = Link("birth_year", "2002")
    assert link.asked().kind == "birth_year"
    assert not link.check("2001")
    assert link.check("２００２")  # as a Korean keyboard may write it


def test_after_five_wrong_years_only_a_code_to_the_mail_opens_it(anywhere: str) -> None:
    link = Link("birth_year", "2002")
    for year in range(1990, 1995):
        assert not link.check(str(year))
    assert link.asked().kind == "code"
    with pytest.raises(Invalid):
        link.check("2002")
    assert link.check(link.ask())


def test_where_nobody_knows_the_year_the_code_is_asked_for(anywhere: str) -> None:
    link = Link("birth_year")
    assert link.asked().kind == "code"
    assert link.check(link.ask())


@pytest.mark.parametrize("typed", ["", "12", "abcdef", "1234567", "12345a"])
def test_what_is_no_code_at_all_counts_as_no_try(home: object, typed: str) -> None:
    link = Link("code")
    link.ask()
    with pytest.raises(Invalid):
        link.check(typed)
    assert (link.row().proof_failures, link.asked().left) == (0, 5)


def test_nothing_begins_before_the_holder_has_shown_whose_the_link_is(anywhere: str) -> None:
    link = Link("code")
    for kept in (None, "", proofs.hash_of(link.id, "code", "1"), "guessed"):
        with pytest.raises(Conflict) as error, transaction(EVERYWHERE) as session:
            interviews.begin(session, link.token, cast.chosen(), language="ko", proven=kept)
        assert error.value.code == "proof"
    with transaction(EVERYWHERE) as session:
        proven = proofs.proven(link.row())
        assert interviews.begin(session, link.token, cast.chosen(), language="ko", proven=proven)


def test_a_fresh_link_begins_anew_and_what_a_browser_kept_of_the_earlier_one_is_worth_nothing(anywhere: str) -> None:
    link = Link("birth_year", "2002")
    kept = proofs.proven(link.row())
    with transaction(EVERYWHERE) as session:
        session.get_one(Invitation, link.id).proof_failures = proofs.MOST_FAILURES
    link.token = desk.invite(link.jun, link.opening_id, "Minji")
    assert not proofs.is_proven(link.row(), kept)
    assert (link.row().proof, link.asked().left) == ("birth_year", 5)
    assert link.check("2002")


def test_wrong_tries_are_counted_and_on_the_record_without_what_was_tried(anywhere: str) -> None:
    link = Link("birth_year", "2002")
    link.check("1987")
    with reading(EVERYWHERE) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "link check failed")).one()
    assert entry.details == {"kind": "birth_year", "failures": 1}
    assert link.row().proof_failures == 1


def test_only_whoever_invited_may_unlock(anywhere: str) -> None:
    link = Link("code")
    reviewer = desk.colleague(link.jun, "reviewer@example.com", "reviewer")
    for who, wrong in ((desk.hana(), NotFound), (reviewer, Forbidden)):
        with pytest.raises(wrong), transaction(EVERYWHERE) as session:
            proofs.unlock(session, who, link.id)
