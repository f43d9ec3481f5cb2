"""Receipts for anybody: the candidate's own as files, the public key, and a page on which any receipt is verified."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Request, Response, UploadFile
from fastapi.responses import JSONResponse
from sqlalchemy.orm import selectinload

from interview_ai import receipts, tokens
from interview_ai.errors import Invalid, NotFound
from interview_ai.receipts import Verdict
from interview_ai.tables import Answer
from web import deps, render, security, words

router = APIRouter()
LONGEST = 100_000  # characters of a receipt; one of 50 segments has 15,000
Text = Annotated[str, Form()]


@router.get("/interview/receipts/{answer_id}")
def download(answer_id: str, applicant: deps.Applying, session: deps.CandidateReading) -> Response:
    """The candidate's own receipt as a JSON file."""
    answer = session.get(Answer, answer_id, options=[selectinload(Answer.question)])
    if answer is None or answer.interview_id != applicant.interview_id or answer.receipt is None:
        raise NotFound
    name = f"onterview-receipt-{answer.question.position}-{answer.receipt['code']}.json"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    content = json.dumps(answer.receipt, ensure_ascii=False, indent=2) + "\n"
    return Response(content, media_type="application/json", headers=headers)


@router.get("/receipts/key")
def key() -> Response:
    """The public key with which receipts of this service are verified anywhere."""
    return JSONResponse({"algorithm": "Ed25519", "key": tokens.public_key()})


@router.get("/receipts")
def verify_form(request: Request) -> Response:
    """Where a receipt is chosen or pasted to be verified."""
    return _page(request)


@router.post("/receipts", dependencies=[Depends(security.brake("receipts", "30/minute"))])
def verify(request: Request, receipt: Text = "", file: Annotated[UploadFile | None, File()] = None) -> Response:
    """Says whether a receipt, chosen as a file or pasted, is genuine and what it says."""
    if file is not None and file.size:
        receipt = file.file.read(LONGEST).decode(errors="replace")
    language = render.language_of(request)
    if not receipt.strip():
        return _page(request, sentence=words.say(language, "candidate.verify.nothing"))
    try:
        return _page(request, found=receipts.verdict(_document(receipt)))
    except Invalid as error:
        return _page(request, sentence=error.text(language), text=receipt[:LONGEST])


def _page(request: Request, *, found: Verdict | None = None, sentence: str | None = None, text: str = "") -> Response:
    return render.page(
        request,
        "candidate/verify.html",
        status=422 if sentence else 200,
        verdict=found,
        sentence=sentence,
        text=text,
        moment=datetime.fromisoformat,
        signed_in=security.session_cookie(request, security.CANDIDATE) is not None,
    )


def _document(text: str) -> object:
    try:
        return json.loads(text[:LONGEST])
    except ValueError:
        return None
