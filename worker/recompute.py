"""`interview-ai recompute ANSWER`: the same number again from what is stored, or what differs and why."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from interview_ai.database import EVERYWHERE, reading
from interview_ai.errors import Invalid
from interview_ai.rescoring import LEARNED
from interview_ai.rules import reasons
from interview_ai.rules.evidence import Assessment, Transcript, as_json, words_from
from interview_ai.tables import Answer, TranscriptRow
from worker import assignments, rescoring
from worker.judging import Asked, Said, judged

SAME, DIFFERS = 0, 1
DEMONSTRATION_ENGINE = "pocketsphinx"
# what the second opinion and the recogniser did is not done again: neither reads the stored words
NOT_REPEATED = ("rater", "speech")


def command(given: argparse.Namespace) -> int:
    """Prints {answer, same, differs, stored, now}; exit 0 the same, 1 it differs, 2 there is nothing to compute."""
    with reading(EVERYWHERE) as session:
        answer = _answer(session, given.answer)
        asked = assignments.asked(session, answer)
        stored, found = _stored(answer), _again(answer, asked)
    if LEARNED in stored["versions"]["scoring"]:
        found = _learned(answer, found)
    now = as_json(found)
    differs = _differences(stored, now)
    result = {
        "answer": given.answer,
        "same": not differs,
        "differs": differs,
        "stored": {name: stored[name] for name in ("score", "reason", "versions")},
        "now": {name: now[name] for name in ("score", "reason", "versions")},
    }
    sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n")
    return DIFFERS if differs else SAME


def _answer(session: Session, name: str) -> Answer:
    loaded = (selectinload(Answer.transcript), selectinload(Answer.score), selectinload(Answer.evidence))
    wanted = select(Answer).where(Answer.id == name).options(*loaded, *assignments.loading())
    answer = session.scalars(wanted).first()
    if answer is None:
        raise Invalid(
            f"There is no answer {name}. Its id stands in the address of its recording: /recordings/ID.",
            f"{name} 답변이 없습니다. 답변의 id는 녹화 주소(/recordings/ID)에 있습니다.",
        )
    if answer.score is None or answer.transcript is None:
        code = answer.reason_code or answer.state
        raise Invalid(
            f"Nothing was computed from words for this answer ({code}), so there is nothing to compute again.",
            f"이 답변에는 말로 계산한 결과가 없어({code}) 다시 계산할 것이 없습니다.",
        )
    return answer


def _stored(answer: Answer) -> dict[str, Any]:
    row = answer.score
    assert row is not None
    fields = ("criterion", "kind", "quote", "start_char", "end_char", "start_s", "end_s", "anchor")
    evidence = [{name: getattr(item, name) for name in fields} for item in answer.evidence]
    return {
        "score": row.score,
        "reason": row.reason,
        "gates": row.gates,
        "versions": row.versions,
        "evidence": sorted(evidence, key=_order),
    }


def _again(answer: Answer, asked: Asked) -> Assessment:
    row = answer.transcript
    assert row is not None
    return judged(_transcript(row), asked, _said(answer, asked))


def _learned(answer: Answer, ruled: Assessment) -> Assessment:
    """The same with the points of the calibrations in use, where learned points are stored."""
    score, version = rescoring.again(answer.organisation_id, answer.id)
    reason = None if score else reasons.reason("abstained")
    return replace(ruled, score=score, reason=reason, versions={**ruled.versions, "scoring": version})


def _transcript(row: TranscriptRow) -> Transcript:
    return Transcript(row.engine, row.model, row.language, row.text, words_from(row.words))


def _said(answer: Answer, asked: Asked) -> Said:
    audio = (answer.facts or {}).get("audio")
    speech_s = audio["speech_s"] if audio else None
    quality = answer.transcript is not None and answer.transcript.engine != DEMONSTRATION_ENGINE
    return Said(speech_s=speech_s, may_score=asked.demonstration or quality)


def _differences(stored: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What is not the same, first what computed it, for that is usually why."""
    versions = [
        f"{name}: {stored['versions'].get(name)} then, {version} now"
        for name, version in now["versions"].items()
        if name not in NOT_REPEATED and stored["versions"].get(name) != version
    ]
    abstained = stored["versions"].get("rater") and (stored["reason"] or {}).get("code") == "abstained"
    parts = ["gates", "evidence"] if abstained else ["score", "reason", "gates", "evidence"]
    again = {**now, "evidence": sorted(now["evidence"], key=_order)}
    changed = [name for name in parts if _plain(stored[name]) != _plain(again[name])]
    return [*versions, *changed] if changed else []


def _order(item: Mapping[str, Any]) -> tuple[Any, ...]:
    return (item["start_char"], item["end_char"], item["kind"])


def _plain(value: Any) -> Any:
    """As JSON has it: a stored list and a computed tuple are the same."""
    return json.loads(json.dumps(value))
