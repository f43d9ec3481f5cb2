"""Jun decides: what each decision needs, a score overridden with a reason, what is taken back, letters sent once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from interview_ai import openings
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.tables import Mail
from tests import desk
from tests.journeys import office
from tests.journeys.office import REASON, Walk

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def decide(walk: Walk, kind: str, reason: str) -> None:
    """Fills in and sends the form of a decision."""
    form = walk.page.locator("#decision")
    if form.locator(".decide-anew:not([open])").count():
        form.locator(".decide-anew > summary").click()
    walk.tick(form.get_by_role("radio", name=walk.t(f"shortlist.page.kinds.{kind}"), exact=True))
    form.get_by_label(walk.t("shortlist.page.reason"), exact=True).fill(reason)
    form.get_by_role(
        "button", name=re.compile(f"{walk.t('shortlist.page.decide')}|{walk.t('shortlist.page.change_decision')}")
    ).click()


def decided(walk: Walk, kind: str) -> None:
    """The page says the decision in its heading and in the bar that stays in view."""
    walk.said("shortlist.said.decided")
    now = walk.t("shortlist.page.now", kind=walk.t(f"shortlist.page.kinds.{kind}"))
    expect(walk.page.get_by_role("heading", name=re.compile(re.escape(now)))).to_be_visible()
    expect(walk.page.get_by_role("complementary", name=walk.t("person.bar.label"))).to_contain_text(now)


def rate(walk: Walk, level: int) -> None:
    if walk.device == "phone":
        walk.page.locator("a[data-tab=criteria]").click()
    walk.page.locator(f"#rating input[value='{level}']").check()
    walk.button("shortlist.page.save_ratings").click()
    walk.said("shortlist.said.rated")


@office.ONE_TURN
def test_a_rejection_waits_for_a_look_a_rating_and_a_reason_and_every_other_decision_for_a_reason(walk: Walk) -> None:
    minji = desk.applicant(walk.jun, desk.opening(walk.jun, blind=False), "Minji")
    answer_id = desk.answered(minji)
    desk.assessed(answer_id, None)
    desk.finished(minji)
    walk.go(f"/staff/interviews/{minji.interview_id}")
    bar = walk.page.get_by_role("complementary", name=walk.t("person.bar.label"))
    expect(bar).to_contain_text(walk.t("person.bar.rating"))
    expect(bar).to_contain_text(walk.t("person.bar.reason"))
    decide(walk, "reject", "short")
    alarm = walk.page.get_by_role("alert")
    expect(alarm).to_contain_text(walk.t("shortlist.page.refused.decision"))
    expect(alarm).to_be_focused()
    expect(walk.field("shortlist.page.reason")).to_have_value("short")
    rate(walk, 2)
    expect(bar).to_contain_text(walk.t("person.bar.ready"))
    for kind in ("advance", "hold", "reject", "hired"):
        decide(walk, kind, REASON)
        decided(walk, kind)
    expect(walk.fold("shortlist.page.history")).to_contain_text("(3)")
    walk.link("shortlist.page.to_list").first.click()
    expect(walk.row("Minji")).to_contain_text(walk.t("shortlist.steps.hired"))


@office.OTHER_TURN
def test_a_score_is_overridden_with_a_reason_beside_the_suggestion_and_given_back(walk: Walk) -> None:
    opening_id = desk.opening(walk.jun, blind=False)
    minji = office.candidate(walk.jun, opening_id, "Minji", 2)
    with transaction(walk.jun.organisation_id) as session:
        openings.end_first_pass(session, walk.jun, opening_id)
    walk.go(f"/staff/interviews/{minji.interview_id}#criteria")
    of = walk.page.get_by_role("article").filter(has=walk.page.locator(".override"))
    of.locator("summary").filter(has_text=walk.t("decide.override.ask")).click()
    of.get_by_label(walk.t("decide.override.level"), exact=True).select_option("4")
    reason = of.get_by_label(walk.t("decide.override.reason"), exact=True)
    reason.fill("short")
    walk.button("decide.override.save").click()
    expect(walk.page.get_by_role("alert")).to_contain_text(walk.t("shortlist.page.refused.override"))
    walk.link("shortlist.page.refused.why").click()
    expect(reason).to_have_value("short")
    reason.fill(REASON)
    walk.button("decide.override.save").click()
    walk.said("decide.said.overridden")
    expect(of).to_contain_text(walk.t("decide.override.now", n=4))
    expect(of).to_contain_text(REASON)
    expect(of).to_contain_text(walk.t("decide.override.original_one", n=1, points=2))
    walk.go(f"/staff/openings/{opening_id}/candidates")
    expect(walk.row("Minji")).to_contain_text(walk.t("shortlist.by.corrected"))
    walk.go(f"/staff/interviews/{minji.interview_id}#criteria")
    walk.fold("decide.override.withdraw").click()
    walk.button("decide.override.withdraw_confirm").filter(visible=True).click()
    walk.said("decide.said.override_withdrawn")
    expect(of.locator("summary").filter(has_text=walk.t("decide.override.earlier", n=1))).to_be_visible()


@office.OTHER_TURN
def test_a_decision_is_taken_back_until_the_candidate_was_told_and_its_letter_is_sent_once(walk: Walk) -> None:
    opening_id = desk.opening(walk.jun, blind=False)
    minji = office.candidate(walk.jun, opening_id, "Minji", 4)
    walk.go(f"/staff/interviews/{minji.interview_id}")
    decide(walk, "hold", REASON)
    decided(walk, "hold")
    walk.sees("decide.untold")
    walk.fold("decide.undo.title").click()
    walk.field("decide.undo.reason").fill("I meant another candidate.")
    walk.button("decide.undo.confirm").click()
    walk.said("decide.said.taken_back")
    decide(walk, "advance", REASON)
    decided(walk, "advance")
    walk.link("decide.send").click()
    walk.sees("letters.preview.lead", n=1)
    expect(walk.page.locator(".letter-body")).to_contain_text("Minji")
    before = mails()
    walk.button("letters.preview.send", n=1).dblclick()
    walk.said("letters.came_of.waits", n=1)
    expect(walk.row("Minji")).to_contain_text(walk.t("letters.state.waiting"))
    walk.sees("letters.nobody_to_tell")
    assert mails() == before + 1
    walk.row("Minji").get_by_role("link").first.click()
    walk.sees("letters.one.title", who="Minji")
    walk.go(f"/staff/openings/{opening_id}/letters/send")
    walk.sees("letters.preview.empty_title")


def mails() -> int:
    """How many letters lie in the outbox."""
    with reading(EVERYWHERE) as session:
        return len(session.scalars(select(Mail).where(Mail.cause.startswith("letter:"))).all())


@office.ONE_TURN
def test_several_are_advanced_together_and_whoever_lacks_a_look_is_left_out(walk: Walk) -> None:
    opening_id = desk.opening(walk.jun, blind=False)
    people = [office.candidate(walk.jun, opening_id, name, 4) for name in ("Minji", "Sora", "Yuna")]
    for who in people[:2]:
        walk.go(f"/staff/interviews/{who.interview_id}")
    walk.go(f"/staff/openings/{opening_id}/candidates")
    for name in ("Minji", "Sora", "Yuna"):
        walk.page.get_by_role("checkbox", name=walk.t("ranked.choose_one", who=name)).check()
    walk.button("decide.together.tool").click()
    walk.sees("decide.together.ready", n=2)
    walk.sees("decide.together.lacking", n=1)
    walk.tick(walk.page.get_by_role("radio", name=walk.t("shortlist.page.kinds.advance"), exact=True))
    walk.field("decide.together.reason").fill(REASON)
    walk.button("decide.together.save", n=2).click()
    walk.said("decide.said.together")
    for name, step in (("Minji", "advance"), ("Sora", "advance"), ("Yuna", "rate")):
        expect(walk.row(name)).to_contain_text(walk.t(f"shortlist.steps.{step}"))
