"""What the columns of a roster are called in Korean and English, also those that may not be there (KR-10).

Each is a regular expression that the whole head matches, small, narrow and without blanks or signs.
"""

from __future__ import annotations

_YEARS = "입학년도 입학연도 입학년 졸업년도 졸업연도 졸업예정년도 졸업예정연도 학년도"

HEADS = {
    "name": "이름 성명 성함 학생명 지원자 지원자명 (?:학생|지원자|한글)(?:이름|성명) (?:이름|성명)한글 "
    "(?:student|korean)?name fullname candidate",
    "email": "(?:학교|개인|학생)?(?:전자)?(?:이|e)?메일(?:주소)? (?:학교|개인)?전자우편(?:주소)? "
    "(?:student|school)?e?mail(?:address)?",
    "student_number": "학번 학생번호 student(?:number|no|id|num|idnumber) matriculation(?:number)?",
    "department": "(?:소속)?(?:학과|학부|전공|계열|소속|학과전공|학부학과|학과학부|주전공)명? "
    "department dept major faculty school",
    "cohort": f"학년 기수 학년기수 {_YEARS} cohort yearorcohort class grade "
    "(?:entry|admission|graduation)year year batch",
    "phone": "휴대전화(?:번호)? 휴대폰(?:번호)? 핸드폰(?:번호)? 연락처 전화(?:번호)? "
    "(?:mobile|cell|phone|mobilephone|cellphone)(?:number|no)? hp tel telephone contact(?:number)?",
    "language": "(?:메일|안내|사용)?언어 language lang",
    "birth_year": "생년 출생연도 출생년도 출생년 태어난해 생년월일 생일 출생일 birth(?:year|date|day)? "
    "yearofbirth dateofbirth dob born",
    "row": "줄 행 줄번호 행번호 원본줄 row rownumber originalrow",
}

PLAINEST = {
    "name": ("이름", "성명", "name"),
    "email": ("이메일", "email", "메일"),
    "phone": ("휴대전화", "휴대폰", "mobile"),
    "department": ("학과", "department"),
    "birth_year": ("출생연도", "생년", "birthyear"),
}
"""Of several columns for one field the one with this name."""

YEARS_OF_STUDY = ("학년", "학년기수", "yearorcohort", "year", "grade")
"""Heads of a column of cohorts under which 4 is the fourth year."""

FORBIDDEN = {
    "resident_number": "주민 주민(?:등록)?번호.* 외국인(?:등록)?번호 resident(?:registration)?(?:number|no|id) rrn ssn "
    "socialsecurity(?:number|no)? nationalid(?:number)? passport(?:number|no)? 여권번호",
    "appearance": "(?:증명|얼굴|프로필|반명함|본인)?사진(?:파일|링크|url|주소)? 키 신장 키몸무게 "
    "(?:키|신장)?(?:체중|몸무게) 혈액형 외모 용모 photo(?:graph)?(?:url|link)? picture portrait headshot "
    "height(?:cm)? weight(?:kg)? heightweight "
    "bloodtype looks appearance",
    "region": "고향 출신(?:지|지역|도|지방)? 출생지 본적(?:지)? 원적 birthplace placeofbirth hometown placeoforigin "
    "regionoforigin nativeplace",
    "marriage": "혼인(?:여부|상태|관계)? 결혼(?:여부)? 기혼(?:여부)? 배우자.* 자녀(?:수|여부)? "
    "marital(?:status)? married marriage spouse.* children pregnan.*",
    "property": "재산(?:상태|현황)? 부동산 자산 소득(?:분위|수준)? property assets? wealth income familyincome",
    "family": "가족(?:사항|관계|구성)? 부모(?:님)?.* 부친.* 모친.* 아버지.* 어머니.* 형제(?:자매)?.* 보호자.* "
    "family(?:members?|relations?)? parents?.* father.* mother.* siblings?.* guardian.*",
    "religion": "종교 신앙 religion faith church",
    "politics": "정당 정치성향 노조(?:가입)?(?:여부)? 노동조합 politicalparty unionmember.*",
}
"""By ground what no roster may hold, beside all that rules/questions.py finds as the label of a field."""
