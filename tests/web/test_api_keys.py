"""Keys of an organisation's programs: made by an owner, shown once, least by default, ended; and whom they let in."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from interview_ai import api_keys, key_ends, leaving, tokens
from interview_ai.api_keys import NewKey
from interview_ai.database import EVERYWHERE, now, reading, transaction
from interview_ai.errors import Conflict, NotFound
from interview_ai.rules.tries import Rate
from interview_ai.tables import ApiKey, AuditEntry, Mail
from tests import desk
from tests.browser import Browser
from tests.web.programs import Program, key_of

SEOYEON = "seoyeon@example.ac.kr"


def signed_in(email: str) -> Browser:
    browser = Browser()
    browser.sign_in(email)
    return browser


def only_key() -> ApiKey:
    with reading(EVERYWHERE) as session:
        return session.scalars(select(ApiKey)).one()


def test_an_owner_makes_a_key_that_is_shown_once_and_kept_as_a_digest(home: Path) -> None:
    desk.organisation("university", "Seoyeon", SEOYEON)
    browser = signed_in(SEOYEON)
    shown = browser.send(browser.get("/staff/keys"), "/staff/keys", name="Campus system")
    (key,) = set(re.findall(r"onv_[\w-]{43}", shown.text))
    kept = only_key()
    assert (kept.key_hash, kept.begins, kept.scopes) == (tokens.digest(key), key[:12], ["openings:read"])
    assert key not in browser.get("/staff/keys").text and kept.begins in browser.get("/staff/keys").text
    assert Program(key).get("/openings").json() == {"data": [], "next": None}
    assert key.encode() not in (home / "onterview.sqlite3").read_bytes()


def test_a_key_ends_at_once_when_it_is_revoked_and_the_record_says_by_whom(home: Path) -> None:
    member = desk.organisation("university", "Seoyeon", SEOYEON)
    key = key_of(member)
    browser = signed_in(SEOYEON)
    page = browser.send(browser.get("/staff/keys"), "/revoke")
    assert "Whatever used it is refused" in page.text and "There is no key yet" in page.text
    assert Program(key).get("/openings").status_code == 401
    with reading(EVERYWHERE) as session:
        actions = {(entry.action, entry.actor) for entry in session.scalars(select(AuditEntry))}
    assert {("key made", f"staff:{member.id}"), ("key revoked", f"staff:{member.id}")} <= actions


def test_no_key_a_wrong_one_an_expired_and_a_revoked_one_are_refused_alike(home: Path) -> None:
    member = desk.jun()
    revoked, expired = key_of(member), key_of(member, days=30)
    with transaction(EVERYWHERE) as session:
        past = now(session) - timedelta(seconds=1)
        session.execute(update(ApiKey).where(ApiKey.key_hash == tokens.digest(revoked)).values(revoked_at=past))
        session.execute(update(ApiKey).where(ApiKey.key_hash == tokens.digest(expired)).values(expires_at=past))
    answers = [Program(key).get("/openings") for key in ("", "onv_wrong", revoked, expired)]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1
    assert {answer.headers["www-authenticate"] for answer in answers} == {"Bearer"}


def test_a_key_counts_only_in_its_header_and_a_sign_in_is_no_key(home: Path) -> None:
    member = desk.jun()
    key = key_of(member)
    program = Program()
    program.client.cookies.set("staff", key)
    assert program.get("/openings", params={"key": key, "access_token": key}).status_code == 401
    browser = signed_in("jun@example.com")
    assert browser.get("/api/v1/openings").status_code == 401
    program.headers["authorization"] = f"Basic {key}"
    assert program.get("/openings").status_code == 401


def test_a_missing_scope_is_named(home: Path) -> None:
    member = desk.jun()
    refused = Program(key_of(member, "openings:read")).get("/campaigns")
    assert refused.status_code == 403
    assert "campaigns:read" in refused.json()["en"] and "campaigns:read" in refused.json()["ko"]


def test_only_owners_of_employers_and_universities_see_or_make_keys(home: Path) -> None:
    jun = desk.jun()
    desk.colleague(jun, "recruiter@example.com", "recruiter")
    desk.organisation("agency", "Doyun", "doyun@example.go.kr")
    for email in ("recruiter@example.com", "doyun@example.go.kr"):
        browser = signed_in(email)
        assert browser.get("/staff/keys").status_code == browser.get("/staff/webhooks").status_code == 403
        assert "/staff/keys" not in browser.get("/staff/account").text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": " "}, "Fill in the name"),
        ({"name": "x" * 61}, "Fill in the name"),
        ({"name": "x", "scope": []}, "at least one thing"),
        ({"name": "x", "scope": ["everything"]}, "at least one thing"),
        ({"name": "x", "days": "4"}, "how long"),
    ],
    ids=["no name", "long name", "no scope", "unknown scope", "odd days"],
)
def test_a_form_that_lacks_something_comes_back_as_typed(home: Path, typed: dict[str, object], sentence: str) -> None:
    desk.jun()
    browser = signed_in("jun@example.com")
    answer = browser.send(browser.get("/staff/keys"), "/staff/keys", **typed)
    assert answer.status_code == 422 and sentence in answer.text
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(ApiKey)).all() == []


def test_when_a_key_was_used_is_kept_to_the_minute(home: Path) -> None:
    member = desk.jun()
    program = Program(key_of(member))
    assert only_key().used_at is None
    program.get("/openings")
    first = only_key().used_at
    program.get("/openings")
    assert first is not None and only_key().used_at == first


def test_a_key_that_asks_too_often_is_told_to_wait_and_others_are_not(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = desk.jun()
    monkeypatch.setattr("web.callers.A_KEY", Rate(3, 3600))
    key = key_of(member)
    answers = [Program(key).get(path) for path in ("/openings", "/campaigns", "/nothing", "/webhooks", "/openings")]
    assert [answer.status_code for answer in answers] == [200, 200, 404, 200, 429]
    asked = [one for one in answers if one.status_code != 404]
    assert [one.headers["ratelimit-remaining"] for one in asked] == ["2", "1", "0", "0"]
    assert {one.headers["ratelimit-limit"] for one in asked} == {"3"}
    assert all(1 <= int(one.headers["ratelimit-reset"]) <= 3600 for one in asked)
    refused = answers[-1]
    assert int(refused.headers["retry-after"]) >= int(refused.headers["ratelimit-reset"])
    assert refused.headers["content-type"] == "application/problem+json"
    assert Program(key_of(member)).get("/openings").status_code == 200


def test_whoever_guesses_keys_is_slowed_down_and_told_for_how_long(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.callers.WITHOUT", Rate(2, 3600))
    stranger = Program("onv_wrong")
    answers = [stranger.get("/openings") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 7200
    assert "ratelimit-limit" not in answers[-1].headers


def test_a_key_of_hanas_cannot_revoke_juns(home: Path) -> None:
    jun, hana = desk.jun(), desk.hana()
    key = key_of(jun)
    browser = signed_in("hana@example.net")
    browser.get("/staff/keys")
    with pytest.raises(Exception, match="nothing at this address"), transaction(hana.organisation_id) as session:
        api_keys.revoke(session, hana, only_key().id)
    assert Program(key).get("/openings").status_code == 200


def test_there_is_an_end_to_keys(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jun = desk.jun()
    monkeypatch.setattr(api_keys, "MOST_KEYS", 1)
    key_of(jun)
    with pytest.raises(Exception, match="Revoke one"), transaction(jun.organisation_id) as session:
        api_keys.make(session, jun, NewKey("second"))


def later(**values: object) -> None:
    with transaction(EVERYWHERE) as session:
        session.execute(update(ApiKey).values(**values))


def from_now(**length: float) -> datetime:
    return datetime.now(UTC) + timedelta(**length)


def actions() -> list[str]:
    with reading(EVERYWHERE) as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_a_renewed_key_works_beside_its_secret_before_for_a_day(home: Path) -> None:
    jun = desk.jun()
    old = key_of(jun, "openings:read", days=30)
    browser = signed_in("jun@example.com")
    page = browser.send(browser.get("/staff/keys"), "/renew", days="90")
    (new,) = set(re.findall(r"onv_[\w-]{43}", page.text))
    assert new != old and "has a new secret" in page.text and "24 hours" in page.text
    assert [Program(key).get("/openings").status_code for key in (old, new)] == [200, 200]
    kept = only_key()
    assert kept.expires_at is not None and kept.expires_at > from_now(days=89)
    later(before_until=from_now(seconds=-1))
    assert [Program(key).get("/openings").status_code for key in (old, new)] == [401, 200]
    assert "key renewed" in actions()


def test_the_secret_before_is_ended_with_a_click_and_not_renewed_away(home: Path) -> None:
    jun = desk.jun()
    old = key_of(jun)
    browser = signed_in("jun@example.com")
    page = browser.send(browser.get("/staff/keys"), "/renew", days="0")
    assert "/renew" not in page.text and "works until" in page.text
    with pytest.raises(Conflict, match="still works"), transaction(jun.organisation_id) as session:
        api_keys.renew(session, jun, only_key().id, 30)
    page = browser.send(page, "/end-before")
    assert "The secret before has ended" in page.text and "/renew" in page.text
    assert Program(old).get("/openings").status_code == 401
    assert only_key().expires_at is None


def test_renewing_brings_no_ended_secret_back_and_none_that_was_revoked(home: Path) -> None:
    jun = desk.jun()
    old = key_of(jun, days=30)
    later(expires_at=from_now(seconds=-1))
    browser = signed_in("jun@example.com")
    page = browser.get("/staff/keys")
    assert "This key has ended" in page.text
    page = browser.send(page, "/renew", days="30")
    (new,) = set(re.findall(r"onv_[\w-]{43}", page.text))
    assert [Program(key).get("/openings").status_code for key in (old, new)] == [401, 200]
    browser.send(page, "/revoke")
    assert Program(new).get("/openings").status_code == 401
    with pytest.raises(NotFound), transaction(jun.organisation_id) as session:
        api_keys.renew(session, jun, only_key().id, 30)


def test_a_nearer_end_holds_for_the_secret_before(home: Path) -> None:
    jun = desk.jun()
    key_of(jun)
    end = from_now(hours=2)
    later(expires_at=end)
    with transaction(jun.organisation_id) as session:
        api_keys.renew(session, jun, only_key().id, 365)
    assert only_key().before_until == end


def test_the_page_tells_from_which_network_a_key_asked_last_and_never_from_which_address(home: Path) -> None:
    program = Program(key_of(desk.jun()))
    program.get("/openings")
    here = program.client._transport.client[0]  # type: ignore[attr-defined]
    network = here.rsplit(".", 1)[0] + ".0/24"
    assert only_key().used_from == network
    page = signed_in("jun@example.com").get("/staff/keys")
    assert network in page.text and f"{here}<" not in page.text


def test_owners_are_mailed_once_two_weeks_before_a_key_ends(home: Path) -> None:
    jun = desk.jun()
    desk.colleague(jun, "second@example.com", "owner")
    desk.colleague(jun, "recruiter@example.com", "recruiter")
    key_of(jun, days=30)

    def mailed() -> list[str]:
        with transaction(EVERYWHERE) as session:
            key_ends.warn(session)
        with reading(EVERYWHERE) as session:
            mails = session.scalars(select(Mail).where(Mail.cause.startswith("key ends:")).order_by(Mail.recipient))
            return [mail.recipient for mail in mails if "Campus system" in mail.subject and "/staff/keys" in mail.body]

    assert mailed() == []
    later(expires_at=from_now(days=13))
    assert mailed() == ["jun@example.com", "second@example.com"] == mailed()
    with transaction(jun.organisation_id) as session:
        api_keys.renew(session, jun, only_key().id, 30)
    assert len(mailed()) == 2
    later(expires_at=from_now(days=12))
    assert len(mailed()) == 4
    later(expires_at=from_now(days=11), warned_at=None, revoked_at=from_now())
    assert len(mailed()) == 4


def test_an_owner_who_takes_somebody_out_sees_their_keys_and_says_which_end(home: Path) -> None:
    jun = desk.jun()
    second = desk.colleague(jun, "second@example.com", "owner")
    ended, kept = key_of(second), key_of(second)
    key_of(jun)
    with transaction(EVERYWHERE) as session:
        session.execute(update(ApiKey).where(ApiKey.key_hash == tokens.digest(kept)).values(name="Timetable"))
        end_id = session.scalars(select(ApiKey.id).where(ApiKey.key_hash == tokens.digest(ended))).one()
    browser = signed_in("jun@example.com")
    page = browser.get("/staff/people")
    assert page.text.count('name="end"') == 2 and "End the key Timetable" in page.text
    browser.send(page, f"/{second.id}/leave", end=end_id)
    assert [Program(key).get("/openings").status_code for key in (ended, kept)] == [401, 200]
    assert actions()[-3:] == ["staff left", "key revoked", "key kept"]
    page = browser.get("/staff/keys")
    assert "1 key was made by somebody who has left" in page.text and "has left</span>" in page.text
    with reading(EVERYWHERE) as session:
        kept_id = session.scalars(select(ApiKey.id).where(ApiKey.name == "Timetable")).one()
    page = browser.send(page, f"/{kept_id}/renew", days="30")
    assert "somebody who has left" not in page.text


def test_the_last_owner_leaves_no_key_ended_when_they_cannot_go(home: Path) -> None:
    jun = desk.jun()
    key = key_of(jun)
    browser = signed_in("jun@example.com")
    token = {"csrf": re.search(r'name="csrf" value="([^"]+)"', browser.get("/staff/people").text).group(1)}  # type: ignore[union-attr]
    answer = browser.client.post(f"/staff/people/{jun.id}/leave", data={**token, "end": only_key().id})
    assert answer.status_code == 409
    assert Program(key).get("/openings").status_code == 200


def test_nobody_ends_or_renews_a_key_of_another_organisation(home: Path) -> None:
    jun, hana = desk.jun(), desk.hana()
    key = key_of(jun)
    key_id = only_key().id
    for act in (lambda s: api_keys.renew(s, hana, key_id, 30), lambda s: api_keys.end_before(s, hana, key_id)):
        with pytest.raises(NotFound), transaction(hana.organisation_id) as session:
            act(session)
    colleague = desk.colleague(hana, "second@example.net", "recruiter")
    with transaction(hana.organisation_id) as session:
        leaving.leave(session, hana, colleague.id, ends=[key_id])
    assert Program(key).get("/openings").status_code == 200
