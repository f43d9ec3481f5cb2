"""What Korean speech discloses about a person, as patterns over the words of a transcript; the named part is masked."""

from __future__ import annotations

import re

from interview_ai.rules.disclosures import Category
from interview_ai.rules.masking_ko_words import (
    CALLED,
    FAMILY,
    GIVEN_SYLLABLES,
    HOMELY,
    JOBS,
    NO_FAMILY_AFTER,
    NO_FAMILY_BEFORE,
    NO_NAMES,
    NO_SCHOOLS,
    NO_SURNAME_ALONE,
    SCHOOLS,
    SURNAMES,
    TITLES,
)
from interview_ai.rules.masking_places import PLACES_KO

N_FINAL, L_FINAL = 4, 8  # of a syllable block: what ends a clause that describes a noun
START = r"(?<!\S)"
SOME = r"(?:\S+ )??"  # at most one word between
FAMILY_NAME = f"(?:{'|'.join(SURNAMES)})"
ONE = f"[{GIVEN_SYLLABLES}]"
FULL = f"{FAMILY_NAME}{ONE}{{1,2}}"
TITLE = f"(?:{'|'.join(TITLES)})"
IS = r"(?:이라고|라고|입니다|이고요?|고요|이며|이에요|예요|이라|라는|이라는|인데요?|이었|였)"
AFTER_TITLE = r"(?:님|한테|께|이|가|은|는|을|를|의|과|와|랑|하고|도|에게|으로|로|\s|$)"
PLACE = f"(?:{'|'.join(sorted(PLACES_KO, key=len, reverse=True))})"
PLACED = rf"{PLACE}(?:특별자치도|특별자치시|광역시|특별시|시|군|도|구|읍|면)?"
TAILED = (
    rf"{PLACED}(?:에서|에|서|이|가|은|는|인데|이고|이고요|고요|이라|이라서|라서|이며|입니다|이에요|예요|인|로|으로|쪽)*"
)
SMALL = r"[가-힣]{1,4}(?:읍|면|리|동|구)(?:에서|에|이|입니다|이고|이라)*"
PLACES = rf"{TAILED}(?: (?:{TAILED}|{SMALL}))*"
TENS_NATIVE = r"(?:스물|서른|마흔|쉰|예순)"
ONES_NATIVE = r"(?:하나|한|둘|두|셋|세|넷|네|다섯|여섯|일곱|여덟|아홉)"
NATIVE = rf"(?:{TENS_NATIVE} ?{ONES_NATIVE}?|스무|열 ?(?:여덟|아홉))"
SINO = r"[공영일이삼사오육륙칠팔구십백천]"
TENS_SINO = r"(?:[이삼사오육]십[일이삼사오육칠팔구]?)"
AGE = rf"(?:{NATIVE}|{TENS_SINO}|\d{{2}})"
HEIGHT = r"(?:\d{3}|일?백(?:\s?[오육칠팔구]십)?\s?[일이삼사오육칠팔구]?|일 ?미터)"
KIN = f"(?:{'|'.join(FAMILY)})"
KIN_PARTICLE = (
    r"(?:님|께서|께|한테|에게|이랑|랑|하고|이나|이|가|은|는|을|를|의|도|과|와|네|들|인|이고|고|라|라서|"
    r"이라|이라서|이에요|예요|입니다)"
)
KIN_WORD = rf"{START}{KIN}{KIN_PARTICLE}*(?=[\s.,?!]|$)"
JOB = f"(?:{'|'.join(JOBS)})"


def _rule(text: str) -> re.Pattern[str]:
    return re.compile(text)


RULES: tuple[tuple[Category, re.Pattern[str]], ...] = (
    # names: said of oneself, before a title, grown together with one, called
    (
        "name",
        _rule(rf"(?:이름은|이름이|저는|제가|지원자|전|안녕하세요|안녕하십니까) (?P<a>{FULL}){IS}"),
    ),
    ("name", _rule(rf"{START}(?P<a>{FULL})(?:이라고|라고) (?:합니다|하고|하는|해요|불)")),
    (
        "name",
        _rule(rf"(?:이름은|이름이|지원자) (?P<a>{FAMILY_NAME} ?{ONE}{{1,2}})(?=[\s.,]|{IS}|$)"),
    ),
    ("name", _rule(rf"{START}(?P<a>{FAMILY_NAME}) {TITLE}{AFTER_TITLE}")),
    ("name", _rule(rf"{START}(?P<a>{FAMILY_NAME}{ONE}{{2}}) (?:{TITLE}|씨|님|군|양){AFTER_TITLE}")),
    ("name", _rule(rf"{START}(?P<a>{FAMILY_NAME}?{ONE}{{2}}) ?씨{AFTER_TITLE}")),
    ("name", _rule(rf"{START}(?P<a>{FAMILY_NAME}(?:{ONE}{{2}})?{TITLE}){AFTER_TITLE}")),
    (
        "name",
        _rule(
            rf"(?:동기|친구|후배|선배|동료|사수|상사|룸메이트)인 (?P<a>{FAMILY_NAME}?{ONE}{{2}})(?:이?가|이?는|"
            rf"이?랑|을|를|이)"
        ),
    ),
    ("name", _rule(rf"{START}(?P<a>{ONE}{{2}}[아야])(?= (?:하고|라고|이라고) )")),
    (
        "name",
        _rule(
            rf"(?:반갑습니다|지원한|지원하게 된|년생|안녕하세요|안녕하십니까)[.,]? (?P<a>{FAMILY_NAME}{ONE}{{2}}){IS}"
        ),
    ),
    # schools: by their kind behind a proper name, by the short forms before a word of studying
    ("school", _rule(r"(?P<a>[가-힣A-Za-z]+(?:대학교|고등학교|중학교|초등학교))")),
    (
        "school",
        _rule(
            r"(?P<a>[가-힣]{2,}(?:공대|여대|교대|과기대|의대|법대|공고|상고|여고|외고|농고|과학고|체고|예고|"
            r"마이스터고))"
        ),
    ),
    (
        "school",
        _rule(rf"{START}(?P<a>[가-힣]{{1,7}}대)(?:를|에서|에|의)? (?:{SCHOOLS}|\S+과(?:를|에)?(?: |$))"),
    ),
    (
        "school",
        _rule(rf"{START}(?P<a>[가-힣]{{2,7}}고)(?:를|에) (?:졸업|나오|나온|나와|나왔|다니|다닐|다녔|입학)"),
    ),
    (
        "school",
        _rule(r"(?P<a>카이스트|포스텍|유니스트|디지스트|지스트|켄텍|한예종|KAIST|POSTECH|UNIST|DGIST|GIST)"),
    ),
    ("school", _rule(rf"{START}(?P<a>[가-힣]{{1,7}}대)(?:에서|를) {SOME}(?:배우|배웠|배운|전공|공부|졸업)")),
    # where somebody was born or grew up
    (
        "birthplace",
        _rule(rf"{START}(?P<a>{PLACES}) (?:태어|출생|나고|나서 자|자라|자랐|자란|컸|크면서|성장|토박이|출신|태생)"),
    ),
    ("birthplace", _rule(rf"{START}(?P<a>{PLACES}) 사람(?:이|입|인)")),
    (
        "birthplace",
        _rule(rf"(?:고향|태어난 곳|출생지|출신지|본적)(?:은|이|인|도|)? {SOME}(?P<a>{PLACES})"),
    ),
    # where somebody lives
    (
        "place",
        _rule(rf"{START}(?:본가|집|자택|자취방|친정)(?:이|은|는|가|도)? {SOME}(?P<a>{PLACES})"),
    ),
    (
        "place",
        _rule(rf"{START}(?P<a>{PLACES}) {SOME}(?:살고|살았|살면서|살아|살다|삽니다|거주|자취|하숙|이사)"),
    ),
    # age: years of life, year of birth, year of entering a university
    ("age", _rule(rf"{START}(?P<a>(?:만 )?{AGE} ?살\S*)")),
    (
        "age",
        _rule(rf"{START}(?P<a>(?:만 )?{AGE} ?세(?:입니다|이고|이며|인|가|에|의|이|로|예요)\S*)"),
    ),
    ("age", _rule(rf"{START}(?P<a>만 {AGE}\S*)")),
    (
        "age",
        _rule(
            rf"{START}(?P<a>{TENS_NATIVE} ?{ONES_NATIVE}?(?:이고|입니다|이라|이에요|인데|이거든|이(?= 됐| 되| "
            rf"넘))\S*)"
        ),
    ),
    ("age", _rule(rf"(?:저는|제가|올해|이제|내년에?) (?P<a>{AGE}(?:이|입|인|가|에)\S*)")),
    (
        "age",
        _rule(
            r"(?<!고객 )(?<!고객의 )(?<!사용자 )(?<!회원 )(?<!환자 )(?<!\S)"
            rf"(?P<a>나이[가는도에](?: {AGE}\S*)?)(?!\S)"
        ),
    ),
    ("age", _rule(rf"{START}(?P<a>(?:\d{{2,4}}|{SINO}{{2,8}}) ?년 ?생(?!산|각|활|기|성)\S*)")),
    (
        "age",
        _rule(rf"{START}(?P<a>(?:\d{{4}}|{SINO}+(?: {SINO}+)*) ?년(?:도)?에?)(?= {SOME}(?:태어|출생))"),
    ),
    ("age", _rule(rf"{START}(?P<a>(?:\d{{2,4}}|{SINO}{{1,3}}) ?학번\S*)")),
    (
        "age",
        _rule(
            r"(?P<a>(?<!\S)(?:이십|삼십|사십|오십|20|30|40|50)대 (?:초반|중반|후반)(?:에|이|인)?\S*)"
            r"(?! (?:고객|여성|남성|사용자|분|직원|이용자))"
        ),
    ),
    ("age", _rule(r"(?:저는|제가|저도|이제) (?P<a>(?:이십|삼십|사십|오십|20|30|40|50)대\S*)")),
    ("age", _rule(r"(?P<a>(?<!\S)(?:쥐|소|호랑이|토끼|용|뱀|말|양|원숭이|닭|개|돼지)띠\S*)")),
    # the family, and what its members do
    ("family", _rule(rf"(?P<a>{KIN_WORD})")),
    (
        "family",
        _rule(
            rf"(?:{KIN_WORD}|(?:저희|우리|제) 형\S*) {SOME}{SOME}(?P<a>{JOB}(?:이|을|를|으로|로|에서|인|고|라|"
            rf"셔|세|십|시|입|예|였|(?=\s|$))\S*(?: (?:하셔|하시|하십|하세|지으|운영)\S*)?)"
        ),
    ),
    (
        "family",
        _rule(
            r"(?:저희|우리|제) (?P<a>(?:가족|식구|형|집안 어른)(?:들|님)?(?:이|은|는|도|과|의|한테|이랑)?)"
            r"(?=\s|$)"
        ),
    ),
    (
        "family",
        _rule(rf"{START}(?P<a>(?:아이|애|애들|아이들)(?:가|이|를|을)?) (?:하나|둘|셋|있|키우|를 키|어려|어릴)"),
    ),
    (
        "family",
        _rule(
            rf"{START}(?P<a>(?:(?:둘째|첫째|셋째)(?:라|로|이고|입니다|예요|이라)|(?:막내|둘째|첫째)(?:딸|아들))"
            rf"\S*)"
        ),
    ),
    # marriage
    ("marriage", _rule(rf"{START}(?P<a>결혼(?!식|정보|식장|기념|예물|사진)\S*)")),
    (
        "marriage",
        _rule(
            rf"{START}(?P<a>(?:미혼|기혼|이혼|재혼|약혼|파혼|사별|유부남|유부녀|돌싱|임신|육아휴직|출산휴가|"
            rf"신혼)(?!여행|부부|부 )\S*)"
        ),
    ),
    # property
    (
        "property",
        _rule(
            rf"{START}(?P<a>(?:집|집안|가정|저희 집|우리 집)(?:이|은|도)? (?:형편\S*|부유\S*|가난\S*|넉넉\S*|"
            rf"부자\S*|잘 살\S*|못 살\S*))"
        ),
    ),
    ("property", _rule(rf"{START}(?P<a>(?:가정|집안)?형편\S*)")),
    ("property", _rule(rf"(?P<a>{START}명의\S* \S+)")),
    (
        "property",
        _rule(
            rf"{START}(?P<a>(?:아파트|빌라|주택|건물|상가|오피스텔|땅)\S*) {SOME}(?:한|두|세|몇)? ?(?:채|필지|"
            rf"소유)"
        ),
    ),
    (
        "property",
        _rule(rf"{START}(?:학자금 |은행 )?(?P<a>빚(?:이|을|은|도)?(?: \S*[십백천만억]+)?(?: 원)?)(?!\S)"),
    ),
    ("property", _rule(rf"{START}(?:학자금|주택담보|전세|신용|마이너스) (?P<a>(?:대출|통장)\S*)")),
    (
        "property",
        _rule(rf"{START}(?P<a>(?:전세|월세|자가|반지하|임대아파트)(?:에|로|에서)?) {SOME}(?:살|삽)"),
    ),
    ("property", _rule(r"(?:저희|제|저는|제가|부모님|부모님의|집안|집) (?P<a>재산\S*)")),
    ("property", _rule(rf"{START}(?P<a>(?:금수저|흙수저|기초생활수급|차상위)\S*)")),
    # height, weight, looks
    ("looks", _rule(rf"{START}(?P<a>(?:키[가는도] )?(?:한 |약 )?{HEIGHT} ?(?:센티|센치|cm)\S*)")),
    ("looks", _rule(rf"{START}(?P<a>키[가는도] {SOME}{HEIGHT}\S*)")),
    ("looks", _rule(rf"(?:저는|제가|저도|남들보다) {SOME}(?P<a>키[가는도] (?:크|큰|작|커)\S*)")),
    (
        "looks",
        _rule(rf"{START}(?P<a>(?:몸무게|체중)(?!계)\S*(?: (?:\d+|{SINO}+)\S*)?(?: (?:킬로|키로|kg)\S*)?)"),
    ),
    (
        "looks",
        _rule(
            rf"{START}(?P<a>(?:외모|체격|인상착의)\S*(?: (?:호감|준수|수려|출중|뛰어|단정|예쁘|못생|왜소|크|작)"
            rf"\S*)?)"
        ),
    ),
    (
        "looks",
        _rule(rf"{START}(?P<a>얼굴(?:이|은|도) (?:동안|예쁘|예뻐|잘생|못생|크|큰|작|하얗|까맣|험)\S*)"),
    ),
    (
        "looks",
        _rule(rf"{START}(?P<a>(?:잘생|못생|뚱뚱|통통|날씬|비만|대머리|탈모|동안이|노안이)\S*)"),
    ),
)


def refuses(category: Category, match: re.Match[str], group: str) -> bool:
    """What has the shape but is another thing: "담당 팀장님", "군대 나와서", "고객 어머니", "팀 막내"."""
    said = match[group]
    before = match.string[: match.start(group)].split()
    after = match.string[match.end(group) :].split()
    if category == "name":
        other = said.removesuffix("이") in NO_NAMES or said.startswith((*HOMELY, *TITLES)) or said.endswith("가")
        return said in NO_NAMES or other or (len(said) == 1 and said in NO_SURNAME_ALONE)
    if category == "school":
        return said.startswith(NO_SCHOOLS) or said.endswith(NO_SCHOOLS)
    if category == "family":
        is_work = match.start() < match.start(group)
        theirs = bool(before) and (before[-1].startswith(NO_FAMILY_BEFORE) or _is_colleague(before[-1], said))
        other = bool(after) and (after[0].startswith(NO_FAMILY_AFTER) or (said in FAMILY and after[0] == "같은"))
        return not is_work and (theirs or other)
    return False


def _is_colleague(before: str, said: str) -> bool:
    """ "같이 일하던 언니", "새로 온 동생": colleagues are called by words of kin, behind a clause that describes."""
    final = (ord(before[-1]) - ord("가")) % 28 if "가" <= before[-1] <= "힣" else 0
    return said.startswith(CALLED) and final in (N_FINAL, L_FINAL) and not before.endswith(("은", "는", "전"))
