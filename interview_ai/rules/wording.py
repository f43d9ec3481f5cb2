"""Wordings that bring weak answers: no event, a hint at the answer, two things at once, an imagined case, yes or no."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Code = Literal["vague", "leading", "double", "hypothetical", "closed", "too_long"]
Place = tuple[Code, int, int]
LONGEST = {"ko": 150, "en": 320}  # characters, some 25 seconds when read aloud; our own longest has 84 and 199


@dataclass(frozen=True, slots=True)
class _Marks:
    """The words of one language: `story`, `event` and `telling` stand in good questions, the others in weak ones.

    `story` names an event ("a time when"), `event` also holds verbs of the past ("did you").
    """

    story: re.Pattern[str]
    event: re.Pattern[str]
    stock: re.Pattern[str]
    leading: re.Pattern[str]
    two_events: re.Pattern[str]
    two_asks: re.Pattern[str]
    imagined: re.Pattern[str]
    yes_or_no: re.Pattern[str]
    telling: re.Pattern[str]


def _either(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.I)


_PAST_KO = r"(?:했|하셨|었|았|였|셨|겼|렸|냈|됐|났|웠|왔|갔|졌|쳤|꼈|썼|봤|랐)"
_WHICH_KO = r"(?:무엇|무슨|뭐|뭘|어떤|어떻|어땠|왜|언제|어디|누구|누가|얼마|몇|어느|어떠)"
_TOPIC_KO = (
    r"(?:리더십|협업|협동|협력|팀워크|의사소통|소통|갈등\s*해결|갈등|문제\s*해결|창의성|창의력|도전|실패|성공"
    r"|시간\s*관리|책임감|성실성|봉사"
    r"|장점|단점|강점|약점|지원\s*동기|포부|자기\s*소개|전문성)(?:\s*(?:능력|역량|경험))?"
)
_STOCK_KO = (
    r"자기\s*소개|성격(?:의)?\s*장단점|성격의\s*장점과\s*단점|(?:본인|자신|자기)(?:을|를|에\s*대해서?"
    r"|에\s*대하여)\s*(?:간단히\s*|자유롭게\s*)?(?:소개|말|이야기"
    r"|설명)|성격|장단점|장점|단점"
    r"|강점|약점|지원\s*동기|지원(?:한|하신|하게\s*된)\s*(?:이유|동기|계기)|왜\s*(?:우리|저희|이)\s*(?:회사|직무|일"
    r"|곳)|왜\s*지원|포부"
    r"|\d+\s*년\s*(?:후|뒤)|존경하는|좌우명|취미|특기|가치관|인생관|생활\s*신조|직업관|어떤\s*사람(?:인가|입니까"
    r"|이라고)|마지막으로\s*하고\s*싶은|MBTI"
)
_STORY_KO = rf"경험|사례|일화|사건|순간|적(?:이|을|은|도)?\s*(?:있|말|이야기)|{_PAST_KO}을\s*때|던\s*(?:때|일|것)"
_KOREAN = _Marks(
    story=_either(_STORY_KO),
    event=_either(
        _STORY_KO,
        r"[가-힣](?:신|던|한|난|된|낸|룬|준|운|본)\s*(?:일|것)(?:을|이|은|에|과|\s|$)",
        _PAST_KO + r"(?:나요|습니까|어요|는지|을까요|던가요|지요|고\s)",
    ),
    stock=_either(_STOCK_KO),
    leading=_either(
        r"[가-힣](?:죠|지요)\s*[?？]|지\s*(?:않|않았|않으신)(?:나요|습니까|가요|을까요|으세요|으십니까)|잖아요",
        r"당연히(?!\s*(?:여기|여겨|생각되|받아들|하던|해\s*오))|(?:^|[.?!,]\s*)물론|동의하(?:시|십)",
    ),
    two_events=_either(
        r"(?:경험|사례)(?:과|와|\s*및|을?\s*,|을?\s*그리고|하고|·|/)\s*(?!그|이\s|해당|거기)[^.?!]{3,60}?(?:경험|사례)",
        rf"{_TOPIC_KO}(?:과|와|\s*및|,|·|/|\s*그리고)\s*{_TOPIC_KO}",
    ),
    two_asks=_either(rf"{_WHICH_KO}[^.?!]{{2,40}}(?:고|며|하고)\s*,?\s[^.?!]{{0,20}}{_WHICH_KO}"),
    imagined=_either(
        r"만약(?!의)|만일(?!의)|가정(?:해|하고|하여|하면|했을|하에|한다면)|(?<!주시)(?<!주)겠(?:습니까|어요|나요"
        r"|는지|는가|죠|지요)",
        r"(?:할|하실|될|갈|쓸)\s*(?:것(?:인가요|입니까|인지)|건가요|겁니까|건지|생각인가요|예정인가요|계획인가요)"
        r"|(?:할|하실)까요",
    ),
    yes_or_no=_either(r"[^.?!]*(?:나요|니까|가요|어요|아요|세요|까요|지요|죠)\s*[?？.]*\s*$"),
    telling=_either(
        r"말해|말씀|설명|들려|소개|이야기|알려|나눠|얘기|공유|주(?:세요|십시오|시겠|시기|실)|바랍", _WHICH_KO
    ),
)

_PAST_EN = (
    r"(?:(?!need\b|feed\b|proceed\b|succeed\b|exceed\b|speed\b)\w+ed|led|found|made|took|gave|kept|taught|built"
    r"|wrote|brought"
    r"|learnt|went|had|chose|set|put|ran|got|saw|told|came|began|broke|fell|felt|held|left|lost|met|paid|sold|sent"
    r"|spent|spoke"
    r"|stood|thought|won|fought|dealt|caught|bought|knew|grew|said|was|were|did|could not|did not|could)\b"
)
_ASK_EN = r"(?:what|how|why|which|who|where|when)"
_TOPIC_EN = (
    r"(?:leadership|teamwork|collaboration|communication|conflict(?: resolution)?|creativity|failures?"
    r"|success(?:es)?|time management"
    r"|problem[- ]solving|planning|initiative|integrity|adaptability|customer service|strengths?|weakness(?:es)?"
    r"|motivation)(?: skills)?"
)
_HEAD_EN = r"(?:time|occasion|example|instance|situation|moment|case|event|incident)"
_STORY_EN = (
    rf"\b(?:an?|one|the|last|any|first|another|specific|real) (?:\w+ )?{_HEAD_EN}\b|\bexamples? of\b"
    r"|\btimes? (?:when|that|you)\b"
)
_ENGLISH = _Marks(
    story=_either(_STORY_EN),
    event=_either(
        _STORY_EN,
        r"\b(?:did|were|was) (?:you|it|they)\b|\bwhat happened\b|\bhave you (?:ever )?\w+(?:ed|en|lt|ught|nt|ade|ne"
        r"|wn)\b",
        rf"\b(?:when|that|which|who|where|because|after|before|something|you|you've|you have)\s+(?:you |your \w+ "
        rf"|\w+ly )?{_PAST_EN}",
    ),
    stock=_either(
        r"\b(?:about|introduce|describe) yourself\b|\byour (?:\w+ )?(?:strengths?|weakness(?:es)?)\b"
        r"|\bstrengths? and weakness(?:es)?\b",
        r"\bwhy (?:do|did|should|are|would) (?:you|we)\b[^.?!]{0,25}\b(?:want|firm|company|job|role|position|apply"
        r"|applying|hire|here)\b",
        r"\bwhy (?:this|our) (?:\w+ )?(?:firm|company|job|role|position|team)\b"
        r"|\bwhere do you see yourself\b(?:[^.?!]{0,10}\byears\b)?",
        r"\bwhat motivates you\b|\byour (?:hobbies|interests|personality|character|philosophy|values|motto|dream job"
        r"|career goals?)\b",
        r"\bwhat kind of person\b|\byour role model\b|\bdo you admire\b|\bin three words\b|\banything else you(?:'d"
        r"| would) like to\b",
        r"\byour (?:management|leadership|work|working|communication|learning) style\b",
    ),
    leading=_either(
        r"(?:^|[.,;?!]\s*)(?:don't|wouldn't|aren't|isn't|haven't|didn't|can't|won't|doesn't|shouldn't)\s+(?:you|it"
        r"|they|we|that|this)\b",
        r",\s*(?:right|correct)\s*\?|\bsurely\b|\bof course\b|\bobviously\b|\bas we all know\b|\beveryone knows\b",
        r"\b(?:would|do) you (?:not )?agree\b|\byou(?:'d| would| do| must| surely)? agree (?:that|with)\b"
        r"|\byou must (?:be|have|like|agree|think)\b",
    ),
    two_events=_either(
        rf"\b{_HEAD_EN}\b[^.?!]*\band (?:also )?(?:tell us |describe |give )?(?:about )?(?:another|an?"
        rf"|one) (?:\w+ )?{_HEAD_EN}\b",
        rf"\b{_TOPIC_EN} and (?:your )?{_TOPIC_EN}\b",
    ),
    two_asks=_either(
        rf"\b{_ASK_EN}\b[^.?!]{{5,60}}\band {_ASK_EN}\b|\band (?:also )?(?:describe|tell us|explain|why do you"
        rf"|how do you|how you (?:handle|deal))\b"
    ),
    imagined=_either(
        rf"\b{_ASK_EN} (?:\w+ )?would you\b(?! like)|\bif you (?:were|had to|could|saw|found|got|became|discovered"
        rf"|noticed)\b",
        r"\bimagine\b|\bsuppos(?:e|ing)\b|\bhypothetical|\bwhat if you\b|\bwhat (?:will|would) you do\b"
        r"|\bhow will you\b",
    ),
    yes_or_no=_either(
        r"^\s*(?:do|did|have|are|is|can|could|would|will|were|was|has|should|does|had|may) (?:you|your|we|there"
        r"|it)\b[^?]*\??\s*$"
    ),
    telling=_either(
        r"\b(?:tell|describe|give|share|walk|explain|talk|show)\b(?= us| me|\s+an?\b|\s+one\b)",
        rf"[.?!,]\s+(?:and )?{_ASK_EN}\b",
    ),
)
_MARKS = {"ko": _KOREAN, "en": _ENGLISH}
_BACK = re.compile(r"그때|그\s|해당|거기|당시|결과|\b(?:that|it|this|the same|they|then|did|was|were|happened)\b", re.I)
_EVENT_HEAD = re.compile(rf"경험|사례|\b(?:another|an?) (?:\w+ )?{_HEAD_EN}\b", re.I)


def check(text: str, language: str) -> tuple[Place, ...]:
    """The weak places of a question in `language` ("ko" or "en"), in the order of its words; each code once."""
    marks = _MARKS.get(language, _ENGLISH)
    found = [*_seen(text, marks), *_too_long(text, language)]
    stock = None if marks.story.search(text) else marks.stock.search(text)
    eventless = stock or (None if found or marks.event.search(text) else re.search(r"\S.*", text))
    found += [("vague", *eventless.span())] if eventless else []
    return tuple(sorted(found, key=lambda place: (place[1], place[2])))


def _seen(text: str, marks: _Marks) -> Iterator[Place]:
    leading, imagined, double = marks.leading.search(text), marks.imagined.search(text), _double(text, marks)
    yes_or_no = None if marks.telling.search(text) or imagined else marks.yes_or_no.search(text)
    if leading:
        yield ("leading", *leading.span())
    if double:
        yield ("double", *double.span())
    if imagined:
        yield ("hypothetical", *imagined.span())
    if yes_or_no and not leading:
        yield ("closed", *yes_or_no.span())


def _double(text: str, marks: _Marks) -> re.Match[str] | None:
    """Two events, two stock questions, or a later sentence that does not go on about the first one's event."""
    event = marks.event.search(text)
    stock = list(marks.stock.finditer(text))
    strangers = (match for match in re.finditer(r"(?<=[.?!])\s+[^.?!]+", text) if _is_stranger(match.group(), marks))
    return (
        marks.two_events.search(text)
        or (None if event else marks.two_asks.search(text))
        or (stock[1] if len({match.group() for match in stock}) > 1 and not event else None)
        or next(strangers, None)
    )


def _is_stranger(sentence: str, marks: _Marks) -> bool:
    stock = marks.stock.search(sentence) and not _BACK.search(sentence)
    return bool(stock or (_EVENT_HEAD.search(sentence) and not _BACK.search(sentence)))


def _too_long(text: str, language: str) -> Iterator[Place]:
    longest = LONGEST.get(language, LONGEST["en"])
    if len(text) > longest:
        yield ("too_long", longest, len(text))
