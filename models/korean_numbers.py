"""Countable facts in spoken Korean: numerals with their unit, in words or figures, months and spans of days."""

from __future__ import annotations

import re
from collections.abc import Sequence

from models.korean_morphemes import Morph

TENS = "열|스물|서른|마흔|쉰|예순|일흔|여든|아흔"
ONES = "하나|한두|두세|서너|너댓|네다섯|대여섯|한|두|둘|세|셋|네|넷|서|석|넉|너|다섯|여섯|일곱|여덟|아홉"
NUMERAL = re.compile(rf"(?:{TENS})?(?:{ONES})|{TENS}|스무|[영공일이삼사오육칠팔구십백천만억]+|몇(?:십|백|천)|수(?:십|백|천)")
EMPTY_UNITS = frozenset("것 거 수 줄 때문 데 중 뿐 적 바 채 듯 대로 만큼 지 편 리 터 체 척 법 따름 나름 셈 초 말 측 쪽 식 곳".split())
UNITS = frozenset(
    "시간 달 사람 가지 단계 군데 조 년 학년 점 원 쪽 장 페이지 배 층 곳 퍼센트 퍼센티지 프로 킬로 킬로그램 그램 미터 센티 리터 개월 "
    "주일 주 일 명 분 개 건 번 회 차례 차 등 위 팀 반 학기 대 권 벌 켤레 마리 잔 병 상자 박스 세트 문제 줄 칸 평 톤 도 초 인 "
    "도막 그릇 포대 판 통 봉지 묶음 과목 문항 부 가구 세대 집 끼 걸음 살 시 월 해 기 호 세 암페어 볼트 와트 도수 학점 년치 개월치 쌍 타 포기 그루 송이 필지 마디 바퀴 골 승".split()
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
    while at < len(morphs) and (_numeral(morphs[at]) or morphs[at].form in ("여", ",", "점") and _inside(morphs, at)):
        at += 1
    while at > place + 1 and at == len(morphs):
        at -= 1
    if at >= len(morphs):
        return None
    if not _is_unit(morphs[at]):
        # 이십이 분: the last numeral was the unit's own (조, 일, 주), as in 이 조
        at -= 1
        if at <= place or not (morphs[at].form in UNITS and morphs[at].tag != "SN"):
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
    someday = number[-1].form == "번" and number[0].end == number[-1].start
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
