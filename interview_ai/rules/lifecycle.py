"""The states of an answer, an interview and a piece of work, and the moves between them that are allowed."""

from __future__ import annotations

from typing import Literal, Protocol, cast

from interview_ai.errors import Conflict

AnswerState = Literal[
    "recording", "uploading", "received", "assessing", "assessed", "needs_person", "unreadable", "abandoned"
]
InterviewState = Literal["begun", "finished", "withdrawn"]
WorkState = Literal["pending", "leased", "done", "failed", "dead"]
DecisionKind = Literal["advance", "hold", "reject", "hired"]

ANSWER_MOVES: dict[AnswerState, frozenset[AnswerState]] = {
    "recording": frozenset({"uploading", "abandoned"}),
    "uploading": frozenset({"received", "abandoned"}),
    "received": frozenset({"assessing", "needs_person"}),
    "assessing": frozenset({"received", "assessed", "needs_person", "unreadable"}),
    # weights that arrive later, a person's request to try again, or a withdrawn consent move a finished answer
    "assessed": frozenset({"received", "needs_person"}),
    "needs_person": frozenset({"received", "assessing"}),
    "unreadable": frozenset({"received"}),
    "abandoned": frozenset(),
}

RECEIVED: frozenset[AnswerState] = frozenset({"received", "assessing", "assessed", "needs_person", "unreadable"})
OPEN: frozenset[AnswerState] = frozenset({"recording", "uploading"})

GIVEN_BACK: frozenset[AnswerState] = frozenset({"unreadable", "abandoned"})
"""A take that came to nothing without the candidate's doing does not count against them."""

LEASE_S = 120
HEARTBEAT_S = 30
MAX_ATTEMPTS = 3
MAX_CRASHES = 3
SWEEP_S = 15
MAX_RING_WAIT_S = 30
MAX_OUTSTANDING_RINGS = 200


class HasState(Protocol):
    """An answer, as far as its state goes."""

    state: str


def move(answer: HasState, after: AnswerState) -> None:
    """Puts an answer into another state. Raises Conflict where ANSWER_MOVES does not allow it."""
    before = cast(AnswerState, answer.state)
    if before != after and not may_move(before, after):
        raise Conflict(
            f"an answer cannot go from {before} to {after}", f"답변 상태를 {before}에서 {after}(으)로 바꿀 수 없습니다"
        )
    answer.state = after


def may_move(before: AnswerState, after: AnswerState) -> bool:
    """Whether an answer in state `before` may be put into state `after`."""
    return after in ANSWER_MOVES[before]


def counts_as_take(state: str) -> bool:
    """Whether an answer in this state uses up one of the question's takes."""
    return state not in GIVEN_BACK


def ring_wait_s(rings: int) -> int:
    """Seconds before a pending row that was rung `rings` times is rung again: doubling from 2, at most 30."""
    return int(min(MAX_RING_WAIT_S, 2 ** min(rings, 5)))
