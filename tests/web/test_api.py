"""A university's own system invites: openings, a campaign row by row, confirmed once, followed up to "finished"."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from interview_ai import dispatch, idempotency
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.organisations import Member
from interview_ai.tables import AuditEntry, Campaign, CampaignRow, IdempotencyKey, Invitation, Mail
from tests import desk
from tests.web.programs import Program, key_of, member

MINJI = {"name": "김민지", "email": "minji@example.ac.kr", "department": "기계공학과", "cohort": "4"}
NOBODY = "0" * 32


@dataclass(frozen=True)
class Region:
    """Seoyeon's university and Jun's firm in Doyun's programme, with an opening; Hana has nothing to do with it."""

    seoyeon: Member
    jun: Member
    hana: Member
    opening_id: str

    def new(self, **other: Any) -> dict[str, Any]:
        return {
            "opening": self.opening_id,
            "name": "Spring",
            "consent_basis": "career_services",
            "quiet_from": 0,
            "quiet_until": 0,
            **other,
        }


@pytest.fixture
def region(home: Path) -> Iterator[Region]:
    seoyeon = member("university", "Seoyeon", "seoyeon@example.ac.kr")
    doyun = member("agency", "Doyun", "doyun@example.go.kr")
    jun, hana = member("employer", "Jun", "jun@example.com"), member("employer", "Hana", "hana@example.net")
    programme_id = desk.programme(doyun, seoyeon, jun)
    desk.opening(hana)
    yield Region(seoyeon, jun, hana, desk.opening(jun, programme_id=programme_id))


@pytest.fixture
def campus(region: Region) -> Program:
    return Program(key_of(region.seoyeon))


def made(program: Program, region: Region, **other: Any) -> str:
    answer = program.post("/campaigns", region.new(**other))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def everything(program: Program, path: str, **asked: Any) -> list[dict[str, Any]]:
    """A whole list, page by page."""
    found: list[dict[str, Any]] = []
    cursor = ""
    while cursor is not None:
        page = program.get(path, params={**asked, "cursor": cursor}).json()
        found += page["data"]
        cursor = page["next"]
    return found


def test_a_campus_system_invites_from_the_opening_to_the_last_message(region: Region, campus: Program) -> None:
    (opening,) = campus.get("/openings").json()["data"]
    assert opening["id"] == region.opening_id and opening["employer"]["name"]["ko"] == "Jun"
    campaign_id = made(campus, region)
    added = campus.post(f"/campaigns/{campaign_id}/rows", [MINJI, {"name": "A", "email": "no address"}, MINJI])
    assert added.status_code == 200
    assert [(row["row"], row["outcome"]) for row in added.json()["rows"]] == [(1, "ready"), (2, "faulty"), (3, "twice")]
    (fault,) = added.json()["rows"][1]["faults"]
    assert fault["field"] == "email" and "name@example.org" in fault["en"] and "이메일" in fault["ko"]
    assert added.json()["counts"] == {"ready": 1, "already": 0, "twice": 1, "opted_out": 0, "faulty": 1}
    assert dispatch.step() == 0
    assert campus.post(f"/campaigns/{campaign_id}/confirm", {"ready": 1}).json()["state"] == "sending"
    assert dispatch.step() == 1
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(Mail.recipient).where(Mail.recipient == MINJI["email"])).all() == [MINJI["email"]]
    progress = campus.get(f"/campaigns/{campaign_id}/progress").json()
    assert progress["stages"] == {"invited": 1, "opened": 0, "begun": 0, "finished": 0}
    first, second, third = everything(campus, f"/campaigns/{campaign_id}/rows", limit=2)
    assert first["state"] == "invited" and first["invitation"] and second["invitation"] is third["state"] is None
    (invitation,) = campus.get("/invitations", params={"opening": region.opening_id}).json()["data"]
    assert (invitation["id"], invitation["row"], invitation["state"]) == (first["invitation"], 1, "invited")


def test_the_record_names_the_key_and_not_a_person(region: Region, campus: Program) -> None:
    campaign_id = made(campus, region)
    with reading(EVERYWHERE) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.subject == f"campaign:{campaign_id}")).one()
    assert entry.action == "campaign added" and entry.actor.startswith("key:")


def test_how_far_somebody_is_shows_up_to_finished_and_nobody_by_name(region: Region, campus: Program) -> None:
    campaign_id = made(campus, region)
    campus.post(f"/campaigns/{campaign_id}/rows", [MINJI])
    campus.post(f"/campaigns/{campaign_id}/confirm", {"ready": 1})
    dispatch.step()
    states = []

    def look() -> None:
        answer = campus.get("/invitations", params={"opening": region.opening_id})
        assert "민지" not in answer.text and "minji" not in answer.text
        states.append(answer.json()["data"][0]["state"])

    look()
    with transaction(EVERYWHERE) as session:
        session.execute(update(Invitation).values(opened_at=func.current_timestamp()))
    look()
    who = desk.begin(_link())
    look()
    desk.answered(who)
    desk.finished(who)
    look()
    with transaction(EVERYWHERE) as session:
        session.execute(update(Invitation).values(revoked_at=func.current_timestamp()))
    look()
    assert states == ["invited", "opened", "begun", "finished", "finished"]
    stages = campus.get(f"/campaigns/{campaign_id}/progress").json()["stages"]
    assert stages == {"invited": 1, "opened": 1, "begun": 1, "finished": 1}


def _link() -> str:
    with reading(EVERYWHERE) as session:
        body = session.scalars(select(Mail.body).where(Mail.recipient == MINJI["email"])).one()
    return body.split("/i/")[1].split()[0]


@pytest.mark.parametrize(("blind", "seen"), [(True, "invited"), (False, "finished")], ids=["blind", "open"])
def test_in_its_own_blind_opening_an_employer_sees_no_state_by_invitation(
    region: Region, blind: bool, seen: str
) -> None:
    """KR-13: who began when is what tells a name from a number."""
    opening_id = desk.opening(region.jun, blind=blind)
    firm = Program(key_of(region.jun))
    campaign_id = made(firm, region, opening=opening_id)
    firm.post(f"/campaigns/{campaign_id}/rows", [MINJI])
    firm.post(f"/campaigns/{campaign_id}/confirm", {"ready": 1})
    dispatch.step()
    who = desk.begin(_link())
    desk.answered(who)
    desk.finished(who)
    (invitation,) = firm.get("/invitations", params={"opening": opening_id}).json()["data"]
    (row,) = firm.get(f"/campaigns/{campaign_id}/rows").json()["data"]
    assert invitation["state"] == row["state"] == seen
    assert firm.get(f"/campaigns/{campaign_id}/progress").json()["stages"]["finished"] == 1


def test_hana_finds_nothing_under_any_id_of_others_just_as_under_no_id(region: Region, campus: Program) -> None:
    campaign_id = made(campus, region)
    for stranger in (Program(key_of(region.hana)), Program(key_of(region.jun))):
        for method, path, body in [
            ("get", "/campaigns/{}", None),
            ("get", "/campaigns/{}/rows", None),
            ("get", "/campaigns/{}/progress", None),
            ("post", "/campaigns/{}/rows", [MINJI]),
            ("post", "/campaigns/{}/confirm", {"ready": 1}),
            ("post", "/campaigns/{}/pause", None),
            ("post", "/campaigns/{}/resume", None),
            ("post", "/campaigns/{}/cancel", None),
        ]:
            both = [
                stranger.get(path.format(id)) if method == "get" else stranger.post(path.format(id), body)
                for id in (campaign_id, NOBODY)
            ]
            assert [answer.status_code for answer in both] == [404, 404], path
            assert both[0].text == both[1].text
        assert stranger.get("/campaigns").json()["data"] == []
    hana = Program(key_of(region.hana))
    for opening_id in (region.opening_id, NOBODY):
        assert hana.get("/invitations", params={"opening": opening_id}).status_code == 404
        assert hana.post("/campaigns", region.new(opening=opening_id)).status_code == 404
    assert region.opening_id not in hana.get("/openings").text


def test_a_campaign_is_confirmed_to_the_number_that_was_told_and_to_no_other(region: Region, campus: Program) -> None:
    campaign_id = made(campus, region)
    assert campus.post(f"/campaigns/{campaign_id}/confirm", {"ready": 1}).status_code == 409
    campus.post(f"/campaigns/{campaign_id}/rows", [MINJI])
    assert campus.post(f"/campaigns/{campaign_id}/confirm", {"ready": 2}).json()["code"] == "changed"
    assert campus.post(f"/campaigns/{campaign_id}/confirm", {"ready": 0}).status_code == 422
    assert campus.post(f"/campaigns/{campaign_id}/confirm", {"ready": 1}).status_code == 200
    assert campus.post(f"/campaigns/{campaign_id}/rows", [MINJI]).status_code == 409


def test_a_campaign_is_paused_resumed_and_cancelled(region: Region, campus: Program) -> None:
    campaign_id = made(campus, region)
    campus.post(f"/campaigns/{campaign_id}/rows", [MINJI])
    campus.post(f"/campaigns/{campaign_id}/confirm", {"ready": 1})
    assert campus.post(f"/campaigns/{campaign_id}/pause", once=None).json()["state"] == "paused"
    assert dispatch.step() == 0
    assert campus.post(f"/campaigns/{campaign_id}/pause", once=None).status_code == 409
    assert campus.post(f"/campaigns/{campaign_id}/resume", once=None).json()["code"] == "idempotency_key"
    assert campus.post(f"/campaigns/{campaign_id}/resume").json()["state"] == "sending"
    assert campus.post(f"/campaigns/{campaign_id}/cancel", once=None).json()["state"] == "cancelled"
    assert dispatch.step() == 0 and campus.get(f"/campaigns/{campaign_id}").json()["finished_at"]


def test_an_unlawful_or_unknown_field_is_refused_and_nothing_of_the_call_is_kept(
    region: Region, campus: Program
) -> None:
    campaign_id = made(campus, region)
    answer = campus.post(f"/campaigns/{campaign_id}/rows", [MINJI, {**MINJI, "주민등록번호": "010101-3000000"}])
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["row"], error["field"]) == (1, "주민등록번호") and "none of it was kept" in error["en"]
    assert "010101" not in answer.text
    assert campus.get(f"/campaigns/{campaign_id}/rows").json()["data"] == []


def test_a_resident_number_a_formula_and_a_line_break_in_a_value_are_faults_of_their_row(
    region: Region, campus: Program
) -> None:
    campaign_id = made(campus, region)
    rows = [
        {**MINJI, "cohort": "010101-3000000"},
        {**MINJI, "name": "=HYPERLINK(1)"},
        {**MINJI, "name": "민지\nBcc: all@example.org"},
    ]
    answer = campus.post(f"/campaigns/{campaign_id}/rows", rows).json()
    assert [row["faults"][0]["field"] for row in answer["rows"]] == ["cohort", "name", "name"]
    with reading(EVERYWHERE) as session:
        kept = session.scalars(select(CampaignRow)).all()
    assert not any("3000000" in (row.cohort or "") or "\n" in row.name or row.name.startswith("=") for row in kept)


def test_a_thousand_rows_go_in_one_call_and_not_one_more(region: Region, campus: Program) -> None:
    campaign_id = made(campus, region)
    people = [{"name": "민지", "email": f"minji{n}@example.ac.kr"} for n in range(1001)]
    refused = campus.post(f"/campaigns/{campaign_id}/rows", people)
    assert refused.status_code == 422 and "1000" in refused.json()["errors"][0]["en"]
    assert campus.post(f"/campaigns/{campaign_id}/rows", people[:1000]).json()["counts"]["ready"] == 1000
    found = everything(campus, f"/campaigns/{campaign_id}/rows", limit=200)
    assert [row["row"] for row in found] == list(range(1, 1001))


def test_a_list_goes_on_where_it_was_though_others_come_in_between(region: Region, campus: Program) -> None:
    first = [made(campus, region, name=str(n)) for n in range(3)]
    page = campus.get("/campaigns", params={"limit": 2}).json()
    assert [one["id"] for one in page["data"]] == first[:2]
    later = made(campus, region)
    rest = campus.get("/campaigns", params={"limit": 2, "cursor": page["next"]}).json()
    assert [one["id"] for one in rest["data"]] == [first[2], later] and rest["next"] is None


@pytest.mark.parametrize("cursor", ["x", "WzFd", "bnVsbA", "W10", "한글", "WyJhIiwiYiJd", "WzEsMl0"])
def test_a_cursor_of_nobodys_is_refused_in_words(campus: Program, cursor: str) -> None:
    answer = campus.get("/campaigns", params={"cursor": cursor})
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == "cursor"


@pytest.mark.parametrize("limit", ["0", "201", "x", "-1", "1e3"])
def test_a_limit_that_is_none_is_refused_in_words(campus: Program, limit: str) -> None:
    answer = campus.get("/openings", params={"limit": limit})
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == "limit"


def test_a_program_says_how_often_a_person_is_reminded_and_is_told_what_cannot_be(
    region: Region, campus: Program
) -> None:
    usual, campaign_id = made(campus, region), made(campus, region, remind_after_days=3, most_reminders=4)
    with reading(EVERYWHERE) as session:
        kept = session.get_one(Campaign, campaign_id)
        assert (kept.remind_after_days, kept.most_reminders) == (3, 4)
        assert session.get_one(Campaign, usual).most_reminders == 2
    refused = campus.post("/campaigns", region.new(most_reminders=6))
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "most_reminders")


def test_a_basis_of_consent_of_their_own_is_taken_with_its_note(region: Region, campus: Program) -> None:
    refused = campus.post("/campaigns", region.new(consent_basis="written"))
    assert [fault["field"] for fault in refused.json()["errors"]] == ["consent_note"]
    told = campus.post("/campaigns", region.new(consent_basis="written", consent_note="Asked by letter")).json()
    assert told["consent_basis"] == "written"
    with reading(EVERYWHERE) as session:
        assert session.get_one(Campaign, told["id"]).consent_basis == "written"


def test_the_same_request_again_is_done_once_and_answered_alike(region: Region, campus: Program) -> None:
    answers = [campus.post("/campaigns", region.new(), once="spring-1") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert len({answer.text for answer in answers}) == 1
    assert [answer.headers.get("idempotent-replayed") for answer in answers] == [None, "true", "true"]
    with reading(EVERYWHERE) as session:
        assert len(session.scalars(select(Campaign)).all()) == 1


def test_another_request_under_a_used_key_is_refused(region: Region, campus: Program) -> None:
    campus.post("/campaigns", region.new(), once="spring-1")
    other = campus.post("/campaigns", region.new(name="Other"), once="spring-1")
    assert (other.status_code, other.json()["code"]) == (422, "other_request")
    elsewhere = campus.post(f"/campaigns/{NOBODY}/resume", once="spring-1")
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (422, "other_request")


def test_two_organisations_may_use_the_same_key(region: Region, campus: Program) -> None:
    firm = Program(key_of(region.jun))
    assert campus.post("/campaigns", region.new(), once="1").status_code == 201
    again = firm.post("/campaigns", region.new(), once="1")
    assert again.status_code == 201 and "idempotent-replayed" not in again.headers


def test_what_was_refused_leaves_its_key_free(region: Region, campus: Program) -> None:
    assert campus.post("/campaigns", region.new(opening=NOBODY), once="spring-1").status_code == 404
    assert campus.post("/campaigns", region.new(), once="spring-1").status_code == 201


@pytest.mark.parametrize("key", [None, "x" * 256, "   "])
def test_an_act_without_a_usable_key_is_refused(region: Region, campus: Program, key: str | None) -> None:
    answer = campus.post("/campaigns", region.new(), once=key)
    assert answer.status_code == 422 and answer.json()["code"] == "idempotency_key"


def test_a_request_that_is_still_at_work_is_told_so(anywhere: str, region: Region, campus: Program) -> None:
    campus.get("/openings")  # so that the key was seen a moment ago and nothing of it is written
    asked = idempotency.Asked(region.seoyeon.organisation_id, "slow", "digest")
    inside, on = threading.Event(), threading.Event()

    def act(_: object) -> idempotency.Answered:
        inside.set()
        on.wait(10)
        return idempotency.Answered(200, {"done": True})

    first = threading.Thread(target=idempotency.once, args=(asked, act))
    first.start()
    inside.wait(10)
    second = campus.post("/campaigns", region.new(), once="slow")
    on.set()
    first.join()
    assert (second.status_code, second.json()["code"]) == (409, "in_flight")
    assert idempotency.once(asked, act) == idempotency.Answered(200, {"done": True}, again=True)


def test_an_act_and_its_kept_answer_stand_or_fall_together(region: Region, campus: Program) -> None:
    def fails(session: Any) -> idempotency.Answered:
        session.add(Campaign(organisation_id=region.seoyeon.organisation_id))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        idempotency.once(idempotency.Asked(region.seoyeon.organisation_id, "k", "d"), fails)
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(IdempotencyKey)).all() == [] == session.scalars(select(Campaign)).all()


def test_a_kept_answer_is_forgotten_after_a_day_and_cannot_be_read_in_the_table(
    region: Region, campus: Program
) -> None:
    campus.post("/campaigns", region.new(name="Nightingale"), once="spring-1")
    with transaction(EVERYWHERE) as session:
        row = session.scalars(select(IdempotencyKey)).one()
        assert "Nightingale" not in json.dumps(row.response) and "spring-1" not in row.key
        row.created_at -= idempotency.KEPT
    again = campus.post("/campaigns", region.new(name="Other"), once="spring-1")
    assert again.status_code == 201
    with transaction(EVERYWHERE) as session:
        session.scalars(select(IdempotencyKey)).one().created_at -= 2 * idempotency.KEPT
    with transaction(EVERYWHERE) as session:
        idempotency.forget(session)
        assert session.scalars(select(IdempotencyKey)).all() == []


def test_a_programs_webhook_shows_its_secret_once_and_ends(region: Region, campus: Program) -> None:
    body = {"url": "https://example.ac.kr/onterview", "events": ["campaign.sent"]}
    made = campus.post("/webhooks", body, once="hook")
    assert made.status_code == 201 and made.json()["secret"].startswith("whsec_")
    assert campus.post("/webhooks", body, once="hook").json() == made.json()
    assert campus.post("/webhooks", body).json()["code"] == "url_taken"
    hook_id = made.json()["id"]
    assert "secret" not in campus.get("/webhooks").text
    stranger = Program(key_of(region.hana))
    assert stranger.delete(f"/webhooks/{hook_id}").status_code == 404
    assert stranger.post(f"/webhooks/{hook_id}/test").status_code == 404
    assert campus.post(f"/webhooks/{hook_id}/test").status_code == 202
    assert campus.post(f"/webhooks/{hook_id}/test").status_code == 409
    assert campus.delete(f"/webhooks/{hook_id}").status_code == 204
    assert campus.get("/webhooks").json()["data"] == []
    refused = campus.post("/webhooks", {"url": "https://10.0.0.1/", "events": ["campaign.sent"]})
    assert refused.status_code == 422 and refused.json()["code"] == "url"
