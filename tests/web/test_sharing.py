"""One candidate shared with an outsider: what the link shows, what it never shows, and how it ends."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from interview_ai import reviews, tokens
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.organisations import Member
from interview_ai.rules import masking
from interview_ai.storage import storage
from interview_ai.tables import Answer, AuditEntry, Interview, Share, Work
from tests import desk
from tests.browser import Browser, link_on

SOUND, COVERED, PICTURE = b"sound alone", b"sound with names covered", b"the whole picture"


def signed_in(email: str) -> Browser:
    browser = Browser()
    browser.sign_in(email)
    return browser


def playable(interview_id: str, folder: Path) -> None:
    """What a worker leaves once a recording was read."""
    contents = {"playable.webm": PICTURE, "sound.webm": SOUND, "poster.jpg": b"poster", "bleeped.webm": COVERED}
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    with transaction(EVERYWHERE) as session:
        for answer in session.scalars(select(Answer).where(Answer.interview_id == interview_id)):
            keys = [f"answers/{answer.id}/0f-{name}" for name in contents]
            answer.playable_key, answer.sound_key, answer.poster_key, answer.bleeped_key = keys
            answer.bleeped_with = masking.VERSION
            for key, name in zip(keys, contents, strict=True):
                storage().put(key, folder / name)


def candidate(member: Member, folder: Path, *, blind: bool = False) -> str:
    """Minji with two answers that play; returns the interview's id."""
    who = desk.applicant(member, desk.opening(member, questions=2, blind=blind))
    for position in (1, 2):
        desk.assessed(desk.answered(who, position), 4)
    desk.finished(who)
    playable(who.interview_id, folder)
    return who.interview_id


def answer_ids(interview_id: str) -> list[str]:
    with reading(EVERYWHERE) as session:
        wanted = select(Answer.id).where(Answer.interview_id == interview_id)
        return list(session.scalars(wanted.order_by(Answer.created_at)))


def share(browser: Browser, interview_id: str, **typed: object) -> httpx.Response:
    """The form as Jun sends it, with the first question only."""
    page = browser.get(f"/staff/interviews/{interview_id}/shares")
    first = re.findall(r'id="question-1" name="question" value="(\w+)"', page.text)
    fields = {"recipient": "Ara Kim, Busan Port", "question": first, "words": ["on"], "covered": "on", **typed}
    return browser.send(page, "/shares", **fields)


def opened(link: str) -> tuple[Browser, httpx.Response]:
    """An outsider who follows the link and goes on."""
    outsider = Browser()
    path = "/shared/" + link.rsplit("/", 1)[1]
    return outsider, outsider.send(outsider.get(path), "", **{})


def only_share() -> Share:
    with reading(EVERYWHERE) as session:
        return session.scalars(select(Share)).one()


def test_an_outsider_sees_the_chosen_answer_with_its_words_and_no_other_and_no_points(home: Path) -> None:
    jun = desk.jun()
    interview_id = candidate(jun, home)
    page = share(signed_in(jun.email), interview_id, person="picture")
    outsider, seen = opened(link_on(page, "share-link"))
    assert seen.status_code == 200
    assert "/shared/open/" in str(seen.url)
    assert "Minji" in seen.text
    assert "broken" in seen.text
    first, second = answer_ids(interview_id)
    assert first in seen.text and second not in seen.text
    assert "4 points" not in seen.text and "Evidence" not in seen.text and "suggestion" not in seen.text
    assert outsider.get(f"{seen.url.path}/answers/{first}").content == PICTURE
    assert outsider.get(f"{seen.url.path}/answers/{first}/poster").content == b"poster"
    assert outsider.get(f"{seen.url.path}/answers/{second}").status_code == 404
    assert Browser().get(f"{seen.url.path}/answers/{first}").status_code == 404


def test_without_name_and_picture_an_outsider_gets_a_number_and_the_sound_alone(home: Path) -> None:
    jun = desk.jun()
    interview_id = candidate(jun, home)
    page = share(signed_in(jun.email), interview_id, words=[])
    outsider, seen = opened(link_on(page, "share-link"))
    assert "Minji" not in seen.text
    assert "Candidate 01" in seen.text
    assert "broken" not in seen.text
    first = answer_ids(interview_id)[0]
    assert outsider.get(f"{seen.url.path}/answers/{first}").content == COVERED
    assert outsider.get(f"{seen.url.path}/answers/{first}/poster").status_code == 404


def test_a_blind_opening_is_shared_without_name_and_picture_until_the_sharer_revealed_them(home: Path) -> None:
    jun = desk.jun()
    interview_id = candidate(jun, home, blind=True)
    browser = signed_in(jun.email)
    refused = share(browser, interview_id, person="picture")
    assert refused.status_code == 409
    assert "Reveal the name and picture" in refused.text
    assert 'value="Ara Kim, Busan Port"' in refused.text
    assert "Minji" not in refused.text
    with transaction(jun.organisation_id) as session:
        reviews.viewed(session, jun, interview_id, "reveal")
    _, seen = opened(link_on(share(browser, interview_id, person="picture"), "share-link"))
    assert "Minji" in seen.text


def test_a_share_that_lacks_something_says_what_and_makes_no_link(home: Path) -> None:
    jun = desk.jun()
    interview_id, browser = candidate(jun, home), signed_in(jun.email)
    lacking: list[tuple[dict[str, object], str]] = [
        ({"recipient": " "}, "Write for whom"),
        ({"question": []}, "at least one answered question"),
        ({"question": ["0" * 32]}, "at least one answered question"),
        ({"days": "15"}, "1 to 14 days"),
        ({"days": "soon"}, "1 to 14 days"),
        ({"covered": ""}, "Confirm that what the candidate was told"),
    ]
    for typed, says in lacking:
        refused = share(browser, interview_id, **typed)
        assert refused.status_code == 422
        assert says in refused.text
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(Share)).all() == []


def test_following_a_link_counts_nothing_and_each_opening_is_counted_and_on_the_record(home: Path) -> None:
    jun = desk.jun()
    interview_id = candidate(jun, home)
    browser = signed_in(jun.email)
    link = link_on(share(browser, interview_id), "share-link")
    path = "/shared/" + link.rsplit("/", 1)[1]
    Browser().get(path)
    assert only_share().opened == 0
    outsider, seen = opened(link)
    outsider.get(seen.url.path)
    outsider.get(f"{seen.url.path}/answers/{answer_ids(interview_id)[0]}")
    assert "Opened 2 times" in browser.get(f"/staff/interviews/{interview_id}/shares").text
    with reading(EVERYWHERE) as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.subject == f"share:{only_share().id}")).all()
    actions = [entry.action for entry in entries]
    assert actions == ["candidate shared", "share opened", "share opened", "shared answer played"]
    assert all(entry.organisation_id == jun.organisation_id and entry.person for entry in entries)


def test_unknown_ended_and_revoked_links_get_one_and_the_same_page(home: Path) -> None:
    jun = desk.jun()
    interview_id = candidate(jun, home)
    browser = signed_in(jun.email)
    links = [link_on(share(browser, interview_id), "share-link") for _ in range(3)]
    paths = ["/shared/" + link.rsplit("/", 1)[1] for link in links]
    by_token = {tokens.digest(path.rsplit("/", 1)[1]): path for path in paths}
    with transaction(EVERYWHERE) as session:
        expired, revoked, withdrawn = session.scalars(select(Share))
        expired.expires_at = datetime.now(UTC) - timedelta(seconds=1)
        revoked.revoked_at = datetime.now(UTC)
        gone = [by_token[expired.token_hash], by_token[revoked.token_hash], "/shared/nothing", "/shared/open/nothing"]
        last = by_token[withdrawn.token_hash]
    stranger = Browser()
    assert stranger.get(last).status_code == 200
    with transaction(EVERYWHERE) as session:
        session.get_one(Interview, interview_id).state = "withdrawn"
    pages = [stranger.get(path) for path in [*gone, last]]
    assert {page.status_code for page in pages} == {404}
    changing = r'nonce="[^"]*"|content="[^"]*"|value="[^"]*"|href="/shared[^"]*"'
    assert len({re.sub(changing, "", page.text) for page in pages}) == 1
    assert "ask the sender for a new one" in pages[0].text


def test_a_revoked_link_ends_where_it_is_open(home: Path) -> None:
    jun = desk.jun()
    interview_id = candidate(jun, home)
    browser = signed_in(jun.email)
    outsider, seen = opened(link_on(share(browser, interview_id), "share-link"))
    playing = f"{seen.url.path}/answers/{answer_ids(interview_id)[0]}"
    assert outsider.get(playing, range="bytes=0-3").content == COVERED[:4]
    page = browser.get(f"/staff/interviews/{interview_id}/shares")
    after = browser.send(page, "/revoke")
    assert "The link has ended" in after.text
    assert outsider.get(playing, range="bytes=4-").status_code == 404
    assert outsider.get(seen.url.path).status_code == 404
    assert browser.client.post(f"/staff/shares/{only_share().id}/revoke").status_code == 403  # no form of ours


def test_the_secret_is_kept_nowhere_and_no_address_of_a_page_carries_it_on(
    home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", logger="web")
    caplog.set_level("DEBUG", logger="interview_ai")
    jun = desk.jun()
    link = link_on(share(signed_in(jun.email), candidate(jun, home)), "share-link")
    token = link.rsplit("/", 1)[1]
    assert only_share().token_hash == tokens.digest(token)
    assert token.encode() not in (home / "onterview.sqlite3").read_bytes()
    outsider, seen = opened(link)
    welcome = outsider.get(f"/shared/{token}")
    for page in (welcome, seen):
        assert page.headers["referrer-policy"] == "strict-origin"
        assert "noindex" in page.headers["x-robots-tag"]
        assert page.headers["cache-control"] == "no-store"
    assert token not in str(seen.url) and token not in seen.text
    ours = [record.getMessage() for record in caplog.records if record.name.startswith(("web", "interview_ai"))]
    assert token not in " ".join(ours)
    assert outsider.client.post(f"/shared/{token}").status_code == 403  # no form of ours
    assert f"/shared/{token}?lang=ko" in welcome.text
    assert f"{seen.url.path}?lang=ko" in seen.text


def test_reviewers_and_hana_share_nothing(home: Path) -> None:
    jun, hana = desk.jun(), desk.hana()
    reviewer = desk.colleague(jun, "reviewer@example.com", "reviewer")
    interview_id = candidate(jun, home)
    share(signed_in(jun.email), interview_id)
    where = f"/staff/interviews/{interview_id}/shares"
    hers, theirs = signed_in(hana.email), signed_in(reviewer.email)
    assert hers.get(where).status_code == 404
    assert "only owners and recruiters" in theirs.get(where).text.lower()
    for browser, status in ((hers, 404), (theirs, 403)):
        csrf = re.findall(r'name="csrf" value="([^"]+)"', browser.get("/staff/account").text)[0]
        assert browser.client.post(where, data={"csrf": csrf, "recipient": "x"}).status_code == status
        revoke = f"/staff/shares/{only_share().id}/revoke"
        assert browser.client.post(revoke, data={"csrf": csrf}).status_code == status
    assert only_share().revoked_at is None


def test_whoever_tries_one_link_after_another_is_stopped(home: Path) -> None:
    stranger = Browser()
    statuses = [stranger.get(f"/shared/guess-{n}").status_code for n in range(121)]
    assert set(statuses[:120]) == {404}
    assert statuses[120] == 429


def test_sound_without_a_name_waits_until_names_in_it_are_covered_also_in_an_open_opening(home: Path) -> None:
    jun = desk.jun()
    interview_id = candidate(jun, home)
    with transaction(EVERYWHERE) as session:
        for answer in session.scalars(select(Answer)):
            answer.bleeped_key = answer.bleeped_with = None
    outsider, seen = opened(link_on(share(signed_in(jun.email), interview_id), "share-link"))
    assert "being covered in the sound" in seen.text
    first = answer_ids(interview_id)[0]
    assert outsider.get(f"{seen.url.path}/answers/{first}").status_code == 404
    with reading(EVERYWHERE) as session:
        asked = session.scalars(select(Work.answer_id).where(Work.kind == "bleep")).all()
    assert asked == [first]


def test_a_link_ends_only_after_a_second_step_that_says_what_ends(home: Path) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 4)
    browser = Browser()
    browser.sign_in(jun.email)
    place = f"/staff/interviews/{minji.interview_id}/shares"
    form = browser.get(f"{place}?lang=en")
    question = re.search(r'name="question" value="(\w+)"', form.text)
    assert question
    fields = {"recipient": "Team lead", "question": question.group(1), "person": "blind", "covered": "on"}
    made = browser.send(form, "/shares", **fields)
    step = re.search(r'<details class="confirm">(.*?)</details>', made.text, re.S)
    assert step
    assert "Whoever has the link made for Team lead sees nothing any more" in step.group(1)
    assert "The link has ended" in browser.send(made, "/revoke").text
