"""Word lists of the Korean analyser: people, thinking and feeling, change, duty, circumstances, counting."""

from __future__ import annotations

# the speaker
OWN = frozenset("나 내 본인 우리 저 저희 제".split())
# who else may act in a story from work, school, the army or home
PEOPLE = frozenset(
    "간부 간호사 감독 강사 개발자 걔 거래처 계장 고객 고모 공무원 공장장 과대 과대표 과장 관리자 교감 교사 "
    "교수 교장 국장 그 그녀 그분 기사 기술자 남자 남편 너 누구 누군가 누나 담당자 대리 대표 동기 동료 동생 "
    "디자이너 딸 리더 매니저 멘토 멘티 명 반대표 반장 병장 보호자 본부장 본사 부녀회 부모 부사수 부원 부인 "
    "부장 분 분대장 사람 사모 사수 사원 사장 사장님 사촌 삼촌 상대 상대방 상병 상사 선배 선생 선수 선임 "
    "소대장 소장 손님 시어머니 신입 실습생 실장 쌤 씨 아내 아들 아버님 아버지 아빠 아이 아이들 아저씨 "
    "아주머니 알바생 애 어르신 어른 어머니 어머님 언니 엄마 엔지니어 여러분 여자 오빠 와이프 요원 원장 의사 "
    "이모 이병 이분 이사 이웃 이장 인턴 일병 자기 작업자 작은애 장모 점장 조교 조원 조장 조카 주무관 주민 "
    "주임 중대장 지점장 직원 차장 책임자 총무 친구 코치 큰애 통장 팀원 팀장 학생 할머니 할아버지 행보관 "
    "협력사 형 환자 회원 회장 후배 후임".split()
)
# people whose coming and going may be a result
GROUPS = frozenset(
    "고객 관객 다들 동료 명 방문자 분 사람 손 손님 아이 애 어르신 이용자 주민 직원 학생 환자 회원".split()
)
# with 에서 a subject, not a place: 본사에서 줄였다
BODIES = frozenset("교육청 노조 본사 윗선 정부 측 협회".split())
# as a topic a subject: 회사는 종이로 받았다 is not the speaker's deed
PLACES = frozenset(
    "가게 공장 동아리 마트 매장 병원 본사 부대 부서 사무실 센터 식당 업체 은행 조직 지점 카페 팀 학교 학원 "
    "현장 호텔 회사".split()
)
# with 한테, 보고 and the like: somebody else acts on the speaker
ME = frozenset("나 우리 저 저희".split())
# what happens to somebody or something
UNWILLED = frozenset(
    "걸리 겹치 고장나 그치 깨지 꺼지 꼬이 끊기 끝나 나 나아지 나오 남 내려가 넘 늘 늦 늦어지 다가오 다치 닫히 "
    "달라지 되 들 들리 떨리 떨어지 막히 망가지 맞 멈추 모자라 몰리 무너지 밀리 바뀌 벌어지 보이 부딪치 부딪히 "
    "부서지 붙 빠지 뽑히 사라지 생기 속하 쌓이 안되 어울리 없 없어지 엉키 열리 오르 올라가 이어지 있 자라 "
    "잘되 졸 죽 줄 지나 켜지 태어나 터지 통하 팔리 풀리 헷갈리 혼나".split()
)
# no deed by itself: happenings, motion, feeling, stand-ins
NO_ACTION = UNWILLED | frozenset(
    "가 같 겪 견디 계시 관하 구경하 궁금해하 그러 그렇 그만두 기다리 기뻐하 기억나 깨닫 나가 놀라 느끼 다니 "
    "닮 당하 대하 들어가 들어맞 들어오 따르 뛰 모르 못하 믿 바라 버티 살 생각나 쉬 슬퍼하 싫어하 싶 알 애쓰 "
    "어쩌 얻 오 울 웃 원하 위하 의하 이러 이르 잃 잃어버리 잊 잊어버리 자 잘하 좋 좋아하 지내 지치 참 화나 "
    "힘들 힘들어하 힘쓰".split()
)
# deeds after all where an object stands before them: 손을 들었다
WITH_OBJECT = frozenset("걸 들 따르 뛰 맞 멈추 보이 붙".split())
# N하다 that is thought, felt, or only a stage of life
THINKING = frozenset(
    "가능 각오 감동 감사 걱정 결심 경험 계속 고민 고생 공 공감 구경 근무 기대 기억 긴장 노력 느낌 다짐 당황 "
    "마음 만족 반성 발생 복학 부족 불안 사랑 상상 생각 생활 성장 소리 시작 신경 실감 실망 실수 안심 애 예상 "
    "오해 욕심 의심 이사 이해 인식 일 입대 입사 입학 재학 전공 전역 전학 정신 제대 존경 존재 졸업 중요 착각 "
    "최선 출근 취업 취직 퇴근 퇴사 필요 확신 후회 휴학 희망 힘".split()
)
# adjectives of feeling
FEELING = frozenset(
    "감사 고맙 괴롭 그립 기분 기쁘 놀랍 답답 대단 두렵 무섭 미안 밉 보람 부끄럽 부럽 뿌듯 뿌듯하 서운 섭섭 "
    "소중 속상 슬프 신기 싫 아쉽 억울 외롭 자랑스럽 재미있 존경스럽 좋 죄송 즐겁 창피 편하 행복 힘들".split()
)
# verbs of change: with them something became different
CHANGE = frozenset(
    "끝나 나아지 남 낮아지 내려가 높아지 늘 늘어나 달라지 돌아오 떨어지 맞아떨어지 멈추 바뀌 빨라지 뽑히 "
    "사라지 살아나 없어지 열리 오르 올라가 이기 이어지 정리되 좋아지 줄 줄어들 짧아지 켜지 통과 팔리 풀리 "
    "해결되".split()
)
# N되다 that ends a story well or badly
HAPPENED = frozenset(
    "감소 개선 단축 달성 당선 도입 마감 마무리 반영 복구 상승 선정 성공 수상 승인 안정 완료 완성 인상 입상 "
    "절감 정상 정착 종료 증가 채택 축소 축적 통과 하락 합격 해결 향상 확대 회복".split()
)
# N하다 that is an attainment
ATTAINED = frozenset("달성 성공 수상 완수 완주 입상 취득 통과 합격".split())
# verbs of attainment
ATTAINED_VERBS = frozenset("끝내 따 마무리짓 마치 이겨내 이루 해내".split())
# verbs of changing a measure; a result where what is measured is named
REDUCED = frozenset("끌어올리 낮추 높이 늘리 앞당기 올리 절약하 줄이".split())
# the same as N하다
REDUCED_NOUNS = frozenset("감소 감축 개선 단축 절감 절약 증가 향상".split())
# what a workplace measures
MEASURED = frozenset(
    "결석 낭비 대기 등급 률 만족도 매상 매출 민원 반품 방문 방문자 불량 불량률 비용 비율 사고 생산 생산량 "
    "성적 속도 손실 수익 실수 오류 오류율 완성도 율 이익 재고 점수 정확도 조회 지각 참여 참여율 출석 클레임 "
    "판매 판매량 평점 폐기 폐기량 회원 효율".split()
)
# what one is glad not to have: its absence is a result
BAD = frozenset(
    "갈등 결석 결품 고장 낭비 누락 다툼 문제 민원 반품 불량 불만 불편 사고 실수 싸움 야근 오류 오해 잔업 지각 "
    "지연 지적 차질 클레임 탈 피해 항의 혼선".split()
)
# what is said after the deed
AFTERWARDS = frozenset("결과 결과적 결국 그날 그랬더니 끝 나중 다음 덕 덕분 뒤 마지막 마침내 이후 지금 최종 후".split())
# what one is given for it
GRADES = frozenset("급 등 등급 만점 상 상장 위 인정 자격증 점 칭찬 표창 학점 호평".split())
# what one is there for
DUTIES = frozenset("과제 기한 담당 담당자 당번 마감 목표 몫 미션 숙제 업무 역할 임무 책임 책임자 파트 할당량".split())
# N을 받다: one was asked
ASKED = frozenset("명령 배정 부탁 요청 의뢰 제안 주문 지시".split())
# to be put in charge
GIVEN = frozenset("담당 맡 맡기 책임지".split())
# times and places of stories
CIRCUMSTANCES = frozenset(
    "가게 고등학교 공모전 공장 관공서 구청 군 군대 그때 년 당시 대학 대학교 대회 도서관 동아리 때 라인 마트 "
    "매장 물류 병원 복지관 봉사 부서 사무실 센터 수업 시절 시청 식당 실습 아르바이트 알바 어느 어린이집 올해 "
    "요양원 유치원 은행 인턴 인턴십 작년 재작년 전 졸업 지난해 창고 처음 축제 카페 캠페인 캠프 팀플 편의점 "
    "프로젝트 하루 학교 학기 학년 학원 행사 현장 호텔 회사".split()
)
# N을 하다 that is a job, not a deed
ROLES = frozenset(
    "개월 공부 근무 년 담당 대표 리더 반장 보조 복무 봉사 부장 사회생활 생활 실습 아르바이트 알바 알바생 인턴 "
    "일 점원 조장 직원 직장 총무 팀장 활동 회장".split()
)
# N하다 that is a stage of life
LIVING = frozenset("근무 복무 봉사 소속 시작 실습 인턴 일 입대 입사 재학 전공 참여 취업 취직 활동".split())
# being somewhere for a time
LIVING_VERBS = frozenset("나오 다니 들어가 들어오 뛰 보내 살 있 지내".split())
# nouns that a circumstance hangs on: -ㄴ 적, -는 경우
SCENES = frozenset("거 것 경우 경험 곳 날 때 상태 상황 시기 일 적 편".split())
# in general, not once
HABITS = frozenset("늘 대개 매번 보통 언제나 원래 주로 평상시 평소 항상".split())
# only supposed
SUPPOSED = frozenset("가령 만약 만일 앞으로 입사하면 혹시".split())
