"""tus 1.0.0: a recording arrives part by part; the offset is what storage holds, and whoever sends is checked first."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from interview_ai import answers, database
from interview_ai.errors import Conflict, InterviewError, Invalid, TooMuch
from interview_ai.interviews import Applicant
from interview_ai.storage import storage
from interview_ai.tables import Segment
from web import deps
from web.routes.candidate import HEAD_BYTES, looks_like_recording

router = APIRouter()
VERSION = "1.0.0"
EXTENSIONS = "creation,creation-defer-length,creation-with-upload,checksum,expiration,termination"
CHECKSUMS = ("sha1", "sha256")
PART_TYPE = "application/offset+octet-stream"
KEEP_BYTES = 512 * 1024  # what is synced at once: a cut costs at most this much of one part
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
    most = str(answers.limit_bytes())
    about = {"Tus-Version": VERSION, "Tus-Extension": EXTENSIONS, "Tus-Max-Size": most}
    return _answer(204, **about, **{"Tus-Checksum-Algorithm": ",".join(CHECKSUMS)})


@router.post("/uploads")
async def create(request: Request) -> Response:
    """Begins an upload: the row is there before the first byte; a first part may come along."""
    applicant = await run_in_threadpool(deps.applicant_of, request)
    _speaks_tus(request)
    length = _length(request)
    described = _metadata(request.headers.get("upload-metadata", ""))
    segment = await run_in_threadpool(_open, applicant, described, length)
    offset = 0
    if request.headers.get("content-type") == PART_TYPE:
        offset = await _take_in(request, segment, 0)
    place = {"Location": f"/uploads/{segment.id}", "Upload-Expires": _expires(segment)}
    return _answer(201, **place, **{"Upload-Offset": str(offset)})


def _open(applicant: Applicant, described: dict[str, str], length: int | None) -> Segment:
    with database.transaction(applicant.organisation_id) as session:
        return answers.open_segment(
            session,
            applicant,
            described.get("question", ""),
            media_type=described.get("filetype", ""),
            length=length,
            again=described.get("again") == "1",
        )


@router.head("/uploads/{segment_id}")
def head(request: Request, segment_id: str, applicant: deps.Applying, session: deps.CandidateReading) -> Response:
    """How much storage holds."""
    _speaks_tus(request)
    segment = answers.segment_for(session, applicant, segment_id)
    known = {"Upload-Length": str(segment.length)} if segment.length is not None else {"Upload-Defer-Length": "1"}
    return _answer(
        200, **known, **{"Upload-Offset": str(storage().size(segment_id)), "Upload-Expires": _expires(segment)}
    )


@router.patch("/uploads/{segment_id}")
async def patch(request: Request, segment_id: str) -> Response:
    """Takes the next part in; what arrived before a cut stays."""
    applicant = await run_in_threadpool(deps.applicant_of, request)
    _speaks_tus(request)
    if request.headers.get("content-type") != PART_TYPE:
        raise _unsupported()
    segment = await run_in_threadpool(_open_segment, applicant, segment_id, request.headers.get("upload-length"))
    offset = _number(request.headers.get("upload-offset"), "Upload-Offset")
    reached = await _take_in(request, segment, offset)
    return _answer(204, **{"Upload-Offset": str(reached), "Upload-Expires": _expires(segment)})


def _open_segment(applicant: Applicant, segment_id: str, length: str | None) -> Segment:
    with database.transaction(applicant.organisation_id) as session:
        segment = answers.segment_for(session, applicant, segment_id)
        answers.accepts(session, segment)
        if length is not None:
            answers.declare_length(session, segment, _number(length, "Upload-Length"))
        return segment


@router.delete("/uploads/{segment_id}")
def terminate(request: Request, segment_id: str, applicant: deps.Applying, session: deps.CandidateWriting) -> Response:
    """Throws an upload away before its answer is received."""
    _speaks_tus(request)
    answers.terminate(session, answers.segment_for(session, applicant, segment_id))
    return _answer(204)


async def _take_in(request: Request, segment: Segment, offset: int) -> int:
    """Appends the body at `offset` and returns where the upload ends now."""
    held = await run_in_threadpool(storage().size, segment.id)
    if held != offset:
        raise Conflict(f"The server holds {held} bytes.", f"서버에 {held}바이트가 있어요.", code="offset")
    most = segment.length if segment.length is not None else answers.limit_bytes()
    lock = storage().hold(segment.id)
    try:
        await run_in_threadpool(lock.__enter__)
    except Conflict as error:
        error.status = 423
        raise
    try:
        return await _append(request, segment.id, offset, most)
    finally:
        await run_in_threadpool(lock.__exit__, None, None, None)


async def _append(request: Request, segment_id: str, offset: int, most: int) -> int:
    wanted = request.headers.get("upload-checksum")
    block_bytes = MAX_CHECKED_BYTES if wanted else KEEP_BYTES
    async for block in _blocks(request, block_bytes):
        if offset == 0 and not looks_like_recording(block[:HEAD_BYTES]):
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
            held += await asyncio.wait_for(anext(stream), IDLE_S)
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
    if request.headers.get("upload-defer-length") == "1":
        return None
    return _number(request.headers.get("upload-length"), "Upload-Length")


def _number(text: str | None, name: str) -> int:
    if text is None or not text.isascii() or not text.isdigit():
        error = Invalid(f"{name} must be a whole number.", f"{name}에는 0 이상의 정수가 필요해요.", code="number")
        error.status = 400
        raise error
    return int(text)


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
