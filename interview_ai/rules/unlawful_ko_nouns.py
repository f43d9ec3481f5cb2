"""Korean questions whose subject nobody may be asked about, however they go on: "남편분은 이 일을 찬성하시나요?"."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SENTENCE = re.compile(r"[^.?!]+[.?!]*")
_QUESTION = re.compile(
    r"(?:나요|니까|가요|어요|아요|예요|에요|세요|까요|지요|죠|는지|(?:주|하|으)십시오|바랍니다)\s*[.?!？]*\s*$|[?？]\s*$"
)
# What people tell about themselves at work, or how a job is done, is asked about the job.
_EVENT = re.compile(
    r"경험|사례|일화|사건|순간|을\s*때|던\s*(?:때|일|것|점)|적(?:이|을|은)?\s*있|[가-힣](?:신|한|난|된|낸|룬|준|운|본|은)\s*(?:일|것|점)"
)
_WORK = re.compile(
    r"어떻게(?!\s*(?:되|됩|돼|생각|보))|무엇을|뭘|어떤\s*(?:방법|점|순서|기준|절차|일이)|처리|응대|상담|관리|대응|안내|작성|판매|기획|운영"
    r"|설명하|가르|준비하|구분|계산|분석|업무를"
)
_OTHERS = re.compile(
    r"고객|손님|이용자|사용자|회원|환자|학생|어르신|노인|민원인|보호자|동료|주민|제품|상품|시스템|서비스|회사의|팀의|아이들|후배"
)
_SUBJECT = r"(?:분|님)?(?:들)?(?:은|는|이|가|을|를|도|에|께서는?|이나)?(?=\s|[?？]|$)"
_FAMILY_SUBJECT = r"(?:분|님)?(?:들)?(?:은|는|이|가|도|께서는?|\s*중에?)(?=\s|[?？]|$)"


def _nouns(words: str, particle: str = _SUBJECT) -> re.Pattern[str]:
    return re.compile(rf"(?<![가-힣])(?:{words}){particle}")


NOUNS: dict[str, re.Pattern[str]] = {
    "appearance": _nouns(
        r"몸무게|체중|외모|용모|체격(?:\s*조건)?|(?:키|신장)(?=가|는|와|하고|랑)|(?:키|신장)(?:와|하고|랑)\s*(?:몸무게|체중)"
    ),
    "region": _nouns(r"고향|출신\s*지역?|본적|출생지"),
    "marriage": _nouns(
        r"(?:결혼|임신|출산|이혼)(?:\s*(?:예정일?|생각|계획|휴가))?|혼인|남편|아내|배우자|육아\s*휴직|(?:아이|아기|둘째)\s*(?:생각|계획)"
        r"|(?:남자|여자)\s*친구"
    ),
    "property": _nouns(
        r"(?:개인\s*)?재산|빚|전세|월세|통장|(?:사는|살고\s*있는|사시는)\s*집|(?:학자금|주택|전세)\s*대출"
    ),
    "family": _nouns(r"부모님?|아버지|어머니|아버님|어머님|형제|자매|가족|친척|누나|언니|오빠|동생", _FAMILY_SUBJECT),
    "religion": _nouns(r"종교|신앙|교회|성당|예배|미사|기도"),
    "politics": _nouns(r"정당|대선|총선|정치(?:\s*성향)?|투표"),
    "union": _nouns(r"노조|노동조합|파업"),
    "health": _nouns(
        r"지병|병력|우울증|정신과(?:\s*약)?|(?:먹는|드시는|복용하는|복용\s*중인)\s*약|(?:신체|정신)\s*장애"
    ),
    "age": _nouns(r"나이|연세|생년월일|서른|마흔|쉰|환갑"),
    "sex": _nouns(r"성별"),
    "military": _nouns(r"(?:군|병역)\s*(?:면제|미필)"),
    "nationality": _nouns(r"국적|피부색"),
    "orientation": _nouns(r"성적?\s*(?:지향|취향|정체성)|동성애"),
}


def subjects(text: str) -> Iterator[tuple[re.Match[str], str]]:
    """Each such subject with its ground; sentences about an event, a job or somebody else have none."""
    for sentence in _SENTENCE.finditer(text):
        words = sentence.group()
        if not _QUESTION.search(words) or any(mark.search(words) for mark in (_EVENT, _WORK, _OTHERS)):
            continue
        for ground, pattern in NOUNS.items():
            match = pattern.search(text, sentence.start(), sentence.end())
            if match:
                yield match, ground
