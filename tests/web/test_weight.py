"""What a candidate's phone has to load stays small."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

from interview_ai.database import EVERYWHERE, transaction
from interview_ai.interviews import begin
from tests import cast
from tests.browser import Browser
from web.render import BUILT

SCRIPTS_BYTES = 45_000
FIRST_PAINT_BYTES = 90_000


def zipped(name: str) -> int:
    return len(gzip.compress((BUILT / name).read_bytes()))


def test_the_scripts_of_a_candidates_pages_are_small(home: Path) -> None:
    names = json.loads((BUILT / "manifest.json").read_text())
    sizes = {name: zipped(names[name]) for name in ("page.js", "check.js", "recorder.js")}
    assert all(size > 200 for size in sizes.values())
    assert sum(sizes.values()) <= SCRIPTS_BYTES, sizes


def test_little_is_loaded_before_the_first_paint_and_no_font(home: Path) -> None:
    jun = cast.jun()
    with transaction(EVERYWHERE) as session:
        cookie = begin(session, cast.invite(session, jun), cast.chosen(), language="ko")
    browser = Browser("ko")
    browser.client.cookies.set("candidate", cookie)
    page = browser.get("/interview/questions/1").text
    loaded = re.findall(r'(?:href|src)="/static/([^"]+)"', page)
    assert any(name.endswith(".css") for name in loaded) and any(name.endswith(".js") for name in loaded)
    whole = len(gzip.compress(page.encode())) + sum(zipped(name) for name in loaded)
    assert whole <= FIRST_PAINT_BYTES, (whole, loaded)
    styles = next(name for name in loaded if name.endswith(".css"))
    assert "@font-face" not in (BUILT / styles).read_text(), "fonts come after the first paint"
