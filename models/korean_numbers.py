"""Countable facts in spoken Korean: numerals with their unit, in words or figures, months and spans of days."""

from __future__ import annotations

import re
from collections.abc import Sequence

from models.korean_morphemes import Morph

TENS = "열|스물|서른|마흔|쉰|예순|일흔|여든|아흔"
ONES = "하나|한두|두세|서너|너댓|네다섯|대여섯|한|두|둘|세|셋|네|넷|서|석|넉|너|다섯|여섯|일곱|여덟|아홉"
NUMERAL = re.compile(
    rf"(?:{TENS})?(?:{ONES})|{TENS}|스무|[영공일이삼사오육칠팔구십백천만억]+|몇(?:십|백|천)|수(?:십|백|천)"
)
EMPTY_UNITS = frozenset(
    "것 거 수 줄 때문 데 중 뿐 적 바 채 듯 대로 만큼 지 편 리 터 체 척 법 따름 나름 셈 초 말 측 쪽 식 곳".split()
)
UNITS = frozenset(
    "가구 가지 개 개월 건 걸음 골 곳 과목 군데 권 그램 그루 그릇 기 끼 년 단계 달 대 도 도막 등 리터 마디 "
    "마리 명 묶음 문제 문항 미터 바퀴 박스 반 배 번 벌 병 볼트 봉지 부 분 사람 살 상자 세 세대 세트 센티 송이 "
    "승 시 시간 쌍 암페어 와트 원 월 위 인 일 잔 장 점 조 주 주일 줄 집 쪽 차 차례 초 층 칸 켤레 킬로 "
    "킬로그램 타 톤 통 팀 판 퍼센트 페이지 평 포기 포대 프로 필지 학기 학년 학점 해 호 회".split()
)
SPANS = frozenset("이틀 사흘 나흘 닷새 엿새 이레 여드레 아흐레 열흘 보름 일주일 반년 반나절 절반 한나절".split())
YEARS = frozenset({"작년", "올해", "재작년", "지난해", "내년"})
ANYBODYS = frozenset("사람 분 명 집 팀 문제 과목 줄 반 부 점".split())  # 이 사람, 이 점: this one, not two
CALENDAR = {"년": ("월",), "월": ("일",), "시": ("분",), "시간": ("분",), "분": ("초",)}
LATIN_UNITS = frozenset("kg g km m cm mm l ml kb mb gb tb ms s kw mw kwh p %p".split())

Span = tuple[int, int]


def counted(morphs: Sequence[Morph], text: str) -> list[Span]:
    """Where something is counted, measured or dated: (start, end) in characters, in order, none overlapping."""
    found: list[tuple[int, int, str]] = []
    place = 0
    while place < len(morphs):
        unit = _unit_after(morphs, place) if _begins(morphs, place, text) else None
        if unit is not None:
            found.append((_with_year(morphs, place), morphs[unit].end, morphs[unit].form))
            place = unit
        elif morphs[place].form in SPANS and morphs[place].tag.startswith("NN"):
            found.append((morphs[place].start, morphs[place].end, ""))
        place += 1
    return _dates(found, text)


def _numeral(morph: Morph) -> bool:
    return morph.tag == "SN" or (morph.tag in ("NR", "MM") and NUMERAL.fullmatch(morph.form) is not None)


def _begins(morphs: Sequence[Morph], place: int, text: str) -> bool:
    """Whether a number begins here, at the rim of a word: not within another number, not 예|열."""
    if not _numeral(morphs[place]) or (place and _numeral(morphs[place - 1]) and not _about(morphs, place - 1)):
        return False
    if _about(morphs, place):
        return False
    start = morphs[place].start
    return start == 0 or not (text[start - 1].isalnum())


def _about(morphs: Sequence[Morph], place: int) -> bool:
    """Whether 한 only says "about": 한 삼 년."""
    after = morphs[place + 1] if place + 1 < len(morphs) else None
    return morphs[place].form == "한" and after is not None and _numeral(after) and after.start > morphs[place].end


def _unit_after(morphs: Sequence[Morph], place: int) -> int | None:
    """The unit behind a number that begins at `place`; None where nothing is counted (첫 번째, 한 번 해 보-)."""
    at = place
    while at < len(morphs) and (_numeral(morphs[at]) or (morphs[at].form in ("여", ",", "점") and _inside(morphs, at))):
        at += 1
    if at == len(morphs) or not _is_unit(morphs[at]):
        at -= 1  # the last numeral may be a unit itself: 이 조, 삼 주
        if at == place or morphs[at].tag == "SN" or morphs[at].form not in UNITS:
            return None
    after = morphs[at + 1] if at + 1 < len(morphs) else None
    return None if after is not None and _idle(morphs[place : at + 1], after) else at


def _inside(morphs: Sequence[Morph], at: int) -> bool:
    """Whether 여, a comma or 점 stands within a number: 삼십여 명, 1,200원, 사 점 오 점."""
    after = morphs[at + 1] if at + 1 < len(morphs) else None
    if after is None:
        return False
    if morphs[at].form == "여":
        return _is_unit(after)
    return _numeral(after) and after.start - morphs[at].end == 0 and morphs[at - 1].end == morphs[at].start


def _is_unit(morph: Morph) -> bool:
    if morph.tag == "SW":
        return morph.form in ("%", "℃", "㎏", "㎞", "%p", "℉", "$", "₩")
    if morph.tag == "SL":
        return morph.form.lower() in LATIN_UNITS
    if morph.tag == "NNB":
        return morph.form not in EMPTY_UNITS or morph.form in ("초", "쪽", "곳")
    return morph.tag in ("NNG", "NR", "MM", "XSN") and morph.form in UNITS


def _idle(number: Sequence[Morph], after: Morph) -> bool:
    """첫 번째 orders, 한 번 해 보다 counts nothing."""
    once = number[0].form == "한" and number[-1].form == "번" and after.tag in ("VV", "VA", "MAG", "NNG")
    someday = number[0].form == "한" and number[-1].form == "번" and number[0].end == number[-1].start
    this = number[0].tag == "MM" and number[0].form == "이" and number[-1].form in ANYBODYS
    fraction = number[-1].form == "분" and after.form == "의" and number[0].end == number[-1].start
    return after.form in ("째", "용", "성") or once or someday or fraction or this


def _with_year(morphs: Sequence[Morph], place: int) -> int:
    before = morphs[place - 1] if place else None
    dated = before is not None and before.form in YEARS and any(m.form == "월" for m in morphs[place : place + 3])
    if before is None or not dated:
        return morphs[place].start
    earlier = morphs[place - 2] if place > 1 else None
    return earlier.start if earlier is not None and earlier.form == "재" else before.start


def _dates(found: Sequence[tuple[int, int, str]], text: str) -> list[Span]:
    """Year, month and day, or hour and minute, said in one go, as one."""
    joined: list[tuple[int, int, str]] = []
    for start, end, unit in found:
        last = joined[-1] if joined else None
        if last is not None and unit in CALENDAR.get(last[2], ()) and not text[last[1] : start].strip():
            joined[-1] = (last[0], end, unit)
        else:
            joined.append((start, end, unit))
    return [(start, end) for start, end, _ in joined]
