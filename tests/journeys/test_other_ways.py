"""The other ways of answering: over https as a phone does, and by the plain form where there is no script."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import expect, sync_playwright
from sqlalchemy import select

from interview_ai.database import EVERYWHERE, reading
from interview_ai.demonstration import load
from interview_ai.tables import Answer
from tests import cast, house
from tests.conftest import CHROMIUM
from tests.journeys.test_answer import FLAGS, begin, link_for, opening_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def certificate(folder: Path, host: str = "localhost") -> tuple[str, str]:
    """A self-signed certificate for a host and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    moment = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - timedelta(days=1))
        .not_valid_after(moment + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (folder / "cert.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(private)
    return str(folder / "cert.pem"), str(folder / "key.pem")


def states() -> list[str]:
    with reading(EVERYWHERE) as session:
        return list(session.scalars(select(Answer.state)))


def test_over_https_an_answer_is_recorded_and_received(home: Path, tmp_path: Path) -> None:
    jun = cast.jun()
    opening_of(jun, seconds=6)
    token = link_for(jun)
    with house.running(home, "web", tls=certificate(tmp_path)) as running, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_context(locale="ko", ignore_https_errors=True).new_page()
        begin(page, running.url, token)
        page.locator("#start").click()
        assert len(page.locator("#receipt-code-1").inner_text(timeout=60_000)) == 8
        assert {cookie["name"] for cookie in page.context.cookies()} >= {"__Host-candidate"}
        browser.close()
    assert states() == ["received"]


def test_a_reload_in_the_middle_keeps_what_was_sent_and_goes_on_with_the_same_answer(home: Path) -> None:
    jun = cast.jun()
    opening_of(jun, seconds=12)
    token = link_for(jun)
    with house.running(home, "web") as running, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_context(locale="en").new_page()
        begin(page, running.url, token)
        page.locator("#start").click()
        page.locator("#safe", has_text="✓").wait_for(timeout=30_000)
        page.on("dialog", lambda dialog: dialog.accept())
        page.reload()
        page.locator("#start").click()
        page.locator("#receipt-code-1").wait_for(timeout=60_000)
        browser.close()
    with reading(EVERYWHERE) as session:
        answer = session.scalars(select(Answer)).one()
        assert answer.receipt is not None
        assert len(answer.receipt["segments"]) == 2


def test_without_script_a_recording_is_sent_by_the_plain_form(home: Path) -> None:
    jun = cast.jun()
    opening_of(jun, seconds=60)
    token = link_for(jun)
    recording = load().recordings[0].path
    with house.running(home, "web") as running, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_context(locale="ko", java_script_enabled=False).new_page()
        begin(page, running.url, token)
        page.locator("#file").set_input_files(recording)
        page.locator("#plain button").click()
        assert len(page.locator("#receipt-code-1").inner_text()) == 8
        browser.close()
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(Answer.bytes)).one() == recording.stat().st_size


NO_CAMERA = ("--no-sandbox", "--disable-gpu", "--use-fake-ui-for-media-stream=deny")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_without_a_camera_nothing_is_promised_that_cannot_be_and_a_refused_file_keeps_its_reason(
    home: Path, tmp_path: Path, language: str
) -> None:
    jun = cast.jun()
    token = link_for(jun)
    (tmp_path / "note.webm").write_bytes(b"no video")
    with house.running(home, "web") as running, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=NO_CAMERA)
        page = browser.new_context(locale=language, viewport={"width": 390, "height": 844}).new_page()
        begin(page, running.url, token)
        page.goto(f"{running.url}/interview/check")
        row = page.locator('[data-part="camera"]')
        expect(row).to_contain_text("괜찮아요" if language == "ko" else "That is all right")
        expect(row).to_be_in_viewport(ratio=1)
        for line in page.locator(".with-camera").all():
            expect(line).to_be_hidden()
        for line in page.locator(".with-file").all():
            expect(line).to_be_visible()
        page.goto(f"{running.url}/interview/questions/1")
        page.locator("#problem:not([hidden])").wait_for()
        page.locator("#file").set_input_files(tmp_path / "note.webm")
        page.locator("#plain button").click()
        expect(page.locator("#refused")).to_contain_text("영상 파일이 아니에요" if language == "ko" else "not a video")
        expect(page.locator("#problem")).to_be_visible()
        send = page.locator("#plain button")
        send.scroll_into_view_if_needed()
        assert send.evaluate(
            "(one) => { const box = one.getBoundingClientRect(); "
            "return one === document.elementFromPoint(box.left + box.width / 2, box.bottom - 3); }"
        )
        browser.close()
