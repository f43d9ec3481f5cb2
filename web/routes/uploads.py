"""tus 1.0.0: a recording arrives part by part; the offset is what storage holds, and whoever sends is checked first."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import math
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from interview_ai import database, parts, segments
from interview_ai.applicants import Applicant
from interview_ai.errors import Conflict, InterviewError, Invalid, TooMuch
from interview_ai.parts import Upload
from interview_ai.segments import NewSegment
from interview_ai.storage import storage
from interview_ai.tables import Segment
from web import deps, lanes, security
from web.routes.candidate import HEAD_BYTES, kind_of_recording

router = APIRouter()
VERSION = "1.0.0"
EXTENSIONS = "creation,creation-defer-length,creation-with-upload,checksum,expiration,termination"
CHECKSUMS = ("sha1", "sha256")
PART_TYPE = "application/offset+octet-stream"
KEEP_BYTES = 512 * 1024  # what is synced at once: a cut costs at most this much of one part
RUN_LENGTH = 64
MOST_DIGITS = 15  # of a number in a header: a petabyte
MOST_SECONDS = 24 * 3600.0
IDLE_S = 30.0  # a body that says nothing for so long is ended; what came is kept
MAX_CHECKED_BYTES = 16 * 1024 * 1024  # a part with a checksum is kept whole or not at all, so it waits in memory


class Mismatch(InterviewError):
    """The part is not what its checksum says (tus: 460)."""

    status = 460


def _headers(**more: str) -> dict[str, str]:
    return {"Tus-Resumable": VERSION, "Cache-Control": "no-store"} | more


def _answer(status: int, **more: str) -> Response:
    return Response(status_code=status, headers=_headers(**more))


@router.options("/uploads")
@router.options("/uploads/{segment_id}")
def options(segment_id: str = "") -> Response:
    """What this server speaks."""
    most = str(segments.limit_bytes())
    about = {"Tus-Version": VERSION, "Tus-Extension": EXTENSIONS, "Tus-Max-Size": most}
    return _answer(204, **about, **{"Tus-Checksum-Algorithm": ",".join(CHECKSUMS)})


@router.post("/uploads")
async def create(request: Request) -> Response:
    """Begins an upload: the row is there before the first byte; a first part may come along."""
    applicant = await run_in_threadpool(deps.applicant_of, request)
    _speaks_tus(request)
    new = _described(request)
    segment = await run_in_threadpool(_open, applicant, new[0], new[1])
    offset = await run_in_threadpool(storage().size, segment.id)
    if request.headers.get("content-type") == PART_TYPE and offset == 0:
        offset = await _take_in(request, await lanes.run(lanes.PARTS, _locked, request, segment.id, 0, None))
    place = {"Location": f"/uploads/{segment.id}", "Upload-Expires": _expires(segment)}
    return _answer(201, **place, **{"Upload-Offset": str(offset)})


def _described(request: Request) -> tuple[str, NewSegment]:
    """The question that an upload answers, and what its creation says of it."""
    header = request.headers.get("upload-metadata", "")
    described = _metadata(header)
    take = described.get("take")
    new = NewSegment(
        media_type=described.get("filetype", ""),
        length=_length(request),
        take=_number(take, "take") if take else None,
        run=described.get("run", "")[:RUN_LENGTH] or None,
        starts_s=_seconds(described.get("before", "0")),
        metadata=header[: segments.LONGEST_METADATA],
    )
    return described.get("question", ""), new


def _open(applicant: Applicant, question_id: str, new: NewSegment) -> Segment:
    with database.transaction(applicant.organisation_id) as session:
        return segments.open_segment(session, applicant, question_id, new)


@router.head("/uploads/{segment_id}")
def head(request: Request, segment_id: str, applicant: deps.Applying, session: deps.CandidateReading) -> Response:
    """How much storage holds."""
    _speaks_tus(request)
    segment = segments.segment_for(session, applicant, segment_id)
    known = {"Upload-Length": str(segment.length)} if segment.length is not None else {"Upload-Defer-Length": "1"}
    if segment.metadata_header:
        known["Upload-Metadata"] = segment.metadata_header
    return _answer(
        200, **known, **{"Upload-Offset": str(storage().size(segment_id)), "Upload-Expires": _expires(segment)}
    )


@router.patch("/uploads/{segment_id}")
async def patch(request: Request, segment_id: str) -> Response:
    """Takes the next part in; what arrived before a cut stays."""
    reached = await _take_in(request, await lanes.run(lanes.PARTS, _arriving, request, segment_id))
    return _answer(204, **{"Upload-Offset": str(reached)})


@router.delete("/uploads/{segment_id}")
def terminate(request: Request, segment_id: str, applicant: deps.Applying, session: deps.CandidateWriting) -> Response:
    """Throws an upload away before its answer is received."""
    _speaks_tus(request)
    segments.terminate(session, segments.segment_for(session, applicant, segment_id))
    return _answer(204)


@router.post("/uploads/{segment_id}")
async def overridden(request: Request, segment_id: str) -> Response:
    """For networks that let only GET and POST through: the method stands in a header, as tus has it."""
    await run_in_threadpool(deps.applicant_of, request)
    if request.headers.get("x-http-method-override", "").upper() != "PATCH":
        error = Invalid("This address takes no such request.", "이 주소에서는 그렇게 할 수 없어요.", code="method")
        error.status = 405
        raise error
    return await patch(request, segment_id)


@dataclass(frozen=True, slots=True)
class Part:
    """One part on its way: its upload, what its headers say, the most that the upload may hold, its lock."""

    upload: Upload
    offset: int
    length: int | None
    until_s: float | None
    most: int
    lock: AbstractContextManager[None]


def _arriving(request: Request, segment_id: str) -> Part:
    """A part that may come. Who sends is known before anything else is looked at, and before the body is read."""
    with database.reading(database.EVERYWHERE) as session:
        upload = _expected(session, request, segment_id)
    _speaks_tus(request)
    if request.headers.get("content-type") != PART_TYPE:
        raise _unsupported()
    segments.accepts(upload.state)
    declared = request.headers.get("upload-length")
    length = _number(declared, "Upload-Length") if declared is not None else None
    return _locked(request, segment_id, _number(request.headers.get("upload-offset"), "Upload-Offset"), length)


def _expected(session: Session, request: Request, segment_id: str) -> Upload:
    upload = parts.expected(session, security.session_cookie(request, security.CANDIDATE) or "", segment_id)
    if upload is None:
        segments.segment_for(session, deps.applicant_in(session, request), segment_id)  # says what is wrong
        raise Conflict("Please send this part again.", "이 조각을 다시 보내 주세요.", code="again")
    return upload


def _locked(request: Request, segment_id: str, offset: int, length: int | None) -> Part:
    """Takes the upload's lock, then looks again: what another request did until then is seen, and nothing follows."""
    until = request.headers.get("recorded-until")
    until_s = _seconds(until) if until is not None else None
    lock = storage().hold(segment_id)
    try:
        lock.__enter__()
    except Conflict as error:
        error.status = 423
        raise
    try:
        with database.reading(database.EVERYWHERE) as session:
            upload = _expected(session, request, segment_id)
            most = parts.most_bytes(session, upload, offset, length)
    except BaseException:
        lock.__exit__(None, None, None)
        raise
    return Part(upload, offset, length, until_s, most, lock)


async def _take_in(request: Request, part: Part) -> int:
    """Appends the body and returns where the upload ends now; nobody else writes meanwhile.

    An answer that was received in between acknowledges nothing more.
    """
    try:
        reached = await _append(request, part.upload.segment_id, part.offset, part.most)
        await lanes.run(lanes.PARTS, _heard, part, reached)
    finally:
        part.lock.__exit__(None, None, None)  # closes a file: nothing to wait for
    return reached


def _heard(part: Part, reached: int) -> None:
    until_s = part.until_s if reached > part.offset else None
    with database.transaction(database.EVERYWHERE) as session:
        if not parts.heard(session, part.upload, length=part.length, until_s=until_s):
            raise Conflict("This answer has been received already.", "이 답변은 이미 받았어요.", code="received")


async def _append(request: Request, segment_id: str, offset: int, most: int) -> int:
    wanted = request.headers.get("upload-checksum")
    block_bytes = MAX_CHECKED_BYTES if wanted else KEEP_BYTES
    async for block in _blocks(request, block_bytes):
        if offset == 0 and kind_of_recording(block[:HEAD_BYTES]) is None:
            raise _unsupported()
        if offset + len(block) > most:
            raise TooMuch("This is more than the upload's length.", "업로드 길이보다 많아요.")
        if wanted:
            _check(wanted, block)
        offset = await run_in_threadpool(storage().append, segment_id, offset, block)
    return offset


async def _blocks(request: Request, most: int) -> AsyncIterator[bytes]:
    """The body in blocks of at least `most` bytes; after a cut or a long silence, what had come."""
    held = bytearray()
    stream = request.stream().__aiter__()
    checked = "upload-checksum" in request.headers
    while True:
        try:
            async with asyncio.timeout(IDLE_S):
                held += await anext(stream)
        except StopAsyncIteration:
            break
        except (ClientDisconnect, TimeoutError):
            if checked:
                return  # half a part cannot be compared with its checksum
            break
        if len(held) >= most:
            if checked:
                raise TooMuch(
                    "A part with a checksum may hold 16 MB at most.", "체크섬이 있는 조각은 16MB까지 보낼 수 있어요."
                )
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)


def _check(header: str, data: bytes) -> None:
    name, _, encoded = header.partition(" ")
    if name not in CHECKSUMS:
        raise Invalid("Use sha1 or sha256.", "sha1이나 sha256을 써 주세요.", code="checksum")
    try:
        wanted = base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise Invalid("The checksum is not base64.", "체크섬이 base64가 아니에요.", code="checksum") from error
    if hashlib.new(name, data).digest() != wanted:
        raise Mismatch("The part was damaged on its way; send it again.", "보내는 중에 손상되었어요. 다시 보내 주세요.")


def _speaks_tus(request: Request) -> None:
    if request.headers.get("tus-resumable") != VERSION:
        error = Invalid("Tus-Resumable: 1.0.0 is needed.", "Tus-Resumable: 1.0.0 머리글이 필요해요.", code="version")
        error.status = 412
        raise error


def _unsupported() -> Invalid:
    error = Invalid("This is not a recording that we can take.", "받을 수 있는 녹화가 아니에요.", code="media")
    error.status = 415
    return error


def _length(request: Request) -> int | None:
    deferred, length = request.headers.get("upload-defer-length"), request.headers.get("upload-length")
    if deferred is not None and (deferred != "1" or length is not None):
        error = Invalid(
            "Send either Upload-Length or Upload-Defer-Length: 1.",
            "Upload-Length나 Upload-Defer-Length: 1 가운데 하나만 보내 주세요.",
            code="length",
        )
        error.status = 400
        raise error
    return None if deferred else _number(length, "Upload-Length")


def _number(text: str | None, name: str) -> int:
    if text is None or not text.isascii() or not text.isdigit() or len(text) > MOST_DIGITS:
        error = Invalid(f"{name} must be a whole number.", f"{name}에는 0 이상의 정수가 필요해요.", code="number")
        error.status = 400
        raise error
    return int(text)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= MOST_SECONDS:
        error = Invalid("Seconds must be a number.", "초는 숫자로 적어야 해요.", code="seconds")
        error.status = 400
        raise error
    return value


def _metadata(header: str) -> dict[str, str]:
    """`key base64,key base64` as tus writes it. Raises Invalid."""
    found: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        key, _, value = pair.partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise Invalid(
                "Upload-Metadata cannot be read.", "Upload-Metadata를 읽을 수 없어요.", code="metadata"
            ) from error
    return found


def _expires(segment: Segment) -> str:
    return segment.expires_at.strftime("%a, %d %b %Y %H:%M:%S GMT")
