"""What a person's decision must stand on before it can be kept: a formal sign-off is not human involvement (KR-5)."""

from __future__ import annotations

from interview_ai.rules.evidence import Bilingual

KINDS = ("advance", "hold", "reject", "hired")
SHORTEST_REASON = 10  # characters; below that nobody can follow it later

RATING = Bilingual(
    "본인의 평가가 필요합니다: 모든 역량에 수준을 매겨 주십시오.",
    "Your own rating is missing: give a level for every criterion.",
)
SEEN = Bilingual(
    "답변을 재생하거나 받아쓴 글을 읽은 기록이 없습니다: 답변을 재생해 주십시오.",
    "You have not played an answer or read its transcript yet: play an answer.",
)
REASON = Bilingual(
    f"이유가 필요합니다: {SHORTEST_REASON}자 이상 적어 주십시오.",
    f"A reason is missing: write at least {SHORTEST_REASON} characters.",
)


def missing(kind: str, *, rated: bool, seen: bool, reason: str) -> tuple[Bilingual, ...]:
    """What still keeps this decision from being saved, in words; every decision needs a reason."""
    without_reason = (REASON,) if len(reason.strip()) < SHORTEST_REASON else ()
    return groundwork(kind, rated=rated, seen=seen) + without_reason


def groundwork(kind: str, *, rated: bool, seen: bool) -> tuple[Bilingual, ...]:
    """What must have happened before the form: for a rejection, an answer played or read and a rating of one's own."""
    if kind != "reject":
        return ()
    return ((SEEN,) if not seen else ()) + ((RATING,) if not rated else ())
