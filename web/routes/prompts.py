"""Recorded questions: sent by the employer, played to its staff and to the candidates of the opening."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import PlainTextResponse
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from interview_ai import database, freezing, prompts, queries
from interview_ai.errors import InterviewError, Invalid, NotFound, TooMuch
from interview_ai.organisations import Member
from interview_ai.storage import storage
from interview_ai.tables import Prompt, Question, new_id
from web import deps, recordings, render, security
from web.routes.candidate import kind_of_recording

router = APIRouter()
BLOCK = 1024 * 1024
HEAD_BYTES = 12
FORM_BYTES = 10_000  # around the file in a form
Range = Annotated[str | None, Header()]


@router.get("/staff/openings/{opening_id}/recordings")
def page(request: Request, opening_id: str, member: deps.SignedIn, session: deps.StaffReading) -> Response:
    """The questions of an opening with what is recorded of each, and the forms to send and take away."""
    return _page(request, session, member, opening_id)


def _page(
    request: Request,
    session: Session,
    member: Member,
    opening_id: str,
    *,
    question_id: str = "",
    error: InterviewError | None = None,
) -> Response:
    member.must_be("owner", "recruiter")
    found = queries.opening(session, opening_id)
    return render.page(
        request,
        "staff/recordings.html",
        status=error.status if error else 200,
        address=f"/staff/openings/{opening_id}/recordings",
        member=member,
        opening=found,
        prompts=prompts.of_opening(session, opening_id),
        frozen=freezing.has_begun(session, opening_id),
        wrong={question_id: error.text(render.language_of(request))} if error else {},
        most_mb=prompts.MOST_BYTES // 1_000_000,
        most_minutes=round(prompts.LONGEST_S / 60),
    )


@router.post("/staff/prompt-files/{question_id}")
async def send(request: Request, question_id: str, member: deps.SignedIn) -> Response:
    """Takes in a recording. Its body is only read once it is known who sends it and that it is small enough."""
    opening_id = await run_in_threadpool(_opening_of, member, question_id)
    try:
        _fits(request)
        async with request.form(max_files=1, max_fields=5) as form:
            security.check_token(request, str(form.get("csrf") or ""))
            file = form.get("file")
            await run_in_threadpool(_take_in, member, question_id, file if isinstance(file, UploadFile) else None)
    except (Invalid, TooMuch) as error:
        return await run_in_threadpool(_again, request, member, opening_id, question_id=question_id, error=error)
    return render.go(request, f"/staff/openings/{opening_id}/recordings", said="prompts.said.sent")


def _opening_of(member: Member, question_id: str) -> str:
    with database.reading(member.organisation_id) as session:
        return prompts.question_to_record(session, member, question_id).opening_id


def _again(request: Request, member: Member, opening_id: str, *, question_id: str, error: InterviewError) -> Response:
    with database.reading(member.organisation_id) as session:
        return _page(request, session, member, opening_id, question_id=question_id, error=error)


def _fits(request: Request) -> None:
    length = request.headers.get("content-length", "")
    if not length.isascii() or not length.isdigit() or int(length[:18]) > prompts.MOST_BYTES + FORM_BYTES:
        raise prompts.too_large()


def _take_in(member: Member, question_id: str, file: UploadFile | None) -> None:
    """Bytes first, under an id of their own, then the row; without the row the bytes go again."""
    if file is None or kind_of_recording(file.file.read(HEAD_BYTES)) is None:
        raise Invalid(
            "This file is no video. Choose an MP4, MOV or WebM recording.",
            "영상 파일이 아닙니다. MP4, MOV, WebM으로 녹화한 파일을 골라 주십시오.",
            code="file",
        )
    file.file.seek(0)
    upload_id, offset = new_id(), 0
    kept = False
    try:
        while data := file.file.read(BLOCK):
            offset = storage().append(upload_id, offset, data)
        with database.transaction(member.organisation_id) as session:
            prompts.add(session, member, question_id, upload_id=upload_id, length=offset)
        kept = True
    finally:
        if not kept:
            storage().drop(upload_id)


@router.post("/staff/prompts/{question_id}/remove")
def remove(request: Request, question_id: str, member: deps.SignedIn, session: deps.StaffWriting) -> Response:
    """Takes a recording away; the question's text stays."""
    opening_id = prompts.question_to_record(session, member, question_id).opening_id
    prompts.remove(session, member, question_id)
    return render.go(request, f"/staff/openings/{opening_id}/recordings", said="prompts.said.removed")


@router.get("/staff/prompts/{question_id}/video")
def to_staff(question_id: str, member: deps.SignedIn, session: deps.StaffReading, range: Range = None) -> Response:
    """The recording in ranges, for the organisation's staff."""
    return _video(prompts.to_watch(session, question_id), range)


@router.get("/staff/prompts/{question_id}/poster")
def poster_to_staff(question_id: str, member: deps.SignedIn, session: deps.StaffReading) -> Response:
    """The picture before it plays."""
    return _poster(prompts.to_watch(session, question_id))


@router.get("/staff/prompts/{question_id}/captions/{language}")
def captions_to_staff(question_id: str, language: str, member: deps.SignedIn, session: deps.StaffReading) -> Response:
    """The question's text as captions."""
    return _captions(session, prompts.to_watch(session, question_id), language)


@router.get("/interview/prompts/{question_id}/video")
def to_candidate(
    question_id: str, applicant: deps.Applying, session: deps.CandidateReading, range: Range = None
) -> Response:
    """The recording in ranges, for a candidate of the opening."""
    return _video(prompts.asked(session, applicant, question_id), range)


@router.get("/interview/prompts/{question_id}/poster")
def poster_to_candidate(question_id: str, applicant: deps.Applying, session: deps.CandidateReading) -> Response:
    """The picture before it plays."""
    return _poster(prompts.asked(session, applicant, question_id))


@router.get("/interview/prompts/{question_id}/captions/{language}")
def captions_to_candidate(
    question_id: str, language: str, applicant: deps.Applying, session: deps.CandidateReading
) -> Response:
    """The question's text as captions."""
    return _captions(session, prompts.asked(session, applicant, question_id), language)


def _video(prompt: Prompt, asked: str | None) -> Response:
    key = prompt.playable_key or ""
    return recordings.serve(key, recordings.media_type(key, with_picture=prompt.poster_key is not None), asked)


def _poster(prompt: Prompt) -> Response:
    if prompt.poster_key is None:
        raise NotFound
    return recordings.serve(prompt.poster_key, recordings.picture_type(prompt.poster_key), None)


def _captions(session: Session, prompt: Prompt, language: str) -> Response:
    """WebVTT: the text's sentences one after the other, each for its share of the recording."""
    question = session.get_one(Question, prompt.question_id)
    text = question.text_ko if language == "ko" else question.text_en
    parts = [part for part in re.split(r"(?<=[.?!])\s+", text) if part]
    whole, at, cues = sum(map(len, parts)), 0.0, []
    for part in parts:
        end = at + (prompt.duration_s or 0.0) * len(part) / whole
        cues.append(f"{_stamp(at)} --> {_stamp(end)}\n{part.replace('-->', '→').replace('<', '‹')}\n")
        at = end
    headers = {"cache-control": "private, no-store"}
    return PlainTextResponse("WEBVTT\n\n" + "\n".join(cues), media_type="text/vtt", headers=headers)


def _stamp(seconds: float) -> str:
    return f"00:{int(seconds) // 60:02d}:{seconds % 60:06.3f}"
