"""Which addresses may be told, how a message is signed, how long is waited."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview_ai.errors import Invalid
from interview_ai.rules import webhooks

INNER = """
127.0.0.1 10.1.2.3 172.16.0.1 172.31.255.255 192.168.0.1 169.254.169.254 100.100.100.200 0.0.0.0 255.255.255.255
224.0.0.1 239.255.255.255 240.0.0.1 192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.1 168.63.129.16
::1 :: fe80::1 fe80::1%eth0 fc00::1 fd00:ec2::254 fec0::1 ff02::1 2001:db8::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1
64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 2002:7f00:1:: 2002:a00:1:: 2001:0:0:0:0:0:80ff:fffe ::127.0.0.1
""".split()
OPEN = "8.8.8.8 1.1.1.1 211.252.0.1 2001:4860:4860::8888 2606:4700::1111 ::ffff:8.8.8.8 64:ff9b::808:808".split()


@pytest.mark.parametrize("address", INNER)
def test_no_inner_address_is_reached_however_it_is_written(address: str) -> None:
    assert not webhooks.is_public(address)


@pytest.mark.parametrize("address", OPEN)
def test_addresses_of_the_open_internet_are(address: str) -> None:
    assert webhooks.is_public(address)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" https://Example.org/hook ", "https://example.org/hook"),
        ("https://example.org", "https://example.org/"),
        ("https://example.org:443/x?a=1&b=%20", "https://example.org/x?a=1&b=%20"),
        ("https://example.org:8443/", "https://example.org:8443/"),
        ("https://한글.kr/hook", "https://xn--bj0bj06e.kr/hook"),
        ("https://8.8.8.8/", "https://8.8.8.8/"),
        ("https://[2606:4700::1111]/", "https://[2606:4700::1111]/"),
    ],
)
def test_an_address_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert webhooks.address(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "example.org",
        "http://example.org/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "https://",
        "https://user:secret@example.org/",
        "https://user@example.org/",
        "https://example.org/#part",
        "https://example.org/a b",
        "https://example.org/\r\nX-Evil: 1",
        "https://example.org/\nX",
        "https://example.org/\x00",
        "https://example.org/한글",
        "https://localhost/",
        "https://intranet/",
        "https://printer.local/",
        "https://metadata.google.internal/",
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://127.1/",
        "https://017700000001/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://169.254.169.254/latest/meta-data/",
        "https://example.org:22/",
        "https://example.org:0/",
        "https://example.org:99999/",
        "https://example.org./",
        "https://exa_mple.org/",
        "https://-example.org/",
        "https://example.org/" + "x" * 500,
        "https://example.org\\@127.0.0.1/",
        "https://[::1",
    ],
)
def test_an_address_that_may_not_be_told_is_refused_in_words(typed: str) -> None:
    with pytest.raises(Invalid, match="https address") as refused:
        webhooks.address(typed)
    assert refused.value.code == "url" and "https" in refused.value.ko


@given(st.text(max_size=60))
def test_whatever_is_typed_is_kept_as_one_printable_line_or_refused(typed: str) -> None:
    for text in (typed, f"https://example.org/{typed}", f"https://{typed}/"):
        try:
            kept = webhooks.address(text)
        except Invalid:
            continue
        assert kept.isascii() and kept.isprintable() and " " not in kept and kept.startswith("https://")
        assert webhooks.address(kept) == kept


def test_a_message_is_signed_as_the_standard_says() -> None:
    # the example of the specification's own libraries
    signed = webhooks.sign(
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_two_secrets_make_two_signatures_beside_each_other() -> None:
    both = webhooks.sign(["whsec_QUFB", "whsec_QkJC"], "id", 1, b"{}")
    assert both == " ".join(webhooks.sign([secret], "id", 1, b"{}") for secret in ("whsec_QUFB", "whsec_QkJC"))
    assert len(set(both.split())) == 2


def test_waits_grow_and_end_after_about_a_day() -> None:
    waits = []
    while (wait := webhooks.wait_after(len(waits) + 1)) is not None:
        waits.append(wait)
    assert waits == sorted(waits) and timedelta(hours=23) < sum(waits, timedelta()) <= timedelta(hours=24)


def test_a_webhook_is_given_up_after_five_days_without_a_message_taken() -> None:
    at = datetime(2026, 12, 1, tzinfo=UTC)
    assert webhooks.is_given_up(at - timedelta(days=5), at)
    assert not webhooks.is_given_up(at - timedelta(days=4, hours=23), at)
    assert not webhooks.is_given_up(None, at)
