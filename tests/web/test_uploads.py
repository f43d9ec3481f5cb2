"""tus 1.0.0, rule by rule, over the whole application."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from interview_ai import tokens
from interview_ai.database import EVERYWHERE, transaction
from interview_ai.interviews import begin
from interview_ai.storage import storage
from interview_ai.tables import Answer
from tests import cast
from tests.cast import Firm
from web.app import create

DATA = b"\x1aE\xdf\xa3" + bytes(range(256)) * 40
TUS = {"Tus-Resumable": "1.0.0"}
PART = {**TUS, "Content-Type": "application/offset+octet-stream"}


class Phone:
    """One candidate's browser after the link was used."""

    def __init__(self, employer: Firm) -> None:
        with transaction(EVERYWHERE) as session:
            self.cookie = begin(session, cast.invite(session, employer), cast.chosen("ai"), language="en")
        self.client = TestClient(create(), cookies={"candidate": self.cookie}, raise_server_exceptions=False)
        self.question = employer.question_ids[0]

    def create(self, **headers: str) -> httpx.Response:
        described = {"question": self.question, "filetype": "video/webm"}
        metadata = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in described.items())
        return self.client.post("/uploads", headers={**TUS, "Upload-Metadata": metadata, **headers})

    def begun(self, length: int = len(DATA)) -> str:
        answer = self.create(**{"Upload-Length": str(length)})
        assert answer.status_code == 201
        return answer.headers["location"]

    def patch(self, place: str, offset: int, data: bytes, **headers: str) -> httpx.Response:
        return self.client.patch(place, headers={**PART, "Upload-Offset": str(offset), **headers}, content=data)

    def offset(self, place: str) -> int:
        return int(self.client.head(place, headers=TUS).headers["upload-offset"])


@pytest.fixture
def phone(home: Path) -> Phone:
    """Minji's phone."""
    return Phone(cast.jun())


def test_the_server_says_what_it_speaks(phone: Phone) -> None:
    answer = phone.client.options("/uploads")
    assert answer.status_code == 204
    assert answer.headers["tus-version"] == "1.0.0"
    wanted = {"creation", "creation-defer-length", "creation-with-upload", "checksum", "expiration", "termination"}
    assert set(answer.headers["tus-extension"].split(",")) == wanted


def test_parts_in_order_become_the_recording_and_the_offset_is_what_storage_holds(phone: Phone) -> None:
    place = phone.begun()
    assert phone.patch(place, 0, DATA[:4000]).headers["upload-offset"] == "4000"
    assert phone.offset(place) == storage().size(place.rsplit("/", 1)[1]) == 4000
    assert phone.patch(place, 4000, DATA[4000:]).status_code == 204
    assert b"".join(storage().segment(place.rsplit("/", 1)[1])) == DATA


def test_a_part_at_a_wrong_offset_is_refused_and_changes_nothing(phone: Phone) -> None:
    place = phone.begun()
    phone.patch(place, 0, DATA[:100])
    for offset in (0, 50, 101, 10**9):
        assert phone.patch(place, offset, DATA[100:200]).status_code == 409
    assert phone.offset(place) == 100


def test_a_deferred_length_is_declared_once_and_not_below_what_is_held(phone: Phone) -> None:
    place = phone.create(**{"Upload-Defer-Length": "1"}).headers["location"]
    phone.patch(place, 0, DATA[:500])
    assert phone.patch(place, 500, b"", **{"Upload-Length": "400"}).status_code == 409
    assert phone.patch(place, 500, DATA[500:600], **{"Upload-Length": "600"}).status_code == 204
    assert phone.patch(place, 600, b"", **{"Upload-Length": "700"}).status_code == 409
    assert phone.client.head(place, headers=TUS).headers["upload-length"] == "600"


def test_a_first_part_may_come_with_the_creation(phone: Phone) -> None:
    described = {"question": phone.question, "filetype": "video/webm"}
    metadata = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in described.items())
    headers = {**PART, "Upload-Length": str(len(DATA)), "Upload-Metadata": metadata}
    answer = phone.client.post("/uploads", headers=headers, content=DATA[:1000])
    assert (answer.status_code, answer.headers["upload-offset"]) == (201, "1000")


@pytest.mark.parametrize("name", ["sha1", "sha256"])
def test_a_part_that_is_not_what_its_checksum_says_is_not_kept(phone: Phone, name: str) -> None:
    place = phone.begun()
    wrong = base64.b64encode(hashlib.new(name, b"other").digest()).decode()
    assert phone.patch(place, 0, DATA[:1000], **{"Upload-Checksum": f"{name} {wrong}"}).status_code == 460
    assert phone.offset(place) == 0
    right = base64.b64encode(hashlib.new(name, DATA[:1000]).digest()).decode()
    assert phone.patch(place, 0, DATA[:1000], **{"Upload-Checksum": f"{name} {right}"}).status_code == 204


def test_more_than_the_length_is_refused(phone: Phone) -> None:
    place = phone.begun(length=100)
    assert phone.patch(place, 0, DATA[:200]).status_code == 413
    assert phone.offset(place) == 0


def test_two_writers_at_once_one_of_them_is_told_to_wait(phone: Phone) -> None:
    place = phone.begun()
    with storage().hold(place.rsplit("/", 1)[1]):
        assert phone.patch(place, 0, DATA[:10]).status_code == 423


def test_what_does_not_begin_like_a_recording_is_refused(phone: Phone) -> None:
    place = phone.begun()
    assert phone.patch(place, 0, b"<html>" + DATA).status_code == 415
    assert phone.offset(place) == 0


def test_another_version_of_the_protocol_is_refused(phone: Phone) -> None:
    place = phone.begun()
    assert phone.patch(place, 0, DATA, **{"Tus-Resumable": "0.2.2"}).status_code == 412


def test_a_terminated_upload_is_gone(phone: Phone) -> None:
    place = phone.begun()
    phone.patch(place, 0, DATA[:10])
    assert phone.client.delete(place, headers=TUS).status_code == 204
    assert phone.client.head(place, headers=TUS).status_code == 410
    assert storage().size(place.rsplit("/", 1)[1]) == 0


def test_without_the_candidates_cookie_nothing_is_read_and_another_candidates_upload_is_not_there(phone: Phone) -> None:
    place = phone.begun()
    stranger = TestClient(create(), cookies={"candidate": tokens.new_token()})
    assert stranger.patch(place, headers={**PART, "Upload-Offset": "0"}, content=DATA).status_code == 401
    assert Phone(cast.hana()).patch(place, 0, DATA).status_code == 404
    assert phone.offset(place) == 0


def test_a_form_of_another_site_cannot_upload(phone: Phone) -> None:
    place = phone.begun()
    assert phone.patch(place, 0, DATA, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_what_was_said_of_an_upload_is_told_again(phone: Phone) -> None:
    place = phone.begun()
    told = phone.client.head(place, headers=TUS).headers
    assert base64.b64encode(b"video/webm").decode() in told["upload-metadata"]
    assert told["cache-control"] == "no-store"
    assert told["tus-resumable"] == "1.0.0"
    assert "upload-expires" in told


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Upload-Length": "10", "Upload-Defer-Length": "1"},
        {"Upload-Defer-Length": "2"},
        {"Upload-Length": "-1"},
        {"Upload-Length": "ten"},
        {"Upload-Length": "9" * 5000},
    ],
)
def test_a_creation_without_one_usable_length_is_refused(phone: Phone, headers: dict[str, str]) -> None:
    assert phone.create(**headers).status_code == 400


def test_a_creation_larger_than_the_answer_may_be_is_refused(phone: Phone) -> None:
    assert phone.create(**{"Upload-Length": "9" * 14}).status_code == 413


@pytest.mark.parametrize("offset", ["", "-1", "1.5", "9" * 5000])
def test_an_offset_that_is_no_number_is_refused(phone: Phone, offset: str) -> None:
    place = phone.begun()
    assert phone.client.patch(place, headers={**PART, "Upload-Offset": offset}, content=b"").status_code == 400


def test_another_content_type_is_refused(phone: Phone) -> None:
    place = phone.begun()
    headers = {**TUS, "Upload-Offset": "0", "Content-Type": "video/webm"}
    assert phone.client.patch(place, headers=headers, content=DATA).status_code == 415


def test_the_method_may_stand_in_a_header(phone: Phone) -> None:
    place = phone.begun()
    headers = {**PART, "Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
    assert phone.client.post(place, headers=headers, content=DATA[:500]).status_code == 204
    assert phone.offset(place) == 500
    assert phone.client.post(place, headers={**PART, "Upload-Offset": "500"}, content=b"x").status_code == 405


def test_an_unknown_checksum_and_one_that_is_no_base64_are_refused(phone: Phone) -> None:
    place = phone.begun()
    for wrong in ("md5 AAAA", "sha1 !!", "sha1"):
        assert phone.patch(place, 0, DATA[:100], **{"Upload-Checksum": wrong}).status_code in (400, 422, 460)
    assert phone.offset(place) == 0


def test_a_part_that_arrives_after_the_receipt_is_not_acknowledged(phone: Phone) -> None:
    place = phone.begun()
    phone.patch(place, 0, DATA)
    token = tokens.authenticate("form", f"candidate:{phone.cookie}")
    finish = {"X-CSRF-Token": token, "Accept": "application/json"}
    assert phone.client.post("/interview/questions/1/finish", headers=finish).status_code == 200
    assert phone.patch(place, len(DATA), b"more").status_code == 409
    assert storage().size(place.rsplit("/", 1)[1]) == len(DATA)


def test_the_second_that_a_part_reaches_is_kept_and_never_goes_back(phone: Phone) -> None:
    place = phone.create(**{"Upload-Defer-Length": "1"}).headers["location"]
    phone.patch(place, 0, DATA[:500], **{"Recorded-Until": "7.5"})
    phone.patch(place, 500, DATA[500:900], **{"Recorded-Until": "3"})
    assert phone.patch(place, 900, DATA[900:950], **{"Recorded-Until": "soon"}).status_code == 400
    page = phone.client.get("/interview/questions/1", headers={"Accept": "text/html"}).text
    assert 'data-recorded="7.50"' in page


def test_a_wrong_file_is_answered_on_the_questions_own_page(phone: Phone) -> None:
    token = tokens.authenticate("form", f"candidate:{phone.cookie}")
    for files in ({"file": ("notes.txt", b"hello", "text/plain")}, {"other": ("a.webm", DATA, "video/webm")}):
        answer = phone.client.post(
            "/interview/file/1",
            data={"csrf": token},
            files=files,
            headers={"Accept": "text/html", "Accept-Language": "en"},
        )
        assert answer.status_code == 422
        assert "This file is not a video" in answer.text
        assert 'id="plain"' in answer.text


def test_the_files_own_first_bytes_say_what_it_is_whatever_the_phone_calls_it(phone: Phone) -> None:
    token = tokens.authenticate("form", f"candidate:{phone.cookie}")
    files = {"file": ("recording", DATA, "application/octet-stream")}
    answer = phone.client.post("/interview/file/1", data={"csrf": token}, files=files, follow_redirects=False)
    assert answer.status_code == 303


def test_a_whole_file_takes_the_place_of_what_the_recorder_had_sent(phone: Phone) -> None:
    place = phone.create(**{"Upload-Defer-Length": "1"}).headers["location"]
    phone.patch(place, 0, DATA[:500])
    token = tokens.authenticate("form", f"candidate:{phone.cookie}")
    files = {"file": ("a.webm", DATA, "video/webm")}
    assert phone.client.post("/interview/file/1", data={"csrf": token}, files=files).status_code == 200
    with transaction(EVERYWHERE) as session:
        answer = session.scalars(select(Answer)).one()
        assert answer.receipt is not None
        assert [part["bytes"] for part in answer.receipt["segments"]] == [len(DATA)]
    assert storage().size(place.rsplit("/", 1)[1]) == 0


def test_nobody_unknown_is_listened_to_beyond_a_forms_size(phone: Phone) -> None:
    stranger = TestClient(create(), raise_server_exceptions=False)
    long = b"&".join(b"email=" + b"x" * 100_000 for _ in range(30))
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert stranger.post("/sign-in", content=long, headers=form).status_code == 413
    file = {"content-type": "multipart/form-data; boundary=b", "content-length": str(10**9)}
    assert stranger.post("/interview/file/1", content=b"--b", headers=file).status_code == 401


def test_the_check_measures_the_network_and_keeps_nothing(phone: Phone) -> None:
    headers = {"X-CSRF-Token": tokens.authenticate("form", f"candidate:{phone.cookie}")}
    assert phone.client.post("/interview/network", content=bytes(96 * 1024), headers=headers).json() == {"bytes": 98304}
    assert phone.client.post("/interview/network", content=bytes(300 * 1024), headers=headers).status_code == 413
