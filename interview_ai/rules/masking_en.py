"""What English speech discloses about a person: patterns over a transcript, of which the named part is masked."""

from __future__ import annotations

import re

from interview_ai.rules.disclosures import Category
from interview_ai.rules.masking_en_words import GIVEN, JOBS, KIN, KOREAN_SURNAMES, NO_NAMES, SCHOOLS, THINGS
from interview_ai.rules.masking_places import PLACES_EN

CAPITAL = r"[A-Z][\w'’-]+"
PROPER = rf"{CAPITAL}(?: {CAPITAL}){{0,3}}"
KNOWN_PLACE = f"(?:{'|'.join(PLACES_EN)})"
# a recogniser may write everything small: then only the places that we know are found
PLACE = rf"(?:(?:North|South|East|West|New) )?(?:{PROPER}|(?i:{KNOWN_PLACE}(?: (?:province|county|city))?))"
NEAR = (
    r"(?:(?:a|the) (?:\w+ ){0,2}(?:town|city|village|countryside|suburb|area|farm)s? (?:near|called|outside|in|of) )?"
)
TENS = r"(?:twenty|thirty|forty|fifty|sixty)"
ONES = r"(?:one|two|three|four|five|six|seven|eight|nine)"
NUMBER = rf"(?:{TENS}(?:[- ]{ONES})?|eighteen|nineteen|\d{{2}})"
BEHIND_AGE = r"(?=[.,;!?]|\s*$|\s(?:and|now|so|but|when|years?|i|this|as|with|or|last|at|today|then|in|next|before)\b)"
ME = r"(?:I'm|I’m|I am|I was|I've been|I have been|I will be|I look|I looked|I used to be|me as|makes me)"
RELATIVE = f"(?:{'|'.join(KIN)})"
JOB = f"(?:{'|'.join(JOBS)})"
TITLED = r"(?:[Mm]r|[Mm]rs|[Mm]s|[Dd]r|[Pp]rof|[Pp]rofessor|Miss|Manager|Director|Captain)\.?"
COLLEAGUE = (
    r"(?:colleague|manager|supervisor|boss|friend|teammate|coworker|co-worker|mentor|leader|classmate|partner|lead)"
)
SOFTLY = (
    r"(?:(?:quite|very|rather|pretty|really|still|also|only|just|about|almost|around|nearly|now|currently|"
    r"a bit|too|so) )?"
)


def _rule(text: str, *, small: bool = True) -> re.Pattern[str]:
    """`small`: letters may be of either size, as a recogniser writes them."""
    return re.compile(text, re.IGNORECASE if small else 0)


RULES: tuple[tuple[Category, re.Pattern[str]], ...] = (
    # names: said of oneself, behind a title or a colleague, by common given names
    (
        "name",
        _rule(
            r"\b(?:my name(?:'s|’s| is)|i go by|call me|i am called) (?P<a>[a-z][\w'’-]*)(?: "
            r"(?P<b>[a-z][\w'’-]+))?"
        ),
    ),
    (
        "name",
        _rule(
            rf"\b(?:I'm|I’m|I am) (?P<a>{CAPITAL})(?: (?P<b>{CAPITAL}))?",
            small=False,
        ),
    ),
    ("name", _rule(rf"\b[Tt]his is (?P<a>{CAPITAL}) (?P<b>{CAPITAL})", small=False)),
    ("name", _rule(rf"\b{TITLED} (?P<a>{CAPITAL})(?: (?P<b>{CAPITAL}))?", small=False)),
    ("name", _rule(r"\b(?:mr|mrs|ms|dr|professor)\.? (?P<a>[a-z]\w+)")),
    ("name", _rule(rf"\b{COLLEAGUE},? (?P<a>{CAPITAL})(?: (?P<b>{CAPITAL}))?", small=False)),
    ("name", _rule(rf"(?P<a>\b{CAPITAL} (?:{'|'.join(KOREAN_SURNAMES)})\b)", small=False)),
    ("name", _rule(rf"(?P<a>\b(?:{'|'.join(GIVEN)})\b)(?: (?P<b>{CAPITAL}))?", small=False)),
    # schools: proper names with their kind, and the ones that are called by one word
    (
        "school",
        _rule(
            r"(?P<a>\b(?!High School\b)"
            r"(?!(?:After|Before|At|In|The|This|My|Our|When|While|From|Since|For|And|A|As|During|With)\b)"
            r"(?:[A-Z][\w.'’&-]+ ){1,4}"
            r"(?:University|College|Institute of Technology|High School|Academy|School)\b)",
            small=False,
        ),
    ),
    ("school", _rule(rf"(?P<a>\b(?:University|College|Institute) of {PROPER}(?: at {CAPITAL})?)", small=False)),
    (
        "school",
        _rule(
            r"\b(?:graduated from|went to|attended|studied at|degree (?:is )?from|enrolled (?:in|at)|at) "
            r"(?P<a>(?!(?:the|a|an|my|our|this|that|any|every|another|some|each|which) )(?:[a-z]+ ){1,3}"
            r"(?:university|college|high school|institute))\b"
        ),
    ),
    ("school", _rule(rf"(?P<a>\b(?:{'|'.join(SCHOOLS)})\b)", small=False)),
    (
        "school",
        _rule(
            rf"\b(?:graduated from|went to|attended|studied at|degree (?:is )?from|bachelor's at|master's at|"
            rf"student at|enrolled (?:in|at)) (?P<a>{'|'.join(SCHOOLS)})\b"
        ),
    ),
    # where somebody was born or grew up
    (
        "birthplace",
        _rule(
            rf"\b(?i:born(?: and raised| and bred)? in|(?:grew|growing) up in|raised in|home ?town (?:is|was)|"
            rf"originally from|come from|came from|I am from|I'm from|native of|birthplace (?:is|was)|homeland "
            rf"is) (?i:{NEAR})(?P<a>{PLACE})",
            small=False,
        ),
    ),
    ("birthplace", _rule(rf"\b(?i:as an?) (?P<a>{KNOWN_PLACE}) (?i:native)\b", small=False)),
    # where somebody lives
    (
        "place",
        _rule(
            rf"\bI(?:'m|’m| am|'ve|’ve| have)? {SOFTLY}(?i:live|lived|living|reside|residing|stay|staying|"
            rf"based) (?:in|near|around|outside) (?i:{NEAR})(?P<a>{PLACE})",
            small=False,
        ),
    ),
    (
        "place",
        _rule(
            rf"\b(?i:my|our) (?i:home|house|apartment|flat|place|family home) is in (?P<a>{PLACE})",
            small=False,
        ),
    ),
    (
        "place",
        _rule(
            rf"\bI (?i:moved|relocated|commute) from (?P<a>{PLACE})(?: to (?P<b>{PLACE}))?",
            small=False,
        ),
    ),
    ("place", _rule(rf"\bI (?i:moved|relocated) to (?P<a>{PLACE})", small=False)),
    # age: years of life, year of birth
    ("age", _rule(rf"(?P<a>\b{NUMBER}[- ]years?[- ](?:old|of age)\b)")),
    (
        "age",
        _rule(
            rf"\b(?:i am|i'm|i’m|i was|turned|turning|aged|age of|at age|my age is|i will be) {SOFTLY}"
            rf"(?P<a>{NUMBER}){BEHIND_AGE}"
        ),
    ),
    (
        "age",
        _rule(
            r"\bborn (?:\w+ ){0,2}in (?P<a>\d{4}|(?:nineteen|two thousand)(?:[ -]\w+){0,2}?(?= and| so| but|"
            r"[.,]|$))"
        ),
    ),
    (
        "age",
        _rule(
            r"\bin my (?:early |mid |late |mid-)?(?P<a>twenties|thirties|forties|fifties|teens|20s|30s|40s|"
            r"50s)\b"
        ),
    ),
    ("age", _rule(r"\bclass of (?P<a>\d{4})\b")),
    # the family, and what its members do
    (
        "family",
        _rule(rf"\bmy (?:\w+ )?(?P<a>{RELATIVE})\b(?! (?:company|class|board|process|of products))"),
    ),
    (
        "family",
        _rule(
            r"\b(?:I have|I had|I’ve|I've|we have|with(?= (?:two|three|four|small|young|a))) (?:(?:a|an|no|one|two|"
            r"three|four|five|some) )?(?:(?:younger|older|little|big|small|elder|twin) )?"
            r"(?P<a>brothers?|sisters?|kids|children|sons?|daughters?|siblings?|husband|wife)\b(?! of)"
        ),
    ),
    (
        "family",
        _rule(
            r"(?P<a>\b(?:only child|single parent|single mother|single father|oldest child|youngest child|"
            r"middle child)\b)"
        ),
    ),
    (
        "family",
        _rule(
            rf"\bmy (?:\w+ )?{RELATIVE} (?:\w+ ){{0,2}}?(?:is|are|was|were|works? as|worked as|became) (?:an? |"
            rf"the |both |retired )*(?P<a>{JOB})\b"
        ),
    ),
    (
        "family",
        _rule(
            rf"\bmy (?:\w+ )?{RELATIVE} (?:\w+ ){{0,1}}?(?:ran|runs?|owns?|owned|had|has|started) (?:an? )"
            rf"?(?:\w+ )?(?P<a>restaurant|shop|store|farm|business|company|bakery|cafe|factory|clinic)\b"
        ),
    ),
    (
        "family",
        _rule(
            r"\b(?:oldest|eldest|youngest|middle|first|last|one) of (?:two|three|four|five|six) "
            r"(?P<a>siblings|brothers|sisters|children|kids)\b"
        ),
    ),
    (
        "family",
        _rule(r"\b(?:i'm|i’m|i am) (?:a|the) (?:single |proud |new )?(?P<a>mother|father|mom|mum|dad|parent)\b"),
    ),
    # marriage
    (
        "marriage",
        _rule(
            rf"\b(?:i'm|i’m|am|got|get|getting|been|newly|happily|recently|was|not) {SOFTLY}(?P<a>married|"
            rf"divorced|widowed|unmarried|pregnant)\b"
        ),
    ),
    (
        "marriage",
        _rule(
            rf"\b(?:i'm|i’m|i am|still|being|as a) {SOFTLY}(?P<a>single)\b(?! (?:point|source|page|file|"
            rf"biggest|most|handed|part))"
        ),
    ),
    (
        "marriage",
        _rule(r"\b(?:my|our|a|the|after) (?P<a>divorce|wedding|fianc[eé]e?|marriage|pregnancy|maternity leave)\b"),
    ),
    (
        "marriage",
        _rule(
            r"\b(?:became|got|am|i'm|i’m|are) (?:recently )?(?P<a>engaged) (?=to (?:be married|some|my|a )|"
            r"last|this|and)"
        ),
    ),
    # property
    (
        "property",
        _rule(
            rf"\b(?:family|parents|household|we|i) (?:is|are|was|were|am|came from a) {SOFTLY}(?P<a>poor|rich|"
            rf"wealthy|well[- ]off|broke)\b"
        ),
    ),
    ("property", _rule(r"\b(?:poor|rich|wealthy) (?P<a>family|household|home)\b")),
    (
        "property",
        _rule(
            r"\bI (?:own|bought|inherited|rent) (?:an?|my|two|some|the|our)(?: \w+)? ?(?P<a>apartment|house|"
            r"flat|car|land|property|home|condo)\b"
        ),
    ),
    (
        "property",
        _rule(
            r"\b(?:student|my|credit card|college|personal) (?P<a>debts?|loans?|mortgage|inheritance|savings)"
            r"\b"
        ),
    ),
    # height, weight, looks
    ("looks", _rule(r"\bI(?:'m|’m| am)(?: \w+){1,6} (?P<a>\d{3} (?:centimet(?:er|re)s?|cm)(?: tall)?)\b")),
    (
        "looks",
        _rule(
            rf"\b(?:i'm|i’m|i am|i was|i stand) {SOFTLY}(?P<a>(?:\d{{1,3}}|{NUMBER}|\w+ hundred(?: and)?(?: "
            rf"\w+){{0,2}}|{ONES}) (?:centimet(?:er|re)s?|cm|feet|foot|inches|met(?:er|re)s?)(?: \w+)?(?: tall)?)\b"
        ),
    ),
    (
        "looks",
        _rule(r"\bI (?P<a>(?:weigh|weighed)(?: \w+){0,3}? (?:kilos?|kilograms?|kg|pounds))\b"),
    ),
    (
        "looks",
        _rule(
            rf"\b{ME} {SOFTLY}(?P<a>good[- ]looking|handsome|beautiful|pretty|attractive|overweight|obese|ugly|"
            rf"bald|skinny|thin|fat|chubby|plump|slim|tall|short)\b(?! (?:on|of|staffed|in time|by))"
        ),
    ),
    (
        "looks",
        _rule(r"\bmy (?:own )?(?P<a>height|weight|looks|appearance|face|figure|skin|body)\b(?! to)"),
    ),
)


def refuses(category: Category, match: re.Match[str], group: str) -> bool:
    """What has the shape but is another thing: "I am Korean", "This University", "the machine is 20 years old"."""
    said = match[group].lower()
    if category == "name":
        return said.split()[0].rstrip(".,") in NO_NAMES
    if category == "school":
        return said.split()[0] in NO_NAMES
    if category == "age":
        return any(word.lower() in THINGS for word in match.string[: match.start(group)].split()[-4:])
    return False
