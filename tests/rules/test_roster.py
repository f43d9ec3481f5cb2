"""The rules of rosters: columns by their heads, values, and when what is confirmed leaves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from interview_ai.rules import pace, quiet_hours, roster

HEADS = {
    "이름": "name",
    "성명(한글)": "name",
    "  Full  Name * ": "name",
    "이메일": "email",
    "E-mail Address": "email",
    "전자우편": "email",
    "학교 메일": "email",
    "학번": "student_number",
    "Student ID": "student_number",
    "학과/전공": "department",
    "소속학과": "department",
    "Major": "department",
    "학년": "cohort",
    "학년·기수": "cohort",
    "Year or cohort": "cohort",
    "기수": "cohort",
    "입학년도": "cohort",
    "휴대전화": "phone",
    "휴대폰 번호": "phone",
    "연락처": "phone",
    "Mobile No.": "phone",
    "언어": "language",
    "출생연도": "birth_year",
    "출생 연도": "birth_year",
    "출생년도": "birth_year",
    "생년": "birth_year",
    "태어난 해": "birth_year",
    "Birth year": "birth_year",
    "Year of birth": "birth_year",
    "생년월일": "birth_year",
    "E-메일 주소": "email",
    "Date of birth": "birth_year",
    "ｅｍａｉｌ": "email",
    "비고": None,
    "no": None,
    "번호": None,
    "": None,
}


@pytest.mark.parametrize("head", HEADS)
def test_a_column_is_known_by_its_head_in_korean_and_english(head: str) -> None:
    assert roster.field_of(head) == HEADS[head]


def numbered(*rows: str) -> list[tuple[int, list[str]]]:
    return [(number, row.split(",")) for number, row in enumerate(rows, 1)]


def test_heads_may_stand_below_a_title() -> None:
    found = roster.guess(numbered("2026학년도 명단", "이름,학과,이메일", "김민지,기계,minji@example.org"))
    assert (found.head_row, dict(found.columns), found.certain) == (2, {"name": 0, "department": 1, "email": 2}, True)


def test_a_sign_of_an_address_in_a_head_does_not_make_it_a_person() -> None:
    rows = [(1, ["이름", "이메일(@학교)", "종교"]), (2, ["김민지", "minji@example.org", "없음"])]
    found = roster.guess(rows)
    assert (found.head_row, found.columns, found.refused) == (1, {"name": 0, "email": 1}, ((2, "religion"),))


def test_without_heads_the_address_is_told_by_its_sign_and_nothing_is_certain() -> None:
    found = roster.guess(numbered("minji@example.org,김민지", "sora@example.org,박소라"))
    assert (found.head_row, dict(found.columns), found.certain) == (0, {"email": 0, "name": 1}, False)


def test_of_two_columns_for_an_address_none_is_certain_but_of_two_departments_the_plainest_is() -> None:
    assert not roster.guess(numbered("이름,학교메일,개인메일")).certain
    found = roster.guess(numbered("이름,이메일,학부,학과"))
    assert found.certain and found.columns["department"] == 3


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("010-1234-5678", "01012345678"),
        ("010 1234 5678", "01012345678"),
        ("1012345678", "01012345678"),
        ("1012345678.0", "01012345678"),
        ("+82 10-1234-5678", "01012345678"),
        ("+82-010-1234-5678", "01012345678"),
        ("'+821012345678", "01012345678"),
        ("０１０－１２３４－５６７８", "01012345678"),
        ("+1 415 555 2671", "+14155552671"),
        ("02-123-4567", None),
        ("010-12", None),
        ("=1", None),
        ("모름", None),
    ],
)
def test_a_number_is_kept_in_one_form(typed: str, kept: str | None) -> None:
    assert roster.phone(typed) == kept


@pytest.mark.parametrize(
    ("typed", "year"),
    [
        ("2003", 2003),
        ("2003-05-12", 2003),
        ("20030512", 2003),
        ("2003년 5월", 2003),
        ("2003. 5. 12.", 2003),
        ("2002-02-30", None),
        ("20021301", None),
        ("000101", None),
        ("2003 and more", None),
        ("1899", None),
        ("03", None),
        ("", None),
    ],
)
def test_a_birth_year_is_taken_from_whatever_date(typed: str, year: int | None) -> None:
    assert roster.birth_year(typed) == year


@pytest.mark.parametrize("value", ["=1", "+1", "-1", "@a", "＝1", "－1", "'=1", " =1", "\u22121"])
def test_what_a_spreadsheet_would_run_is_a_fault_and_is_kept_as_text(value: str) -> None:
    assert roster.fault("name", value) == roster.FORMULA
    assert roster.kept_value(value).lstrip().startswith("'")


@pytest.mark.parametrize("value", ["a\nb", "a\rb", "a\tb", "a\0b", "a\u2028b", "a\u202eb", "a\x85b"])
def test_what_would_begin_a_new_line_is_a_fault_and_is_not_kept(value: str) -> None:
    assert roster.fault("department", value) == roster.UNSEEN
    assert roster.kept_value(value).isprintable()


def test_what_is_too_long_is_a_fault_and_kept_short() -> None:
    found = roster.fault("department", "가" * 81)
    assert found and "80" in found.ko and "80" in found.en
    assert len(roster.kept_value("가" * 500)) == roster.LONGEST_KEPT


AT = datetime(2026, 11, 26, 6, 0, tzinfo=UTC)  # three in the afternoon in Korea
NONE = (0, 0)


def test_so_many_a_minute_and_the_last_is_known_before_it_leaves() -> None:
    assert pace.span(AT, 1, 60, NONE) == (AT, AT)
    assert pace.span(AT, 601, 60, NONE) == (AT, AT + timedelta(minutes=10))


def test_quiet_hours_put_the_first_and_the_rest_off() -> None:
    evening = AT + timedelta(hours=7)  # ten at night
    first, _ = pace.span(evening, 10, 60, (21, 8))
    assert first == evening + timedelta(hours=10)
    _, last = pace.span(AT, 1 + 60 * 7, 1, (21, 8))  # seven hours' worth with six left before nine
    assert last == AT + timedelta(hours=6 + 11 + 1)
    assert quiet_hours.is_quiet(evening) and not quiet_hours.is_quiet(AT)


def test_a_long_silence_is_not_caught_up_at_once() -> None:
    assert pace.allowed(AT, AT, 60) == (1, AT)
    assert pace.allowed(AT + timedelta(seconds=1), AT, 60)[0] == 0
    assert pace.allowed(AT - timedelta(hours=9), AT, 60) == (11, AT - pace.BURST)


@pytest.mark.parametrize(
    ("value", "head", "shown"),
    [
        ("4", "학년", "4학년"),
        ("4.0", "학년·기수", "4학년"),
        ("４", "학년", "4학년"),
        ("4 학년", "기수", "4학년"),
        ("4학년", "", "4학년"),
        ("4th year", "Cohort", "4학년"),
        ("3rd Year", "Year", "3학년"),
        ("Year 2", "Class", "2학년"),
        ("4", "기수", "4"),
        ("4", "cohort", "4"),
        ("4", "", "4"),
        ("4기", "학년", "4기"),
        ("2021", "학년", "2021"),
        ("21학번", "학년", "21학번"),
        ("21", "입학년도", "21"),
        ("2021학년도", "학년", "2021학년도"),
        ("14학년", "학년", "14학년"),
        ("졸업유예", "학년", "졸업유예"),
        ("9", "학년", "9"),
    ],
)
def test_a_year_of_study_has_one_form_and_any_other_cohort_stays(value: str, head: str, shown: str) -> None:
    assert roster.cohort(value, head) == shown
