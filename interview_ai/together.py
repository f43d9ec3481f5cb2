"""One decision for several candidates at once, only where no law asks for each one's own: to go on, or to wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from interview_ai import calling, openings, outcomes, reviews
from interview_ai.calling import Called
from interview_ai.errors import Conflict, Invalid
from interview_ai.organisations import Member
from interview_ai.outcomes import Outcome
from interview_ai.rules import decisions
from interview_ai.rules.evidence import Bilingual
from interview_ai.tables import Interview, Opening, View

KINDS = ("advance", "hold")
MOST_AT_ONCE = 100
UNSEEN = Bilingual(
    "아직 답변을 재생하거나 받아쓴 글을 읽지 않았습니다.", "You have not played an answer or read its transcript."
)
WITHDRAWN = Bilingual("지원을 철회했습니다.", "Withdrew the application.")
TOLD = Bilingual(
    "이미 결과를 알렸습니다. 지원자 화면에서 따로 결정해 주십시오.",
    "Was told the outcome already: decide on the candidate's own page.",
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """One of those chosen: what holds now, and what keeps them out of a common decision."""

    who: Called
    outcome: Outcome
    lacks: tuple[Bilingual, ...]


def chosen(session: Session, member: Member, opening: Opening, interview_ids: Sequence[str]) -> list[Chosen]:
    """Those of the ids that are of this opening, in order of arrival: points have no say in who is meant.

    Raises Invalid for more than MOST_AT_ONCE.
    """
    if len(interview_ids) > MOST_AT_ONCE:
        raise Invalid(
            f"Choose at most {MOST_AT_ONCE} candidates at a time.",
            f"한 번에 {MOST_AT_ONCE}명까지 골라 주십시오.",
            code="chosen",
        )
    called = calling.of_opening(session, member, opening, interview_ids)
    looked = (View.staff_id == member.id, View.what.in_(reviews.SEEN), View.interview_id.in_(called))
    seen = set(session.scalars(select(View.interview_id).where(*looked)))
    gone = select(Interview.id).where(Interview.id.in_(called), Interview.state == "withdrawn")
    withdrawn = set(session.scalars(gone))
    return [
        _chosen(session, who, seen=who.interview_id in seen, withdrawn=who.interview_id in withdrawn)
        for who in called.values()
    ]


def _chosen(session: Session, who: Called, *, seen: bool, withdrawn: bool) -> Chosen:
    outcome = outcomes.of_interview(session, who.interview_id)
    checks = {WITHDRAWN: withdrawn, UNSEEN: not seen, TOLD: outcome.final}
    return Chosen(who, outcome, tuple(sentence for sentence, lacking in checks.items() if lacking))


def decide(
    session: Session, member: Member, opening_id: str, interview_ids: Sequence[str], *, kind: str, reason: str
) -> int:
    """Decides for all of them or for none, each on the record by itself; returns for how many.

    KR-1, KR-5: raises Conflict (code one_by_one) for rejecting and hiring, which stand on each one's own rating and
    reason, and Conflict (code lacking) where the member has not looked at somebody chosen.
    """
    member.must_be("owner", "recruiter")
    opening = openings.own(session, opening_id)
    _may_be_common(kind)
    found = chosen(session, member, opening, interview_ids)
    if not found:
        raise Invalid("Choose candidates in the list first.", "먼저 목록에서 지원자를 골라 주십시오.", code="chosen")
    lacking = [one for one in found if one.lacks]
    if lacking:
        raise Conflict(
            f"Nobody was decided about: {len(lacking)} of those chosen still lack something.",
            f"아무도 결정하지 않았습니다. 고른 지원자 가운데 {len(lacking)}명에게 아직 필요한 것이 있습니다.",
            code="lacking",
        )
    if len(reason.strip()) < decisions.SHORTEST_REASON:
        raise Invalid(decisions.REASON.en, decisions.REASON.ko, code="reason")
    outcomes.locked_all(session, [one.who.interview_id for one in found])
    for one in found:
        reviews.decide(session, member, one.who.interview_id, kind, reason=reason)
    return len(found)


def _may_be_common(kind: str) -> None:
    if kind not in decisions.KINDS:
        raise Invalid("Choose a decision.", "결정을 골라 주십시오.", code="kind")
    if kind not in KINDS:
        raise Conflict(
            "Rejecting and hiring are decided one by one, each with a reason of its own; a rejection also asks for "
            "your own look and rating. Together you can advance candidates or put them on hold.",
            "불합격과 채용은 한 명씩, 지원자마다 이유를 적어 결정합니다. "
            "불합격은 직접 보고 평가한 뒤에만 결정할 수 있습니다. "
            "여럿을 함께 결정할 수 있는 것은 다음 단계와 보류입니다.",
            code="one_by_one",
        )
