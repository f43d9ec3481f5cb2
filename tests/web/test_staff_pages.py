"""The staff's pages without script: forms, states in both languages, rights, and what a blind page may not hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from httpx import Response
from sqlalchemy import select

from interview_ai import jobs, openings, settings
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.organisations import Member
from interview_ai.rules.masking import VERSION
from interview_ai.storage import storage
from interview_ai.tables import Answer, Mail, Opening, Rating, ScoreRow, View, Work
from tests import desk
from tests.browser import Browser, link_on
from tests.cast import PASSWORD
from worker import tasks

RECORDING = bytes(range(256)) * 40
SOUND = b"sound alone"
REASON = "Her example shows what she did herself."


def signed_in(email: str, language: str = "en") -> Browser:
    browser = Browser(language)
    assert browser.sign_in(email).status_code == 200
    browser.get(f"/staff/account?lang={language}")
    return browser


def playable(answer_id: str) -> None:
    """A recording as the worker keeps it."""
    keys = (f"answers/{answer_id}/0f-playable.webm", f"answers/{answer_id}/0f-sound.webm")
    for key, content in zip(keys, (RECORDING, SOUND), strict=True):
        path = Path(storage().uploads) / "made"
        path.write_bytes(content)
        storage().put(key, path)
    with transaction(EVERYWHERE) as session:
        answer = session.get_one(Answer, answer_id)
        answer.playable_key, answer.sound_key = keys
        answer.bleeped_with = VERSION  # and nothing had to be bleeped


def csrf(page: Response) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert found
    return found.group(1)


def typed(browser: Browser, page: Response, **fields: str) -> Response:
    """Sends the form for inviting, which goes to the address of its own page."""
    return browser.client.post(str(page.url), data={"csrf": csrf(page), "language": "en"} | fields)


def mailed_link(recipient: str) -> str:
    """The path of the link in the mail that waits for somebody."""
    with reading(EVERYWHERE) as session:
        body = session.scalars(select(Mail.body).where(Mail.recipient == recipient)).one()
    found = re.search(r"/set-password/\S+", body)
    assert found
    return found.group()


def answer_of(interview_id: str) -> str:
    with reading(EVERYWHERE) as session:
        return session.scalars(select(Answer.id).where(Answer.interview_id == interview_id)).one()


@pytest.mark.parametrize("address", ["/staff/nothing-here", "/nowhere", "/openings/nobodys", "/o/nobodys"])
def test_an_unknown_address_shows_a_member_of_staff_the_menu_in_their_language(home: Path, address: str) -> None:
    desk.jun()
    jun = Browser("en")
    jun.sign_in("jun@example.com")
    for language, menu in (("ko", "채용공고"), ("en", "Openings")):
        page = jun.get(f"{address}?lang={language}")
        assert page.status_code == 404
        assert f'<a href="/staff/openings">{menu}</a>' in page.text and "/sign-out" in page.text
    assert 'class="menu"' not in Browser().get(address).text, "a stranger has none"


def test_what_is_refused_shows_a_member_of_staff_the_menu(home: Path) -> None:
    desk.jun()
    jun = Browser()
    jun.sign_in("jun@example.com")
    forged = jun.client.post("/staff/people", data={"csrf": "wrong"})
    for page, status in ((jun.get("/staff/programmes"), 403), (forged, 403), (jun.get("/staff/first-steps/away"), 405)):
        assert page.status_code == status and 'class="menu"' in page.text and "/sign-out" in page.text
    jun.client.cookies.clear()
    assert 'class="menu"' not in jun.get("/nowhere").text


def test_signing_in_and_out(home: Path) -> None:
    desk.jun()
    browser = Browser()
    refused = browser.sign_in("jun@example.com", "wrong password here")
    assert refused.status_code == 401
    assert "lock it for 15 minutes" in refused.text
    assert "jun@example.com" in refused.text
    page = browser.sign_in("jun@example.com")
    assert page.url.path == "/staff/openings"
    assert browser.send(page, "/sign-out").url.path == "/sign-in"
    away = browser.get("/staff/openings?lang=en")
    assert (away.url.path, away.url.params["next"]) == ("/sign-in", "/staff/openings?lang=en")


def test_an_unknown_address_and_a_wrong_password_get_the_same_page(home: Path) -> None:
    desk.jun()
    browser = Browser()
    texts = {
        re.sub(r'value="[^"]*"|nonce="[^"]*"', "", browser.sign_in(email, "wrong password here").text)
        for email in ("jun@example.com", "nobody@example.com")
    }
    assert len(texts) == 1


def test_signing_in_goes_on_to_where_one_was_but_never_to_another_site(home: Path) -> None:
    desk.jun()
    browser = Browser()
    page = browser.get("/sign-in?next=/staff/people")
    assert browser.send(page, "/sign-in", email="jun@example.com", password=PASSWORD).url.path == "/staff/people"
    browser = Browser()
    page = browser.get("/sign-in?next=//evil.example/x")
    assert browser.send(page, "/sign-in", email="jun@example.com", password=PASSWORD).url.path == "/staff/openings"


def test_a_colleague_is_invited_by_mail_and_sets_a_password_that_is_asked_for_twice(home: Path) -> None:
    desk.jun()
    browser = signed_in("jun@example.com")
    page = browser.send(
        browser.get("/staff/people"), "/staff/people", email="new@example.com", name="New", role="recruiter"
    )
    assert "waits in the outbox" in page.text
    link = mailed_link("new@example.com")
    newcomer = Browser()
    form = newcomer.get(link)
    assert newcomer.get(link).status_code == 200
    differ = newcomer.send(form, link, password=PASSWORD, again="something else")
    assert differ.status_code == 422
    assert "differ" in differ.text
    assert newcomer.send(form, link, password=PASSWORD, again=PASSWORD).url.path == "/sign-in"
    assert newcomer.get(link).status_code == 404
    assert newcomer.sign_in("new@example.com").url.path == "/staff/openings"


def test_the_answer_to_a_forgotten_password_is_the_same_for_everybody(home: Path) -> None:
    desk.jun()
    browser = Browser()
    form = browser.get("/forgotten")
    known, unknown = (
        browser.send(form, "/forgotten", email=email) for email in ("jun@example.com", "nobody@example.com")
    )
    assert "If somebody has this address" in known.text
    assert "No mail server is set here" in known.text
    assert "If somebody has this address" in unknown.text


def test_an_opening_is_written_and_a_candidate_invited_with_forms_alone(home: Path) -> None:
    desk.jun()
    browser = signed_in("jun@example.com")
    empty = browser.get("/staff/openings")
    assert "No opening yet" in empty.text
    form = browser.get("/staff/openings/new")
    made = browser.send(
        form,
        "/staff/openings",
        title_en="Quality control",
        language="en",
        add=["problem_solving.0"],
        question_en=["", "Why this firm?", "", "", ""],
    )
    assert "Now invite candidates" in made.text
    with reading(EVERYWHERE) as session:
        opening = session.scalars(select(Opening)).one()
        assert [question.text_en[:8] for question in opening.questions] == ["Tell us ", "Why this"]
        assert opening.blind
        assert not opening.demonstration
    invited = typed(browser, made, name="Minji", email="minji@example.org")
    assert "/i/" in link_on(invited, "invitation-link")
    assert "invitation-link" not in browser.get(str(made.url)).text


def test_a_form_that_was_refused_comes_back_with_what_was_typed(home: Path) -> None:
    desk.jun()
    browser = signed_in("jun@example.com")
    form = browser.get("/staff/openings/new")
    again = browser.send(form, "/staff/openings", title_en="Quality control", deadline="2020-01-01T09:00")
    assert again.status_code == 422
    assert 'value="Quality control"' in again.text
    assert "Write one to 5 questions" in again.text
    assert "The deadline must lie ahead" in again.text
    assert 'href="#deadline"' in again.text
    assert re.search(r'id="deadline"[^>]*aria-invalid="true"', again.text)
    assert 'href="/staff/openings/new?lang=ko"' in again.text
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(Opening)).all() == []


def seen_list(member: Member, opening_id: str) -> str:
    return signed_in(member.email).get(f"/staff/openings/{opening_id}/candidates").text


def test_the_list_shows_bands_ranges_and_reasons(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    desk.candidate(jun, opening_id, "Good", 4, width=1)
    desk.candidate(jun, opening_id, "Silent", None)
    assert "Shown after your own rating" in seen_list(jun, opening_id)
    with transaction(jun.organisation_id) as session:
        openings.end_first_pass(session, jun, opening_id)
    page = seen_list(jun, opening_id)
    assert "4 points, range 3 to 5" in page
    assert "No suggestion: no speech" in page
    assert "Candidate 01" in page
    assert "1 quote" in page
    assert "0 of 1" in page
    assert "No suggestion 1<" in page


def test_the_list_shows_what_people_gave_and_who_is_for_people_to_rate(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    rated = desk.candidate(jun, opening_id, "Good", 2)
    desk.answered(desk.applicant(jun, opening_id, "Other", mode="people"))
    browser = signed_in("jun@example.com")
    page = browser.get(f"/staff/interviews/{rated.interview_id}")
    browser.send(page, "/ratings", **{"level.problem_solving": "4"})
    listed = seen_list(jun, opening_id)
    assert "4 points" in listed
    assert "range" not in re.sub(r'class="[^"]*"', "", listed[listed.index("shortlist-row") :])
    assert "rated by people" in listed
    assert "For people to rate" in listed
    assert "No suggestion:" not in listed
    assert "No suggestion 0<" in listed


def test_a_name_that_was_revealed_stands_marked_in_this_reviewers_list(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji = desk.candidate(jun, opening_id, "Minji", 3)
    browser = signed_in("jun@example.com")
    assert "Minji" not in seen_list(jun, opening_id)
    browser.send(browser.send(browser.get(f"/staff/interviews/{minji.interview_id}"), "/sound"), "/reveal")
    assert re.search(r">Minji</a>.*Revealed</span>", seen_list(jun, opening_id), re.DOTALL)


def test_the_list_says_only_that_nothing_changed_until_something_does(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji = desk.applicant(jun, opening_id)
    browser = signed_in("jun@example.com")
    page = browser.get(f"/staff/openings/{opening_id}/candidates")
    address = re.search(r'hx-get="([^"]+)"', page.text)
    assert address
    rows = address.group(1).replace("&amp;", "&")
    assert browser.get(rows).status_code == 204
    desk.answered(minji)
    changed = browser.get(rows)
    assert changed.status_code == 200
    assert "being processed" in changed.text


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_page_stands_in_both_languages_with_nobody_and_with_somebody(home: Path, language: str) -> None:
    jun = desk.jun()
    empty, full = desk.opening(jun), desk.opening(jun, blind=False)
    minji = desk.candidate(jun, full, "Minji", 3)
    browser = signed_in("jun@example.com", language)
    for address in (
        "/sign-in",
        "/forgotten",
        "/staff/account",
        f"/staff/openings/{empty}/edit",
        f"/staff/openings/{full}/edit",
        f"/staff/openings/{full}/preview",
        "/staff/people",
        "/staff/openings",
        "/staff/openings/new",
        f"/staff/openings/{empty}",
        f"/staff/openings/{full}",
        f"/staff/openings/{empty}/candidates",
        f"/staff/openings/{full}/candidates",
        f"/staff/interviews/{minji.interview_id}",
    ):
        page = browser.get(address)
        assert page.status_code == 200, address
        assert f'<html lang="{language}"' in page.text
        assert " style=" not in page.text


def test_rating_comes_first_then_the_suggestion_then_the_decision(home: Path) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 3)
    browser = signed_in("jun@example.com")
    address = f"/staff/interviews/{minji.interview_id}"
    page = browser.get(address)
    assert "Please rate first" in page.text
    assert "I found the broken valve" not in page.text
    assert "Your own rating is missing" in page.text
    page = browser.send(page, "/ratings", **{"level.problem_solving": "4"})
    assert "I found the broken valve" in page.text
    assert "Your own rating is missing" not in page.text
    refused = browser.send(page, "/decisions", kind="reject", reason="short")
    assert refused.status_code == 409
    assert "at least 10 characters" in refused.text
    decided = browser.send(page, "/decisions", kind="reject", reason=REASON).text
    assert "Decided: Reject" in decided
    assert "The decision is saved." in decided[decided.index('id="decision"') :]
    assert "The decision is saved." not in decided[: decided.index('id="decision"')]


def test_a_refused_decision_keeps_what_was_typed_and_can_be_read_in_the_other_language(home: Path) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 3)
    browser = signed_in("jun@example.com")
    address = f"/staff/interviews/{minji.interview_id}"
    refused = browser.send(browser.get(address), "/decisions", kind="advance", reason="short")
    assert refused.status_code == 409
    assert ">short</textarea>" in refused.text
    assert re.search(r'value="advance" checked', refused.text)
    assert refused.text.count("at least 10 characters") == 2  # above, where one looks, and at its field
    assert 'href="#decision-wrong"' in refused.text
    assert f'href="{address}?lang=ko"' in refused.text
    assert browser.get(f"{address}?lang=ko").status_code == 200


def test_a_level_from_the_list_is_chosen_but_not_saved(home: Path) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 3)
    browser = signed_in("jun@example.com")
    address = f"/staff/interviews/{minji.interview_id}"
    page = browser.get(f"{address}?level=4")
    assert re.search(r'value="4" checked', page.text)
    assert "It is not saved yet" in page.text
    assert "checked" not in browser.get(f"{address}?level=9").text
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(Rating)).all() == []
    saved = browser.send(page, "/ratings").text
    assert "Your rating is saved." in saved[saved.index('id="criteria"') :]
    assert "Nobody else waits" in saved


def test_a_rating_of_somebody_neither_played_nor_read_is_refused_and_comes_back(home: Path) -> None:
    jun = desk.jun()
    minji = desk.applicant(jun, desk.opening(jun), mode="people")
    answer_id = desk.answered(minji)
    playable(answer_id)
    browser = signed_in("jun@example.com")
    page = browser.get(f"/staff/interviews/{minji.interview_id}")
    refused = browser.send(page, "/ratings", **{"level.problem_solving": "4"})
    assert refused.status_code == 409
    assert "Play an answer or read its transcript first" in refused.text
    assert re.search(r'value="4" checked', refused.text)
    browser.get(f"/recordings/{answer_id}")
    assert "Your rating is saved." in browser.send(page, "/ratings", **{"level.problem_solving": "4"}).text


def test_an_answer_in_work_is_asked_for_alone_and_its_transcript_is_kept_as_a_look(home: Path) -> None:
    jun = desk.jun()
    minji = desk.applicant(jun, desk.opening(jun))
    answer_id = desk.answered(minji)
    browser = signed_in("jun@example.com")
    page = browser.get(f"/staff/interviews/{minji.interview_id}").text
    assert "Writing down the words" in page
    address = re.search(r'hx-get="([^"]+)"', page)
    assert address
    assert "data-working" in browser.get(address.group(1)).text
    desk.assessed(answer_id, 3)
    finished = browser.get(address.group(1)).text
    assert "hx-get" not in finished
    assert "valve" in finished
    with reading(EVERYWHERE) as session:
        assert [view.what for view in session.scalars(select(View))] == ["transcript"]
    assert browser.get(f"/staff/interviews/{minji.interview_id}/answers/nothing").status_code == 404


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", ("64 words (at least 30 words)", "12% of the words", "0.61 (at least 0.30)", "cannot be checked here")),
        (
            "ko",
            (
                "64단어 (30단어 이상이어야 함)",
                "12% (50% 이하여야 함)",
                "0.61 (0.30 이상이어야 함)",
                "확인할 수 없는 조건",
            ),
        ),
    ],
)
def test_a_condition_for_a_score_is_said_with_its_unit_and_direction(
    home: Path, language: str, says: tuple[str, ...]
) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", None)
    gates = [("length", 64.0, 30.0), ("echo", 0.12, 0.5), ("repetition", 0.61, 0.3), ("confidence", None, 0.5)]
    with transaction(EVERYWHERE) as session:
        session.scalars(select(ScoreRow)).one().gates = [
            {"name": name, "passed": True, "value": value, "threshold": threshold} for name, value, threshold in gates
        ]
    page = signed_in("jun@example.com", language).get(f"/staff/interviews/{minji.interview_id}").text
    assert [sentence for sentence in says if sentence not in page] == []


def test_a_rejection_without_rating_is_refused_in_words(home: Path) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 3)
    browser = signed_in("jun@example.com", "ko")
    page = browser.get(f"/staff/interviews/{minji.interview_id}")
    refused = browser.send(page, "/decisions", kind="reject", reason=REASON)
    assert refused.status_code == 409
    assert "본인의 평가가 필요합니다" in refused.text


def test_nothing_of_a_blind_page_names_or_shows_the_candidate_until_it_is_revealed(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji = desk.candidate(jun, opening_id, "Minji", 3)
    answer_id = answer_of(minji.interview_id)
    playable(answer_id)
    browser = signed_in("jun@example.com")
    address = f"/staff/interviews/{minji.interview_id}"
    for page in (address, f"/staff/openings/{opening_id}/candidates"):
        assert "minji" not in browser.get(page).text.lower()
    page = browser.get(address)
    assert "<video" not in page.text
    assert "<audio" not in page.text
    assert browser.get(f"/recordings/{answer_id}").status_code == 403
    page = browser.send(page, "/sound")
    assert "minji" not in page.text.lower()
    assert "<video" not in page.text
    sound = browser.get(f"/recordings/{answer_id}")
    assert (sound.headers["content-type"], sound.content) == ("audio/webm", SOUND)
    assert browser.get(f"/recordings/{answer_id}/poster").status_code == 404
    revealed = browser.send(page, "/reveal")
    assert "Minji" in revealed.text
    assert "<video" in revealed.text
    seen = browser.get(f"/recordings/{answer_id}")
    assert (seen.headers["content-type"], seen.content) == ("video/webm", RECORDING)


def test_a_recording_is_served_in_ranges_as_a_harmless_file_and_the_look_is_kept(home: Path) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun, blind=False), "Minji", 3)
    answer_id = answer_of(minji.interview_id)
    playable(answer_id)
    browser = signed_in("jun@example.com")
    whole = browser.get(f"/recordings/{answer_id}")
    assert (whole.status_code, whole.content) == (200, RECORDING)
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in whole.headers["content-security-policy"]
    part = browser.get(f"/recordings/{answer_id}", range="bytes=100-199")
    assert (part.status_code, part.content) == (206, RECORDING[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(RECORDING)}"
    assert browser.get(f"/recordings/{answer_id}", range="bytes=-16").content == RECORDING[-16:]
    assert browser.get(f"/recordings/{answer_id}", range="bytes=10000-").content == RECORDING[10000:]
    for impossible in ("bytes=99999-", "bytes=5-2", "bytes=-0", "furlongs=1-2", "bytes=0-1,4-5"):
        assert browser.get(f"/recordings/{answer_id}", range=impossible).status_code == 416
    with reading(EVERYWHERE) as session:
        assert [view.what for view in session.scalars(select(View))] == ["answer"]


def test_hana_reaches_no_page_of_juns(home: Path) -> None:
    jun = desk.jun()
    desk.hana()
    opening_id = desk.opening(jun)
    minji = desk.candidate(jun, opening_id, "Minji", 3)
    answer_id = answer_of(minji.interview_id)
    playable(answer_id)
    hana = signed_in("hana@example.net")
    own = hana.get("/staff/account")
    for address in (
        f"/staff/openings/{opening_id}",
        f"/staff/openings/{opening_id}/candidates",
        f"/staff/openings/{opening_id}/candidates/rows",
        f"/staff/interviews/{minji.interview_id}",
        f"/recordings/{answer_id}",
        f"/recordings/{answer_id}/poster",
    ):
        assert hana.get(address).status_code == 404, address
    for address, fields in (
        (f"/staff/openings/{opening_id}/invitations", {"name": "A", "email": "a@example.org"}),
        (f"/staff/openings/{opening_id}", {"name": "A", "email": "a@example.org"}),
        (f"/staff/openings/{opening_id}/edit", {"title_en": "Mine"}),
        (f"/staff/openings/{opening_id}/state", {"state": "closed"}),
        (f"/staff/openings/{opening_id}/progress", {}),
        (f"/staff/openings/{opening_id}/first-pass", {}),
        (f"/staff/openings/{opening_id}/scoring", {}),
        (f"/staff/interviews/{minji.interview_id}/ratings", {"level.problem_solving": "3"}),
        (f"/staff/interviews/{minji.interview_id}/decisions", {"kind": "advance", "reason": REASON}),
        (f"/staff/interviews/{minji.interview_id}/reveal", {}),
        (f"/staff/answers/{answer_id}/again", {}),
        (f"/staff/people/{jun.id}/leave", {}),
        (f"/staff/people/{jun.id}/role", {"role": "reviewer"}),
    ):
        answer = hana.client.post(address, data={"csrf": csrf(own)} | fields)
        assert answer.status_code == 404, address


def test_an_agency_begins_a_programme_and_a_university_invites_to_its_openings(home: Path) -> None:
    desk.organisation("agency", "Doyun", "doyun@example.go.kr")
    doyun = signed_in("doyun@example.go.kr")
    assert "No programme yet" in doyun.get("/staff/programmes").text
    page = doyun.send(doyun.get("/staff/programmes"), "/staff/programmes", name_ko="지역 인재", name_en="Talent")
    joined = {}
    for kind, email in (("employer", "jun@example.com"), ("university", "seoyeon@example.ac.kr")):
        doyun.send(page, "/partners", kind=kind, name_ko=kind, owner_name=kind, owner_email=email)
        joined[kind] = Browser()
        address = mailed_link(email)
        form = joined[kind].get(address)
        assert joined[kind].send(form, address, password=PASSWORD, again=PASSWORD).status_code == 200
        joined[kind].sign_in(email)
        joined[kind].send(joined[kind].get("/staff/partnerships"), "/accept")
    form = joined["employer"].get("/staff/openings/new?lang=en")
    programme = re.search(r'<option value="([0-9a-f]{32})"', form.text)
    assert programme
    made = joined["employer"].send(
        form,
        "/staff/openings",
        title_en="Line",
        programme_id=programme.group(1),
        add=["teamwork.0"],
    )
    assert made.status_code == 200
    page = joined["university"].get("/staff/university?lang=en")
    opening = re.search(r'<option value="([0-9a-f]{32})"', page.text)
    assert opening
    invited = typed(joined["university"], page, opening_id=opening[1], name="Student", email="s@example.ac.kr")
    assert "/i/" in link_on(invited, "invitation-link")
    overview = doyun.get("/staff/programmes").text
    assert "Line" in overview
    assert "Student" not in overview
    assert joined["university"].get("/staff/programmes").status_code == 403
    assert joined["employer"].get("/staff/university").status_code == 403


@pytest.mark.parametrize(
    ("smtp", "language", "says"),
    [
        ("smtp://127.0.0.1:1", "en", "is mailed to jun@example.com"),
        ("smtp://127.0.0.1:1", "ko", "jun@example.com 주소로 보냅니다"),
        ("", "en", "reads it with interview-ai mails"),
        ("", "ko", "interview-ai mails 명령으로"),
    ],
)
def test_an_agency_never_sees_the_link_with_which_an_employer_it_brought_in_signs_in(
    home: Path, monkeypatch: pytest.MonkeyPatch, smtp: str, language: str, says: str
) -> None:
    monkeypatch.setenv("INTERVIEW_SMTP_URL", smtp)
    settings.settings.cache_clear()
    desk.organisation("agency", "Doyun", "doyun@example.go.kr")
    doyun = signed_in("doyun@example.go.kr", language)
    page = doyun.send(doyun.get("/staff/programmes"), "/staff/programmes", name_ko="지역 인재", name_en="Talent")
    made = doyun.send(page, "/partners", name_ko="경북정밀", owner_name="Jun", owner_email=" Jun@example.com")
    notice = re.search(r'id="partner-added".*?</div>', made.text, re.DOTALL)
    assert notice
    assert says in notice.group()
    assert "jun@example.com" in notice.group()
    assert ("interview-ai mails" in made.text) is (not smtp)
    token = mailed_link("jun@example.com").rpartition("/")[2]
    seen = [made, *made.history, doyun.get("/staff/programmes"), doyun.get("/staff/people")]
    assert all(token not in answer.text + str(answer.headers) for answer in seen)
    assert all("/set-password/" not in answer.text for answer in seen)


def test_an_answer_that_could_not_be_processed_is_tried_again_with_one_click(home: Path) -> None:
    jun = desk.jun()
    minji = desk.applicant(jun, desk.opening(jun))
    answer_id = desk.answered(minji)
    with transaction(EVERYWHERE) as session:
        session.scalars(select(Work)).one().state = "dead"
        answer = session.get_one(Answer, answer_id)
        answer.state, answer.reason_code = "needs_person", "failed"
    browser = signed_in("jun@example.com")
    page = browser.get(f"/staff/interviews/{minji.interview_id}")
    assert "could not be processed" in page.text
    again = browser.send(page, "/again")
    assert "being processed" in again.text
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(Work.state)).one() == "pending"
    assert browser.client.post(f"/staff/answers/{answer_id}/again", data={"csrf": csrf(page)}).status_code == 409


def test_a_reason_that_all_answers_share_is_said_once_with_what_to_do(home: Path) -> None:
    member = desk.jun()
    opening_id = desk.opening(member, questions=3)
    who = desk.applicant(member, opening_id)
    for position in (1, 2, 3):
        desk.assessed(desk.answered(who, position), None, reason="no_recogniser")
    desk.finished(who)
    page = signed_in("jun@example.com").get(f"/staff/interviews/{who.interview_id}").text
    assert page.count("No suggestion: ") == 1
    assert "interview-ai models pull" in page


def test_before_an_answer_has_come_nothing_asks_for_a_rating_and_a_decision_waits_folded(home: Path) -> None:
    member = desk.jun()
    who = desk.applicant(member, desk.opening(member))
    page = signed_in("jun@example.com").get(f"/staff/interviews/{who.interview_id}").text
    assert "You rate here once an answer has arrived." in page
    assert "<summary>Decide without an answer</summary>" in page


def test_names_that_an_opening_holds_reach_the_recogniser_and_too_many_are_refused(home: Path) -> None:
    member = desk.jun()
    opening_id = desk.opening(member)
    browser = signed_in("jun@example.com")
    form = browser.get(f"/staff/openings/{opening_id}/edit")
    refused = browser.send(form, "/edit", vocabulary="이름 " * 200)
    assert "at most 300 characters" in refused.text
    assert browser.send(form, "/edit", vocabulary="창원정밀,  Onterview ,").status_code == 200
    assert "창원정밀" in browser.get(f"/staff/openings/{opening_id}/edit").text
    who = desk.applicant(member, opening_id)
    desk.answered(who)
    with transaction(EVERYWHERE) as session:
        lease = jobs.claim(session, session.scalars(select(Work.id)).one(), "worker")
    assert lease is not None
    assert tasks.assignment(lease, home).asked.vocabulary == ("창원정밀", "Onterview")
