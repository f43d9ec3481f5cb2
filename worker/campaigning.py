"""Reads a roster that waits, in a worker: whatever kills it, the next one goes on where it stopped."""

from __future__ import annotations

import logging

from interview_ai import campaign_reading
from interview_ai.campaign_reading import TASK
from interview_ai.database import EVERYWHERE, transaction
from interview_ai.errors import LeaseLost
from worker.app import app

log = logging.getLogger(__name__)


@app.task(name=TASK)  # type: ignore[untyped-decorator]
def read(campaign_id: str) -> None:
    """Claims and reads. Safe to run twice: what is read, refused or in another's hands is left alone."""
    with transaction(EVERYWHERE) as session:
        claimed = campaign_reading.claim(session, campaign_id)
    if claimed is None:
        return
    try:
        campaign_reading.read(claimed)
    except LeaseLost:
        log.info("the roster %s was cancelled or is read by another worker", campaign_id)
