"""Korean by morphemes (kiwipiepy): past actions of one's own, results, specifics; negation and other subjects seen."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from kiwipiepy import Kiwi, Token

from interview_ai.rules.analysis import Analysis, Find
from interview_ai.rules.evidence import EvidenceKind

CONTENT = ("NNG", "NNP", "VV", "VA", "SL", "XR")
OWN = frozenset({"저", "제", "나", "내", "저희", "우리", "본인"})
PERSON = re.compile(
    r"(팀장|동료|선배|후배|사장|과장|대리|부장|교수|친구|팀원|선생|매니저|점장|조장|그녀|그|누나|형|언니|오빠|어머니|아버지)(님|들)*$"
)
NOT = frozenset({"못", "안"})
NOT_VERBS = frozenset({"않", "못하", "말"})
NO_ACTION = frozenset(
    {"있", "없", "되", "싶", "느끼", "생각하", "알", "모르", "보이", "같", "좋아하", "배우", "다니", "살"}
)
LIGHT_NOUNS = frozenset({"생각", "걱정", "공부", "근무", "필요", "중요", "가능"})
RESULT = re.compile(
    r"결과|덕분|줄었|줄어|늘었|늘어|향상|개선|감소|증가|달성|성공|해결되|좋아졌|높아졌|낮아졌|빨라졌|수상|합격|마칠 수"
)
SITUATION = re.compile(
    r"때|당시|시절|학년|인턴|아르바이트|알바|근무하|동아리|프로젝트|작년|지난해|학교에서|회사에서|군대"
)
TASK = re.compile(r"맡|담당|목표|문제|해야|역할|책임|과제|요청")
NUMERALS = ("SN", "MM", "NR")
UNITS = ("NNB", "NNG", "SW", "W_UNIT")
COUNTING = frozenset(
    "한 두 세 네 다섯 여섯 일곱 여덟 아홉 열 스무 서른 마흔 쉰 하나 둘 셋"
    " 넷 일 이 삼 사 오 육 칠 팔 구 십 백 천 만 반 절반".split()
)


@cache
def _kiwi() -> Kiwi:
    return Kiwi(num_workers=1)


def analyse(text: str) -> Analysis:
    """Finds and words of a Korean text."""
    finds: list[Find] = []
    content: list[str] = []
    tokens: list[Token] = []
    for sentence in _kiwi().split_into_sents(text, return_tokens=True):
        parts = list(sentence.tokens or ())
        tokens += parts
        content += [part.form for part in parts if part.tag in CONTENT]
        for clause in _clauses(parts):
            finds += _kinds(clause, text)
        finds += _specifics(parts)
    units = tuple(text.split())
    return Analysis(
        "ko", units, tuple(content), tuple(sorted(finds, key=lambda f: (f.start, f.end))), _disorder(tokens)
    )


def _clauses(tokens: list[Token]) -> list[list[Token]]:
    """A sentence cut behind each connective ending (EC) that follows a verb, so that every action is its own."""
    clauses: list[list[Token]] = [[]]
    for token in tokens:
        clauses[-1].append(token)
        if token.tag == "EC" and token.form in (
            "고",
            "아서",
            "어서",
            "여서",
            "ᆫ데",
            "는데",
            "며",
            "니",
            "으니",
            "지만",
            "자",
        ):
            clauses.append([])
    clauses = [_without_marks(clause) for clause in clauses]
    return [clause for clause in clauses if any(token.tag.startswith("V") or token.tag == "XSV" for token in clause)]


def _without_marks(clause: list[Token]) -> list[Token]:
    while clause and clause[0].tag in ("SP", "SF", "SS", "SE"):
        clause = clause[1:]
    return clause


def _kinds(clause: list[Token], text: str) -> list[Find]:
    start, end = clause[0].start, clause[-1].start + clause[-1].len
    said = text[start:end]
    kinds: list[EvidenceKind] = []
    if _negated(clause):
        return []
    if RESULT.search(said):
        kinds.append("result")
    elif _own_action(clause):
        kinds.append("action")
    if SITUATION.search(said):
        kinds.append("situation")
    if TASK.search(said):
        kinds.append("task")
    return [Find(kind, start, end) for kind in kinds]


def _negated(clause: list[Token]) -> bool:
    forms = [(token.form, token.tag) for token in clause]
    return any((form in NOT and tag == "MAG") or (form in NOT_VERBS and tag == "VX") for form, tag in forms)


def _own_action(clause: list[Token]) -> bool:
    """The clause's last verb is one of doing, past or joined to one, and its subject is the speaker or left out."""
    verbs = [place for place, token in enumerate(clause) if token.tag in ("VV", "VA", "XSV", "XSA", "VCP", "VCN")]
    if not verbs or _other_subject(clause):
        return False
    last = clause[verbs[-1]]
    doing = last.tag == "VV" and last.form not in NO_ACTION
    making = last.tag == "XSV" and last.form == "하" and clause[verbs[-1] - 1].form not in LIGHT_NOUNS
    past = any(token.tag == "EP" and token.form in ("었", "았", "였") for token in clause) or clause[-1].tag == "EC"
    return (doing or making) and past


def _other_subject(clause: list[Token]) -> bool:
    """Whether the nearest subject before the verb is somebody or something else: 팀장님이, 세 명이, 동료는."""
    for token, after in reversed(list(pairwise(clause))):
        if after.tag == "JKS":
            return token.form not in OWN
        if after.tag == "JX" and after.form in ("은", "는") and token.form in OWN:
            return False
        if after.tag == "JX" and after.form in ("은", "는") and (token.tag == "XSN" or PERSON.search(token.form)):
            return True
    return False


def _specifics(tokens: list[Token]) -> list[Find]:
    finds: list[Find] = []
    for token, after in pairwise(tokens):
        number = token.tag == "SN" or (token.tag in NUMERALS and token.form in COUNTING)
        if number and after.tag in UNITS and after.start - (token.start + token.len) <= 1:
            finds.append(Find("specific", token.start, after.start + after.len))
    return finds


def _disorder(tokens: list[Token]) -> float | None:
    """Share of adnominal endings that no noun follows within two morphemes; shuffled eojeol have far more."""
    judged = misplaced = 0
    for place, token in enumerate(tokens[:-1]):
        if token.tag == "ETM":
            judged += 1
            after = [later.tag for later in tokens[place + 1 : place + 4]]
            misplaced += not any(tag.startswith(("N", "XPN", "MM", "SL", "SN", "X")) for tag in after)
    return round(misplaced / judged, 3) if judged >= 4 else None
