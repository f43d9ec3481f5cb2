"""Receipts: anybody can tell a genuine one from a changed one, on the page and offline."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from interview_ai import answers, cli, interviews, receipts, tokens
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import Invalid
from interview_ai.tables import Mail, Segment
from tests import cast
from tests.browser import Browser, Forms
from tests.conftest import forget
from web.app import create

DATA = b"\x1aE\xdf\xa3" + bytes(2000)


@pytest.fixture
def receipt(home: Path) -> dict[str, Any]:
    """The receipt of Minji's first answer."""
    jun = cast.jun()
    given = cast.receive(cast.minji(jun), jun.question_ids[0], DATA).receipt
    assert given is not None
    return given


def test_a_receipt_names_each_segments_digest_size_and_times(receipt: dict[str, Any]) -> None:
    (part,) = receipt["segments"]
    assert part["bytes"] == len(DATA)
    assert len(part["sha256"]) == 64
    assert part["begun_at"] <= receipt["received_at"]


def test_a_genuine_receipt_is_told_from_one_that_was_changed_and_from_a_strangers(receipt: dict[str, Any]) -> None:
    assert receipts.verdict(receipt) == receipts.Verdict(True, True, receipt)
    changed = json.loads(json.dumps(receipt))
    changed["segments"][0]["bytes"] += 1
    assert not receipts.verdict(changed).genuine
    assert not receipts.verdict({**receipt, "signature": "AAAA"}).genuine
    strangers = receipts.verdict(receipt, key="AAAA")
    assert (strangers.genuine, strangers.ours) == (True, False)
    with pytest.raises(Invalid):
        receipts.verdict({"code": "1"})


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = cli.main(["verify-receipt", *arguments])
    told = capsys.readouterr()
    return code, told.out + told.err


def test_the_command_line_verifies_with_the_public_key_alone_far_from_the_service(
    receipt: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path, recording = tmp_path / "receipt.json", tmp_path / "recording.webm"
    path.write_text(json.dumps(receipt, ensure_ascii=False, indent=2))
    recording.write_bytes(DATA)
    assert call(capsys, str(path))[0] == 0
    key = tokens.public_key()
    monkeypatch.setenv("INTERVIEW_HOME", str(tmp_path / "elsewhere"))
    forget()
    assert "give --key" in call(capsys, str(path))[1]
    assert call(capsys, str(path), "--key", key, "--segment", str(recording))[0] == 0
    recording.write_bytes(DATA + b"x")
    code, said = call(capsys, str(path), "--key", key, "--segment", str(recording))
    assert (code, "does not name this file" in said) == (1, True)
    path.write_text(path.read_text().replace(receipt["code"], "00000000"))
    assert call(capsys, str(path), "--key", key)[0] == 1
    assert call(capsys, str(tmp_path / "none.json"), "--key", key)[0] == 2
    path.write_text("not json")
    assert call(capsys, str(path), "--key", key)[0] == 2


def test_the_public_page_says_whether_a_receipt_is_genuine(receipt: dict[str, Any]) -> None:
    browser = Browser()
    form = browser.get("/receipts")
    assert "genuine" in browser.send(form, "/receipts", receipt=json.dumps(receipt)).text
    changed = {**receipt, "bytes": 1}
    assert "does not fit" in browser.send(form, "/receipts", receipt=json.dumps(changed)).text
    as_a_file = {"file": ("receipt.json", json.dumps(receipt).encode(), "application/json")}
    drawn = {**Forms(form.text).found[0][1], "receipt": ""}
    assert "is genuine" in browser.client.post("/receipts", data=drawn, files=as_a_file).text
    for nonsense in ("{", "[]", json.dumps({**receipt, "key": 5, "signature": [1]})):
        answer = browser.send(form, "/receipts", receipt=nonsense)
        assert answer.status_code in (200, 422)
        assert "This receipt is genuine" not in answer.text
    assert browser.get("/receipts/key").json() == {"algorithm": "Ed25519", "key": tokens.public_key()}


def test_the_public_page_says_how_long_the_recording_is_where_the_receipt_does(home: Path) -> None:
    jun = cast.jun()
    minji = cast.minji(jun)
    segment_id = cast.send(minji, jun.question_ids[0], DATA)
    with transaction(EVERYWHERE) as session:
        part = session.get_one(Segment, segment_id)
        part.starts_s, part.ends_s = 0.0, 65.2
    held = answers.receive(minji, jun.question_ids[0]).receipt
    browser = Browser()
    page = browser.send(browser.get("/receipts"), "/receipts", receipt=json.dumps(held)).text
    assert "<dt>Length</dt><dd>1:05</dd>" in page


def test_a_candidate_downloads_their_own_receipt_and_nobody_elses(home: Path) -> None:
    jun = cast.jun()
    minji = cast.minji(jun)
    answer = cast.receive(minji, jun.question_ids[0], DATA)
    cookies = []
    for employer in (jun, cast.hana()):
        with transaction(EVERYWHERE) as session:
            cookies.append(interviews.begin(session, cast.invite(session, employer), cast.chosen(), language="en"))
    for cookie in cookies:
        stranger = TestClient(create(), cookies={"candidate": cookie})
        assert stranger.get(f"/interview/receipts/{answer.id}").status_code == 404


def test_the_receipts_are_mailed_once_with_the_files_when_the_interview_ends(home: Path) -> None:
    jun = cast.jun()
    minji = cast.minji(jun)
    for question in jun.question_ids:
        cast.receive(minji, question, DATA)
    for _ in range(2):
        with transaction(minji.organisation_id) as session:
            interviews.finish(session, minji)
    with reading(EVERYWHERE) as session:
        mail = session.scalars(select(Mail)).one()
    assert mail.attachments is not None
    assert len(mail.attachments) == 2
    assert all(receipts.verdict(document).genuine for document in mail.attachments.values())
    assert all(document["code"] in mail.body for document in mail.attachments.values())
