"""Browsers inside other apps are known by their names, and the page says how to leave them."""

from __future__ import annotations

from pathlib import Path

import pytest

from interview_ai.database import EVERYWHERE, transaction
from tests import cast
from tests.browser import Browser
from web.browsers import in_app

ANDROID = "Mozilla/5.0 (Linux; Android 15; SM-S931N) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Mobile"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"


@pytest.mark.parametrize(
    ("agent", "app"),
    [
        (f"{ANDROID} Safari/537.36 KAKAOTALK 25.10.0", "kakaotalk"),
        (f"{IPHONE} KAKAOTALK 25.10.0", "kakaotalk"),
        (f"{ANDROID} Safari/537.36 NAVER(inapp; search; 2000; 12.0)", "naver"),
        (ANDROID.replace("SM-S931N", "SM-S931N; wv"), "webview"),
        (f"{IPHONE} Instagram 350.0", "instagram"),
        (f"{ANDROID} Safari/537.36", None),
        (f"{IPHONE} Version/18.1 Safari/604.1", None),
    ],
)
def test_an_apps_browser_is_known_by_its_name(agent: str, app: str | None) -> None:
    assert in_app(agent) == app


@pytest.mark.parametrize(
    ("agent", "link", "words"),
    [
        (f"{ANDROID} KAKAOTALK 25.10.0", "kakaotalk://web/openExternal?url=http%3A%2F%2Ftestserver%2Fi%2F", "⋮"),
        (f"{ANDROID} Safari/537.36 NAVER(inapp; search)", "intent://testserver/i/", "⋮"),
        (f"{IPHONE} Instagram 350.0", None, "Open in Safari"),
        (f"{ANDROID} Safari/537.36", None, None),
    ],
)
def test_the_links_page_says_how_to_open_it_in_a_real_browser(
    home: Path, agent: str, link: str | None, words: str | None
) -> None:
    with transaction(EVERYWHERE) as session:
        token = cast.invite(session, cast.firm(session, "Jun", "jun@example.com"))
    page = Browser().get(f"/i/{token}", **{"user-agent": agent}).text
    assert ('id="in-app"' in page) == (words is not None)
    assert (link or "kakaotalk://") in page or link is None
    assert words is None or words in page
