"""KR-14 in a real browser: whatever fails while somebody records, what arrives is what was recorded."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.bench import recorder

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("name", ["ten_cuts", "killed_browser", "killed_server", "two_windows", "signed_out"])
def test_what_arrives_is_what_was_recorded(home: Path, name: str) -> None:
    with sync_playwright() as playwright:
        row = recorder.play(name, home, playwright)
    assert row.kept, row
    assert row.arrived_bytes > 100_000


def test_a_browser_killed_while_the_line_is_cut_sends_the_rest_when_it_comes_back(home: Path) -> None:
    with sync_playwright() as playwright:
        row = recorder.play("reload_while_away", home, playwright)
    assert row.kept, row
    assert row.segments == 2
    assert "page_closed" in row.incidents
