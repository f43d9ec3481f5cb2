"""Every route of the application, asked by a stranger, by another employer and by another candidate: nothing is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from interview_ai import api_keys, campaigns, database, interviews, organisations, passwords, tokens, webhooks
from interview_ai.api_keys import SCOPES, NewKey
from interview_ai.campaign_drafts import NewCampaign
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.organisations import Member
from interview_ai.rules.evidence import Bilingual
from interview_ai.rules.webhooks import EVENTS
from interview_ai.tables import (
    Answer,
    ApiKey,
    Interview,
    Invitation,
    Opening,
    PartnerRequest,
    Programme,
    Segment,
    Staff,
    WebhookDelivery,
)
from interview_ai.webhooks import NewWebhook
from tests import cast
from tests.cast import PASSWORD, Firm
from web.app import create

PUBLIC = {
    "/healthz",
    "/readyz",
    "/receipts",
    "/receipts/key",
    "/sign-in",
    "/forgotten",
    "/i/{token}",
    "/set-password/{token}",
    "/stop/{token}",
    "/stop/{token}/undo",
    "/openings",
    "/openings/{opening_id}",
    "/o/{slug}",
    "/logos/{organisation_id}/{name}",
    "/api/v1/openapi.json",
    "/api/v1/docs",
}
CANARY = "카나리아새"
NOTHING = {401, 403, 404}


@dataclass(frozen=True)
class Route:
    """One method on one path of the application's own list."""

    method: str
    path: str

    @property
    def names(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.path)


def routes() -> list[Route]:
    """From the schema that the application makes of itself: a loop over app.routes would miss the included ones."""
    paths = create().openapi()["paths"]
    return [Route(method.upper(), path) for path, methods in paths.items() for method in methods if method != "options"]


class Asker:
    """Somebody with a cookie, whose forms carry the right token: what refuses them is not the form's guard."""

    def __init__(self, kind: str = "", cookie: str = "") -> None:
        self.kind, self.cookie = kind, cookie
        self.client = TestClient(create(), follow_redirects=False, raise_server_exceptions=False)
        if kind:
            self.client.cookies.set(kind, cookie)

    def ask(self, route: Route, known: dict[str, str]) -> tuple[int, str]:
        path = route.path.format(**{name: known.get(name, "1") for name in route.names})
        kind = "candidate" if path.startswith(("/i/", "/interview", "/uploads")) else "staff"
        cookie = self.cookie if kind == self.kind else ""
        token = tokens.authenticate("form", f"{kind}:{cookie}")
        headers = {"x-csrf-token": token, "tus-resumable": "1.0.0", "upload-offset": "0"}
        if path.startswith("/uploads/"):
            headers |= {"content-type": "application/offset+octet-stream", "x-http-method-override": "PATCH"}
        form = {"role": "reviewer"} if route.method == "POST" and route.path.startswith("/staff") else None
        answer = self.client.request(route.method, path, headers=headers, data=form)
        return answer.status_code, answer.text


def owner(employer: Firm) -> str:
    """Signs the firm's owner in; returns the cookie."""
    with transaction(EVERYWHERE) as session:
        staff = session.get_one(Staff, employer.staff_id)
        staff.password_hash, staff.state = passwords.hashed(PASSWORD), "active"
        email = staff.email
    attempt = organisations.check(email, PASSWORD)
    with transaction(EVERYWHERE) as session:
        cookie = organisations.sign_in(session, attempt)
    assert cookie is not None
    return cookie


def member(firm: Firm) -> Member:
    """The firm's owner, signed in."""
    with reading(EVERYWHERE) as session:
        staff = session.get_one(Staff, firm.staff_id)
        return Member(
            staff.id,
            firm.organisation_id,
            "employer",
            Bilingual("", ""),
            name=staff.name,
            email=staff.email,
            role="owner",
            language="ko",
            seen_at=database.now(session),
        )


def connected(firm: Firm) -> dict[str, str]:
    """A campaign, a key and a webhook that was told something; their ids."""
    who = member(firm)
    with transaction(EVERYWHERE) as session:
        new = NewCampaign(firm.opening_id, CANARY, "", "", 0, "applied")
        campaign = campaigns.add(session, who, new)
        api_keys.make(session, who, NewKey(CANARY))
        hook = webhooks.add(session, who, NewWebhook(f"https://example.org/{firm.organisation_id}", EVENTS))
        webhooks.test(session, who, hook.id)
        return {
            "campaign_id": campaign.id,
            "webhook_id": hook.id,
            "key_id": session.scalars(select(ApiKey.id)).one(),
            "delivery_id": session.scalars(select(WebhookDelivery.id)).one(),
        }


def asked(firm: Firm) -> dict[str, str]:
    """A request of some agency's that waits for the firm's answer; its id."""
    with transaction(EVERYWHERE) as session:
        agency = cast.organisation(session, "agency", CANARY)
        programme = Programme(organisation_id=agency.id, name_ko=CANARY, name_en=CANARY)
        session.add(programme)
        session.flush()
        whose = {"organisation_id": agency.id, "programme_id": programme.id, "partner_id": firm.organisation_id}
        words = dict.fromkeys(("name_ko", "name_en", "owner_name"), CANARY)
        request = PartnerRequest(kind="employer", owner_email="jun@example.com", language="ko", **words, **whose)
        session.add(request)
        session.flush()
        return {"request_id": request.id}


@pytest.fixture
def known(home: Path) -> Iterator[dict[str, str]]:
    """Jun's firm with an answer of Minji's, and the ids of all of it; names carry a word to search for."""
    jun = cast.jun()
    minji = cast.minji(jun)
    agreed = cast.agreed(jun)
    data = b"\x1aE\xdf\xa3" + b"0" * 100
    cast.receive(minji, jun.question_ids[0], data)
    with transaction(minji.organisation_id) as session:
        session.get_one(Opening, jun.opening_id).title_ko = CANARY
        session.get_one(Opening, jun.opening_id).title_en = CANARY
    theirs = connected(jun) | asked(jun)
    with reading(EVERYWHERE) as session:
        yield theirs | {
            "opening_id": jun.opening_id,
            "interview_id": session.scalars(select(Interview.id)).one(),
            "answer_id": session.scalars(select(Answer.id)).one(),
            "invitation_id": session.scalars(select(Invitation.id)).one(),
            "segment_id": session.scalars(select(Segment.id)).one(),
            "staff_id": jun.staff_id,
            "question_id": jun.question_ids[0],
            "programme_id": agreed.programme_id,
            "memorandum_id": agreed.id,
            "partner_id": jun.organisation_id,
        }


def private(which: list[Route]) -> list[Route]:
    return [route for route in which if route.path not in PUBLIC]


def test_a_stranger_gets_nothing_from_any_route(known: dict[str, str]) -> None:
    tried = private(routes())
    assert len(tried) > 30
    wrong = [(route, status) for route in tried if (status := Asker().ask(route, known)[0]) not in NOTHING]
    assert wrong == []


def test_hana_of_another_firm_finds_nothing_of_juns_under_any_id(known: dict[str, str]) -> None:
    hana = Asker("staff", owner(cast.hana()))
    tried = [route for route in private(routes()) if set(route.names) & set(known)]
    assert len(tried) > 10
    wrong = [(route, status) for route in tried if (status := hana.ask(route, known)[0]) not in NOTHING]
    assert wrong == []


def test_no_page_that_hana_may_open_holds_a_word_of_juns(known: dict[str, str]) -> None:
    hana = Asker("staff", owner(cast.hana()))
    tried = [route for route in private(routes()) if route.method == "GET" and not route.names]
    assert len(tried) > 5
    for route in tried:
        assert CANARY not in hana.ask(route, known)[1], route


def test_nothing_of_juns_is_public_before_he_publishes_it(known: dict[str, str]) -> None:
    tried = [route for route in routes() if route.path in PUBLIC and route.method == "GET"]
    assert len(tried) > 8
    for route in tried:
        assert CANARY not in Asker().ask(route, known)[1], route


BODIES = {"/rows": [{"name": "Minji", "email": "minji@example.org"}], "/confirm": {"ready": 1}}


def test_hanas_program_finds_nothing_of_juns_under_any_id_just_as_under_an_id_of_nobodys(known: dict[str, str]) -> None:
    who = member(cast.hana())
    with transaction(who.organisation_id) as session:
        key = api_keys.make(session, who, NewKey("Hana's", SCOPES))
    client = TestClient(create(), follow_redirects=False, raise_server_exceptions=False)
    tried = [route for route in routes() if route.path.startswith("/api/") and set(route.names) & set(known)]
    assert len(tried) > 8
    for route in tried:
        answers = []
        for number, ids in enumerate((known, dict.fromkeys(known, "0" * 32))):
            headers = {"authorization": f"Bearer {key}", "idempotency-key": f"{route.path}{number}"}
            body = BODIES.get(route.path.removeprefix("/api/v1/campaigns/{campaign_id}"))
            path = route.path.format(**{name: ids[name] for name in route.names})
            answer = client.request(route.method, path, headers=headers, json=body)
            answers.append((answer.status_code, answer.text))
        assert answers[0][0] == 404 and answers[0] == answers[1], route
    for path in ("openings", "campaigns", "webhooks"):
        answer = client.get(f"/api/v1/{path}", headers={"authorization": f"Bearer {key}"})
        assert answer.status_code == 200 and not any(one in answer.text for one in (CANARY, *known.values())), path
    opening = client.get(
        "/api/v1/invitations", params={"opening": known["opening_id"]}, headers={"authorization": f"Bearer {key}"}
    )
    assert opening.status_code == 404


def test_another_candidate_finds_nothing_of_minjis_and_no_staff_page(known: dict[str, str]) -> None:
    with transaction(EVERYWHERE) as session:
        cookie = interviews.begin(
            session,
            cast.invite(session, cast.firm(session, "Other", "other@example.org")),
            cast.chosen("ai"),
            language="en",
        )
    other = Asker("candidate", cookie)
    tried = [route for route in private(routes()) if set(route.names) & set(known) or route.path.startswith("/staff")]
    assert len(tried) > 10
    wrong = [(route, status) for route in tried if (status := other.ask(route, known)[0]) not in NOTHING]
    assert wrong == []
