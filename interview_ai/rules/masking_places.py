"""Places of Korea by which people say where they come from or live, in both scripts."""

from __future__ import annotations

PROVINCES_KO = (
    "서울 부산 대구 인천 광주 대전 울산 세종 경기 강원 충북 충남 전북 전남 경북 경남 제주 경기도 강원도 충청도 "
    "충청북도 충청남도 전라도 전라북도 전라남도 경상도 경상북도 경상남도 제주도 영남 호남 수도권"
).split()
CITIES_KO = (
    "수원 성남 의정부 안양 부천 광명 평택 동두천 안산 고양 과천 구리 남양주 오산 시흥 군포 의왕 하남 용인 파주 "
    "이천 안성 김포 화성 양주 포천 여주 일산 분당 판교 춘천 원주 강릉 동해 태백 속초 삼척 청주 충주 제천 천안 "
    "공주 보령 아산 서산 논산 계룡 당진 전주 군산 익산 정읍 남원 김제 목포 여수 순천 나주 광양 포항 경주 김천 "
    "안동 구미 영주 영천 상주 문경 경산 창원 마산 진해 진주 통영 사천 김해 밀양 거제 양산 서귀포"
).split()
COUNTIES_KO = (
    "연천 가평 양평 강화 옹진 홍천 횡성 영월 평창 정선 철원 화천 양구 인제 양양 보은 옥천 영동 증평 진천 괴산 "
    "음성 단양 금산 부여 서천 청양 홍성 예산 태안 완주 진안 무주 장수 임실 순창 고창 부안 담양 곡성 구례 고흥 "
    "보성 화순 장흥 강진 해남 영암 무안 함평 영광 장성 완도 진도 신안 달성 군위 의성 청송 영양 영덕 청도 고령 "
    "성주 칠곡 예천 봉화 울진 울릉도 의령 함안 창녕 고성 남해 하동 산청 함양 거창 합천 기장 울주 강남 강북 "
    "해운대 하양 왜관"
).split()
PLACES_KO = tuple(dict.fromkeys((*PROVINCES_KO, *CITIES_KO, *COUNTIES_KO)))

PLACES_EN = (
    "Seoul Busan Pusan Daegu Taegu Incheon Gwangju Daejeon Ulsan Sejong Gyeonggi Gangwon Jeju Chungcheong "
    "Jeolla Gyeongsang Suwon Seongnam Anyang Bucheon Yongin Ilsan Bundang Pangyo Chuncheon Wonju Gangneung "
    "Sokcho Cheongju Chungju Cheonan Asan Jeonju Gunsan Iksan Mokpo Yeosu Suncheon Gwangyang Pohang Gyeongju "
    "Gimcheon Andong Gumi Yeongju Yeongcheon Sangju Mungyeong Gyeongsan Changwon Masan Jinhae Jinju Tongyeong "
    "Gimhae Miryang Geoje Yangsan Uiseong Cheongdo Chilgok Uljin Yeongdeok Korea Japan China Vietnam America "
    "Canada Australia London Tokyo Beijing Chicago Boston Brooklyn"
).split()
