"""kill -9 of the worker while it works and of the web server in the middle of an upload: nothing is lost."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from interview_ai import interviews
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.demonstration import load
from interview_ai.jobs import worker_died
from interview_ai.storage import storage
from interview_ai.tables import Answer, Opening, Segment, Work
from tests import cast, house
from tests.house import House, eventually

pytestmark = pytest.mark.slow
TUS = {"Tus-Resumable": "1.0.0"}


def good_recording() -> bytes:
    """A shipped answer that the embedded recogniser reads well."""
    return load().recordings[0].path.read_bytes()


def begin(jun: cast.Firm) -> str:
    with transaction(EVERYWHERE) as session:
        session.get_one(Opening, jun.opening_id).demonstration = True
        return interviews.begin(session, cast.invite(session, jun), cast.chosen("ai"), language="en")


def phone(running: House, cookie: str) -> httpx.Client:
    """A candidate's browser after the link was used."""
    return httpx.Client(base_url=running.url, cookies={"candidate": cookie})


def begun_upload(client: httpx.Client, question: str, length: int) -> str:
    described = {"question": question, "filetype": "video/webm"}
    metadata = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in described.items())
    answer = client.post("/uploads", headers={**TUS, "Upload-Length": str(length), "Upload-Metadata": metadata})
    assert answer.status_code == 201, answer.text
    return answer.headers["location"]


def send(client: httpx.Client, place: str, data: bytes) -> None:
    """Goes on from what the server holds, as the recorder does, until everything is acknowledged."""
    offset = int(client.head(place, headers=TUS).headers["upload-offset"])
    while offset < len(data):
        headers = {**TUS, "Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
        answer = client.patch(place, headers=headers, content=data[offset : offset + 20_000])
        offset = int(answer.headers["upload-offset"])


def finish(client: httpx.Client) -> None:
    page = client.get("/interview/questions/1", headers={"Accept": "text/html"}).text
    token = page.split('name="csrf" value="')[1].split('"')[0]
    assert client.post("/interview/questions/1/finish", headers={"X-CSRF-Token": token}).status_code == 200


def assessed() -> Answer | None:
    with reading(EVERYWHERE) as session:
        return session.scalars(select(Answer).where(Answer.state == "assessed")).first()


def leased() -> Work | None:
    with reading(EVERYWHERE) as session:
        return session.scalars(select(Work).where(Work.state == "leased")).first()


def held_digest() -> str:
    with reading(EVERYWHERE) as session:
        segment = session.scalars(select(Segment)).one()
    return hashlib.sha256(b"".join(storage().segment(segment.id))).hexdigest()


def test_the_web_server_killed_in_the_middle_of_an_upload_loses_no_acknowledged_byte(home: Path) -> None:
    jun = cast.jun()
    cookie = begin(jun)
    data = good_recording()
    with house.running(home, "web") as running, phone(running, cookie) as client:
        place = begun_upload(client, jun.question_ids[0], len(data))
        headers = {**TUS, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}

        def torn() -> object:
            yield data[:30_000]
            running.kill("web")
            yield data[30_000:]

        with pytest.raises(httpx.TransportError):
            client.patch(place, headers=headers, content=torn())
        running.start("web")
        eventually(running.ready, within_s=60)
        with phone(running, cookie) as again:
            send(again, place, data)
            finish(again)
    assert held_digest() == hashlib.sha256(data).hexdigest()


def test_a_worker_killed_at_work_leaves_an_answer_that_is_still_assessed(home: Path) -> None:
    jun = cast.jun()
    cookie = begin(jun)
    data = good_recording()
    with house.running(home) as running, phone(running, cookie) as client:
        send(client, begun_upload(client, jun.question_ids[0], len(data)), data)
        finish(client)
        work = eventually(leased, within_s=60)
        running.kill("worker")
        with transaction(EVERYWHERE) as session:
            assert worker_died(session, work.worker or "") == 1  # what the supervisor does when it sees the death
        running.start("worker")
        answer = eventually(assessed)
    assert answer.playable_key is not None
    assert held_digest() == hashlib.sha256(data).hexdigest()
    with reading(EVERYWHERE) as session:
        row = session.scalars(select(Work).where(Work.kind == "assess")).one()
    assert (row.state, row.crashes) == ("done", 1)
