"""An agency asks a partner that it has in another programme: from a list, and not as a twin of the same name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from interview_ai import known_partners, partner_questions, partner_requests, programmes
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import Conflict, NotFound
from interview_ai.partner_requests import NewPartner
from interview_ai.tables import Organisation, PartnerRequest
from tests import desk
from tests.browser import Browser


class Round:
    """Doyun's first programme with Jun's firm, a second one without, and Hana's firm, which is nobody's partner."""

    def __init__(self) -> None:
        self.doyun = desk.organisation("agency", "Doyun", "doyun@example.org")
        self.jun, self.hana = desk.jun(), desk.organisation("employer", "Hana", "hana@example.com")
        self.first = desk.programme(
            self.doyun, desk.organisation("university", "Seoyeon", "seoyeon@example.ac.kr"), self.jun
        )
        with transaction(EVERYWHERE) as session:
            self.second = programmes.add_programme(session, self.doyun, "둘째 사업", "Second round").id
            jun = session.get_one(Organisation, self.jun.organisation_id)
            self.name_ko, self.name_en = jun.name_ko, jun.name_en

    def typed(self, email: str, name: str) -> NewPartner:
        return NewPartner("employer", name, "", owner_name="Somebody", owner_email=email)

    def ask(self, new: NewPartner) -> str:
        with transaction(EVERYWHERE) as session:
            return partner_requests.ask(session, self.doyun, self.second, new)

    def organisations(self) -> int:
        with reading(EVERYWHERE) as session:
            return session.scalars(select(func.count(Organisation.id))).one()


@pytest.fixture
def round_(home: Path) -> Round:
    return Round()


def test_a_partner_of_another_programme_is_asked_from_the_list_and_nobody_else_is_in_it(round_: Round) -> None:
    with reading(EVERYWHERE) as session:
        found = known_partners.known(session, round_.doyun)
    assert [one.organisation.kind for one in found] == ["university", "employer"]
    known = found[1]
    assert (known.organisation.id, known.owner.email) == (round_.jun.organisation_id, "jun@example.com")
    assert known.programme_ids == {round_.first}
    with transaction(EVERYWHERE) as session:
        to = partner_requests.ask_known(session, round_.doyun, round_.second, round_.jun.organisation_id)
    assert to == "jun@example.com"
    with reading(EVERYWHERE) as session:
        (asked,) = partner_questions.asked_of(session, round_.jun)
    assert asked.programme.id == round_.second
    with transaction(EVERYWHERE) as session, pytest.raises(NotFound):
        partner_requests.ask_known(session, round_.doyun, round_.second, round_.hana.organisation_id)


def test_a_name_of_a_partner_with_another_address_is_asked_about_before_a_twin_is_made(round_: Round) -> None:
    before, new = round_.organisations(), round_.typed("other@example.com", f" {round_.name_ko.replace(' ', '  ')} ")
    with pytest.raises(Conflict) as refused:
        round_.ask(new)
    assert refused.value.code == "known" and round_.organisations() == before
    round_.ask(replace(new, sure=True))
    assert round_.organisations() == before + 1


def test_the_address_in_the_list_and_names_of_nobodys_partners_are_asked_without_a_word(round_: Round) -> None:
    round_.ask(round_.typed("jun@example.com", round_.name_ko))
    with reading(EVERYWHERE) as session:
        hana = session.get_one(Organisation, round_.hana.organisation_id).name_ko
    round_.ask(round_.typed("new@example.com", hana))
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(func.count(PartnerRequest.id))).one() == 2


def test_the_page_offers_partners_that_are_not_in_the_programme_and_keeps_what_was_typed(round_: Round) -> None:
    browser = Browser()
    browser.sign_in("doyun@example.org")
    page = browser.get("/staff/programmes")
    assert page.text.count(f'<option value="{round_.jun.organisation_id}"') == 1
    place = f"/staff/programmes/{round_.second}/partners"
    token = page.text.split('name="csrf" value="')[1].split('"')[0]
    fields = {"csrf": token, "name_ko": round_.name_ko, "owner_name": "Other", "owner_email": "other@example.com"}
    refused = browser.client.post(place, data=fields)
    assert refused.status_code == 409 and 'name="sure"' in refused.text and "other@example.com" in refused.text
    asked = browser.client.post(place, data={"csrf": token, "partner_id": round_.jun.organisation_id})
    assert "jun@example.com" in asked.text
