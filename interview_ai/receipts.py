"""Receipts: what the server holds of an answer, signed with Ed25519, for anybody to verify."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from interview_ai import mail, mail_frames, tokens
from interview_ai.errors import Invalid
from interview_ai.settings import settings
from interview_ai.tables import Answer, Candidate, Opening, Organisation, Segment

CODE_DIGITS = 8  # of the receipt's short code that a person can read out
NEEDED = ("answer", "question", "take", "received_at", "bytes", "segments", "code", "key", "signature")


@dataclass(frozen=True, slots=True)
class Verdict:
    """`genuine`: the signature fits the content. `ours`: the key that signed is this installation's."""

    genuine: bool
    ours: bool
    content: dict[str, Any]


def of_answer(answer: Answer, segments: Sequence[Segment]) -> dict[str, Any]:
    """Names each segment's digest, size and times; signed."""
    parts = [
        {
            "id": part.id,
            "bytes": part.length,
            "sha256": part.sha256,
            "begun_at": part.created_at.isoformat(),
            "last_byte_at": part.heard_at.isoformat() if part.heard_at else None,
            "seconds": round(part.ends_s - part.starts_s, 2) or None,
        }
        for part in segments
    ]
    content = {
        "issuer": settings().public_url,
        "answer": answer.id,
        "question": answer.question_id,
        "take": answer.take,
        "received_at": answer.received_at.isoformat() if answer.received_at else None,
        "bytes": answer.bytes,
        "segments": parts,
        "code": input_digest(segments)[:CODE_DIGITS].upper(),
    }
    return tokens.sign(content)


def input_digest(segments: Sequence[Segment]) -> str:
    """One digest over the digests of an answer's segments."""
    return hashlib.sha256("".join(segment.sha256 or "" for segment in segments).encode()).hexdigest()


def verdict(document: object, *, key: str = "") -> Verdict:
    """Whether a receipt is genuine. `key` (base64): whom it must be from; empty: this installation.

    Raises Invalid for what is no receipt at all.
    """
    if not isinstance(document, dict) or any(name not in document for name in NEEDED):
        raise Invalid(
            "This is not a receipt of ours. Please choose the file as it was downloaded, or paste all of its content.",
            "저희 접수증이 아니에요. 내려받은 파일을 그대로 고르거나 내용 전체를 붙여 넣어 주세요.",
            code="receipt",
        )
    return Verdict(tokens.is_signed(document), document["key"] == (key or tokens.public_key()), document)


def post(
    session: Session, interview_id: str, candidate: Candidate, opening: Opening, *, held: dict[int, dict[str, Any]]
) -> None:
    """One mail with every receipt (`held`: by the question's position), when a candidate says that they are done."""
    korean = candidate.language == "ko"
    organisation = session.get_one(Organisation, opening.organisation_id)
    letter = mail.compose(
        "receipts",
        candidate.language,
        organisation=organisation.name_ko if korean else organisation.name_en,
        title=opening.title_ko if korean else opening.title_en,
        name=candidate.name,
        codes=", ".join(f"{position}: {receipt['code']}" for position, receipt in held.items()),
        verify=f"{settings().public_url.rstrip('/')}/receipts",
    )
    mail.queue(
        session,
        cause=f"receipts:{interview_id}",
        recipient=candidate.email,
        **mail_frames.dressed(organisation, candidate.language, letter),
        organisation_id=opening.organisation_id,
        attachments={f"receipt-{position}-{receipt['code']}.json": receipt for position, receipt in held.items()},
    )
