"""A candidate's pages: the link and consent, the check, each question, the end with its receipts."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from interview_ai import (
    answers,
    database,
    incidents,
    interviews,
    opt_outs,
    outcome_sharing,
    prompts,
    proofs,
    rights,
    segments,
)
from interview_ai.applicants import Applicant
from interview_ai.errors import Conflict, InterviewError, Invalid, NotFound
from interview_ai.interviews import Choice, Progress, Step
from interview_ai.segments import NewSegment
from interview_ai.settings import settings
from interview_ai.storage import storage
from interview_ai.tables import Invitation
from web import browsers, deps, lanes, proving, render, security

router = APIRouter()
SESSION_S = 14 * 24 * 3600
BLOCK = 1024 * 1024
HEAD_BYTES = 12
FORM_BYTES = 10_000  # around the file in a form
Text = Annotated[str, Form()]


@router.get("/i/{token}", dependencies=[Depends(security.brake("link", "120/minute"))])
def welcome(request: Request, token: str, session: deps.EverywhereReading) -> Response:
    """What the interview is, who sees it, how AI is used. Looking has no effect, whatever scanner follows the link."""
    return _welcome(request, session, token, Choice(None, agreed=False, notice=None))


def _welcome(
    request: Request, session: Session, token: str, chosen: Choice, *, error: InterviewError | None = None
) -> Response:
    invitation = interviews.invited(session, token)
    if not proofs.is_proven(invitation, proving.kept(request, session, invitation)):
        return proving.page(request, session, invitation)
    agent = request.headers.get("user-agent", "")
    return render.page(
        request,
        "candidate/welcome.html",
        status=error.status if error else 200,
        opening=invitation.opening,
        invitation=invitation,
        minutes=interviews.minutes(invitation.opening.questions),
        notice=interviews.notice_version(),
        second_opinion=bool(settings().rater_url),
        begun=interviews.interview_of(session, invitation),
        contact=interviews.contact(session, invitation.opening),
        university=outcome_sharing.university_of(session, invitation),
        stop=_stop(invitation),
        chosen=chosen,
        sentence=error.text(render.language_of(request)) if error else None,
        in_app=browsers.in_app(agent),
        elsewhere=browsers.elsewhere(request),
        system=browsers.system(agent),
    )


def _stop(invitation: Invitation) -> str | None:
    """Where whoever was invited by a campaign ends its invitations: a handed-over link comes without a mail."""
    if invitation.campaign_id is None:
        return None
    return f"/stop/{opt_outs.token(invitation.inviting_organisation_id, invitation.candidate.email)}"


@router.post("/i/{token}", dependencies=[Depends(security.brake("begin", "30/minute"))])
def begin(request: Request, token: str, *, mode: Text = "", consent: Text = "", notice: Text = "") -> Response:
    """Begins, or goes on; consent and the notice's version are kept before anything can be recorded."""
    choice = Choice(mode or None, agreed=consent == "yes", notice=notice)
    try:
        with database.transaction(database.EVERYWHERE) as session:
            proven = proving.kept(request, session, interviews.invited(session, token))
            language = render.language_of(request)
            cookie = interviews.begin(session, token, choice, language=language, proven=proven)
    except Invalid as error:
        with database.reading(database.EVERYWHERE) as session:
            return _welcome(request, session, token, choice, error=error)
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
    """Camera, light, sound and network, a playback of oneself, and a question to practise on."""
    progress = interviews.progress(session, applicant)
    first = progress.opening.questions[(progress.next_position or 1) - 1]
    return render.page(request, "candidate/check.html", progress=progress, first=first)


@router.get("/interview/questions/{position}")
def question(
    request: Request, position: int, applicant: deps.Applying, session: deps.CandidateReading, *, again: int = 0
) -> Response:
    """One question with the recorder and the plain file form; or, once received, its receipt."""
    progress = interviews.progress(session, applicant)
    step = _step(progress, position)
    if _records(progress, step, again=bool(again)):
        return _question(request, applicant, progress, step)
    log = incidents.of_interview(session, applicant.interview_id)
    mine = [incident for incident in log if incident.position == position]
    return render.page(request, "candidate/received.html", progress=progress, step=step, incidents=mine)


def _question(
    request: Request, applicant: Applicant, progress: Progress, step: Step, *, error: InterviewError | None = None
) -> Response:
    parts = step.current.segments if step.current and step.open else ()
    with database.reading(applicant.organisation_id) as session:
        prompt = prompts.ready(session, step.question.id)
    return render.page(
        request,
        "candidate/question.html",
        status=error.status if error else 200,
        progress=progress,
        step=step,
        prompt=prompt,
        total=len(progress.steps),
        recorded_s=segments.recorded_s(step.current) if step.open else 0.0,
        resumed=any(storage().size(part.id) for part in parts),
        interview=applicant.interview_id,
        in_app=browsers.in_app(request.headers.get("user-agent", "")),
        sentence=error.text(render.language_of(request)) if error else None,
    )


def _records(progress: Progress, step: Step, *, again: bool) -> bool:
    """Whether the page records: the question is open, or another take was asked for and is left."""
    if step.current is not None and step.current.state == "unreadable":
        return again and bool(step.takes_left)  # also after the end: the fault was not theirs
    if progress.finished and not (step.open and step.kept and step.kept.state == "unreadable"):
        return False
    return not step.received or step.open or (again and bool(step.takes_left))


def _step(progress: Progress, position: int) -> Step:
    found = [step for step in progress.steps if step.question.position == position]
    if not found:
        raise NotFound
    return found[0]


@router.post("/interview/questions/{position}/finish")
async def finish(position: int, applicant: deps.Applying) -> Response:
    """All bytes of the answer are here: the receipt. Asked by the recorder."""
    return await lanes.run(lanes.RECEIPTS, _received, position, applicant)


def _received(position: int, applicant: Applicant) -> Response:
    with database.reading(applicant.organisation_id) as session:
        step = _step(interviews.progress(session, applicant), position)
    answer = answers.receive(applicant, step.question.id)
    return JSONResponse({"receipt": answer.receipt, "next": f"/interview/questions/{position}"})


@router.post("/interview/questions/{position}/as-it-is")
def finish_as_it_is(request: Request, position: int, applicant: deps.Applying) -> Response:
    """The candidate ends an interrupted answer with what has arrived."""
    with database.reading(applicant.organisation_id) as session:
        step = _step(interviews.progress(session, applicant), position)
    answers.receive(applicant, step.question.id, as_it_is=True)
    return render.go(request, f"/interview/questions/{position}", said="candidate.said.received")


@router.post("/interview/questions/{position}/keep")
def keep(request: Request, position: int, applicant: deps.Applying, session: deps.CandidateWriting) -> Response:
    """The candidate gives an unfinished further take up: the one before it counts."""
    interviews.keep_earlier(session, applicant, _step(interviews.progress(session, applicant), position))
    return render.go(request, f"/interview/questions/{position}")


@router.post("/interview/file/{position}")
async def file_form(request: Request, position: int) -> Response:
    """The plain form for a phone's own camera: a whole recording at once. Who sends is known before it is read."""
    applicant = await run_in_threadpool(deps.applicant_of, request)
    _fits(request)
    async with request.form(max_files=1, max_fields=5) as form:
        security.check_token(request, str(form.get("csrf") or ""))
        file = form.get("file")
        try:
            if not isinstance(file, UploadFile):
                raise _no_video()
            await run_in_threadpool(_whole_recording, applicant, position, file)
        except Invalid as error:
            return await run_in_threadpool(_question_again, request, applicant, position, error)
    return render.go(request, f"/interview/questions/{position}", said="candidate.said.received")


def _question_again(request: Request, applicant: Applicant, position: int, error: InterviewError) -> Response:
    with database.reading(applicant.organisation_id) as session:
        progress = interviews.progress(session, applicant)
        return _question(request, applicant, progress, _step(progress, position), error=error)


def _fits(request: Request) -> None:
    length = request.headers.get("content-length", "")
    if not length.isdigit():
        error = Invalid("Please send the file with its length.", "파일의 길이를 알 수 없어요.", code="length")
        error.status = 411
        raise error
    if int(length) > segments.limit_bytes() + FORM_BYTES:
        raise segments.too_large()


def _whole_recording(applicant: Applicant, position: int, file: UploadFile) -> None:
    kind = kind_of_recording(file.file.read(HEAD_BYTES))
    file.file.seek(0)
    if kind is None:
        raise _no_video()
    with database.transaction(applicant.organisation_id) as session:
        step = _step(interviews.progress(session, applicant), position)
        new = NewSegment(kind, length=file.size, take=step.next_take)
        segment = segments.open_segment(session, applicant, step.question.id, new)
    try:
        offset = 0
        while data := file.file.read(BLOCK):
            offset = storage().append(segment.id, offset, data)
    except InterviewError:
        # half a file joined with the next try would say things twice
        with database.transaction(applicant.organisation_id) as session:
            segments.terminate(session, segments.segment_for(session, applicant, segment.id))
        raise
    with database.transaction(applicant.organisation_id) as session:
        # what the recorder had sent of this take: the whole file says it again
        segments.supersede(session, segments.segment_for(session, applicant, segment.id))
    answers.receive(applicant, step.question.id)


def _no_video() -> Invalid:
    return Invalid(
        "This file is not a video. Please choose a recording.", "영상 파일이 아니에요. 녹화한 파일을 골라 주세요."
    )


def kind_of_recording(head: bytes) -> str | None:
    """What a recording is by its first bytes (EBML; `ftyp` with its brand), whatever its name says; None: none."""
    if head[:4] == b"\x1aE\xdf\xa3":
        return "video/webm"
    if head[4:8] != b"ftyp":
        return None
    return {b"qt  ": "video/quicktime", b"3gp": "video/3gpp"}.get(head[8:12].rstrip(b"0123456789"), "video/mp4")


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
    log = incidents.of_interview(session, applicant.interview_id)
    return render.page(
        request,
        "candidate/done.html",
        progress=progress,
        mode=applicant.mode,
        incidents=log,
        interview=applicant.interview_id,
        contact=interviews.contact(session, progress.opening),
        mailed=bool(settings().smtp_url),
        inviter=outcome_sharing.inviter(session, applicant),
    )


@router.post("/interview/people-only")
def people_only(request: Request, applicant: deps.Applying, session: deps.CandidateWriting) -> Response:
    """From now on people alone look at this interview."""
    rights.people_only(session, applicant)
    return render.go(request, "/interview/done", said="candidate.said.people_only")
