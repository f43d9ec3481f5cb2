"""The published rule: evidence added never lowers, repetition never raises, order never matters."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from interview_ai.library import rubric
from interview_ai.rules.analysis import Analysis, Find
from interview_ai.rules.evidence import Evidence, Transcript, Word
from interview_ai.rules.scoring import KINDS, Counts, count, level, score, unsure
from interview_ai.rules.scoring import evidence as pieces_of

quotes = st.builds(
    lambda kind, number: Evidence("problem_solving", kind, f"quote {number}", 0, 5),
    st.sampled_from(KINDS),
    st.integers(0, 20),
)
found = st.lists(quotes, max_size=15)


def points(evidence: list[Evidence]) -> float:
    return score(evidence, rubric()).points


@given(found, quotes)
def test_true_evidence_added_never_lowers_the_points(evidence: list[Evidence], more: Evidence) -> None:
    assert points([*evidence, more]) >= points(evidence)


@given(found)
def test_saying_everything_twice_never_raises_the_points(evidence: list[Evidence]) -> None:
    assert points(evidence + evidence) == points(evidence)


@given(found, st.randoms())
def test_the_order_of_the_evidence_never_matters(evidence: list[Evidence], chance: object) -> None:
    shuffled = sorted(evidence, key=lambda item: (hash(str(chance)) ^ hash(item.quote), item.kind))
    assert score(shuffled, rubric()) == score(evidence, rubric())


@given(found)
def test_the_range_holds_the_points_and_stays_on_the_scale(evidence: list[Evidence]) -> None:
    given_score = score(evidence, rubric())
    assert 1 <= given_score.low <= given_score.points <= given_score.high <= 5
    assert given_score.provisional
    assert given_score.points == int(given_score.points)


def test_a_circumstance_inside_another_one_is_one_piece_of_evidence_and_steps_stay_apart() -> None:
    text = "I found that twelve percent of the boxes were packed wrong"
    said = Transcript("text", "none", "en", text, tuple(Word(word) for word in text.split()))
    steps = (Find("action", 0, 58), Find("action", 2, 12))
    finds = (Find("situation", 0, 58), Find("situation", 13, 58), *steps, Find("specific", 13, 27))
    kept = pieces_of(said, Analysis("en", tuple(text.split()), (), finds, None), rubric())
    assert [(item.kind, item.start_char) for item in kept] == [
        ("situation", 0),
        ("action", 0),
        ("action", 2),
        ("specific", 13),
    ]


def test_each_line_of_the_rule_gives_one_level() -> None:
    assert level(Counts()) == 1
    assert level(Counts(action=1)) == 2
    assert level(Counts(action=2, situation=1)) == 3
    assert level(Counts(action=2, situation=1, result=1)) == 3
    assert level(Counts(action=2, situation=1, result=1, specific=1)) == 4
    assert level(Counts(action=3, result=1, specific=3)) == 5


def test_a_result_without_an_action_of_ones_own_gives_no_level() -> None:
    assert level(Counts(result=3, specific=3, situation=2)) == 1


@given(found, st.sets(st.integers(0, 14)), st.sets(st.integers(0, 14)))
def test_doubtful_words_widen_the_range_downwards_and_never_narrow_it(
    evidence: list[Evidence], doubted: set[int], more: set[int]
) -> None:
    few = score(evidence, rubric(), unsure=doubted)
    many = score(evidence, rubric(), unsure=doubted | more)
    sure = score(evidence, rubric())
    assert many.low <= few.low <= sure.low
    assert (many.points, many.high) == (few.points, few.high) == (sure.points, sure.high)


TWO = rubric(("problem_solving", "communication"))
either = st.builds(
    lambda of, kind, number: Evidence(of, kind, f"quote {number}", 0, 5),
    st.sampled_from(["problem_solving", "communication"]),
    st.sampled_from(KINDS),
    st.integers(0, 20),
)


@given(st.lists(either, max_size=12), either)
def test_evidence_for_one_criterion_never_lowers_the_other(evidence: list[Evidence], more: Evidence) -> None:
    before, after = score(evidence, TWO), score([*evidence, more], TWO)
    for one, other in zip(before.criteria, after.criteria, strict=True):
        assert (other.points, other.high) >= (one.points, one.high)
        assert one.low <= one.points <= one.high
    assert after.points >= before.points and after.high >= before.high


@given(st.lists(either, max_size=12))
def test_points_lie_between_the_criterias_and_half_levels_go_down(evidence: list[Evidence]) -> None:
    found = score(evidence, TWO)
    levels = [criterion.points for criterion in found.criteria]
    assert min(levels) <= found.points <= max(levels)
    assert found.points == sum(levels) // 2


def transcript(*words: tuple[str, float | None]) -> Transcript:
    spoken = tuple(Word(text, float(n), n + 0.5, confidence) for n, (text, confidence) in enumerate(words))
    return Transcript("whisper", "small", "en", " ".join(word.text for word in spoken), spoken)


def test_evidence_is_doubted_from_its_least_certain_word_on_and_only_where_confidence_is_known() -> None:
    said = transcript(("I", 0.9), ("fixed", 0.49), ("it", 0.9), ("then", None), ("left", 0.5))
    pieces = [Evidence("c", "action", said.text[a:b], a, b) for a, b in ((0, 7), (0, 1), (11, 15), (16, 20))]
    assert unsure(said, pieces) == frozenset({0})
    assert unsure(transcript(("I", None), ("left", None)), pieces[:2]) == frozenset()


def test_a_quote_is_verbatim_with_its_seconds_and_tied_to_the_nearest_criterion() -> None:
    said = transcript(*((word, 0.9) for word in "we had a misunderstanding and I explained it to the listener".split()))
    start = said.text.index("I explained")
    analysis = Analysis("en", tuple(said.text.split()), (), (Find("action", start, len(said.text)),), None)
    [piece] = pieces_of(said, analysis, TWO)
    assert (piece.criterion, piece.quote) == ("communication", "I explained it to the listener")
    assert (piece.start_s, piece.end_s) == (5.0, 10.5)


def test_the_same_words_said_twice_are_one_piece_whatever_their_capitals_and_spaces() -> None:
    pieces = [Evidence("c", "action", quote, 0, 5) for quote in ("I fixed it", "i  Fixed it", "I fixed that")]
    assert count(pieces) == Counts(action=2)
