"""KR-13: in a blind opening no page, export, file name or picture tells a reviewer who somebody is; revealing is logged.

KR-10: what no employer may ask for is masked in every opening; opening it is one logged act.
"""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.organisations import Role
from interview_ai.tables import Answer, AuditEntry, Decision, View
from tests import blind, desk
from tests.blind import BLEEPED, FACE, PLAIN, POSTER, TELLS, Blind
from tests.browser import Browser
from web.app import create

ROLES: tuple[Role, ...] = ("owner", "recruiter", "reviewer")
# who invites has to know whom: the opening's own page names the invited, without who has begun, and to no reviewer
NAMED_TO_WHO_INVITES = {"/staff/openings/{opening_id}": ("owner", "recruiter")}
TOLD = [token for tokens in TELLS.values() for token in tokens]
KR_10 = (*TELLS["family"], "andong")


@pytest.fixture
def minji(home: Path) -> Blind:
    jun = desk.jun()
    made = blind.candidate(jun)
    with transaction(EVERYWHERE) as session:
        answer = session.get_one(Answer, made.ids["answer_id"])
        session.add(
            Decision(
                organisation_id=answer.organisation_id,
                interview_id=answer.interview_id,
                staff_id=jun.id,
                kind="hold",
                reason="Minji Kim of Kyungpook University should wait.",
            )
        )
    return made


def reader(minji: Blind, role: Role) -> Browser:
    if role == "owner":
        email = "jun@example.com"
    else:
        email = f"{role}@example.com"
        desk.colleague(minji.jun, email, role)
    browser = Browser()
    browser.sign_in(email)
    return browser


def readable() -> list[str]:
    """The path of everything that can be asked for with GET: a loop over app.routes would miss the included ones."""
    return [path for path, methods in create().openapi()["paths"].items() if "get" in methods]


def asked(browser: Browser, minji: Blind, path: str, language: str = "en") -> httpx.Response:
    names = re.findall(r"{(\w+)}", path)
    return browser.get(path.format(**{name: minji.ids.get(name, "1") for name in names}) + f"?lang={language}")


def told(answer: httpx.Response) -> set[str]:
    """Which tokens stand anywhere in an answer: body, headers (also file names), final address."""
    whole = " ".join((answer.content.decode("utf-8", "replace"), str(answer.headers.raw), str(answer.url))).lower()
    whole = whole.replace("/staff/openings", "")
    return {token for token in TOLD if re.search(rf"(?<![a-z]){re.escape(token)}", whole)}


def open_sound(browser: Browser, minji: Blind) -> httpx.Response:
    """The step that comes before sound and picture; returns the page after it."""
    return browser.send(asked(browser, minji, "/staff/interviews/{interview_id}"), "/sound")


def kept(action: str) -> int:
    with reading(EVERYWHERE) as session:
        return len(session.scalars(select(AuditEntry).where(AuditEntry.action == action)).all())


@pytest.mark.parametrize("role", ROLES)
def test_nothing_that_can_be_asked_for_tells_who_a_blind_candidate_is(minji: Blind, role: Role) -> None:
    browser = reader(minji, role)
    paths = [path for path in readable() if path.startswith(("/staff", "/recordings")) or "{" not in path]
    assert len(paths) > 15
    open_sound(browser, minji)
    opened = 0
    for path in paths:
        for language in ("ko", "en"):
            answer = asked(browser, minji, path, language)
            opened += answer.status_code == 200
            by_invitation = role in NAMED_TO_WHO_INVITES.get(path, ())
            assert told(answer) <= (set(TELLS["name"] + TELLS["address"]) if by_invitation else set()), path
            assert FACE not in answer.content and PLAIN not in answer.content and POSTER not in answer.content, path
    assert opened > 12
    assert blind.DEED in asked(browser, minji, "/staff/interviews/{interview_id}").text


def test_the_invited_are_named_to_who_invites_without_telling_who_has_begun(minji: Blind) -> None:
    page = asked(reader(minji, "recruiter"), minji, "/staff/openings/{opening_id}")
    assert blind.NAME in page.text
    assert "Started" not in page.text
    assert blind.NAME not in asked(reader(minji, "reviewer"), minji, "/staff/openings/{opening_id}").text


def test_a_blind_reviewer_hears_the_bleeped_sound_and_gets_no_picture(minji: Blind) -> None:
    browser = reader(minji, "reviewer")
    open_sound(browser, minji)
    sound = asked(browser, minji, "/recordings/{answer_id}")
    assert (sound.content, sound.headers["content-type"]) == (BLEEPED, "audio/webm")
    assert asked(browser, minji, "/recordings/{answer_id}/poster").status_code == 404


def not_bleeped(minji: Blind) -> None:
    with transaction(EVERYWHERE) as session:
        answer = session.get_one(Answer, minji.ids["answer_id"])
        answer.bleeped_key = answer.bleeped_with = None


def test_while_the_sound_is_not_bleeped_yet_nothing_is_heard_and_the_page_says_so(minji: Blind) -> None:
    browser = reader(minji, "reviewer")
    not_bleeped(minji)
    page = asked(browser, minji, "/staff/interviews/{interview_id}")
    assert "The sound is being masked" in page.text
    assert "<audio" not in page.text and f'/{minji.ids["interview_id"]}/sound"' not in page.text
    assert asked(browser, minji, "/recordings/{answer_id}").status_code == 403
    token = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert token
    browser.client.post(f"/staff/interviews/{minji.ids['interview_id']}/sound", data={"csrf": token[1]})
    assert asked(browser, minji, "/recordings/{answer_id}").status_code in (403, 404)


def test_sound_that_was_opened_and_has_to_be_bleeped_anew_is_not_heard_meanwhile(minji: Blind) -> None:
    browser = reader(minji, "reviewer")
    open_sound(browser, minji)
    not_bleeped(minji)
    assert asked(browser, minji, "/recordings/{answer_id}").status_code == 404
    page = asked(browser, minji, "/staff/interviews/{interview_id}").text
    assert "The sound is being gone through" in page
    assert "<audio" not in page


def test_without_written_words_the_page_says_that_the_sound_is_not_masked(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    who = desk.applicant(jun, opening_id, mode="people")
    answer_id = desk.answered(who)
    blind.files(answer_id)
    with transaction(EVERYWHERE) as session:
        answer = session.get_one(Answer, answer_id)
        answer.bleeped_key = answer.bleeped_with = None
    browser = Browser()
    browser.sign_in("jun@example.com")
    assert "The sound of this answer is not masked" in browser.get(f"/staff/interviews/{who.interview_id}").text
    assert browser.get(f"/recordings/{answer_id}").content == PLAIN


def test_a_form_that_is_refused_shows_no_more_than_the_page(minji: Blind) -> None:
    browser = reader(minji, "recruiter")
    page = asked(browser, minji, "/staff/interviews/{interview_id}")
    refused = browser.send(page, "/decisions", kind="reject", reason="no")
    assert refused.status_code == 409
    assert told(refused) == set()


def test_revealing_shows_the_name_and_is_logged(minji: Blind) -> None:
    browser = reader(minji, "reviewer")
    revealed = browser.send(open_sound(browser, minji), "/reveal")
    assert blind.NAME in revealed.text
    assert told(revealed) >= {"kyungpook", "gyeongsan", "twenty-seven"}
    assert kept("identity revealed") == 1
    other = reader(minji, "recruiter")
    assert told(asked(other, minji, "/staff/interviews/{interview_id}")) == set()


def test_kr_10_what_no_employer_may_ask_for_is_masked_in_an_open_opening_too(home: Path) -> None:
    jun = desk.jun()
    minji = blind.candidate(jun, blind=False)
    browser = Browser()
    browser.sign_in("jun@example.com")
    page = asked(browser, minji, "/staff/interviews/{interview_id}")
    assert "kyungpook" in told(page)
    assert told(page).isdisjoint(KR_10)
    assert "Masked: family." in page.text and "Masked: birthplace." in page.text
    shown = browser.send(page, "/unmask")
    assert told(shown) >= set(KR_10)
    assert kept("masked words shown") == 1
    with reading(EVERYWHERE) as session:
        seen = session.scalars(select(View).where(View.what == "unmask")).one()
        assert (seen.staff_id, seen.interview_id) == (jun.id, minji.interview_id)


def test_kr_10_opens_only_after_the_candidate_was_revealed_and_for_nobody_else(minji: Blind) -> None:
    browser = reader(minji, "reviewer")
    page = asked(browser, minji, "/staff/interviews/{interview_id}")
    assert "/unmask" not in page.text
    token = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert token
    early = browser.client.post(f"/staff/interviews/{minji.interview_id}/unmask", data={"csrf": token.group(1)})
    assert early.status_code == 409
    revealed = browser.send(open_sound(browser, minji), "/reveal")
    assert told(browser.send(revealed, "/unmask")) >= set(KR_10)
    desk.hana()
    hana = Browser()
    hana.sign_in("hana@example.net")
    form = re.search(r'name="csrf" value="([^"]+)"', hana.get("/staff/account").text)
    assert form
    nobody = hana.client.post(f"/staff/interviews/{minji.interview_id}/unmask", data={"csrf": form.group(1)})
    assert nobody.status_code == 404
