"""Jun at work in a real browser: a window for each language and device, and candidates as a worker leaves them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect
from sqlalchemy import select

from interview_ai import answers, results
from interview_ai.applicants import Applicant
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.demonstration import load
from interview_ai.organisations import Member
from interview_ai.rules.evidence import (
    Assessment,
    Bilingual,
    CriterionScore,
    Evidence,
    Reason,
    Score,
    Transcript,
    Word,
)
from interview_ai.rules.masking import VERSION
from interview_ai.storage import storage
from interview_ai.tables import Answer
from tests import desk
from tests.cast import PASSWORD
from web import words

DEVICES = {"phone": (390, 844), "desktop": (1280, 900)}
# a long journey is walked in both languages and on both devices by turns, a short one in all four ways
TURNS = (("ko-phone", "en-desktop"), ("ko-desktop", "en-phone"))
ONE_TURN, OTHER_TURN = (pytest.mark.parametrize("walk", turn, indirect=True) for turn in TURNS)
FLAGS = (
    "--use-fake-ui-for-media-stream --use-fake-device-for-media-stream --autoplay-policy=no-user-gesture-required "
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-sync"
).split()
REASON = "Her example shows what she did herself."
PARTS = ("/static/", "/recordings/", "/answers/")  # of a page; a page itself may answer 404, 409 or 422 on purpose
# said where the browser loads a page and where it leaves one, so that no page is forgotten
SIDEWAYS = """(() => {
  const look = () => {
    const wide = document.documentElement.scrollWidth;
    if (wide > innerWidth) console.error(`${wide} px wide in ${innerWidth}: ${location.pathname}`);
  };
  addEventListener("load", look);
  addEventListener("pagehide", look);
})()"""


@dataclass
class Window:
    """A browser's window on the service, and what its reader finds there by its words."""

    page: Page
    url: str
    language: str

    def t(self, key: str, **values: object) -> str:
        """A sentence of the catalogue as this reader sees it."""
        return words.say(self.language, key, **values)

    def go(self, path: str) -> None:
        """Types an address."""
        self.page.goto(self.url + path)

    def link(self, key: str, **values: object) -> Locator:
        return self.page.get_by_role("link", name=self.t(key, **values), exact=True)

    def button(self, key: str, **values: object) -> Locator:
        return self.page.get_by_role("button", name=self.t(key, **values), exact=True)

    def field(self, key: str, **values: object) -> Locator:
        return self.page.get_by_label(self.t(key, **values), exact=True)

    def fold(self, key: str, **values: object) -> Locator:
        """The line that opens what is folded away."""
        return self.page.locator("summary").filter(has_text=self.t(key, **values))

    def tick(self, box: Locator) -> None:
        """Presses the words of a box or a button of choice, which are drawn in its place."""
        self.page.locator(f"label[for='{box.get_attribute('id')}']").click()

    def sees(self, key: str, **values: object) -> None:
        """A sentence stands on the page and is not hidden."""
        expect(self.page.get_by_text(self.t(key, **values)).filter(visible=True).first).to_be_visible()

    def said(self, key: str, **values: object) -> None:
        """What the page says has just been done, or alarms about."""
        status = self.page.get_by_role("status").or_(self.page.get_by_role("alert"))
        expect(status.filter(has_text=self.t(key, **values)).first).to_be_visible()

    def row(self, text: str) -> Locator:
        """The line of a table that holds a text."""
        return self.page.get_by_role("row").filter(has_text=text)

    def fits(self) -> None:
        """Nothing stands beyond the right edge."""
        wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{wide} px beyond the edge of {self.page.url}"


@dataclass
class Walk(Window):
    """Jun's window, and the opening of a journey."""

    jun: Member
    device: str
    browser: Browser

    @contextmanager
    def another(self) -> Iterator[Window]:
        """Somebody else's window: no sign-in, the same language and device."""
        with opened(self.browser, self.language, self.device) as context:
            yield Window(context.new_page(), self.url, self.language)


@contextmanager
def opened(browser: Browser, language: str, device: str, kept: str | None = None) -> Iterator[BrowserContext]:
    """A window's context in which every page fits and no script fails. `kept`: cookies from an earlier one."""
    width, height = DEVICES[device]
    context = browser.new_context(
        locale=language, viewport={"width": width, "height": height}, storage_state=kept, reduced_motion="reduce"
    )
    context.clear_cookies(name="lang")  # each window has the language of its own browser
    complaints: list[str] = []
    context.add_init_script(SIDEWAYS)
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on("console", lambda said: complaints.append(f"{said.text} {said.location}") if amiss(said) else None)
    yield context
    for page in context.pages:
        page.wait_for_load_state()
    context.close()
    assert complaints == []


def amiss(said: ConsoleMessage) -> bool:
    """Whether what the browser says is a mistake of ours and not a page that was refused on purpose."""
    of_page = said.text.startswith("Failed to load resource") and not any(
        part in said.location["url"] for part in PARTS
    )
    return said.type == "error" and not of_page


def sign_in(browser: Browser, url: str, kept: Path) -> None:
    """Jun signs in as people do; his cookies are kept for the windows to come."""
    with opened(browser, "en", "desktop") as context:
        page = context.new_page()
        page.goto(f"{url}/sign-in")
        page.locator("#email").fill("jun@example.com")
        page.locator("#password").fill(PASSWORD)
        page.locator("main button[type=submit]").first.click()
        page.wait_for_url("**/staff/openings")
        context.storage_state(path=kept)


def begin(window: Window, link: str) -> None:
    """A candidate follows the link, chooses, agrees and begins."""
    window.go(urlsplit(link).path)
    window.page.get_by_role("radio").first.check()
    window.page.get_by_role("checkbox").check()
    window.button("candidate.welcome.begin").click()
    window.page.wait_for_url("**/interview/check")


def candidate(jun: Member, opening_id: str, name: str, points: int | None, *, said: str = desk.SAID) -> Applicant:
    """A candidate who finished with one answer, in these words."""
    who = desk.applicant(jun, opening_id, name)
    heard(desk.answered(who), points, said=said)
    desk.finished(who)
    return who


def heard(answer_id: str, points: int | None, *, said: str = desk.SAID) -> None:
    """What a worker records of an answer: its words, one a second, its quote and points with a range of a level."""
    if points is None:
        nothing = Reason("no_speech", Bilingual("말소리를 듣지 못했습니다.", "No speech was heard."))
        recorded(answer_id, Assessment(None, None, None, (), (), None, nothing))
        return
    texts = said.split()
    spoken = tuple(Word(text, float(n), n + 0.9, 0.9) for n, text in enumerate(texts))
    quote = " ".join(texts[1:4])
    start = said.index(quote)
    evidence = Evidence("problem_solving", "action", quote, start, start + len(quote), 1.0, 4.0, anchor=3)
    low, high = max(1, points - 1), min(5, points + 1)
    score = Score(True, points, low, high, (CriterionScore("problem_solving", points, low, high),))
    language = "en" if said.isascii() else "ko"
    transcript = Transcript("whisper", "small", language, said, spoken)
    recorded(answer_id, Assessment(None, transcript, None, (), (evidence,), score, None))


def recorded(answer_id: str, found: Assessment) -> None:
    """A worker is done with an answer."""
    with transaction(EVERYWHERE) as session:
        answer = session.get_one(Answer, answer_id)
        answers.move(answer, "assessing")
        results.record(session, answer, found)


def playable(interview_id: str) -> None:
    """Each answer of an interview with a recording of the demonstration, whole and as sound, as a worker keeps them."""
    recording = load().recordings[0].path
    with reading(EVERYWHERE) as session:
        ids = session.scalars(select(Answer.id).where(Answer.interview_id == interview_id)).all()
    for answer_id in ids:
        keys = [f"answers/{answer_id}/0f-{name}.webm" for name in ("playable", "sound")]
        for key in keys:
            copy = Path(storage().uploads) / "made"
            copy.write_bytes(recording.read_bytes())
            storage().put(key, copy)
        with transaction(EVERYWHERE) as session:
            answer = session.get_one(Answer, answer_id)
            answer.playable_key, answer.sound_key = keys
            answer.bleeped_with = VERSION  # and nothing had to be covered
            answer.facts = {"duration_s": 20.0, "video": None, "audio": None}
            answer.peaks = [60] * 100 + [0] * 50 + [60] * 50
