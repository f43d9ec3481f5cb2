"""The contract says what the application does: every route, every shape, every refusal; and people can read it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from interview_ai.api_keys import SCOPES
from interview_ai.rules.webhooks import EVENTS
from tests import desk
from tests.browser import Browser
from tests.web.contracted import checked, document, faults, operation_of, operations
from tests.web.programs import Program, key_of, member
from tests.web.test_api import MINJI, NOBODY, Region, everything, made, region
from tests.web.test_isolation import routes
from web import contract, contract_page
from web.app import create

__all__ = ["region"]
UNWRITTEN = {"/api/v1/openapi.json", "/api/v1/docs"}


def references(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"]] if "$ref" in part else []
        return own + [one for value in part.values() for one in references(value)]
    return [one for value in part for one in references(value)] if isinstance(part, list) else []


def test_the_contract_holds_every_route_of_the_api_and_no_other() -> None:
    there = {(route.method.lower(), route.path) for route in routes() if route.path.startswith("/api/")}
    assert len(there) > 15
    assert {(method, path) for method, path, _ in operations()} == {(m, p) for m, p in there if p not in UNWRITTEN}


def test_the_contract_is_a_whole_document_of_openapi_3_1() -> None:
    told = document()
    assert told["openapi"] == "3.1.0" and told["info"]["title"] and told["info"]["version"]
    assert told["servers"][0]["url"].startswith("http")
    for reference in references(told):
        assert contract_page.resolved(told, {"$ref": reference}), reference
    ids = [one["operationId"] for _, _, one in operations()]
    assert len(ids) == len(set(ids))
    for method, path, one in operations():
        shared = told["paths"][path].get("parameters", [])
        named = [contract_page.resolved(told, part) for part in (*shared, *one.get("parameters", []))]
        assert {part["name"] for part in named if part["in"] == "path"} == set(re.findall(r"{(\w+)}", path))
        assert one["x-scope"] in SCOPES and one["summary"]
        assert {"default"} < set(one["responses"]), (method, path)


def test_every_example_fits_its_schema() -> None:
    tried = 0
    whole = [one for _, _, one in operations()] + [document()["webhooks"]["event"]["post"]]
    for one in whole:
        for part in (one.get("requestBody", {}), *one["responses"].values()):
            for content in contract_page.resolved(document(), part).get("content", {}).values():
                assert faults(content["schema"], content["example"]) == []
                tried += 1
    assert tried > 25


def test_examples_are_in_the_readers_language_and_lead_nowhere() -> None:
    def examples(part: Any) -> list[str]:
        if isinstance(part, dict):
            own = [json.dumps(part["example"], ensure_ascii=False)] if "example" in part else []
            return own + [one for value in part.values() for one in examples(value)]
        return [one for value in part for one in examples(value)] if isinstance(part, list) else []

    korean, english = (examples(contract.document(language)) for language in ("ko", "en"))
    assert len(korean) == len(english) > 20
    for one in english:
        assert not re.search("[가-힣]", re.sub(r'"ko": ("[^"]*"|{[^}]*})', "", one)), one
    assert "이하늘" in " ".join(korean) and "2026년" in " ".join(korean)
    for one in (*korean, *english):
        for host in re.findall(r"(?:https://|@)([\w.-]+)", one):
            assert host.endswith(("example.com", "example.ac.kr")), host


def test_both_languages_say_the_same_things_and_the_events_are_those_there_are() -> None:
    korean, english = contract.document("ko"), contract.document("en")

    def keys(part: Any) -> Any:
        if isinstance(part, dict):
            return {name: keys(value) for name, value in part.items()}
        return [keys(value) for value in part] if isinstance(part, list) else type(part)

    assert keys(korean) == keys(english) and korean != english
    assert not re.search(r"'~(ko|en)'", f"{korean} {english}")
    assert tuple(english["components"]["schemas"]["EventName"]["enum"]) == EVENTS


def test_every_operation_answers_as_the_contract_says(region: Region) -> None:
    """`Program` checks each answer; here is one of every operation."""
    campus = Program(key_of(region.seoyeon))
    campaign_id = made(campus, region)
    hook = campus.post("/webhooks", {"url": "https://example.ac.kr/", "events": ["campaign.sent"]})
    hook_id = hook.json()["id"]
    asked = [
        campus.get("/openings"),
        campus.post("/campaigns", region.new()),
        campus.get("/campaigns"),
        campus.get(f"/campaigns/{campaign_id}"),
        campus.post(f"/campaigns/{campaign_id}/rows", [MINJI, {"name": "", "email": "x"}]),
        campus.get(f"/campaigns/{campaign_id}/rows"),
        campus.post(f"/campaigns/{campaign_id}/confirm", {"ready": 1}),
        campus.post(f"/campaigns/{campaign_id}/pause", once=None),
        campus.post(f"/campaigns/{campaign_id}/resume"),
        campus.get(f"/campaigns/{campaign_id}/progress"),
        campus.get("/invitations", params={"opening": region.opening_id}),
        hook,
        campus.get("/webhooks"),
        campus.post(f"/webhooks/{hook_id}/test"),
        campus.post(f"/campaigns/{campaign_id}/cancel", once=None),
        campus.delete(f"/webhooks/{hook_id}"),
    ]
    assert {answer.status_code for answer in asked} == {200, 201, 202, 204}
    answered = [operation_of(answer.request) for answer in asked]
    assert {one["operationId"] for one in answered if one} == {one["operationId"] for _, _, one in operations()}
    assert everything(campus, "/campaigns")


BAD = [
    ("GET", "/nothing", {}, 404),
    ("GET", "", {}, 404),
    ("GET", "/openings/", {}, 404),
    ("PUT", "/openings", {}, 405),
    ("DELETE", "/campaigns", {}, 405),
    ("GET", "/openings?limit=x", {}, 422),
    ("GET", "/invitations", {}, 422),
    ("GET", f"/campaigns/{NOBODY}", {}, 404),
    ("POST", "/campaigns", {"content": b"{}", "headers": {"content-type": "text/plain"}}, 415),
    ("POST", "/campaigns", {"content": b"a=b", "headers": {"content-type": "application/x-www-form-urlencoded"}}, 415),
    ("POST", "/campaigns", {"content": b"{", "headers": {"content-type": "application/json"}}, 422),
    ("POST", "/campaigns", {"content": b"\xff", "headers": {"content-type": "application/json"}}, 422),
    ("POST", "/campaigns", {"content": b"[" * 100_000, "headers": {"content-type": "application/json"}}, 422),
    ("POST", "/campaigns", {"json": []}, 422),
    ("POST", "/campaigns", {"json": {"opening": 1, "name": None}}, 422),
    ("POST", "/campaigns", {"json": {"opening": "x", "name": "a\0", "consent_basis": "applied"}}, 422),
    ("POST", "/campaigns", {"json": {"opening": "x", "name": "a", "consent_basis": "applied"}}, 422),
    ("POST", "/campaigns", {"content": b" " * 2_000_001, "headers": {"content-type": "application/json"}}, 413),
]


@pytest.mark.parametrize(("method", "path", "sent", "status"), BAD, ids=[f"{n}" for n in range(len(BAD))])
def test_every_refusal_is_a_problem_in_both_languages(
    home: Path, method: str, path: str, sent: dict[str, Any], status: int
) -> None:
    program = Program(key_of(member("employer", "Jun", "jun@example.com")), language="ko")
    headers = {**program.headers, **sent.get("headers", {})}
    given = {name: value for name, value in sent.items() if name != "headers"}
    answer = program.client.request(method, f"/api/v1{path}", headers=headers, **given)
    assert checked(answer).status_code == status, answer.text
    assert answer.headers["content-language"] == "ko"


def test_a_body_that_grows_beyond_its_limit_is_refused_as_a_problem_too(home: Path) -> None:
    program = Program(key_of(member("employer", "Jun", "jun@example.com")))

    def endless() -> Any:
        for _ in range(30):
            yield b" " * 100_000

    headers = {**program.headers, "content-type": "application/json"}
    answer = program.client.post("/api/v1/campaigns", content=endless(), headers=headers)
    assert answer.status_code == 413 and answer.headers["content-type"] == "application/problem+json"


def test_a_bug_is_a_problem_that_tells_nothing_of_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise RuntimeError("secret inside")

    program = Program(key_of(member("employer", "Jun", "jun@example.com")))
    monkeypatch.setattr("interview_ai.program_lists.campaigns_of", breaks)
    answer = program.client.get("/api/v1/campaigns", headers=program.headers)
    assert answer.status_code == 500 and answer.headers["content-type"] == "application/problem+json"
    assert "secret inside" not in answer.text


@pytest.mark.parametrize("language", ["ko", "en"])
def test_anybody_reads_the_contract_as_a_page_and_as_a_document(home: Path, language: str) -> None:
    page = Browser(language).get("/api/v1/docs")
    assert page.status_code == 200
    told = contract.document(language)
    for _, path, one in operations():
        assert path in page.text and f'id="{one["operationId"]}"' in page.text
    for code in told["x-problems"]:
        assert f'id="problem-{code}"' in page.text
    assert "http" not in "".join(re.findall(r"<script[^>]*>", page.text))
    document = TestClient(create()).get("/api/v1/openapi.json", headers={"accept-language": language})
    assert document.json() == told


def test_whoever_is_signed_in_reads_the_contract_under_their_own_menu(home: Path) -> None:
    assert 'href="/staff/account"' not in Browser("en").get("/api/v1/docs").text
    desk.organisation("employer", "Jun", "jun@example.com")
    browser = Browser("en")
    browser.sign_in("jun@example.com")
    page = browser.get("/api/v1/docs")
    assert 'href="/staff/keys"' in page.text and 'action="/sign-out"' in page.text
    browser.client.cookies.clear()
    assert browser.get("/api/v1/docs").status_code == 200
