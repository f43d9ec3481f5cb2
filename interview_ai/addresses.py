"""Mail addresses: what is one address, and how SMTP takes it."""

from __future__ import annotations

import re

from interview_ai.errors import Invalid

LONGEST_ADDRESS = 254
LONGEST_LOCAL_PART = 64
ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
LOCAL_PART = re.compile(rf"{ATOM}(?:\.{ATOM})*")
DOMAIN = re.compile(rf"(?:{LABEL}\.)+(?!\d+$){LABEL}|localhost")


def deliverable(address: str) -> str:
    """The one address as every SMTP server takes it, a domain such as 한글.kr in its ASCII form. Raises Invalid."""
    local, _, domain = address.rpartition("@")
    ascii_domain = _ascii(domain) if len(address) <= LONGEST_ADDRESS else ""
    fits = len(local) <= LONGEST_LOCAL_PART and len(local) + 1 + len(ascii_domain) <= LONGEST_ADDRESS
    if not (fits and LOCAL_PART.fullmatch(local) and DOMAIN.fullmatch(ascii_domain)):
        raise Invalid(
            "Check the mail address: one address such as name@example.org, with Latin letters before the @.",
            "이메일 주소를 확인해 주십시오. name@example.org처럼 주소 하나를 쓰고 @ 앞은 영문으로 적습니다.",
            code="email",
        )
    return f"{local}@{ascii_domain}"


def as_read(address: str) -> str:
    """The same address with its domain as people write it: xn--bj0bj06e.kr is 한글.kr, and a mailbox has one name here.

    Raises Invalid.
    """
    local, _, domain = deliverable(address).rpartition("@")
    return f"{local}@{domain.encode().decode('idna')}"


def leads_nowhere(address: str) -> bool:
    """Whether no server can ever have this address: RFC 2606 keeps the domain `example` for what is made up."""
    return address.lower().endswith(".example")


def _ascii(domain: str) -> str:
    """The domain in ASCII; empty for one that would become another name on the way, as straße.de would strasse.de."""
    try:
        encoded = domain.encode("idna")
        return encoded.decode() if domain.lower() in (encoded.decode().lower(), encoded.decode("idna")) else ""
    except UnicodeError:
        return ""
