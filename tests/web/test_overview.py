"""An opening in pictures: every candidate is counted once, in words and numbers that no colour carries."""

from __future__ import annotations

import re
from pathlib import Path

from interview_ai import openings, reviews
from interview_ai.database import transaction
from tests import desk
from tests.browser import Browser


def signed_in(email: str) -> Browser:
    browser = Browser()
    browser.sign_in(email)
    return browser


def table(page: str, title: str) -> dict[str, str]:
    """The rows of the table with this caption: the first cell's words and the number."""
    body = re.search(rf'<caption class="sr-only">{title}</caption>.*?</table>', page, re.S)
    assert body
    return dict(re.findall(r'<th scope="row">([^<]+)</th><td class="number"[^>]*>(\d+)', body.group()))


def test_an_opening_without_anybody_says_what_comes(home: Path) -> None:
    jun = desk.jun()
    page = signed_in(jun.email).get(f"/staff/openings/{desk.opening(jun)}/overview")
    assert page.status_code == 200
    assert "Nobody has been invited yet" in page.text
    assert "<svg" not in page.text


def test_the_funnel_and_the_bands_count_each_candidate_once_and_hide_what_the_list_hides(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    best, _, _ = (desk.candidate(jun, opening_id, name, points) for name, points in (("A", 5), ("B", 2), ("C", None)))
    desk.invite(jun, opening_id, "Invited")
    desk.applicant(jun, opening_id, "Begun")
    with transaction(jun.organisation_id) as session:
        reviews.viewed(session, jun, best.interview_id, "transcript")
        reviews.rate(session, jun, best.interview_id, {"problem_solving": 5})
        reviews.decide(session, jun, best.interview_id, "hired", reason="The best answer by far.")
    browser = signed_in(jun.email)
    page = browser.get(f"/staff/openings/{opening_id}/overview").text
    assert table(page, "From invitation to hiring") == {
        "Invited": "5", "Started": "4", "Finished": "3", "Rated": "1", "Decided": "1", "Hired": "1",
    }  # fmt: skip
    hidden = {"Band A": "1", "Shown once rated": "1", "No suggestion": "1", "No answer yet": "1"}
    assert table(page, "Bands") == hidden
    assert "5 invited, 4 started, 3 finished, 1 rated, 1 decided, 1 hired" in page
    assert page.count('role="img"') == 2
    assert "Half within a day" in page
    assert "In your list: 2 to rate, 0 to decide" in page
    with transaction(jun.organisation_id) as session:
        openings.end_first_pass(session, jun, opening_id)
    shown = table(browser.get(f"/staff/openings/{opening_id}/overview").text, "Bands")
    assert shown == {"Band A": "1", "Band B": "1", "No suggestion": "1", "No answer yet": "1"}


def test_hana_sees_no_picture_of_juns(home: Path) -> None:
    jun, hana = desk.jun(), desk.hana()
    assert signed_in(hana.email).get(f"/staff/openings/{desk.opening(jun)}/overview").status_code == 404
