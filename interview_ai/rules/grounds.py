"""What an interview may not ask about a person: each ground with the law behind it and what to ask instead."""

from __future__ import annotations

from dataclasses import dataclass

from interview_ai.rules.evidence import Bilingual

FAIR_HIRING = Bilingual(
    "채용절차법 제4조의3은 직무에 필요하지 않은 이 정보를 요구하지 못하게 합니다.",
    "The Fair Hiring Procedure Act, article 4-3, forbids demanding it where the job does not need it.",
)
EMPLOYMENT = Bilingual(
    "고용정책 기본법 제7조는 이를 이유로 한 채용 차별을 금지합니다.",
    "The Framework Act on Employment Policy, article 7, forbids choosing people by it.",
)
HUMAN_RIGHTS = Bilingual(
    "국가인권위원회법 제2조가 고용에서의 차별로 보는 사유입니다.",
    "The National Human Rights Commission Act, article 2, counts choosing people by it as discrimination.",
)
UNIONS = Bilingual(
    "노동조합법 제81조는 노동조합을 이유로 채용에서 불이익을 주지 못하게 합니다.",
    "The Trade Union Act, article 81, forbids making employment depend on it.",
)
PRIVATE = Bilingual(
    "건강이나 가정의 사정처럼 차별로 이어질 수 있는 일을 밝히게 합니다.",
    "It makes people disclose their health or their family's circumstances.",
)


@dataclass(frozen=True, slots=True)
class Ground:
    """What is asked (Korean with its particle, "…을/를"), the law, and a better question."""

    what: Bilingual
    law: Bilingual
    better: Bilingual

    def said_of(self, quote: str) -> Bilingual:
        """The whole sentence about the words `quote`."""
        return Bilingual(
            f"‘{quote}’: {self.what.ko} 묻고 있습니다. {self.law.ko} {self.better.ko}",
            f"“{quote}” asks about {self.what.en}. {self.law.en} {self.better.en}",
        )


TASK = Bilingual(
    "이 부분을 빼고, 직무에 필요한 일을 해 본 경험을 물어 주십시오.",
    "Leave it out and ask about something that people did which the job needs.",
)

GROUNDS: dict[str, Ground] = {
    "appearance": Ground(
        Bilingual("용모·키·체중 같은 신체 조건이나 사진을", "looks, height, weight or a photo"),
        FAIR_HIRING,
        Bilingual(
            "꼭 필요한 작업이 있으면 그 작업을 해 본 경험을 물어 주십시오.",
            "Where a task needs strength, ask about a time when they did such a task.",
        ),
    ),
    "region": Ground(Bilingual("출신 지역을", "where somebody comes from"), FAIR_HIRING, TASK),
    "marriage": Ground(
        Bilingual("결혼·임신·자녀를", "marriage, pregnancy or children"),
        FAIR_HIRING,
        Bilingual(
            "근무 시간이 걱정되면 근무 조건을 공고에 적어 주십시오.",
            "Where working hours matter, write them into the opening instead.",
        ),
    ),
    "property": Ground(Bilingual("재산이나 경제 사정을", "property or money"), FAIR_HIRING, TASK),
    "family": Ground(
        Bilingual("가족이나 가족의 학력·직업·재산을", "the family, its education, work or property"), FAIR_HIRING, TASK
    ),
    "religion": Ground(Bilingual("종교를", "religion"), EMPLOYMENT, TASK),
    "politics": Ground(Bilingual("정치적 견해를", "political opinions"), HUMAN_RIGHTS, TASK),
    "union": Ground(Bilingual("노동조합에 대한 생각이나 활동을", "trade unions"), UNIONS, TASK),
    "health": Ground(
        Bilingual("장애나 건강, 병력을", "disability or health"),
        HUMAN_RIGHTS,
        Bilingual(
            "필요한 편의는 지원자가 화면에서 스스로 요청할 수 있습니다. 직무에 필요한 작업을 해 본 경험을 물어 "
            "주십시오.",
            "Candidates can ask for what they need themselves. Ask about a time when they did what the job needs.",
        ),
    ),
    "age": Ground(Bilingual("나이를", "age"), EMPLOYMENT, TASK),
    "sex": Ground(Bilingual("성별을", "sex"), EMPLOYMENT, TASK),
    "military": Ground(Bilingual("병역을 하지 않은 까닭을", "why somebody did not serve"), PRIVATE, TASK),
    "nationality": Ground(
        Bilingual("국적이나 인종을", "nationality or race"),
        HUMAN_RIGHTS,
        Bilingual(
            "일할 수 있는 자격은 채용이 정해진 뒤에 확인해 주십시오.",
            "Check the right to work once somebody is to be hired.",
        ),
    ),
    "orientation": Ground(Bilingual("성적 지향이나 성정체성을", "sexual orientation or identity"), HUMAN_RIGHTS, TASK),
}
