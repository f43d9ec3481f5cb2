"""What guards every request, over the whole application: form tokens, where a form comes from, how often somebody may
try, cookies, headers, and an answer that never says "done" when the database said no."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from interview_ai import database, tokens
from interview_ai.interviews import NOTICE_VERSION
from interview_ai.tables import Table
from tests import desk
from tests.browser import Browser
from tests.cast import PASSWORD
from tests.web.test_isolation import routes
from web.app import create
from web.security import CANDIDATE_PATHS, ONE_CLICK, STREAMED

POLICY = (
    "default-src 'none'; script-src 'nonce-NONCE'; style-src 'self' 'nonce-NONCE'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; media-src 'self' blob: mediastream:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(self), microphone=(self), geolocation=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
    "strict-transport-security": None,
}
FOR_A_YEAR = {"strict-transport-security": "max-age=31536000"}
over_both = pytest.mark.parametrize(("scheme", "more"), [("http", {}), ("https", FOR_A_YEAR)], ids=["http", "https"])


@dataclass(frozen=True)
class People:
    """Jun signed in, Minji in the middle of her interview, and somebody whose browser we do not know."""

    jun: Browser
    minji: Browser
    stranger: Browser
    link: str


def browser_over(scheme: str) -> Browser:
    """A browser that does not follow redirects and shows the page of a failure instead of raising it."""
    browser = Browser()
    browser.client = TestClient(
        create(),
        base_url=f"{scheme}://testserver",
        headers=browser.client.headers,
        client=(f"10.{secrets.randbelow(256)}.{secrets.randbelow(256)}.{secrets.randbelow(256)}", 50000),
        follow_redirects=False,
        raise_server_exceptions=False,
    )
    return browser


def everybody(scheme: str) -> People:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    link, other = (f"/i/{desk.invite(jun, opening_id, name)}" for name in ("Minji", "Other"))
    staff, candidate = browser_over(scheme), browser_over(scheme)
    assert staff.sign_in("jun@example.com").status_code == 303
    assert candidate.send(candidate.get(link), "", mode="ai", consent="yes").status_code == 303
    return People(staff, candidate, browser_over(scheme), other)


@pytest.fixture
def people(home: Path) -> People:
    return everybody("http")


@pytest.fixture
def people_over_https(home: Path) -> People:
    return everybody("https")


def token_of(browser: Browser, address: str) -> str:
    """The token that the forms of this browser's pages carry."""
    kind = "candidate" if address.startswith(CANDIDATE_PATHS) else "staff"
    cookies = {cookie.name.removeprefix("__Host-"): cookie.value for cookie in browser.client.cookies.jar}
    return tokens.authenticate("form", f"{kind}:{cookies.get(kind) or ''}")


def everything() -> dict[str, list[Any]]:
    """Every row of every table, but of how often who tried."""
    with database.engine().connect() as connection:
        tables = [table for table in Table.metadata.sorted_tables if table.name != "tries"]
        return {table.name: list(connection.execute(table.select().order_by(*table.primary_key))) for table in tables}


def parts_of(cookie: str) -> dict[str, str]:
    """A Set-Cookie header's attributes in lower case, without the value."""
    pairs = (part.strip().partition("=") for part in cookie.split(";")[1:])
    return {name.lower(): value.lower() for name, _, value in pairs}


def cookies_set(answer: Any) -> dict[str, dict[str, str]]:
    """The attributes of each cookie that an answer sets, by its name."""
    return {one.partition("=")[0]: parts_of(one) for one in answer.headers.get_list("set-cookie")}


@dataclass(frozen=True)
class Sent:
    """A form that somebody may send: who, to where, with what."""

    who: str
    address: str
    fields: dict[str, str]

    def by(self, people: People, token: str | None = None, **headers: str) -> Any:
        """Sends it; without a `token` it carries none."""
        browser = getattr(people, self.who)
        where = people.link if self.address == "/i/" else self.address
        carried = {} if token is None else {"csrf": token}
        return browser.client.post(where, data=self.fields | carried, headers=headers)

    def token(self, people: People) -> str:
        """The right one."""
        return token_of(getattr(people, self.who), self.address)

    def __str__(self) -> str:
        return f"{self.who} {self.address}"


FORMS = (
    Sent("jun", "/staff/account", {"language": "en", "name": "Jun"}),
    Sent("jun", "/staff/account/sign-out-everywhere", {}),
    Sent("jun", "/staff/people", {"email": "new@example.com", "name": "New", "role": "reviewer"}),
    Sent("jun", "/sign-out", {}),
    Sent("stranger", "/sign-in", {"email": "jun@example.com", "password": PASSWORD}),
    Sent("stranger", "/forgotten", {"email": "jun@example.com"}),
    Sent("stranger", "/i/", {"mode": "ai", "consent": "yes", "notice": NOTICE_VERSION}),
    Sent("minji", "/interview/people-only", {}),
)
each_form = pytest.mark.parametrize("form", FORMS, ids=str)


# where a form comes from


@each_form
def test_a_form_with_a_missing_or_wrong_token_is_refused_and_changes_nothing(people: People, form: Sent) -> None:
    before = everything()
    others = [token_of(people.jun, "/staff"), token_of(people.minji, "/interview"), token_of(people.stranger, "/staff")]
    right = form.token(people)
    wrong = [None, "", "x", right[:-1], right + "x", *(token for token in others if token != right)]
    assert len(wrong) >= 7
    for token in wrong:
        answer = form.by(people, token)
        assert (answer.status_code, "set-cookie" in answer.headers) == (403, False), token
    assert everything() == before
    assert form.by(people, right).status_code == 303
    assert everything() != before


def test_a_token_of_another_sign_in_of_the_same_person_is_refused(people: People) -> None:
    phone = browser_over("http")
    phone.sign_in("jun@example.com")
    form = FORMS[0]
    assert form.by(people, token_of(phone, form.address)).status_code == 403
    assert form.by(people, form.token(people)).status_code == 303


def test_the_form_for_a_whole_recording_checks_its_token_too(people: People) -> None:
    def sent(token: str) -> int:
        files = {"file": ("a.webm", b"no recording", "video/webm")}
        return people.minji.client.post("/interview/file/1", data={"csrf": token}, files=files).status_code

    before = everything()
    assert [sent(token) for token in ("", "x", token_of(people.jun, "/staff"))] == [403, 403, 403]
    assert everything() == before
    assert sent(token_of(people.minji, "/interview")) == 422


def test_a_script_s_request_carries_the_token_in_a_header(people: People) -> None:
    address = "/interview/questions/1/finish"
    wrong, right = ({"x-csrf-token": token} for token in ("x", token_of(people.minji, address)))
    assert people.minji.client.post(address, headers=wrong).status_code == 403
    assert people.minji.client.post(address, headers=right).status_code == 409


def test_no_route_takes_a_change_without_a_token_from_whomever(people: People) -> None:
    changing = [one for one in routes() if one.method not in ("GET", "HEAD") and not one.path.startswith(STREAMED)]
    assert len(changing) > 20
    one_click = [one for one in changing if ONE_CLICK.fullmatch(one.path)]
    assert [one.path for one in one_click] == ["/stop/{token}"]  # a mail program posts here: RFC 8058
    before = everything()
    for route in (one for one in changing if one not in one_click):
        path = route.path.format(**dict.fromkeys(route.names, "1"))
        refused = 401 if path.startswith("/api/") else 403  # programs show a key, and no cookie stands in for it
        for browser in (people.jun, people.minji, people.stranger):
            assert browser.client.request(route.method, path).status_code == refused, route
    assert everything() == before


ELSEWHERE = (
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "cross-site", "origin": "http://testserver"},
    {"origin": "https://evil.example"},
    {"origin": "http://testserver.evil.example"},
    {"origin": "http://testserver:8080"},
    {"origin": "null"},
)
OURS = ({"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}, {"origin": "http://testserver"}, {})


@each_form
def test_a_form_of_another_site_is_refused_even_with_the_right_token(people: People, form: Sent) -> None:
    before = everything()
    for headers in ELSEWHERE:
        assert form.by(people, form.token(people), **headers).status_code == 403, headers
    assert everything() == before


def test_a_form_of_our_own_page_is_taken(people: People) -> None:
    form = FORMS[0]
    for headers in OURS:
        assert form.by(people, form.token(people), **headers).status_code == 303, headers


def test_another_site_begins_no_upload_and_sends_no_file(people: People) -> None:
    before = everything()
    tus = {"tus-resumable": "1.0.0", "upload-length": "10"}
    form = {"csrf": token_of(people.minji, "/interview")}
    files = {"file": ("a.webm", b"\x1aE\xdf\xa3" + bytes(99), "video/webm")}
    for headers in ELSEWHERE:
        begun = people.minji.client.post("/uploads", headers=headers | tus)
        sent = people.minji.client.post("/interview/file/1", data=form, files=files, headers=headers)
        assert (begun.status_code, sent.status_code) == (403, 403), headers
    assert everything() == before


def test_a_link_in_somebody_s_webmail_still_opens(people: People) -> None:
    assert people.stranger.get(people.link, **{"sec-fetch-site": "cross-site"}).status_code == 200


# how often somebody may try

LIMITS = (
    ("POST", "/forgotten", 5),
    ("POST", "/set-password/nobodys", 20),
    ("POST", "/i/nobodys", 30),
    ("GET", "/i/nobodys", 120),
    ("POST", "/receipts", 30),
)


@pytest.mark.parametrize(("method", "address", "most"), LIMITS, ids=str)
def test_whoever_tries_too_often_from_one_address_is_told_to_wait_and_nobody_else_is(
    home: Path, method: str, address: str, most: int
) -> None:
    def tried(by: Browser, number: int = 0, **headers: str) -> int:
        known = {"x-csrf-token": token_of(by, address), "accept": "application/json"}
        fields = {"email": f"{number}@example.com", "password": "x"} if method == "POST" else None
        return by.client.request(method, address, data=fields, headers=known | headers).status_code

    one, other = Browser(), Browser()
    assert 429 not in [tried(one, number) for number in range(most)]
    assert [tried(one, number) for number in range(3)] == [429, 429, 429]
    assert tried(one, **{"x-forwarded-for": "192.0.2.7", "forwarded": "for=192.0.2.7"}) == 429
    assert tried(other) != 429


def test_after_thirty_sign_ins_from_one_address_even_the_right_password_waits_but_not_elsewhere(home: Path) -> None:
    desk.jun()
    here, elsewhere = Browser(), Browser()
    form = here.get("/sign-in")
    tries = [here.send(form, "/sign-in", email=f"{number}@example.com", password=PASSWORD) for number in range(30)]
    assert {answer.status_code for answer in tries} == {401}
    answer = here.send(form, "/sign-in", email="jun@example.com", password=PASSWORD)
    assert answer.status_code == 429
    assert "wait a minute" in answer.text and 1 <= int(answer.headers["retry-after"]) <= 120
    assert "staff" not in here.client.cookies
    assert elsewhere.sign_in("jun@example.com").status_code == 200


def test_all_addresses_of_one_ipv6_network_are_one_asker(home: Path) -> None:
    def tried(address: str) -> int:
        client = TestClient(create(), client=(address, 50000))
        form = {"csrf": tokens.authenticate("form", "staff:"), "email": "nobody@example.com"}
        return client.post("/forgotten", data=form, follow_redirects=False).status_code

    assert [tried(f"2001:db8:1:2::{number}") for number in range(6)] == [303] * 5 + [429]
    assert tried("2001:db8:1:3::1") == 303
    assert [tried("::ffff:192.0.2.7"), tried("192.0.2.8")] == [303, 303]


# cookies


@pytest.mark.parametrize(
    ("scheme", "prefix", "secure"), [("http", "", {}), ("https", "__Host-", {"secure": ""})], ids=["http", "https"]
)
@pytest.mark.parametrize(("kind", "age"), [("staff", 7 * 24 * 3600), ("candidate", 14 * 24 * 3600)])
def test_a_session_s_cookie_is_out_of_reach_of_scripts_other_sites_and_other_hosts(
    home: Path, kind: str, age: int, scheme: str, prefix: str, secure: dict[str, str]
) -> None:
    people = everybody(scheme)
    form = FORMS[4] if kind == "staff" else FORMS[6]
    set_now = cookies_set(form.by(people, form.token(people)))
    wanted = {"httponly": "", "samesite": "lax", "path": "/", "max-age": str(age)} | secure
    assert set_now[f"{prefix}{kind}"] == wanted  # no Domain: this host and no other
    assert {name for name in set_now if name.endswith(("staff", "candidate"))} == {f"{prefix}{kind}"}
    assert all(("secure" in one) is bool(secure) for one in set_now.values())


def test_signing_out_takes_the_very_cookie_from_the_browser(people_over_https: People) -> None:
    form = FORMS[3]
    taken = cookies_set(form.by(people_over_https, form.token(people_over_https)))["__Host-staff"]
    assert taken.pop("expires")
    assert taken == {"httponly": "", "samesite": "lax", "path": "/", "max-age": "0", "secure": ""}


@pytest.mark.parametrize(
    ("who", "kind", "address"), [("jun", "staff", "/staff/people"), ("minji", "candidate", "/interview/check")]
)
def test_over_https_a_cookie_that_a_plain_page_could_have_set_opens_nothing(
    people_over_https: People, who: str, kind: str, address: str
) -> None:
    browser = getattr(people_over_https, who)
    assert browser.get(address).status_code == 200
    session = next(cookie.value for cookie in browser.client.cookies.jar if cookie.name == f"__Host-{kind}")
    planted = TestClient(create(), base_url="https://testserver", cookies={kind: session})
    assert planted.get(address).status_code == 401


# headers


def headers_of(answer: Any) -> dict[str, str | None]:
    """The headers that guard, the policy's nonce replaced."""
    found = {name: answer.headers.get(name) for name in HEADERS}
    policy = found["content-security-policy"] or ""
    return found | {"content-security-policy": re.sub(r"'nonce-[\w-]{22}'", "'nonce-NONCE'", policy)}


ANSWERS = (
    ("stranger", "/sign-in", 200),
    ("stranger", "/i/", 200),
    ("stranger", "/i/nobodys", 404),
    ("stranger", "/nowhere", 404),
    ("stranger", "/staff/people", 401),
    ("stranger", "/healthz", 200),
    ("minji", "/interview", 303),
    ("minji", "/interview/check", 200),
    ("minji", "/interview/questions/first", 422),
    ("minji", "/interview/questions/9", 404),
    ("minji", "/interview/people-only", 405),
    ("jun", "/staff/openings", 200),
    ("jun", "/staff/programmes", 403),
)


@over_both
def test_every_answer_carries_the_headers_that_guard_it(home: Path, scheme: str, more: dict[str, str]) -> None:
    people = everybody(scheme)
    for who, address, status in ANSWERS:
        for accept in ("text/html", "application/json"):
            where = people.link if address == "/i/" else address
            answer = getattr(people, who).get(where, accept=accept)
            # a person without a sign-in is led to it, a program is told
            expected = 303 if (status, accept) == (401, "text/html") else status
            assert (answer.status_code, headers_of(answer)) == (expected, HEADERS | more), (address, accept)


def test_a_form_that_is_refused_carries_them_too(people: People) -> None:
    answer = FORMS[0].by(people, "x")
    assert (answer.status_code, headers_of(answer)) == (403, HEADERS)


def test_built_files_carry_them_and_may_be_kept(home: Path) -> None:
    browser = Browser()
    address = re.findall(r'"(/static/[^"]+\.css)"', browser.get("/sign-in").text)[0]
    answer = browser.get(address)
    assert answer.status_code == 200
    assert headers_of(answer) == HEADERS | {"cache-control": "public, max-age=31536000, immutable"}


@pytest.mark.parametrize(
    ("who", "address"), [("stranger", "/i/"), ("minji", "/interview/questions/1"), ("jun", "/staff/openings")]
)
def test_every_script_of_a_page_carries_the_nonce_of_its_own_answer(people: People, who: str, address: str) -> None:
    seen = set()
    for _ in range(3):
        answer = getattr(people, who).get(people.link if address == "/i/" else address)
        nonces = set(re.findall(r"'nonce-([^']+)'", answer.headers["content-security-policy"]))
        tags = re.findall(r"<(?:script|style)\b[^>]*>", answer.text)
        assert tags
        assert {
            tag for tag in tags if 'type="application/json"' not in tag and f'nonce="{min(nonces)}"' not in tag
        } == set()
        assert not re.search(r"\son\w+=|javascript:|\sstyle=", answer.text)
        assert len(nonces) == 1
        seen |= nonces
    assert len(seen) == 3


# a commit that fails


@contextmanager
def commits_that_fail() -> Iterator[None]:
    """The database itself refuses every COMMIT: a reference into nothing, which it looks at only then."""

    def spoil(session: Session) -> None:
        connection = session.connection()
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        connection.exec_driver_sql("UPDATE staff SET organisation_id = 'nowhere'")

    event.listen(Session, "before_commit", spoil)
    try:
        yield
    finally:
        event.remove(Session, "before_commit", spoil)


@each_form
def test_a_change_that_the_database_does_not_keep_is_never_answered_as_done(people: People, form: Sent) -> None:
    before, token = everything(), form.token(people)
    with commits_that_fail():
        answer = form.by(people, token)
    assert answer.status_code == 500
    assert "set-cookie" not in answer.headers
    assert everything() == before
    assert form.by(people, token).status_code == 303


@over_both
def test_the_page_of_a_failure_is_calm_and_guarded_like_any_other(
    home: Path, scheme: str, more: dict[str, str]
) -> None:
    people = everybody(scheme)
    form = FORMS[7]
    for accept in ("text/html", "application/json"):
        with commits_that_fail():
            answer = form.by(people, form.token(people), accept=accept)
        assert answer.status_code == 500
        assert "What you sent before is safe" in answer.text
        assert not re.search("Traceback|IntegrityError|FOREIGN KEY|sqlalchemy", answer.text)
        # no browser keeps a 500, so it needs no word about caches
        assert headers_of(answer) | {"cache-control": "no-store"} == HEADERS | more
