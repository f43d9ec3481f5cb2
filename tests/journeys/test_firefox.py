"""The recorder in Firefox: from the link to a receipt, over a reload."""

from __future__ import annotations

import time
from pathlib import Path

import av
import pytest
from sqlalchemy import select

from interview_ai.database import EVERYWHERE, reading
from interview_ai.storage import storage
from interview_ai.tables import Answer, Segment
from tests import cast, firefox, house
from tests.journeys.test_answer import link_for, opening_of

pytestmark = [pytest.mark.firefox, pytest.mark.slow]


def test_firefox_records_goes_on_after_a_reload_and_gets_its_receipt(home: Path, tmp_path: Path) -> None:
    jun = cast.jun()
    opening_of(jun, seconds=60)
    with house.running(home, "web") as running, firefox.window(tmp_path / "profile") as page:
        page.open(f"{running.url}/i/{link_for(jun)}")
        page.run("for (const choice of document.querySelectorAll('label.choice')) choice.click()")
        page.run("[...document.querySelectorAll('form button[type=submit]')].at(-1).click()")
        page.until("location.pathname.endsWith('/interview/check')")
        page.open(f"{running.url}/interview/questions/1")
        page.click("#start")
        page.until("document.querySelector('#safe')?.textContent.includes('✓')")
        page.open(f"{running.url}/interview/questions/1")
        page.click("#start")
        page.until("document.querySelector('#finish') && !document.querySelector('#finish').hidden")
        time.sleep(6)
        page.click("#finish")
        page.until("document.querySelector('#receipt-code-1') !== null")
        page.click("#finish-interview")
        page.until("location.pathname === '/interview/done'")
        left = "(async () => (await indexedDB.databases()).filter(one => one.name === 'onterview').length)()"
        house.eventually(lambda: page.run(left) == 0, within_s=10)
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(Answer)).one().state == "received"
        parts = session.scalars(select(Segment).order_by(Segment.position)).all()
    assert len(parts) == 2
    for part in parts:
        with av.open(str(storage().fetch(part.id, tmp_path, part.length or 0))) as container:
            assert {stream.type for stream in container.streams} == {"video", "audio"}
            assert sum(1 for _ in container.decode(audio=0)) > 50
