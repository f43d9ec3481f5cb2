"""Openings: a job with its questions and rubric, the people invited to it, and its two switches."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from interview_ai import audit, database, memoranda, messages, opt_outs, programmes, reviewing, rubrics, tokens
from interview_ai.drafts import NewOpening, NewQuestion, faults, tidy
from interview_ai.errors import Conflict, Forbidden, NotFound
from interview_ai.names import candidate_name
from interview_ai.organisations import Member, address_of
from interview_ai.rules.evidence import as_json
from interview_ai.tables import (
    Campaign,
    CampaignRow,
    Candidate,
    FurtherLink,
    Interview,
    Invitation,
    Opening,
    PersonKey,
    Question,
    ReplacedLink,
    RubricRow,
    new_person,
)

OVER = ("finished", "withdrawn")


def create(session: Session, member: Member, new: NewOpening) -> Opening:
    """A new opening. Raises Invalid for what candidates could not answer, Forbidden for who may not."""
    must_write_openings(member)
    for fault in [*faults(new, database.now(session)), *rubrics.faults(rubrics.of(new.rubric))]:
        raise fault
    _check_programme(member, new.programme_id)
    made = Opening(
        organisation_id=member.organisation_id,
        programme_id=new.programme_id,
        title_ko=tidy(new.title_ko or new.title_en),
        title_en=tidy(new.title_en or new.title_ko),
        language="en" if new.language == "en" else "ko",
        demonstration=new.demonstration,
        blind=new.blind,
        deadline=new.deadline,
        vocabulary=tidy(new.vocabulary) or None,
    )
    session.add(made)
    session.flush()
    session.add_all(new_question(made, position, question) for position, question in enumerate(new.questions, start=1))
    criteria = [as_json(criterion) for criterion in new.rubric.criteria]
    session.add(
        RubricRow(
            organisation_id=made.organisation_id, opening_id=made.id, version=new.rubric.version, criteria=criteria
        )
    )
    details = {"demonstration": new.demonstration, "blind": new.blind, "rubric": new.rubric.version}
    audit.append(session, member.actor, "opening created", f"opening:{made.id}", details=details)
    reviewing.assign(session, member, made, new.reviewers)
    return made


def must_write_openings(member: Member) -> None:
    """Raises Forbidden for whoever may not write openings."""
    if member.organisation_kind != "employer":
        raise Forbidden("Only an employer writes openings.", "채용공고는 기업만 만들 수 있습니다.")
    member.must_be("owner", "recruiter")


def _check_programme(member: Member, programme_id: str | None) -> None:
    joined = [programme.id for programme in programmes.open_to(member.organisation_id)] if programme_id else []
    if programme_id and programme_id not in joined:
        raise NotFound


def new_question(opening: Opening, position: int, new: NewQuestion) -> Question:
    """A question of an opening, not yet kept."""
    made = Question(organisation_id=opening.organisation_id, opening_id=opening.id)
    write_question(made, position, new)
    return made


def write_question(row: Question, position: int, new: NewQuestion) -> None:
    """Puts what was written into a question's row; where one language is empty the other stands in for it."""
    row.position = position
    row.text_ko = tidy(new.text_ko or new.text_en)
    row.text_en = tidy(new.text_en or new.text_ko)
    row.think_s, row.answer_s, row.takes = new.think_s, new.answer_s, new.takes


@dataclass(frozen=True, slots=True)
class Within:
    """The campaign of which an invitation is a part, and the row of the roster that it comes from."""

    campaign: Campaign
    row: CampaignRow

    def mark(self, invitation: Invitation) -> None:
        """What an invitation takes from its campaign; a birth year is known from the roster, as a digest."""
        invitation.campaign_id, invitation.proof = self.campaign.id, self.campaign.proof
        invitation.proof_hash = self.row.proof_hash


def invite(session: Session, member: Member, opening_id: str, *, name: str, email: str, language: str) -> str:
    """Invites a person, or sends a fresh link to somebody invited before; returns the link's token and mails it.

    Only the token's digest is kept, so an earlier link of theirs stops working. A university may invite to the
    openings of its programmes; that needs a session for EVERYWHERE.
    """
    member.must_be("owner", "recruiter")
    opening = _takes_invitations(session, member, opening_id)
    if opt_outs.wants_none(session, member.organisation_id, address_of(email)):
        raise Conflict(
            "This person asked for no more invitations of yours. They can undo it with the link in an earlier mail.",
            "초대를 더 받지 않겠다고 한 분입니다. 그분이 앞서 받은 메일의 링크에서 되돌릴 수 있습니다.",
            code="opted_out",
        )
    if not _is_invited(session, opening, address_of(email)):
        _must_have_room(session, member, opening)
    return invite_to(session, member, opening, name=name, email=email, language=language)


def invite_to(
    session: Session,
    member: Member,
    opening: Opening,
    *,
    name: str,
    email: str,
    language: str,
    within: Within | None = None,
) -> str:
    """The same where it is known that the member may invite to it now, that there is room and the person willing.

    A campaign replaces nobody's link: raises Conflict (code invited) for whoever was invited a moment ago.
    """
    candidate = _candidate(session, opening, name=name, email=address_of(email), language=language)
    invitation = session.scalars(
        select(Invitation).where(Invitation.opening_id == opening.id, Invitation.candidate_id == candidate.id)
    ).one_or_none()
    if invitation and (within or invitation.inviting_organisation_id != member.organisation_id):
        raise Conflict("This person is invited already.", "이미 초대된 지원자입니다.", code="invited")
    token = tokens.new_token()
    if invitation:
        _replace_links(session, invitation)
    invitation = invitation or Invitation(
        organisation_id=opening.organisation_id,
        opening_id=opening.id,
        candidate_id=candidate.id,
        inviting_organisation_id=member.organisation_id,
    )
    invitation.token_hash, invitation.expires_at, invitation.revoked_at = tokens.digest(token), opening.deadline, None
    if within:
        within.mark(invitation)
    session.add(invitation)
    session.flush()
    if within:
        within.row.invitation_id = invitation.id
    if not (within and within.campaign.channel == "file"):  # there whoever invites hands the links over
        messages.invitation(
            session,
            opening=opening,
            candidate=candidate,
            invitation=invitation,
            token=token,
            campaign=within.campaign if within else None,
            phone=within.row.phone if within else None,
        )
    audit.append(
        session,
        member.actor,
        "candidate invited",
        f"invitation:{invitation.id}",
        organisation_id=opening.organisation_id,
        person=candidate.person,
        naming={"name": candidate.name, "email": candidate.email},
    )
    return token


def _replace_links(session: Session, invitation: Invitation) -> None:
    """Every earlier link of theirs ends; whoever opens one is told that there is a newer one."""
    whose = {"organisation_id": invitation.organisation_id, "invitation_id": invitation.id}
    further = session.scalars(select(FurtherLink).where(FurtherLink.invitation_id == invitation.id)).all()
    for digest in (invitation.token_hash, *(link.token_hash for link in further)):
        session.add(ReplacedLink(token_hash=digest, **whose))
    for link in further:
        session.delete(link)
    invitation.handed_over_at = None  # what was in a file has ended
    invitation.proof_failures = 0  # whoever tried the earlier link has nothing of this one


def open_to_invite(session: Session, member: Member, opening_id: str) -> Opening:
    """The opening, if the member may invite somebody new to it now.

    Raises NotFound, or Conflict: code closed, left (the employer left the programme), memorandum (it has ended) or
    quota (as many as agreed are invited).
    """
    opening = _takes_invitations(session, member, opening_id)
    _must_have_room(session, member, opening)
    return opening


def _takes_invitations(session: Session, member: Member, opening_id: str) -> Opening:
    opening = session.get(Opening, opening_id)
    if opening is None:
        raise NotFound
    if opening.organisation_id != member.organisation_id:
        _must_be_agreed(session, member, opening)
    if opening.state != "open" or opening.deadline <= database.now(session):
        raise Conflict("This opening is closed.", "마감된 채용공고입니다.", code="closed")
    programmes.must_take_invitations(session, opening)
    return opening


def _must_be_agreed(session: Session, member: Member, opening: Opening) -> None:
    """Only a university of the programme learns that another organisation's opening is there."""
    university = member.organisation_kind == "university"
    if not (university and programmes.takes_part(session, member.organisation_id, opening.programme_id)):
        raise NotFound
    if not memoranda.may_invite(session, member.organisation_id, opening):
        raise Conflict(
            "No agreement with the agency covers this opening now. Ask the agency.",
            "지금은 이 채용공고에 초대할 수 있는 협약이 없습니다. 진흥원에 문의해 주십시오.",
            code="memorandum",
        )


def _is_invited(session: Session, opening: Opening, email: str) -> bool:
    """Whether the person has an invitation that nobody took back: a fresh link to it needs no room."""
    joined = select(Invitation.id).join(Candidate, Candidate.id == Invitation.candidate_id)
    who = (Candidate.organisation_id == opening.organisation_id, Candidate.email == email)  # as the index has it
    theirs = joined.where(Invitation.opening_id == opening.id, *who)
    return session.scalars(theirs.where(Invitation.revoked_at.is_(None))).first() is not None


def room(session: Session, member: Member, opening: Opening) -> int | None:
    """How many more people the member's organisation may invite to it; None: as many as it likes."""
    ours = opening.organisation_id == member.organisation_id
    return None if ours else memoranda.left(session, member.organisation_id, opening)


def _must_have_room(session: Session, member: Member, opening: Opening) -> None:
    if opening.organisation_id != member.organisation_id:
        memoranda.must_have_room(session, member.organisation_id, opening)


def _candidate(session: Session, opening: Opening, *, name: str, email: str, language: str) -> Candidate:
    there = select(Candidate).where(Candidate.organisation_id == opening.organisation_id, Candidate.email == email)
    known = session.scalars(there).one_or_none()
    if known:
        return known
    person = new_person()
    session.add(PersonKey(person=person, sealed_key=tokens.new_person_key(person)))
    session.flush()
    made = Candidate(
        organisation_id=opening.organisation_id,
        person=person,
        name=candidate_name(name),
        email=email,
        language="en" if language == "en" else "ko",
    )
    session.add(made)
    session.flush()
    return made


def revoke(session: Session, member: Member, invitation_id: str) -> None:
    """Takes an invitation back: its link ends, and what the person has sent stays. Raises Conflict once finished.

    A university may take back what it sent itself; that needs a session for EVERYWHERE.
    """
    member.must_be("owner", "recruiter")
    invitation = session.get(Invitation, invitation_id, options=[selectinload(Invitation.candidate)])
    whose = (invitation.organisation_id, invitation.inviting_organisation_id) if invitation else ()
    if invitation is None or member.organisation_id not in whose:
        raise NotFound
    if session.scalars(select(Interview.state).where(Interview.invitation_id == invitation.id)).first() in OVER:
        raise Conflict(
            "This person has finished the interview already.", "이미 인터뷰를 마친 지원자입니다.", code="finished"
        )
    invitation.revoked_at = database.now(session)
    audit.append(
        session,
        member.actor,
        "invitation revoked",
        f"invitation:{invitation.id}",
        organisation_id=invitation.organisation_id,
        person=invitation.candidate.person,
    )


def end_first_pass(session: Session, member: Member, opening_id: str) -> None:
    """From now on every reviewer sees bands before rating (EU-5). Owners only; on the record; safe to run twice."""
    member.must_be("owner")
    opening = own(session, opening_id)
    if opening.first_pass_ended_at is None:
        opening.first_pass_ended_at = database.now(session)
        changed(session, member, opening, "first pass ended")


def stop_scoring(session: Session, member: Member, opening_id: str) -> None:
    """The stop switch: no answer of this opening is scored and no score or band is shown until it is lifted."""
    member.must_be("owner", "recruiter")
    opening = own(session, opening_id)
    if opening.scoring_stopped_at is None:
        opening.scoring_stopped_at = database.now(session)
        changed(session, member, opening, "scoring stopped")


def resume_scoring(session: Session, member: Member, opening_id: str) -> None:
    """Lifts the stop switch; what came in meanwhile is scored by what the timetable rings for."""
    member.must_be("owner", "recruiter")
    opening = own(session, opening_id)
    if opening.scoring_stopped_at is not None:
        opening.scoring_stopped_at = None
        changed(session, member, opening, "scoring resumed")


def own(session: Session, opening_id: str) -> Opening:
    """The organisation's own opening. Raises NotFound."""
    opening = session.get(Opening, opening_id)
    if opening is None:
        raise NotFound
    return opening


def changed(session: Session, member: Member, opening: Opening, action: str) -> None:
    """Keeps on the record that an opening changed, and lets every list notice."""
    opening.revision += 1
    audit.append(session, member.actor, action, f"opening:{opening.id}")
