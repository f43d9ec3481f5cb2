"""A judgement can be repeated: same words, same result; whatever could change it is named in its versions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from interview_ai import library
from interview_ai.rules import gates, reasons, scoring
from interview_ai.rules.evidence import Delivery, Facts, Transcript, Word
from models import language, weights
from tests.evaluation import written
from tests.fixtures import encoder
from tests.worker.test_pipeline import GOOD_EN, GOOD_KO
from worker import judging, meaning
from worker.judging import Asked, Said, assess_text, judged, versions

TEXTS = {"ko": GOOD_KO, "en": GOOD_EN}
# true own actions, each new to the answers below
ACTIONS = {
    "ko": ("그리고 저는 그날 저녁에 창고 열쇠를 다시 확인했습니다.", "제가 사진을 찍어서 일지에 붙였습니다."),
    "en": ("And in the evening I checked the key of the storeroom.", "I took a photo and glued it into the log book."),
}


def asked(of: str) -> Asked:
    question = library.questions_of("problem_solving")[0].text(of)
    return Asked(question, of, library.rubric(), library.questions(of))


def spoken(text: str, *, slow: float = 1.0, confidence: float | None = 0.9) -> Transcript:
    words = tuple(Word(word, n * slow, n * slow + 0.4, confidence) for n, word in enumerate(text.split()))
    return Transcript("whisper", "small", "en", text, words)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return encoder.make(tmp_path_factory.mktemp("models") / weights.ENCODER)


@pytest.mark.parametrize("of", ["ko", "en"])
def test_the_same_text_is_judged_the_same_also_when_nothing_is_remembered(of: str) -> None:
    first = assess_text(TEXTS[of], asked(of))
    for remembered in (judging._question, judging._comparable, judging._analysis):
        remembered.cache_clear()
    assert assess_text(TEXTS[of], asked(of)) == first
    assert assess_text(f"  {TEXTS[of]}\n".replace(" ", "  "), asked(of)) == first
    assert first.score is not None


def test_the_voice_and_the_recording_change_no_point() -> None:
    plain = judged(spoken(GOOD_EN), asked("en"), Said(speech_s=40.0))
    facts, how = Facts(90.0, None, None), Delivery(2.1, 0.4, 9.0)
    slow = judged(spoken(GOOD_EN, slow=3.0), asked("en"), Said(facts, how, speech_s=12.0))
    assert plain.score is not None
    assert (slow.score, [item.quote for item in slow.evidence]) == (
        plain.score,
        [item.quote for item in plain.evidence],
    )


def test_words_that_the_recogniser_doubts_widen_the_range_and_leave_the_points() -> None:
    sure = judged(spoken(GOOD_EN), asked("en"), Said())
    words = spoken(GOOD_EN).words
    doubtful = tuple(replace(word, confidence=0.4) if n % 2 else word for n, word in enumerate(words))
    unsure = judged(replace(spoken(GOOD_EN), words=doubtful), asked("en"), Said())
    assert sure.score is not None and unsure.score is not None
    assert unsure.score.points == sure.score.points
    assert unsure.score.low < sure.score.low and unsure.score.high == sure.score.high


def test_versions_name_rules_rubric_recogniser_and_analyser() -> None:
    found = versions(asked("en"), "whisper/small")
    assert found["rubric"] == library.rubric().version
    assert found["gates"].startswith(f"{gates.VERSION}@")
    assert (found["scoring"], found["speech"]) == (scoring.VERSION, "whisper/small")
    assert found["language"] == language.VERSIONS["en"]
    assert assess_text(GOOD_EN, asked("en")).versions["speech"] == "text/none"


def test_versions_tell_which_questions_were_compared_and_nothing_else_about_them() -> None:
    given = asked("en")
    same = versions(replace(given, vocabulary=("bolt",), may_be_sent=False), "none")
    assert same == versions(given, "none")
    for other in (
        replace(given, question="Why?"),
        replace(given, other_questions=given.other_questions[1:]),
        replace(given, other_questions=(*given.other_questions, "Why?")),
    ):
        changed = versions(other, "none")
        assert changed["gates"] != same["gates"]
        assert changed | {"gates": same["gates"]} == same


def test_a_refused_answer_has_its_versions_too_and_the_gates_up_to_the_reason() -> None:
    found = assess_text("Too short.", asked("en"))
    assert found.versions == versions(asked("en"), "text/none")
    assert found.reason == reasons.first_failed(found.gates)
    silent = assess_text("", asked("en"))
    assert silent.transcript is None and next(gate.name for gate in silent.gates) == "speech"
    assert silent.versions == found.versions


def test_an_encoder_is_found_named_in_the_versions_and_gives_the_same_each_time(folder: Path, tmp_path: Path) -> None:
    assert weights.encoder(folder.parent, "en") == folder
    assert weights.encoder(tmp_path, "en") is None
    near = replace(asked("en"), encoder=folder)
    first = assess_text(GOOD_EN, near)
    meaning.embedded.cache_clear()
    assert assess_text(GOOD_EN, near) == first
    named = first.versions["language"]
    assert named.startswith(f"{language.VERSIONS['en']}+encoder@") and len(named.split("@")[1]) == judging.DIGITS
    without = assess_text(GOOD_EN, asked("en"))
    assert {**first.versions, "language": without.versions["language"]} == without.versions
    fits = [next(gate.value for gate in found.gates if gate.name == "fit") for found in (first, without)]
    assert fits[0] != fits[1]  # the encoder took part


def test_other_weights_are_another_version(folder: Path, tmp_path: Path) -> None:
    other = encoder.make(tmp_path)
    weights = other / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(bytes(content))
    names = {versions(replace(asked("en"), encoder=place), "none")["language"] for place in (folder, other)}
    assert len(names) == 2


def open_answers(of: str) -> list[written.Written]:
    return [one for one in written.answers(of) if not one.held_out][:24]


def points(text: str, one: written.Written) -> float | None:
    given = Asked(one.question, one.language, library.rubric(), library.questions(one.language))
    found = assess_text(text, given)
    return found.score.points if found.score else None


@pytest.mark.parametrize("of", ["ko", "en"])
def test_one_more_thing_that_one_did_never_lowers_the_points_of_a_written_answer(of: str) -> None:
    chosen = open_answers(of)
    assert len(chosen) >= 20
    for number, one in enumerate(chosen):
        more = ACTIONS[of][number % 2]
        before, after = points(one.text, one), points(f"{one.text} {more}", one)
        assert before is not None and after is not None and after >= before, one.id


@pytest.mark.parametrize("of", ["ko", "en"])
def test_saying_everything_again_never_raises_the_points_of_a_written_answer(of: str) -> None:
    rubric = library.rubric()
    for one in open_answers(of):
        end = "" if one.text[-1] in ".?!" else "."
        scores = []
        for text in (one.text, f"{one.text}{end} {one.text}"):
            transcript = Transcript("text", "none", of, text, tuple(Word(word) for word in text.split()))
            found = scoring.evidence(transcript, language.analyse(text, of), rubric, question=one.question)
            scores.append(scoring.score(found, rubric).points)
        assert scores[1] <= scores[0], one.id
        assert points(f"{one.text} {one.text}", one) is None  # and the gates let it not even come to that
