"""A university's own system follows its campaign by webhooks, from the roster that was read to the mail that came back."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from sqlalchemy import select

from interview_ai import bounces, dispatch, proofs, webhooks
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.rules.webhooks import EVENTS
from interview_ai.tables import Invitation, Mail, WebhookDelivery
from interview_ai.webhooks import NewWebhook
from tests import campaigning as made
from tests.test_bounces import bounce


def told() -> Counter[str]:
    with reading(EVERYWHERE) as session:
        return Counter(session.scalars(select(WebhookDelivery.event)))


def test_a_university_is_told_of_each_step_of_its_campaign_once(home: Path) -> None:
    region = made.region()
    with transaction(region.seoyeon.organisation_id) as session:
        webhooks.add(session, region.seoyeon, NewWebhook("https://example.org/campus", tuple(EVENTS)))
    campaign = made.read(region.seoyeon, region.opening_id)
    assert told() == {"campaign.ready": 1}
    made.confirmed(region.seoyeon, campaign.id)
    while made.campaign(campaign.id).state == "sending":
        dispatch.step()
        with transaction(EVERYWHERE) as session:
            session.get_one(type(campaign), campaign.id).next_at = campaign.created_at
    assert told()["campaign.sent"] == 1
    with transaction(EVERYWHERE) as session:
        first = session.scalars(select(Invitation).order_by(Invitation.id)).first()
        assert first is not None
        proofs.seen(session, first)
        proofs.seen(session, first)
        mail = session.scalars(select(Mail).where(Mail.campaign_id == campaign.id)).first()
        assert mail is not None
        mail.attempts = 1
    assert bounces.note(bounce(mail)) and not bounces.note(bounce(mail))
    assert told() == {"campaign.ready": 1, "campaign.sent": 1, "invitation.opened": 1, "invitation.bounced": 1}
