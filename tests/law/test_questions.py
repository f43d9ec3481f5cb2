"""KR-10: a question or a title that asks for what hiring may not ask is not kept, and the form says why at its field."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from httpx import Response
from sqlalchemy import select

from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.drafts import NewQuestion
from interview_ai.errors import Invalid
from interview_ai.openings import create
from interview_ai.tables import Opening
from tests import desk
from tests.browser import Browser

FORBIDDEN = {
    "ko": ("question_ko", "결혼하셨나요?", "question-1"),
    "en": ("question_en", "Are you married?", "question-en-1"),
}
LAWS = {"ko": "채용절차법 제4조의3", "en": "Fair Hiring Procedure Act"}
GOOD = "Tell us about a time when you led a team. What did you do, and what came of it?"
VAGUE = "Tell us about yourself."


def at_the_form(language: str = "en") -> tuple[Browser, Response]:
    desk.jun()
    browser = Browser(language)
    browser.sign_in("jun@example.com")
    return browser, browser.get(f"/staff/openings/new?lang={language}")


def asking(*texts: str) -> list[str]:
    return [*texts, *[""] * (5 - len(texts))]


def kept() -> list[Opening]:
    with reading(EVERYWHERE) as session:
        return list(session.scalars(select(Opening)))


def note_at(page: Response, field: str, kind: str) -> str:
    """What a screen reader says with a field: the note that its `aria-describedby` names."""
    described = re.search(rf'id="{field}"[^>]*aria-describedby="([^"]+)"', page.text)
    assert described
    assert f"{field}-{kind}" in described.group(1).split()
    note = re.search(rf'<(p|div)[^>]* id="{field}-{kind}">(.*?)</\1>', page.text, re.DOTALL)
    assert note
    return note.group(2)


@pytest.mark.parametrize("reader", ["ko", "en"])
@pytest.mark.parametrize("written", ["ko", "en"])
def test_kr_10_a_forbidden_question_is_refused_at_its_field_in_the_readers_language(
    home: Path, reader: str, written: str
) -> None:
    browser, form = at_the_form(reader)
    name, text, field = FORBIDDEN[written]
    again = browser.send(form, "/staff/openings", title_ko="품질관리", **{name: asking(text)})
    assert again.status_code == 422
    assert LAWS[reader] in note_at(again, field, "wrong")
    assert re.search(rf'id="{field}"[^>]*aria-invalid="true"', again.text)
    assert f">\n{text}</textarea>" in again.text
    assert 'value="품질관리"' in again.text
    assert f'href="#{field}"' in again.text
    assert kept() == []


def test_kr_10_a_question_that_is_fine_in_one_language_and_forbidden_in_the_other_is_refused(home: Path) -> None:
    browser, form = at_the_form()
    fields = {"question_en": asking(GOOD), "question_ko": asking("나이가 어떻게 되세요?")}
    again = browser.send(form, "/staff/openings", title_en="Quality", **fields)
    assert again.status_code == 422
    assert "age" in note_at(again, "question-1", "wrong")
    assert kept() == []


@pytest.mark.parametrize("title", ["Quality control, photo required", "Female only", "품질관리 (용모 단정)"])
def test_kr_10_a_title_that_asks_for_it_is_refused(home: Path, title: str) -> None:
    browser, form = at_the_form()
    again = browser.send(form, "/staff/openings", title_en=title, question_en=asking(GOOD))
    assert again.status_code == 422
    assert "asks about" in note_at(again, "title_en", "wrong")
    assert kept() == []


def test_kr_10_an_opening_that_is_there_cannot_be_changed_to_ask_for_it(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    browser = Browser()
    browser.sign_in("jun@example.com")
    form = browser.get(f"/staff/openings/{opening_id}/edit?lang=en")
    again = browser.send(form, "/edit", question_en=asking("What does your father do?"), question_ko=asking())
    assert again.status_code == 422
    assert "family" in note_at(again, "question-en-1", "wrong")
    with reading(EVERYWHERE) as session:
        assert session.get_one(Opening, opening_id).questions[0].text_en == desk.QUESTION.text_en


def test_kr_10_no_other_way_than_the_form_keeps_it_either(anywhere: str) -> None:
    jun = desk.jun()
    new = desk.new_opening()
    for text_ko, text_en in (("종교가 무엇인가요?", GOOD), ("팀을 이끈 경험을 말해 주세요.", "What is your religion?")):
        asked = replace(new, questions=(NewQuestion(text_ko, text_en),))
        with transaction(jun.organisation_id) as session, pytest.raises(Invalid, match="religion"):
            create(session, jun, asked)


def test_a_weak_question_is_kept_and_the_advice_stands_beside_it(home: Path) -> None:
    browser, form = at_the_form()
    made = browser.send(form, "/staff/openings", title_en="Quality", question_en=asking(VAGUE, GOOD))
    assert made.status_code == 200
    assert len(kept()) == 1
    assert made.text.count('class="form-advice"') == 1
    assert "It asks for no event" in made.text
    edit = browser.get(f"{made.url.path}/edit?lang=ko")
    assert "실제로 있었던 일을 묻지 않아" in note_at(edit, "question-1", "advice")


def test_advice_is_gone_once_somebody_has_begun_and_was_never_for_reviewers(home: Path) -> None:
    jun = desk.jun()
    desk.colleague(jun, "reviewer@example.com", "reviewer")
    browser = Browser()
    browser.sign_in("jun@example.com")
    form = browser.get("/staff/openings/new?lang=en")
    made = browser.send(form, "/staff/openings", title_en="Quality", question_en=asking(VAGUE), demonstration="on")
    reviewer = Browser()
    reviewer.sign_in("reviewer@example.com")
    assert "form-advice" not in reviewer.get(made.url.path).text
    assert "form-advice" in browser.get(made.url.path).text
    desk.applicant(jun, made.url.path.rpartition("/")[2])
    assert "form-advice" not in browser.get(made.url.path).text


def test_questions_can_be_checked_without_keeping_anything(home: Path) -> None:
    browser, form = at_the_form()
    looked = browser.send(form, "/staff/openings", title_en="Quality", question_en=asking(VAGUE), look="on")
    assert looked.status_code == 200
    assert "One question could be asked better" in looked.text
    assert "It asks for no event" in note_at(looked, "question-en-1", "advice")
    well = browser.send(form, "/staff/openings", title_en="Quality", question_en=asking(GOOD), look="on")
    assert "There is nothing to mend" in well.text
    assert kept() == []


def test_questions_are_picked_from_every_competency_of_the_library(home: Path) -> None:
    browser, form = at_the_form("ko")
    picks = re.findall(r'name="add" value="(\w+)\.\d"', form.text)
    assert len(set(picks)) == 7
    assert all(picks.count(competency) >= 5 for competency in picks)
    made = browser.send(
        form, "/staff/openings", title_ko="품질관리", add=["organisation.0"], competency=["organisation"]
    )
    assert made.status_code == 200
    assert "조직이해" in made.text
    assert "form-advice" not in made.text
    assert kept()[0].title_ko == "품질관리"
