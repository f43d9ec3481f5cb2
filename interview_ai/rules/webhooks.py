"""The rules of webhooks: which events there are, which addresses may be told, how a message is signed, when to wait.

Messages have the shape of Standard Webhooks: `webhook-id`, `webhook-timestamp`, `webhook-signature: v1,…`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import SplitResult, urlsplit

from interview_ai.errors import Invalid

EVENTS: Final = (
    "campaign.ready",
    "campaign.sent",
    "invitation.opened",
    "invitation.bounced",
    "interview.begun",
    "interview.finished",
)
TEST: Final = "webhook.test"
BEGINS: Final = "whsec_"
LONGEST_URL: Final = 500
HTTPS: Final = 443
FIRST_FREE_PORT: Final = 1024

WAITS: Final = tuple(timedelta(seconds=s) for s in (30, 120, 600, 1800, 7200, 21_600, 54_000))
"""How long is waited after each failure: together a little under 24 hours. After the one behind the last, no more."""
FAILS_FOR: Final = timedelta(days=5)
"""How long a webhook may take nothing before it is turned off."""

# Addresses that are public by their range and still lead inside of somebody's machine room.
INSIDE: Final = frozenset(ipaddress.ip_address(one) for one in ("168.63.129.16",))  # Azure's own service
NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
LOCAL_NAMES: Final = (".localhost", ".local", ".internal", ".intranet", ".lan", ".home", ".corp", ".test", ".onion")
LABELS: Final = re.compile(r"(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
PATH: Final = re.compile(r"[!-~]*")  # printable ASCII without a blank: nothing that could begin another header


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet: no private, loopback, link-local, multicast or reserved one.

    An IPv4 address inside an IPv6 one (mapped, 6to4, Teredo, NAT64) counts as what it leads to.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        within = _within(ip)
        if within is not None:
            return is_public(str(within))
        if ip.is_site_local:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and ip not in INSIDE


def _within(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if ip.teredo is not None:
        return ip.teredo[1]
    if ip in NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
    if int(ip) >> 32 == 0 and int(ip) > 1:  # ::a.b.c.d, long out of use
        return ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
    return ip.ipv4_mapped or ip.sixtofour


def address(typed: str) -> str:
    """The address of a webhook as it is kept. Raises Invalid (code url) for any that may not be told."""
    url = typed.strip()
    try:
        parts = urlsplit(url)
        port = HTTPS if parts.port is None else parts.port
        host = (parts.hostname or "").encode("idna").decode().lower()
    except (ValueError, UnicodeError) as error:
        raise _unusable() from error
    if not url.isprintable() or len(url) > LONGEST_URL:  # urlsplit itself passes over line breaks
        raise _unusable()
    if parts.scheme != "https" or parts.username is not None or parts.password is not None:
        raise _unusable()
    if not PATH.fullmatch(f"{parts.path}{parts.query}") or parts.fragment or not _is_outside(host):
        raise _unusable()
    if port != HTTPS and not FIRST_FREE_PORT <= port < 65536:
        raise _unusable()
    return SplitResult("https", _netloc(host, port), parts.path or "/", parts.query, "").geturl()


def _netloc(host: str, port: int) -> str:
    bracketed = f"[{host}]" if ":" in host else host
    return bracketed if port == HTTPS else f"{bracketed}:{port}"


def _is_outside(host: str) -> bool:
    try:
        return is_public(host)
    except ValueError:
        return bool(LABELS.fullmatch(host)) and not f".{host}".endswith(LOCAL_NAMES)


def _unusable() -> Invalid:
    return Invalid(
        "Give an https address of the open internet, for example https://example.org/onterview. No password in it, "
        "no inner network.",
        "인터넷에서 열리는 https 주소를 적어 주십시오. 예: https://example.org/onterview. "
        "비밀번호가 든 주소나 내부망 주소는 쓸 수 없습니다.",
        code="url",
    )


def sign(secrets: Sequence[str], message_id: str, timestamp: int, body: bytes) -> str:
    """The value of `webhook-signature`: one `v1,…` for each secret, so that a changed one goes over without a gap."""
    content = f"{message_id}.{timestamp}.".encode() + body
    return " ".join(f"v1,{_signature(secret, content)}" for secret in secrets)


def _signature(secret: str, content: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(BEGINS))
    return base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait after so many failures; None: no more is tried."""
    return WAITS[attempts - 1] if 1 <= attempts <= len(WAITS) else None


def is_given_up(failing_since: datetime | None, at: datetime) -> bool:
    """Whether a webhook has taken nothing for so long that it is turned off."""
    return failing_since is not None and at - failing_since >= FAILS_FOR
