"""Why there is no score: one sentence for each reason, read by candidate and employer alike, in both languages."""

from __future__ import annotations

from collections.abc import Sequence

from interview_ai.rules.evidence import Bilingual, Gate, Reason, ReasonCode

SENTENCES: dict[ReasonCode, Bilingual] = {
    "unreadable": Bilingual(
        "녹화 파일을 읽을 수 없어요. 이 답변을 다시 녹화해 주세요.",
        "The recording cannot be read. Please record this answer again.",
    ),
    "no_speech": Bilingual(
        "말소리가 들리지 않아요. 사람이 녹화를 확인해요.",
        "No speech could be heard. A person will look at the recording.",
    ),
    "wrong_language": Bilingual(
        "질문과 다른 언어로 말한 것 같아요. 사람이 확인해요.",
        "The answer seems to be in another language than the question. A person will look at it.",
    ),
    "low_confidence": Bilingual(
        "말소리를 충분히 정확하게 알아듣지 못했어요. 사람이 확인해요.",
        "The words could not be recognised well enough. A person will look at it.",
    ),
    "too_short": Bilingual(
        "점수를 제안하기에는 답변이 너무 짧아요. 사람이 확인해요.",
        "The answer is too short for a suggestion. A person will look at it.",
    ),
    "off_topic": Bilingual(
        "질문과 관련된 내용을 찾지 못했어요. 사람이 확인해요.",
        "Nothing in the answer relates to the question. A person will look at it.",
    ),
    "echo": Bilingual(
        "답변의 많은 부분이 질문을 되풀이한 것이에요. 사람이 확인해요.",
        "Much of the answer repeats the question. A person will look at it.",
    ),
    "repetition": Bilingual(
        "같은 말이 계속 되풀이돼요. 사람이 확인해요.", "The same words come again and again. A person will look at it."
    ),
    "word_salad": Bilingual(
        "말의 순서를 이해할 수 없어요. 사람이 확인해요.",
        "The order of the words makes no sense. A person will look at it.",
    ),
    "pasted_rubric": Bilingual(
        "답변의 많은 부분이 평가기준의 문장을 그대로 옮긴 것이에요. 사람이 확인해요.",
        "Much of the answer repeats the wording of the rubric. A person will look at it.",
    ),
    "no_recogniser": Bilingual(
        "이 언어의 음성 인식기가 설치되지 않았어요(interview-ai models pull). 사람이 직접 보고 평가해요.",
        "No recogniser for this language is installed (interview-ai models pull). People watch and rate it themselves.",
    ),
    "demonstration_recogniser": Bilingual(
        "시연용 음성 인식기로 받아쓴 글이라 점수를 제안하지 않아요. 사람이 직접 보고 평가해요.",
        "The transcript comes from the demonstration recogniser, which is not good enough for points. People rate it.",
    ),
    "people_only": Bilingual(
        "지원자가 사람만 보기를 선택했어요. 사람이 직접 평가해요.",
        "The candidate chose people only. People rate it themselves.",
    ),
    "abstained": Bilingual(
        "점수를 제안할 만큼 확실하지 않아요. 사람이 확인해요.",
        "It is too uncertain for a suggestion. A person will look at it.",
    ),
    "failed": Bilingual(
        "처리가 세 번 실패했어요. 녹화는 안전해요. 사람이 확인해요.",
        "Processing failed three times. The recording is safe. A person will look at it.",
    ),
}
CODES: dict[str, ReasonCode] = {
    "speech": "no_speech",
    "language": "wrong_language",
    "recogniser": "demonstration_recogniser",
    "confidence": "low_confidence",
    "length": "too_short",
    "own_words": "too_short",
    "pasted_rubric": "pasted_rubric",
    "echo": "echo",
    "keywords": "echo",
    "own_content": "echo",
    "repetition": "repetition",
    "repeated": "repetition",
    "word_salad": "word_salad",
    "on_topic": "off_topic",
    "fit": "off_topic",
    "own_fit": "off_topic",
    "related": "off_topic",
    "about_self": "off_topic",
}
# what a gate says where its code's own sentence would not tell why
OF_GATES = {
    "own_words": Bilingual(
        "질문이나 평가기준에서 옮긴 말, 되풀이한 말, 평가자에게 하는 부탁을 빼면 답변이 너무 짧아요. 사람이 확인해요.",
        "Without words copied from the question or the rubric, repeated words and pleas to the assessor, too little is "
        "left for a suggestion. A person will look at it.",
    ),
    "about_self": Bilingual(
        "자신의 경험을 말하는 부분을 찾지 못했어요. 사람이 확인해요.",
        "Nothing in the answer speaks of the candidate's own experience. A person will look at it.",
    ),
}


def reason(code: ReasonCode) -> Reason:
    """The reason with its sentence in both languages."""
    return Reason(code, SENTENCES[code])


def first_failed(gates: Sequence[Gate]) -> Reason | None:
    """The reason of the first gate that stands in the way; None when all are open."""
    failed = next((gate.name for gate in gates if not gate.passed), None)
    return Reason(CODES[failed], OF_GATES.get(failed, SENTENCES[CODES[failed]])) if failed else None
