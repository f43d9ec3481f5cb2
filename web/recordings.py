"""Serves a recording's playable file in ranges: our own file, a fixed type, no scripts, no name."""

from __future__ import annotations

import re

from fastapi import Response
from fastapi.responses import StreamingResponse

from interview_ai.errors import NotFound
from interview_ai.storage import storage

RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
TYPES = {".webm": "webm", ".mp4": "mp4"}
PICTURE_TYPES = {".jpg": "image/jpeg", ".webp": "image/webp", ".png": "image/png"}
ALONE = {
    # opened by itself, a recording is a page without origin that can do nothing but play
    "content-security-policy": "default-src 'none'; media-src 'self'; img-src 'self'; sandbox",
    "x-content-type-options": "nosniff",
    "cache-control": "private, no-store",
    "content-disposition": "inline",
    "cross-origin-resource-policy": "same-origin",
}


def media_type(key: str, *, with_picture: bool) -> str:
    """The type of a playable file; without its picture it is offered as sound. Raises NotFound for any other file."""
    for suffix, container in TYPES.items():
        if key.endswith(suffix):
            return f"{'video' if with_picture else 'audio'}/{container}"
    raise NotFound


def picture_type(key: str) -> str:
    """The type of a poster. Raises NotFound for any other file."""
    for suffix, kind in PICTURE_TYPES.items():
        if key.endswith(suffix):
            return kind
    raise NotFound


def serve(key: str, kind: str, asked: str | None) -> Response:
    """The whole file (200), the range that was asked for (206), or how long it is when there is no such range (416)."""
    length = storage().length(key)
    headers = {**ALONE, "accept-ranges": "bytes"}
    found = _range(asked, length) if asked else (0, length)
    if found is None:
        return Response(status_code=416, headers={**headers, "content-range": f"bytes */{length}"})
    start, end = found
    headers["content-length"] = str(end - start)
    if asked:
        headers["content-range"] = f"bytes {start}-{end - 1}/{length}"
    return StreamingResponse(
        storage().read(key, start, end), status_code=206 if asked else 200, headers=headers, media_type=kind
    )


def _range(asked: str, length: int) -> tuple[int, int] | None:
    """Start and end (not included) of a single range; None when it cannot be met."""
    found = RANGE.fullmatch(asked.strip())
    if not found or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        return (max(0, length - int(last)), length) if int(last) else None
    start, end = int(first), min(int(last) + 1 if last else length, length)
    return (start, end) if start < end else None
