"""Writing an opening without script: where it begins, its library, anchors, reviewers, and what stays once begun."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from httpx import Response
from sqlalchemy import select

from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.tables import Answer, Opening, RubricRow
from tests import desk
from tests.browser import Browser
from tests.web.test_isolation import routes

NEW = "/staff/openings/new"


def signed_in(email: str, language: str = "en") -> Browser:
    browser = Browser(language)
    assert browser.sign_in(email).status_code == 200
    browser.get(f"/staff/account?lang={language}")
    return browser


def create(browser: Browser, page: Response, **fields: object) -> Response:
    return browser.send(page, "/staff/openings", **fields)


def kept_rubric() -> RubricRow:
    with reading(EVERYWHERE) as session:
        return session.scalars(select(RubricRow)).one()


def test_a_template_fills_the_form_with_questions_weights_and_times_in_both_languages(home: Path) -> None:
    browser = signed_in(desk.jun().email)
    made = create(browser, browser.get(f"{NEW}?start=software"))
    assert "Now invite candidates" in made.text
    assert "Weight 2 (50%)" in made.text
    with reading(EVERYWHERE) as session:
        opening = session.scalars(select(Opening)).one()
        assert (opening.title_ko, opening.title_en) == ("소프트웨어 개발", "Software development")
        assert [question.answer_s for question in opening.questions] == [180] * 4
        assert all(question.text_ko != question.text_en for question in opening.questions)


def test_a_copy_has_the_questions_and_the_rubric_and_none_of_the_candidates(home: Path) -> None:
    jun = desk.jun()
    first = desk.opening(jun, questions=2)
    desk.applicant(jun, first)
    browser = signed_in(jun.email)
    made = create(browser, browser.get(f"{NEW}?start={first}"))
    assert "0 invited" in made.text
    with reading(EVERYWHERE) as session:
        before, after = session.scalars(select(Opening).order_by(Opening.created_at)).all()
        assert [question.text_en for question in after.questions] == [question.text_en for question in before.questions]
        assert {question.id for question in after.questions}.isdisjoint(question.id for question in before.questions)
        assert after.rubric.criteria == before.rubric.criteria
    assert signed_in(desk.hana().email).get(f"{NEW}?start={first}").status_code == 404


def test_searching_the_library_and_picking_from_it_keeps_what_was_typed_and_nothing_else(home: Path) -> None:
    browser = signed_in(desk.jun().email)
    typed = {"title_en": "Line work", "question_en": ["Tell us about a defect that you found.", "", "", "", ""]}
    found = create(browser, browser.get(NEW), **typed, area="ethics", words="mistake", add=["growth.0"], find="on")
    picks = re.findall(r'name="add" value="([\w.]+)"( checked)?', found.text)
    assert dict(picks)["growth.0"] == " checked"  # a tick stays in sight whatever is searched
    assert {address.split(".")[0] for address, ticked in picks if not ticked} == {"ethics"}
    assert 'value="Line work"' in found.text
    put = create(browser, found, put="on", add=["growth.0"])
    assert put.status_code == 200
    assert ">\nTell us about a defect that you found.</textarea>" in put.text
    assert ">\nTell us about a skill that you taught" in put.text
    too_many = create(browser, put, put="on", add=[f"teamwork.{n}" for n in range(4)])
    assert "at most 5 questions" in too_many.text
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(Opening)).all() == []


def test_an_anchor_written_in_one_language_stands_in_both_and_raises_the_rubrics_version(home: Path) -> None:
    browser = signed_in(desk.jun().email)
    anchors = {"anchor.problem_solving.5.ko": "불량을 수치로 줄였다.", "anchor.problem_solving.5.en": ""}
    page = browser.get(NEW)
    create(browser, page, title_en="Line", add=["problem_solving.0"], **anchors, **{"weight.problem_solving": "3"})
    kept = kept_rubric()
    assert kept.criteria[0]["anchors"]["5"] == {"ko": "불량을 수치로 줄였다.", "en": "불량을 수치로 줄였다."}
    assert kept.criteria[0]["weight"] == 3
    shipped = create(browser, page, title_en="Line", add=["problem_solving.0"])
    assert kept.version not in shipped.text


def test_an_anchor_that_asks_for_what_nobody_may_be_asked_is_refused_at_its_field(home: Path) -> None:
    browser = signed_in(desk.jun().email)
    wrong = {"anchor.problem_solving.3.en": "Are you married? What is your religion?"}
    page = create(browser, browser.get(NEW), title_en="Line", add=["problem_solving.0"], **wrong)
    assert page.status_code == 422
    assert "2 things need your attention" in page.text
    assert page.text.count('href="#anchor-problem_solving-3-en"') == 2  # a bullet each
    assert re.search(r'id="anchor-problem_solving-3-en"[^>]*aria-invalid="true"', page.text)


def test_a_reviewer_who_is_not_assigned_finds_nothing_of_an_opening_by_any_route(home: Path) -> None:
    jun = desk.jun()
    mina = desk.colleague(jun, "mina@example.com", "reviewer")
    taeho = desk.colleague(jun, "taeho@example.com", "reviewer")
    opening_id = desk.opening(jun)
    who = desk.applicant(jun, opening_id)
    answer_id = desk.answered(who)
    browser = signed_in(jun.email)
    saved = browser.send(browser.get(f"/staff/openings/{opening_id}/edit"), "/edit", reviewer=[mina.id])
    assert mina.email in saved.text
    known = {"opening_id": opening_id, "interview_id": who.interview_id, "answer_id": answer_id}
    with reading(EVERYWHERE) as session:
        known["question_id"] = session.get_one(Answer, answer_id).question_id
    asked = [route for route in routes() if set(route.names) & known.keys() and not route.path.startswith("/interview")]
    assert len(asked) > 15
    theirs, others = signed_in(taeho.email), signed_in(mina.email)
    for route in asked:
        path = route.path.format(**{name: known.get(name, "1") for name in route.names})
        page = theirs.client.request(route.method, path, headers={"x-csrf-token": "none"})
        assert page.status_code in (403, 404), route  # 403: the form's token comes first
        if route.method == "GET":
            assert page.status_code == 404, route
    assert "Quality control" not in theirs.get("/staff/openings").text
    assert "Quality control" in others.get("/staff/openings").text
    assert others.get(f"/staff/interviews/{who.interview_id}").status_code == 200


def test_once_somebody_has_begun_questions_and_rubric_stay_and_the_form_says_why(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun, questions=2)
    browser = signed_in(jun.email)
    form = browser.get(f"/staff/openings/{opening_id}/edit")
    version = kept_rubric().version
    desk.applicant(jun, opening_id)
    late = browser.send(form, "/edit", question_en=["Tell us about a time when you led.", ""], title_en="New title")
    assert late.status_code == 422
    assert "make a copy as a new opening" in late.text
    assert 'value="New title"' in late.text  # what may still change is not typed twice
    assert kept_rubric().version == version
    assert version in late.text
    saved = browser.send(late, "/edit")
    assert "Saved." in saved.text
    assert "New title" in saved.text


def test_questions_that_change_places_keep_their_rows_and_one_that_is_emptied_goes(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun, questions=3)
    with transaction(jun.organisation_id) as session:
        rows = session.get_one(Opening, opening_id).questions
        ids = [row.id for row in rows]
    browser = signed_in(jun.email)
    form = browser.get(f"/staff/openings/{opening_id}/edit")
    texts = [f"Tell us about a time when you solved problem {n}." for n in (3, 1)]
    browser.send(form, "/edit", question_id=[ids[2], ids[0]], question_en=texts, question_ko=["", ""])
    with reading(EVERYWHERE) as session:
        rows = session.get_one(Opening, opening_id).questions
        assert [(row.id, row.text_en) for row in rows] == [(ids[2], texts[0]), (ids[0], texts[1])]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_preview_shows_the_choice_and_the_consent_as_a_candidate_reads_them(home: Path, language: str) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    page = signed_in(jun.email, language).get(f"/staff/openings/{opening_id}/preview").text
    welcome = Browser(language).get(f"/i/{desk.invite(jun, opening_id, 'Minji')}").text
    choices = re.findall(r'<label class="choice">.*?<strong>(.*?)</strong><span>(.*?)</span>', welcome)
    assert len(choices) == 3  # with a machine, people only, and the consent itself
    assert all(sentence in page for choice in choices for sentence in choice)


def test_enter_after_words_in_the_librarys_search_searches_and_elsewhere_checks(home: Path) -> None:
    browser = signed_in(desk.jun().email)
    found = create(browser, browser.get(NEW), words="mistake", look="enter")
    assert 'name="add"' in found.text
    assert 'id="looked"' not in found.text
    assert 'id="to-mend"' not in found.text
    again = create(
        browser, found, title_en="Quality", question_en=["Tell us about a mistake that you made."], look="enter"
    )
    assert 'id="looked"' in again.text


@pytest.mark.parametrize(
    ("question_ko", "question_en", "chosen", "kept"),
    [
        ("", "Tell us about a time when you solved a problem.", "", "en"),
        ("문제를 해결한 경험을 말해 주십시오.", "Tell us about a time when you solved a problem.", "", "ko"),
        ("", "Tell us about a time when you solved a problem.", "ko", "ko"),
    ],
    ids=["only English", "both", "chosen"],
)
def test_answers_are_in_the_language_of_the_questions_unless_somebody_chose(
    home: Path, question_ko: str, question_en: str, chosen: str, kept: str
) -> None:
    browser = signed_in(desk.jun().email)
    form = browser.get(NEW)
    said: dict[str, object] = {"title_en": "Quality", "question_ko": [question_ko], "question_en": [question_en]}
    create(browser, form, **said, language=chosen)
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(Opening)).one().language == kept


def test_the_preview_shows_each_question_under_a_heading_with_its_times(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun, questions=2)
    page = signed_in(jun.email).get(f"/staff/openings/{opening_id}/preview").text
    assert "<h2>The questions</h2>" in page
    assert page.count('<h3 class="question"') == 2
    assert page.count("1:00 to think · Up to 2:00 to answer · up to 2 takes") == 2


def test_who_rewrites_one_language_of_an_example_is_asked_about_the_other_once(home: Path) -> None:
    browser = signed_in(desk.jun().email)
    page = browser.get(f"{NEW}?start=software")
    asked = create(browser, page, title_ko="서버 개발자 (판교)")
    assert asked.status_code == 422
    assert "The English text is still the example" in asked.text
    assert 'aria-describedby="title_en-wrong"' in asked.text
    assert "서버 개발자 (판교)" in asked.text
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(Opening)).all() == []
    assert "Now invite candidates" in create(browser, asked, keeps_example="on").text


def test_an_example_that_is_rewritten_in_both_languages_or_in_none_is_asked_about_nothing(home: Path) -> None:
    browser = signed_in(desk.jun().email)
    page = browser.get(f"{NEW}?start=software")
    made = create(browser, page, title_ko="서버 개발자", title_en="Server developer")
    assert "Now invite candidates" in made.text
