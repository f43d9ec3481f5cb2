"""The log of a worker: what failed and where, and nothing of what people typed."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from celery.app.trace import build_tracer

from interview_ai import campaign_rows, logs
from tests import campaigning as made
from worker import campaigning
from worker.app import app


def test_a_task_that_fails_leaves_no_name_and_no_address_in_the_log(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    region = made.region()
    campaign_id = made.added(region.seoyeon, region.opening_id)

    def fail(_: object, __: object, found: list[object]) -> None:
        raise ValueError(f"cannot keep {found}")

    monkeypatch.setattr(campaign_rows, "keep", fail)
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])  # and put back as they were, for the tests after this one
    logs.begin("INFO")
    build_tracer("roster", campaigning.read, app=app)("1", [campaign_id], {}, {})
    said = capsys.readouterr().err
    assert "ValueError" in said and "campaigning.py" in said
    assert "minji" not in said and "김민지" not in said
