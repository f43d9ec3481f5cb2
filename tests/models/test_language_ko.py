"""What the Korean analyser takes for evidence and what it never does, by small sentences made for this."""

from __future__ import annotations

import random

import pytest

from interview_ai.rules.analysis import Analysis, Find
from models.language_ko import analyse

STORY = (
    "작년 봄에 구내식당에서 배식 보조로 일했습니다. 잔반이 하루에 사십 킬로씩 나왔습니다. "
    "저는 반찬 순서를 맡고 있었습니다. 그래서 삼 주 동안 남는 반찬을 적었습니다. 인기 없는 나물을 작은 접시로 옮겼고, "
    "영양사 선생님께 결과표를 보여 드렸습니다. 그 결과 잔반이 스물다섯 킬로로 줄었습니다."
)


def kinds(text: str) -> set[str]:
    return {find.kind for find in analyse(text).finds}


def quotes(text: str, kind: str) -> list[str]:
    return [text[find.start : find.end] for find in analyse(text).finds if find.kind == kind]


def after_a_deed(sentence: str) -> tuple[str, int]:
    """The sentence behind one own deed, so that results can follow; and where it begins."""
    before = "제가 점검표를 만들었습니다. "
    return before + sentence, len(before)


def kinds_after_a_deed(sentence: str) -> set[str]:
    text, begin = after_a_deed(sentence)
    return {find.kind for find in analyse(text).finds if find.start >= begin}


@pytest.mark.parametrize(
    "text",
    [
        "제가 창고 선반마다 이름표를 붙였습니다.",
        "재고를 처음부터 다시 셌어요.",
        "제가 그거를 다 고쳤거든요 그리고 장부에 적었고요",
        "그래서 손님한테 먼저 전화를 드렸는데요.",
        "저는 새 양식을 만들어서 팀장님께 보여 드렸습니다.",
        "음 그 제가 뭐 신청서를 어 하나하나 확인했어요",
        "제가 KPI를 다시 정리했습니다.",
        "제가 Excel로 명단을 만들었어요.",
        "제가 발표 순서를 바꾸자고 제안했습니다.",
        "선배가 떠난 뒤에 제가 그 일을 정리했습니다.",
        "제가 매뉴얼을 새로 썼지 않습니까.",
        # Gyeongsang
        "제가 박스를 전부 옮겼심더.",
        "그라고 제가 송장을 하나씩 맞췄습니더.",
        "제가 기계를 닦았는데예 그라고 기름도 쳤어예",
        "제가 그때 문을 고쳤다 아입니까.",
        "반장님한테 말씀드려가 공구를 빌렸어예.",
    ],
)
def test_what_the_speaker_did_is_an_action(text: str) -> None:
    assert "action" in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        # another person's
        "팀장님이 해결하셨습니다.",
        "선배가 자료를 정리해 줬어요.",
        "동료가 고객에게 전화를 걸었습니다.",
        "사장님은 새 기계를 사셨어요.",
        "친구들이 의자를 옮겼습니다.",
        "담당자분이 오셔서 서류를 고치고 도장을 찍으셨어요.",
        "매니저가 표를 만들어서 벽에 붙였습니다.",
        "옆자리 언니가 저한테 사용법을 알려 줬어요.",
        "과장님이 저를 도와주셨습니다.",
        "본사에서 규정을 바꿨다고 들었습니다.",
        "형이 와서 짐을 날랐고예.",
        "교수님도 자료를 찾아 주셨고요.",
        "저희 팀장님이 먼저 사과를 하셨습니다. 그리고 보고서도 쓰셨어요.",
        "후임이 장부를 정리했습니다. 그리고 창고도 치웠습니다.",
        # not done
        "마감까지 보고서를 제출하지 못했습니다.",
        "저는 그 자료를 안 만들었습니다.",
        "결국 못 끝냈어요.",
        "정리를 끝까지 못 했습니다.",
        "제가 직접 고치지는 않았습니다.",
        "저는 아무것도 만들지 못했고예.",
        # not real
        "저라면 표를 만들 것 같습니다.",
        "고객에게 전화를 하려고 했는데 시간이 지났습니다.",
        "미리 확인했어야 했습니다.",
        "만약 제가 팀장이었으면 일정을 바꿨을 것입니다.",
        "다시 한다면 순서를 바꿀 수 있습니다.",
        "제가 보고서를 쓸 뻔했습니다.",
        "제가 그 일을 하고 싶었습니다.",
        "입사하면 매뉴얼을 만들겠습니다.",
        "내년에는 자격증을 딸 계획입니다.",
        "앞으로 열심히 고칠라 캅니더.",
        # habit and general
        "저는 항상 메모를 하는 편입니다.",
        "매일 아침 신문을 읽고 운동을 합니다.",
        "일이 많으면 순서를 정해서 처리합니다.",
        "사람은 누구나 실수를 한다고 하잖아요.",
        # feeling and thinking
        "정말 뿌듯하다고 느꼈습니다.",
        "책임감이 중요하다고 생각했습니다.",
        "그때 협력이 중요하다는 걸 깨달았습니다.",
        "다음에는 더 잘해야겠다고 다짐했습니다.",
        "신경을 많이 썼습니다.",
    ],
)
def test_what_the_speaker_did_not_do_is_neither_action_nor_result(text: str) -> None:
    assert not kinds(text) & {"action", "result"}
    assert not kinds_after_a_deed(text) & {"action", "result"}


@pytest.mark.parametrize(
    "text",
    [
        "그 결과 불량이 열두 건으로 줄었습니다.",
        "매출이 이십 퍼센트 늘었어요.",
        "대기 시간이 훨씬 짧아졌습니다.",
        "손님들이 다시 오시게 됐습니다.",
        "문제가 깔끔하게 해결됐습니다.",
        "결국 공모전에서 대상을 받았습니다.",
        "자격증을 땄심더.",
        "사고가 한 건도 없었습니다.",
        "덕분에 기한 안에 끝났고요.",
        "반품률을 8% 낮췄습니다.",
        "그라이까네 속도가 억수로 빨라졌어예.",
    ],
)
def test_what_came_of_it_is_a_result(text: str) -> None:
    assert "result" in kinds_after_a_deed(text)


@pytest.mark.parametrize(
    "text",
    [
        "대학교 삼 학년 때 편의점에서 일했습니다.",
        "작년에 요양원에서 실습을 할 때였는데요.",
        "제가 군대에 있을 때인데예.",
        "갑자기 기계가 멈춘 적이 있었습니다.",
        "손님이 너무 많았어요.",
    ],
)
def test_where_and_when_it_was_is_a_situation(text: str) -> None:
    assert kinds(text) - {"specific"} == {"situation"}


@pytest.mark.parametrize(
    "text",
    [
        "제가 재고 관리를 맡았습니다.",
        "저는 접수 담당이었어요.",
        "저희 목표가 하루 백 상자였습니다.",
        "금요일까지 명단을 끝내야 했습니다.",
        "팀장님이 저한테 일정을 짜라고 하셨습니다.",
    ],
)
def test_what_was_to_be_done_is_a_task(text: str) -> None:
    assert "task" in kinds(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("세 명이 왔습니다.", ["세 명"]),
        ("삼십 퍼센트가 줄었습니다.", ["삼십 퍼센트"]),
        ("이 주 동안 했습니다.", ["이 주"]),
        ("불만이 열두 건 있었습니다.", ["열두 건"]),
        ("12%가 늘었고 3개월이 걸렸어요.", ["12%", "3개월"]),
        ("이천이십삼 년 팔월에 시작했고 1,200만 원이 들었습니다.", ["1,200만 원"]),
        ("한 삼 년 일했습니다.", ["삼 년"]),
        ("작년 3월에 입사했습니다.", ["작년 3월"]),
        ("사흘 걸렸고 일주일 쉬었어요.", ["사흘", "일주일"]),
        ("스물다섯 명 중에 한 명이 늦었어요.", ["스물다섯 명", "한 명"]),
        ("12번 확인하고 삼십여 명을 만났어요.", ["12번", "삼십여 명"]),
        ("KPI를 1.5배로 올렸습니다.", ["1.5배"]),
        ("첫 번째로 하나하나 여러 번 확인했습니다.", []),
        ("이 사람이 그 일을 한번 해 봤습니다.", []),
    ],
)
def test_counted_things_are_specific(text: str, expected: list[str]) -> None:
    found = quotes(text, "specific")
    assert [quote for quote in expected if quote not in found] == []
    assert expected or not found


def test_a_find_is_one_deed_and_quotes_the_words_themselves() -> None:
    text = "그래서 제가 명단을 뽑아서 한 분씩 전화를 드렸습니다."
    assert quotes(text, "action") == ["제가 명단을 뽑아서", "한 분씩 전화를 드렸습니다"]


def test_dialect_offsets_lie_in_the_text_that_was_given() -> None:
    text = "그라이까네 제가 서류를 모아가 반장님께 드렸심더 그라고 창고도 치웠는데예"
    assert quotes(text, "action") == ["제가 서류를 모아가", "반장님께 드렸심더", "창고도 치웠는데예"]


def test_a_story_holds_each_kind_with_and_without_punctuation() -> None:
    for text in (STORY, STORY.replace(".", "").replace(",", "")):
        assert kinds(text) == {"situation", "task", "action", "result", "specific"}
        assert len(quotes(text, "action")) == 3


def distinct(analysis: Analysis, text: str) -> set[tuple[str, str]]:
    def quote(find: Find) -> str:
        return " ".join(text[find.start : find.end].lower().split())

    return {(find.kind, quote(find)) for find in analysis.finds}


@pytest.mark.parametrize("filler", ["음", "어", "그", "뭐", "네", "이제", "그러니까", "감사합니다"])
def test_a_filler_at_the_end_never_adds_evidence(filler: str) -> None:
    longer = f"{STORY} {filler}"
    assert distinct(analyse(longer), longer) <= distinct(analyse(STORY), STORY)


@pytest.mark.parametrize("place", range(6))
def test_a_repeated_sentence_never_adds_distinct_evidence(place: int) -> None:
    sentences = [sentence + "." for sentence in STORY.split(".") if sentence]
    longer = STORY + sentences[place]
    assert distinct(analyse(longer), longer) <= distinct(analyse(STORY), STORY)


@pytest.mark.parametrize(
    "text", ["", " ", ".", "음", "hello there", "12", "ㅋㅋㅋ", "요", "가", "한", "다 아입니까", "\n\t🙂 네"]
)
def test_scraps_are_read_without_evidence_of_deeds(text: str) -> None:
    assert not kinds(text) & {"action", "result", "task"}


def test_the_same_text_always_gives_the_same_analysis() -> None:
    assert analyse(STORY) == analyse(STORY)


def shuffled(text: str, seed: int) -> str:
    words = text.replace(".", "").replace(",", "").split()
    random.Random(seed).shuffle(words)
    return " ".join(words)


@pytest.mark.parametrize("seed", range(3))
def test_words_in_order_are_told_from_the_same_words_shuffled(seed: int) -> None:
    spoken, salad = analyse(STORY.replace(".", "")).disorder, analyse(shuffled(STORY, seed)).disorder
    assert spoken is not None and spoken < 0.2
    assert salad is not None and salad > 0.55


def test_order_is_not_judged_from_a_few_words() -> None:
    assert analyse("제가 창고 선반마다 이름표를 붙였습니다.").disorder is None


def test_a_list_of_keywords_is_out_of_order() -> None:
    listed = analyse(
        "문제 해결 소통 책임 협력 목표 성과 개선 고객 분석 계획 실행 결과 경험 역량 도전 성장 배려 신뢰 열정"
    ).disorder
    assert listed is not None and listed > 0.55
