"""A candidate's pages: the link and consent, the check, each question, the end with its receipts."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response, UploadFile
from fastapi.responses import JSONResponse

from interview_ai import answers, database, interviews
from interview_ai.errors import Conflict, Invalid, NotFound
from interview_ai.interviews import Progress, Step
from interview_ai.storage import storage
from interview_ai.tables import Question
from web import deps, render, security

router = APIRouter()
SESSION_S = 14 * 24 * 3600
BLOCK = 1024 * 1024
HEAD_BYTES = 12
Text = Annotated[str, Form()]


@router.get("/i/{token}", dependencies=[Depends(security.limit("link", "120/minute"))])
def welcome(request: Request, token: str, session: deps.EverywhereReading) -> Response:
    """What the interview is, who sees it, how AI is used. Looking has no effect, whatever scanner follows the link."""
    invitation = interviews.invited(session, token)
    begun = interviews.interview_of(session, invitation)
    return render.page(
        request,
        "candidate/welcome.html",
        opening=invitation.opening,
        invitation=invitation,
        minutes=_minutes(invitation.opening.questions),
        notice=interviews.NOTICE_VERSION,
        begun=begun,
        sentence=None,
    )


def _minutes(questions: list[Question]) -> int:
    """The longest that one take of each question lasts, thinking included, and two minutes for the check."""
    return 2 + round(sum(question.think_s + question.answer_s for question in questions) / 60)


@router.post("/i/{token}", dependencies=[Depends(security.limit("begin", "30/minute"))])
def begin(request: Request, token: str, mode: Text = "", consent: Text = "") -> Response:
    """Begins, or goes on; consent and the notice's version are kept before anything can be recorded."""
    language = render.language_of(request)
    with database.transaction(database.EVERYWHERE) as session:
        first = interviews.interview_of(session, interviews.invited(session, token)) is None
        if first and consent != "yes":
            raise Invalid(
                "Please tick that you agree to be recorded; without it nothing is recorded.",
                "녹화에 동의한다는 칸을 눌러 주세요. 동의하지 않으면 아무것도 녹화하지 않아요.",
                code="consent",
            )
        cookie = interviews.begin(session, token, mode=mode or None, language=language)
    response = render.go(request, "/interview")
    security.keep_session(request, response, security.CANDIDATE, cookie, seconds=SESSION_S)
    return response


@router.get("/interview")
def onwards(request: Request, applicant: deps.Applying, session: deps.CandidateReading) -> Response:
    """Goes to where this candidate is."""
    progress = interviews.progress(session, applicant)
    if progress.finished:
        return render.go(request, "/interview/done")
    begun = any(step.current is not None for step in progress.steps)
    if not begun:
        return render.go(request, "/interview/check")
    return render.go(request, f"/interview/questions/{progress.next_position or len(progress.steps)}")


@router.get("/interview/check")
def check(request: Request, applicant: deps.Applying, session: deps.CandidateReading) -> Response:
    """Camera, light, sound and network, with a playback of oneself."""
    return render.page(request, "candidate/check.html", progress=interviews.progress(session, applicant))


@router.get("/interview/questions/{position}")
def question(
    request: Request, position: int, applicant: deps.Applying, session: deps.CandidateReading, again: int = 0
) -> Response:
    """One question with the recorder and the plain file form; or, once received, its receipt."""
    progress = interviews.progress(session, applicant)
    step = _step(progress, position)
    received = step.received and not (again and step.takes_left)
    context: dict[str, Any] = {"progress": progress, "step": step, "again": bool(again), "total": len(progress.steps)}
    if progress.finished or received:
        return render.page(request, "candidate/received.html", **context)
    recorded = sum(1 for part in (step.current.segments if step.current else ()) if part.terminated_at is None)
    return render.page(request, "candidate/question.html", **context, recorded=recorded)


def _step(progress: Progress, position: int) -> Step:
    found = [step for step in progress.steps if step.question.position == position]
    if not found:
        raise NotFound
    return found[0]


@router.post("/interview/questions/{position}/finish")
def finish(request: Request, position: int, applicant: deps.Applying, session: deps.CandidateWriting) -> Response:
    """All bytes of the answer are here: the receipt. Asked by the recorder."""
    step = _step(interviews.progress(session, applicant), position)
    answer = answers.finish(session, applicant, step.question.id)
    return JSONResponse({"receipt": answer.receipt, "next": f"/interview/questions/{position}"})


@router.post("/interview/file/{position}")
def file_form(request: Request, position: int, applicant: deps.Applying, file: UploadFile, csrf: Text = "") -> Response:
    """The plain form for a phone's own camera: a whole recording at once."""
    security.check_token(request, csrf)
    head = file.file.read(HEAD_BYTES)
    file.file.seek(0)
    if not looks_like_recording(head):
        raise Invalid(
            "This file is not a video. Please choose a recording.", "영상 파일이 아니에요. 녹화한 파일을 골라 주세요."
        )
    with database.transaction(applicant.organisation_id) as session:
        step = _step(interviews.progress(session, applicant), position)
        media_type = (file.content_type or "").split(";")[0]
        segment = answers.open_segment(
            session, applicant, step.question.id, media_type=media_type, length=file.size, again=step.received
        )
    offset = 0
    while data := file.file.read(BLOCK):
        offset = storage().append(segment.id, offset, data)
    with database.transaction(applicant.organisation_id) as session:
        answers.finish(session, applicant, step.question.id)
    return render.go(request, f"/interview/questions/{position}", said="candidate.said.received")


def looks_like_recording(head: bytes) -> bool:
    """Whether the first bytes are those of webm/matroska (EBML) or of mp4, mov, 3gp (`ftyp`)."""
    return head[:4] == b"\x1aE\xdf\xa3" or head[4:8] == b"ftyp"


@router.post("/interview/finish")
def finish_interview(request: Request, applicant: deps.Applying, session: deps.CandidateWriting) -> Response:
    """The candidate says that they are done."""
    interviews.finish(session, applicant)
    return render.go(request, "/interview/done")


@router.get("/interview/done")
def done(request: Request, applicant: deps.Applying, session: deps.CandidateReading) -> Response:
    """A receipt per answer, what happens next, and the way to ask for people only."""
    progress = interviews.progress(session, applicant)
    if not progress.finished:
        raise Conflict("The interview is not finished yet.", "아직 면접을 마치지 않았어요.")
    return render.page(request, "candidate/done.html", progress=progress, mode=applicant.mode)


@router.post("/interview/people-only")
def people_only(request: Request, applicant: deps.Applying, session: deps.CandidateWriting) -> Response:
    """From now on people alone look at this interview."""
    interviews.people_only(session, applicant)
    return render.go(request, "/interview/done", said="candidate.said.people_only")
