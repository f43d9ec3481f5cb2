"""The code that the documentation gives to receivers, run as it stands there against messages that were really sent."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from interview_ai import webhook_sending, webhooks
from interview_ai.database import transaction
from interview_ai.organisations import Member
from interview_ai.rules import webhooks as rules
from interview_ai.webhooks import NewWebhook
from tests.receiver import Received, Receiver
from tests.web.programs import member
from tests.web.test_tus_client import node
from web import contract

PYTHON_ASKS = """
import json, sys
given = json.load(sys.stdin)
print(json.dumps([is_ours(one["secrets"], one["headers"], one["body"].encode()) for one in given]))
"""
NODE_ASKS = """
import { readFileSync } from "node:fs";
const given = JSON.parse(readFileSync(0));
console.log(JSON.stringify(given.map((one) => isOurs(one.secrets, one.headers, Buffer.from(one.body)))));
"""


def verdicts(language: str, python: str, folder: Path, given: list[dict[str, Any]]) -> list[bool]:
    """What the sample says of each message."""
    asks, name = {"python": (PYTHON_ASKS, "receive.py"), "node": (NODE_ASKS, "receive.mjs")}[language]
    program = folder / name
    program.write_text(f"{contract.sample(language)}\n{asks}", encoding="utf-8")
    command = [python if language == "python" else node(), str(program)]
    done = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, timeout=60, check=True)
    found: list[bool] = json.loads(done.stdout)
    return found


def as_given(secrets: list[str], message: Received, **other: Any) -> dict[str, Any]:
    headers = {name: message.headers[name] for name in ("webhook-id", "webhook-timestamp", "webhook-signature")}
    return {"secrets": secrets, "headers": headers | other.pop("headers", {}), "body": message.body.decode()} | other


def test_there_is_a_sample_for_each_language_and_the_page_shows_it_whole() -> None:
    assert set(contract.SAMPLES) == {"python", "node"}
    guide = contract.document("ko")["webhooks"]["event"]["post"]["x-guide"]
    assert {name for one in guide for name in one.get("samples", ())} == set(contract.SAMPLES)


def test_the_guide_names_the_very_waits() -> None:
    (english,) = [
        one["text"]
        for one in contract.document("en")["webhooks"]["event"]["post"]["x-guide"]
        if one["title"] == "Further attempts"
    ]
    assert [int(wait.total_seconds()) for wait in rules.WAITS] == [30, 120, 600, 1800, 7200, 21600, 54000]
    assert "30 seconds, 2 minutes, 10 minutes, 30 minutes, 2 hours, 6 hours and 15 hours" in english
    assert len(rules.WAITS) + 1 == 8 and "eight attempts" in english


@pytest.mark.parametrize("language", sorted(contract.SAMPLES))
def test_the_sample_knows_our_messages_from_all_others(home: Path, tmp_path: Path, python: str, language: str) -> None:
    jun: Member = member("employer", "Jun", "jun@example.com")
    with Receiver(tmp_path) as there:
        with transaction(jun.organisation_id) as session:
            first = webhooks.add(session, jun, NewWebhook(there.url, rules.EVENTS))
            webhooks.tell(session, jun.organisation_id, "interview.begun", "one", {"interview": "가나다"})
        webhook_sending.send_due(there.line())
        with transaction(jun.organisation_id) as session:
            second = webhooks.change_secret(session, jun, first.id)
            webhooks.tell(session, jun.organisation_id, "interview.finished", "two", {"interview": "가나다"})
        webhook_sending.send_due(there.line())
    alone, both = there.received
    assert len(both.headers["webhook-signature"].split()) == 2
    old = str(int(time.time()) - 301)
    signed_then = rules.sign([first.secret], alone.headers["webhook-id"], int(old), alone.body)
    told = {
        "ours": (as_given([first.secret], alone), True),
        "by the secret before": (as_given([first.secret], both), True),
        "by the new one": (as_given([second.secret], both), True),
        "by either": (as_given([second.secret, first.secret], alone), True),
        "by another's secret": (as_given([second.secret], alone), False),
        "another body": (as_given([first.secret], alone, body=alone.body.decode().replace("begun", "finished")), False),
        "another id": (as_given([first.secret], alone, headers={"webhook-id": "0" * 32}), False),
        "another time": (
            as_given([first.secret], alone, headers={"webhook-timestamp": str(int(time.time()) + 2)}),
            False,
        ),
        "sent long ago": (
            as_given([first.secret], alone, headers={"webhook-timestamp": old, "webhook-signature": signed_then}),
            False,
        ),
        "no signature": (as_given([first.secret], alone, headers={"webhook-signature": "v1,"}), False),
        "of another kind": (as_given([first.secret], alone, headers={"webhook-signature": "v2,abc v0"}), False),
    }
    found = verdicts(language, python, tmp_path, [given for given, _ in told.values()])
    assert dict(zip(told, found, strict=True)) == {name: right for name, (_, right) in told.items()}
