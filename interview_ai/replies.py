"""What somebody else's server replied: its status, and the beginning of its text for whoever looks after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

TOLD_SIGNS = 500
ENDS = b"\r\n\r\n"
LAST_CHUNK = b"0\r\n\r\n"
WITHOUT_BODY = (204, 304)
CHARSETS = ("utf-8", "euc-kr", "cp949", "ms949", "ks_c_5601-1987", "us-ascii", "iso-8859-1", "windows-1252")


@dataclass(frozen=True, slots=True)
class Reply:
    """The status, and up to TOLD_SIGNS signs of the text; empty where there is none that can be read."""

    status: int
    text: str = ""


def status_of(line: bytes) -> int | None:
    """The three digits of a first line; None where it is not HTTP's."""
    version, _, rest = line.partition(b" ")
    digits = rest[:3]
    return int(digits) if version.startswith(b"HTTP/1.") and digits.isdigit() and len(digits) == 3 else None


def is_whole(read: bytes, status: int) -> bool:
    """Whether no more of this reply is to come, as far as it says so itself; what says nothing ends with the line."""
    head, ended, body = read.partition(ENDS)
    if not ended:
        return False
    said = _headers(head)
    if "chunked" in said.get("transfer-encoding", "").lower():
        return body.endswith(LAST_CHUNK)
    length = said.get("content-length", "")
    return status in WITHOUT_BODY or (length.isascii() and length.isdigit() and len(body) >= int(length[:9]))


def text_of(read: bytes) -> str:
    """The beginning of the text in a reply of which the beginning was read; signs that do not show are left out."""
    head, _, body = read.partition(ENDS)
    said = _headers(head)
    if said.get("content-encoding", "identity").lower() != "identity":
        return ""
    if "chunked" in said.get("transfer-encoding", "").lower():
        body = _unchunked(body)
    _, _, more = said.get("content-type", "").partition("charset=")
    text = body.decode(_known(more), errors="replace")
    shown = "".join(sign for sign in text.replace("\r\n", "\n") if sign.isprintable() or sign in "\n\t")
    return shown.strip()[:TOLD_SIGNS]


def _headers(head: bytes) -> Mapping[str, str]:
    lines = (line.partition(":") for line in head.decode("latin-1").split("\r\n")[1:])
    return {name.strip().lower(): value.strip() for name, _, value in lines}


def _unchunked(body: bytes) -> bytes:
    """The content of the chunks that are there; from the first that makes no sense on nothing."""
    content = b""
    while body:
        size, ended, rest = body.partition(b"\r\n")
        digits = size.partition(b";")[0].strip()
        if not ended or not 0 < len(digits) < 9 or set(digits) - set(b"0123456789abcdefABCDEF"):
            break
        count = int(digits, 16)
        if count == 0:
            break
        content, body = content + rest[:count], rest[count + 2 :]
    return content


def _known(charset: str) -> str:
    """The encoding that a reply names where it is one of text; UTF-8 otherwise."""
    named = charset.partition(";")[0].strip(' "').lower()
    return named if named in CHARSETS else "utf-8"
