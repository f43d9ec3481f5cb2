"""Two senders who repeat, reorder, overlap and lie: what storage holds is always a beginning of the recording."""

from __future__ import annotations

import base64
import hashlib
import threading
from copy import copy
from pathlib import Path
from secrets import token_hex

import httpx
import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from interview_ai.database import EVERYWHERE, transaction
from interview_ai.storage import storage
from tests import cast, house
from tests.web.test_uploads import PART, TUS, Phone
from web.app import create

DATA = b"\x1aE\xdf\xa3" + bytes(range(256)) * 12
STEP = some.fixed_dictionaries(
    {
        "who": some.integers(0, 1),
        "what": some.sampled_from(["honest", "repeat", "ahead", "behind", "random"]),
        "size": some.integers(0, 900),
        "lie": some.sampled_from(["", "", "", "checksum", "length"]),
        "at": some.integers(0, len(DATA) + 50),
    }
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=some.lists(STEP, min_size=1, max_size=14))
def test_whatever_two_senders_do_storage_holds_a_beginning_of_the_recording(
    home: Path, steps: list[dict[str, object]]
) -> None:
    phones = _two_windows()
    place = phones[0].create(**{"Upload-Defer-Length": "1"}).headers["location"]
    segment_id = place.rsplit("/", 1)[1]
    held = 0
    for step in steps:
        offset = _offset(step, held)
        data = DATA[offset : offset + int(str(step["size"]))]
        headers, honest = _headers(step, data, held)
        answer = phones[int(str(step["who"]))].patch(place, offset, data, **headers)
        taken = answer.status_code == 204
        assert taken <= (offset == held and honest), (step, answer.status_code)
        if taken:
            held += len(data)
            assert int(answer.headers["upload-offset"]) == held
        assert phones[0].offset(place) == phones[1].offset(place) == held
        assert b"".join(storage().segment(segment_id)) == DATA[:held]


def _two_windows() -> tuple[Phone, Phone]:
    """One candidate, two windows of the same browser."""
    with transaction(EVERYWHERE) as session:
        employer = cast.firm(session, "Firm", f"{token_hex(4)}@example.com")
    first = Phone(employer)
    second = copy(first)
    second.client = TestClient(create(), cookies={"candidate": first.cookie}, raise_server_exceptions=False)
    return first, second


def _offset(step: dict[str, object], held: int) -> int:
    at = int(str(step["at"]))
    choices = {"honest": held, "repeat": 0, "ahead": held + 1 + at % 50, "behind": max(0, held - 1), "random": at}
    return choices[str(step["what"])]


def _headers(step: dict[str, object], data: bytes, held: int) -> tuple[dict[str, str], bool]:
    if step["lie"] == "checksum":
        wrong = base64.b64encode(hashlib.sha1(data + b"x", usedforsecurity=False).digest()).decode()
        return {"Upload-Checksum": f"sha1 {wrong}"}, not data
    if step["lie"] == "length" and held:
        return {"Upload-Length": str(held - 1)}, False
    return {}, True


@pytest.mark.slow
def test_two_servers_and_four_senders_make_one_recording(home: Path) -> None:
    jun = cast.jun()
    phone = Phone(jun)
    place = phone.create(**{"Upload-Length": str(len(DATA) * 40)}).headers["location"]
    whole = DATA + bytes(len(DATA) * 39)
    with house.running(home, "web") as one, house.running(home, "web") as other:
        problems: list[str] = []

        def send(url: str, size: int) -> None:
            with httpx.Client(base_url=url, cookies={"candidate": phone.cookie}, timeout=30) as client:
                for _ in range(400):
                    offset = int(client.head(place, headers=TUS).headers["upload-offset"])
                    if offset >= len(whole):
                        return
                    headers = {**PART, "Upload-Offset": str(offset)}
                    answer = client.patch(place, headers=headers, content=whole[offset : offset + size])
                    if answer.status_code not in (204, 409, 413, 423):
                        problems.append(f"{answer.status_code} {answer.text}")

        threads = [
            threading.Thread(target=send, args=(url, size))
            for url, size in ((one.url, 3000), (other.url, 2500), (one.url, 1700), (other.url, 4100))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
    assert problems == []
    assert b"".join(storage().segment(place.rsplit("/", 1)[1])) == whole
