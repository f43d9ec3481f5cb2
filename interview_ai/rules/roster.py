"""A roster of people: which column holds what, which may not be there at all, and what is wrong with a value."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from interview_ai.rules import roster_words
from interview_ai.rules.cells import is_formula
from interview_ai.rules.evidence import Bilingual
from interview_ai.rules.questions import unlawful

FIELDS = ("name", "email", "student_number", "department", "cohort", "phone", "language", "birth_year")
NEEDED = ("name", "email")
ROW = "row"  # the column of a file of faults by which a mended row is told; nobody chooses it
HEAD_ROWS = 10  # a title and blank lines may stand above the heads
LONGEST = {"student_number": 40, "department": 80, "cohort": 40}
LONGEST_KEPT = 120  # characters of a faulty value that are shown again
LONGEST_HEAD = 60
LANGUAGES = {"ko": "ko", "kor": "ko", "한국어": "ko", "korean": "ko", "en": "en", "eng": "en", "영어": "en"}
LANGUAGES |= {"english": "en", "국문": "ko", "영문": "en"}
BORN = range(1920, 2101)
UNSEEN_KINDS = {"Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn"}


def _compiled(words: Mapping[str, str]) -> dict[str, re.Pattern[str]]:
    return {name: re.compile("|".join(some.split())) for name, some in words.items()}


HEADS = _compiled(roster_words.HEADS)
FORBIDDEN = _compiled(roster_words.FORBIDDEN)
GAP = r"[-\s\u2010-\u2015\u2212.·_/]"
MONTH, DAY = "(?:0[1-9]|1[0-2])", "(?:0[1-9]|[12]\\d|3[01])"
BACK = r"[1-8](?:\s?\d{6}|(?:\s\d){6})(?!\d)"
SPREAD_DAY = rf"(?:0{GAP}[1-9]|1{GAP}[0-2]){GAP}(?:0{GAP}[1-9]|[12]{GAP}\d|3{GAP}[01])"
SPREAD_BACK = rf"[1-8](?:\d{{6}}(?!\d)|(?:{GAP}\d){{6}}(?!\d|{GAP}\d(?!\d)))"
RESIDENT = re.compile(  # any gap anywhere would make one of a student number beside a postal code
    rf"(?<!\d)\d{{2}}{MONTH}{DAY}{GAP}{{0,5}}{BACK}"
    rf"|(?<!\d)(?<!\d\s)\d{{2}}\s{MONTH}\s{DAY}{GAP}{{0,5}}{BACK}"  # its date in pairs
    rf"|(?<!\d)(?<!\D\d{GAP})(?<!^\d{GAP})\d{GAP}\d{GAP}{SPREAD_DAY}{GAP}{{1,5}}{SPREAD_BACK}"  # each digit alone
)
HIDDEN = "●●●●●●-●●●●●●●"  # what stands for one
OTHER_DIGIT = re.compile(r"(?![0-9])[\d\u24f5-\u24ff\u2776-\u2793]")  # Arabic, Thai and other ones, and those in rings
YEAR_OF_STUDY = re.compile(
    r"제?\s*([1-6])(?:\.0)?\s*학년|([1-6])(?:st|nd|rd|th)[\s-]*(?:year|grade)|(?:year|grade)\s*([1-6])"
)
YEAR = re.compile(r"(?P<year>(?:19|20)\d{2})(?:\s*년(?:\s*(?:0?[1-9]|1[0-2])\s*월)?|\.0)?")
DATE = re.compile(
    r"(?P<year>(?:19|20)\d{2})(?:(?P<month>\d{2})(?P<day>\d{2})"
    r"|\s*[-./년\s]\s*(?P<m>\d{1,2})\s*[-./월\s]\s*(?P<d>\d{1,2})\s*[일.]?(?:[\sT]+\d{1,2}:\d{2}.*)?)"
)


FORMULA = Bilingual(
    "수식으로 읽힐 수 있는 기호(=, +, -, @)로 시작합니다. 기호를 지워 주십시오.",
    "It begins with a sign (=, +, -, @) that a spreadsheet takes for a formula. Take the sign away.",
)
UNSEEN = Bilingual(
    "줄바꿈이나 보이지 않는 문자가 있습니다. 한 줄로 다시 적어 주십시오.",
    "It holds a line break or a sign that cannot be seen. Type it on one line.",
)
RESIDENT_FAULT = Bilingual(
    "주민등록번호로 보이는 값이 있습니다. 받지 않으며 저장하지 않았습니다. 지우고 다시 올려 주십시오.",
    "It looks like a resident registration number. We do not take it and kept nothing of it; delete it and send the "
    "row again.",
)
PHONE = Bilingual(
    "전화번호를 확인해 주십시오. 010-1234-5678이나 +82-10-1234-5678처럼 적습니다.",
    "Check the number: write it as 010-1234-5678 or +82-10-1234-5678.",
)
LANGUAGE = Bilingual("언어는 ko나 en으로 적어 주십시오.", "Write the language as ko or en.")
BIRTH_YEAR = Bilingual(
    "출생연도를 네 자리로(예: 2003), 또는 날짜로(예: 2003-04-15) 적어 주십시오. 적힌 값은 저장하지 않았습니다.",
    "Write the year of birth with four digits, for example 2003, or a date such as 2003-04-15. What stood there was "
    "not kept.",
)

YEAR_KEPT = Bilingual("적힌 값이 있어 다시 적지 않으셔도 됩니다", "given already: no need to type it again")
"""In a file of rows to mend, in place of a year of birth of which only a digest is kept."""


@dataclass(frozen=True, slots=True)
class Matching:
    """Which column (from 0) holds which field, and the number of the row with the heads (0: there is none).

    `certain`: nobody has to look. `refused`: columns that may not be there, each with its ground.
    """

    columns: Mapping[str, int]
    head_row: int
    heads: tuple[str, ...] = ()
    certain: bool = False
    refused: tuple[tuple[int, str], ...] = ()

    def head_of(self, field: str) -> str:
        """What stands above a field's column; nothing where the file has no heads."""
        place = self.columns.get(field, len(self.heads))
        return self.heads[place] if place < len(self.heads) else ""


def key(head: str) -> str:
    """A head as it is compared: narrow, small, without blanks, signs and what stands in brackets."""
    plain = unicodedata.normalize("NFKC", head).casefold()
    without = re.sub(r"[(\[{〔【<].*?[)\]}〕】>]", "", plain) or plain
    return re.sub(r"[\W_]+", "", without)


def field_of(head: str) -> str | None:
    """What a column with this head holds, if it is one of ours."""
    plain = key(head)
    return next((field for field, matcher in HEADS.items() if plain and matcher.fullmatch(plain)), None)


def ground_of(head: str) -> str | None:
    """On what ground a column with this head may not be in a roster (KR-10); None: it may."""
    plain = key(head)
    if not plain:
        return None
    found = next((ground for ground, pattern in FORBIDDEN.items() if pattern.fullmatch(plain)), None)
    if found or field_of(head):
        return found
    asked = unlawful(" ".join(head.split())[:LONGEST_HEAD])
    return asked[0].ground if asked else None


def guess(rows: Sequence[tuple[int, Sequence[str]]]) -> Matching:
    """The columns by the heads among the first rows; without heads the address is told by its @ and nothing is sure."""
    for number, cells in rows[:HEAD_ROWS]:
        if any("@" in cell and not field_of(cell) for cell in cells):  # 이메일(@학교) is a head all the same
            break
        fields = [field_of(cell) for cell in cells]
        if "email" in fields or "name" in fields or sum(map(bool, fields)) > 1:
            return of_heads(cells, number)
    email = next((place for _, cells in rows for place, cell in enumerate(cells) if "@" in cell), None)
    number, first = _strange_heads(rows)
    if email is None:
        refused = any(ground_of(cell) for cell in first)
        return replace(of_heads(first, number, {}), certain=False) if refused else Matching({}, 0)
    if not any("@" in cell for cell in first):  # heads that nobody here knows
        return replace(of_heads(first, number, {"email": email}), certain=False)
    others = (place for place, cell in enumerate(first) if place != email and cell)
    return Matching({"email": email, "name": next(others, 1 - min(email, 1))}, 0)


def _strange_heads(rows: Sequence[tuple[int, Sequence[str]]]) -> tuple[int, Sequence[str]]:
    """The row with heads that nobody here knows: the first, or the one below a title that names what may not be."""
    before = takewhile(lambda row: not any("@" in cell for cell in row[1]), rows[:HEAD_ROWS])
    below = next((row for row in before if sum(map(bool, row[1])) > 1), None)
    if below and any(ground_of(cell) for cell in below[1]):
        return below
    return rows[0] if rows else (0, ())


def of_heads(cells: Sequence[str], number: int, chosen: Mapping[str, int] | None = None) -> Matching:
    """The columns of a row of heads, or those that somebody chose under it; a forbidden one is never among them."""
    grounds = {place: ground for place, cell in enumerate(cells) if (ground := ground_of(cell))}
    places: dict[str, list[int]] = {}
    for place, cell in enumerate(cells):
        field = field_of(cell)
        if field and place not in grounds:
            places.setdefault(field, []).append(place)
    columns = {field: _plainest(field, some, cells) for field, some in places.items()}
    doubtful = any(len(some) > 1 and field in NEEDED for field, some in places.items())
    if chosen is not None:
        kept = {ROW: columns[ROW]} if ROW in columns else {}
        columns = kept | {field: place for field, place in chosen.items() if place not in grounds}
    certain = all(field in columns for field in NEEDED) and not doubtful
    heads = tuple(kept_value(cell)[:LONGEST_HEAD] for cell in cells)
    return Matching(columns, number, heads, certain, tuple(grounds.items()))


def _plainest(field: str, places: Sequence[int], cells: Sequence[str]) -> int:
    """Of several columns with a field's head the one that bears its plain name, else the first."""
    return next((place for place in places if key(cells[place]) in roster_words.PLAINEST.get(field, ())), places[0])


def holds_resident_number(cells: Iterable[str]) -> bool:
    """Whether any of these cells holds what has the shape of a resident registration number, in any digits."""
    return RESIDENT.search(_folded("|".join(cells))) is not None


def had_resident_number(cells: Iterable[str]) -> bool:
    """The same, also of cells in which it was hidden since."""
    joined = "|".join(cells)
    return HIDDEN in joined or holds_resident_number([joined])


def without_resident_number(value: str) -> str:
    """A value with such numbers hidden; any other as it is."""
    folded = _folded(value)
    return RESIDENT.sub(HIDDEN, folded) if RESIDENT.search(folded) else value


def _folded(value: str) -> str:
    """A value as a number is looked for in it: narrow, in our digits, without what nobody sees between them."""
    narrow = value
    if not value.isascii():
        normal = unicodedata.normalize("NFKC", value)
        narrow = OTHER_DIGIT.sub(lambda found: str(unicodedata.digit(found[0], found[0])), normal)
    return narrow if narrow.isprintable() else "".join(sign for sign in narrow if sign.isspace() or not unseen(sign))


def unseen(value: str) -> bool:
    """Whether a value holds what would begin a new line or cannot be seen: no mail's head and no cell may."""
    return not value.isprintable() and any(unicodedata.category(sign) in UNSEEN_KINDS for sign in value)


def fault(field: str, value: str) -> Bilingual | None:
    """What is wrong with a value of any field, before its own rule looks at it."""
    if unseen(value):
        return UNSEEN
    bare = value.removeprefix("'")  # the apostrophe with which a file of faults keeps a formula from being run
    if is_formula(bare) and not (field == "phone" and bare.startswith("+")):
        return FORMULA
    most = LONGEST.get(field)
    if most and len(value) > most:
        return Bilingual(f"{most}자 이하로 적어 주십시오.", f"Write at most {most} characters.")
    return None


def phone(value: str) -> str | None:
    """A number as it is kept: digits, with a + where it is foreign; None where it is none.

    A spreadsheet takes 010-1234-5678 for a number and drops its first zero, so it is put back.
    """
    plain = unicodedata.normalize("NFKC", value).removeprefix("'").removesuffix(".0")
    digits = re.sub(r"[\s().\-\u2010-\u2015\u2212~·]", "", plain)
    if digits.startswith(("+82", "0082")):
        digits = "0" + digits.removeprefix("+82").removeprefix("0082").removeprefix("0")
    if re.fullmatch(r"1[016789]\d{7,8}", digits):
        digits = f"0{digits}"
    return digits if re.fullmatch(r"01[016789]\d{7,8}|\+[1-9]\d{7,14}", digits) else None


def birth_year(value: str) -> int | None:
    """The year of birth, also from a date that there is; None for all else."""
    plain = unicodedata.normalize("NFKC", value).strip()
    found = YEAR.fullmatch(plain)
    if found:
        year = int(found["year"])
    elif (told := DATE.fullmatch(plain)) is None:
        return None
    else:
        year, month, day = int(told["year"]), int(told["month"] or told["m"]), int(told["day"] or told["d"])
        if not (1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):
            return None
    return year if year in BORN else None


def keeps_year(value: str) -> bool:
    """Whether a mended row leaves the year of birth as it was."""
    return not value.strip() or key(value) in {key(YEAR_KEPT.ko), key(YEAR_KEPT.en)}


def cohort(value: str, head: str) -> str:
    """A year of study in one form: 4, 4 학년 and 4th year are 4학년; any other cohort (2021, 21학번, 3기) as it is.

    A number alone is a year of study only under a head that says so: under 기수 it is none.
    """
    plain = unicodedata.normalize("NFKC", value).casefold().strip()
    bare = re.fullmatch(r"([1-6])(?:\.0)?", plain) if key(head) in roster_words.YEARS_OF_STUDY else None
    found = bare or YEAR_OF_STUDY.fullmatch(plain)
    return f"{next(filter(None, found.groups()))}학년" if found else value


def language(value: str) -> str | None:
    """ko or en by whichever word; None for any other."""
    return LANGUAGES.get(value.casefold())


def kept_value(value: str) -> str:
    """A value as a faulty row may keep it: no number of a resident, nothing unseen, no formula, and not without end."""
    shown = without_resident_number(value)
    visible = "".join("\N{REPLACEMENT CHARACTER}" if unseen(sign) else sign for sign in shown[: LONGEST_KEPT + 1])
    cut = visible if len(visible) <= LONGEST_KEPT else f"{visible[: LONGEST_KEPT - 1]}…"
    return f"'{cut}" if is_formula(cut) else cut
