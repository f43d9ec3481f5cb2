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

FAULTS = {
    "empty": ("it is empty. Write one such as name@example.org.", "비어 있습니다. name@example.org처럼 적습니다."),
    "no_at": ("it has no @. Write one such as name@example.org.", "@가 없습니다. name@example.org처럼 적습니다."),
    "two": ("it has more than one @. Write one address alone.", "@가 둘 이상입니다. 주소 하나만 적습니다."),
    "space": ("there is a space in it. Take the space away.", "빈칸이 있습니다. 빈칸을 지워 주십시오."),
    "no_name": ("nothing stands before the @.", "@ 앞이 비어 있습니다."),
    "no_domain": ("nothing stands after the @.", "@ 뒤가 비어 있습니다."),
    "foreign": ("only Latin letters may stand before the @.", "@ 앞은 영문으로 적습니다."),
    "long": ("it is too long to be one.", "주소가 너무 깁니다."),
    "no_ending": (
        "what follows the @ has no ending such as .com or .ac.kr.",
        "@ 뒤에 .com이나 .ac.kr 같은 끝이 없습니다.",
    ),
    "shape": (
        "a dot or sign stands where none may. Write it such as name@example.org.",
        "점이나 기호가 올 수 없는 자리에 있습니다. name@example.org처럼 적습니다.",
    ),
}
"""What can be wrong with an address, in English and Korean."""


def deliverable(address: str) -> str:
    """The one address as every SMTP server takes it, a domain such as 한글.kr in its ASCII form. Raises Invalid."""
    local, _, domain = address.rpartition("@")
    ascii_domain = _ascii(domain) if len(address) <= LONGEST_ADDRESS else ""
    fits = len(local) <= LONGEST_LOCAL_PART and len(local) + 1 + len(ascii_domain) <= LONGEST_ADDRESS
    if not (fits and LOCAL_PART.fullmatch(local) and DOMAIN.fullmatch(ascii_domain)):
        en, ko = FAULTS[_fault(address)]
        raise Invalid(f"Check the mail address: {en}", f"이메일 주소를 확인해 주십시오. {ko}", code="email")
    return f"{local}@{ascii_domain}"


def _fault(address: str) -> str:
    """The first thing that is wrong with an address that is none."""
    local, _, domain = address.rpartition("@")
    looked = {
        "empty": not address.strip(),
        "no_at": "@" not in address,
        "two": address.count("@") > 1,
        "space": any(sign.isspace() for sign in address),
        "no_name": not local,
        "no_domain": not domain,
        "foreign": not local.isascii(),
        "long": len(address) > LONGEST_ADDRESS or len(local) > LONGEST_LOCAL_PART,
        "no_ending": "." not in domain.strip("."),
    }
    return next((fault for fault, there in looked.items() if there), "shape")


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
