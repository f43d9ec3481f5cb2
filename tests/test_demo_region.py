"""The demonstration's region: a history by the use cases that adds up, claims no score and lets no mail leave."""

from __future__ import annotations

import json
import shutil
import stat
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import func, select

from interview_ai import audit, demo_logos, demo_region, logos, organisations, overviews, reminders, sending, stuck
from interview_ai.cli import main
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.demo_agenda import NEVER_LEFT, Agenda
from interview_ai.demo_partners import LABEL_EN, LABEL_KO, Region, found_agency
from interview_ai.demo_programmes import Size, make
from interview_ai.migrate import migrate
from interview_ai.region import cells
from interview_ai.region import region as counted
from interview_ai.settings import settings
from interview_ai.tables import (
    Answer,
    AuditEntry,
    Campaign,
    CampaignRow,
    Candidate,
    Decision,
    Interview,
    Invitation,
    Letter,
    Mail,
    Memorandum,
    MessageText,
    Opening,
    Organisation,
    PartnerRequest,
    Programme,
    ProgrammePartner,
    Rating,
    ScoreRow,
    Segment,
    Staff,
    StandingRow,
    TranscriptRow,
    View,
    Work,
)
from tests import desk, smtp
from tests.conftest import forget

SMALL = Size(universities=3, employers=6, roster=6, campaigns=2, direct=1, applicants=6, hired=2)
TINY = Size(universities=2, employers=4, roster=2, campaigns=1, direct=0, applicants=2, hired=1)
EDGES = (ScoreRow, TranscriptRow, Segment, Work)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Region]]:
    """A small region in a home of its own, which each test copies."""
    folder = tmp_path_factory.mktemp("region")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INTERVIEW_HOME", str(folder))
        forget()
        migrate()
        (folder / "secret").write_bytes(b"a secret of thirty-two bytes, ..")
        made = make(datetime.now(UTC), SMALL)
        forget()
    yield folder, made


@pytest.fixture
def region(home: Path, template: tuple[Path, Region]) -> Region:
    """The region in this test's own installation."""
    folder, made = template
    forget()
    for name in ("onterview.sqlite3", "secret"):
        shutil.copy(folder / name, home / name)
    for name in ("onterview.sqlite3-wal", "onterview.sqlite3-shm"):
        (home / name).unlink(missing_ok=True)
        if (folder / name).exists():
            shutil.copy(folder / name, home / name)
    return made


def test_the_agencys_page_counts_what_happened(region: Region) -> None:
    with reading(EVERYWHERE) as session:
        seen = counted(session, region.doyun, cells(session, region.doyun))
        views = overviews.agency(session, region.doyun)
        invited = session.scalar(select(func.count(Invitation.id)))
        hired = session.scalar(select(func.count(StandingRow.interview_id)).where(StandingRow.decision == "hired"))
    assert (seen.total.invited, seen.total.hired) == (invited, hired)
    by_id = {line.id: line.way for line in seen.programmes}
    for view in views:
        way = by_id[view.programme.id]
        assert (view.total.invited, view.total.begun, view.total.finished, view.total.decided, view.total.hired) == (
            way.invited,
            way.begun,
            way.finished,
            way.decided,
            way.hired,
        )
    assert len(seen.universities) == SMALL.universities
    assert len(seen.employers) == SMALL.employers - 1, "one has not answered"


def test_last_years_programme_is_over_and_everybody_was_told(region: Region) -> None:
    with reading(EVERYWHERE) as session:
        programme = session.get_one(Programme, region.programmes["first"])
        inside = select(Interview).join(Opening).where(Opening.programme_id == programme.id)
        finished = session.scalars(inside.where(Interview.state == "finished")).all()
        ids = [one.id for one in finished]
        kinds = session.scalars(select(Decision.kind).where(Decision.interview_id.in_(ids))).all()
        told = session.scalar(select(func.count(Letter.id)).where(Letter.interview_id.in_(ids)))
    assert programme.closed_at is not None and programme.closed_at.year == region.now.year - 1
    assert (len(finished), kinds.count("hired"), told) == (SMALL.applicants, SMALL.hired, SMALL.applicants)


def test_the_record_holds_in_order_of_time_and_nothing_lies_ahead(region: Region) -> None:
    with reading(EVERYWHERE) as session:
        assert audit.verify(session) > 500
        moments = session.scalars(select(AuditEntry.at).order_by(AuditEntry.id)).all()
        ways = session.execute(
            select(
                Invitation.created_at,
                Invitation.opened_at,
                Interview.begun_at,
                Interview.finished_at,
                Decision.created_at,
            )
            .outerjoin(Interview, Interview.invitation_id == Invitation.id)
            .outerjoin(Decision, Decision.interview_id == Interview.id)
        ).all()
    assert moments == sorted(moments)
    assert moments[-1] < region.now
    for way in ways:
        steps = [at for at in way if at is not None]
        assert steps == sorted(steps)
        assert way[2] is None or way[1] is not None, "somebody began who never opened the link"


def test_no_machine_says_anything_of_anybody(region: Region) -> None:
    with reading(EVERYWHERE) as session:
        assert [session.scalar(select(func.count()).select_from(table)) for table in EDGES] == [0, 0, 0, 0]
        assert set(session.execute(select(Answer.state, Answer.reason_code).distinct()).all()) == {
            ("needs_person", "people_only")
        }
        assert set(session.scalars(select(Interview.mode))) == {"people"}
        assert set(session.scalars(select(StandingRow.by).distinct())) <= {"people", None}


def test_people_looked_rated_and_gave_a_reason_before_they_decided(region: Region) -> None:
    with reading(EVERYWHERE) as session:
        made = session.scalars(select(Decision)).all()
        assert {one.kind for one in made} >= {"hired", "reject", "hold"}
        for one in made:
            mine = {"interview_id": one.interview_id, "staff_id": one.staff_id}
            rated = session.scalars(select(Rating.rated_at).filter_by(**mine)).all()
            looked = session.scalars(select(View.at).filter_by(**mine)).all()
            assert rated and looked and len(one.reason) > 20
            assert max(looked) <= max(rated) <= one.created_at


def test_rosters_were_really_read_with_their_faults_and_limits(region: Region) -> None:
    with reading(EVERYWHERE) as session:
        outcomes = set(session.scalars(select(CampaignRow.outcome).distinct()))
        states = set(session.scalars(select(Campaign.state).distinct()))
        faults = [row.faults for row in session.scalars(select(CampaignRow)) if row.faults]
        unlawful = [head for one in session.scalars(select(Campaign)) for head in one.heads if head["refused"]]
        quotas = session.scalars(select(Memorandum).where(Memorandum.quota.is_not(None))).all()
        kinds = {one.kind for one in stuck.stuck(session, region.doyun, cells(session, region.doyun))}
    assert {"ready", "faulty", "twice"} <= outcomes
    assert {"sent", "paused", "preview"} == states
    assert all(fault["ko"] and fault["en"] for row in faults for fault in row or ())
    assert {head["refused"] for head in unlawful} == {"appearance"}
    assert len(quotas) == 2 and any(one.until is not None for one in quotas)
    assert {"paused", "full", "unanswered"} <= kinds


def test_it_says_everywhere_that_it_is_a_demonstration(region: Region) -> None:
    with reading(EVERYWHERE) as session:
        for table in (Organisation, Programme):
            assert all(LABEL_KO in one.name_ko and LABEL_EN in one.name_en for one in session.scalars(select(table)))
        addresses = [*session.scalars(select(Staff.email)), *session.scalars(select(Candidate.email))]
    assert len(addresses) > 50 and all(one.endswith(".example") for one in addresses)


def test_every_organisation_has_its_colour_some_a_logo_and_two_universities_their_own_words(region: Region) -> None:
    with reading(EVERYWHERE) as session:
        rows = session.scalars(select(Organisation).where(Organisation.slug.is_not(None))).all()
        written = session.scalars(select(MessageText)).all()
    assert len({one.accent for one in rows}) == len(rows)
    with_logo = {one.slug for one in rows if one.logo_key}
    assert {"garam-jobs", "mulbit", "solbaram", "saebom-precision"} <= with_logo < {one.slug for one in rows}
    kinds = {one.id: one.kind for one in rows}
    assert {kinds[one.organisation_id] for one in written} == {"university"}
    assert len({one.organisation_id for one in written}) == 2 and {one.language for one in written} == {"ko", "en"}


@pytest.mark.parametrize("initial", demo_logos.LETTERS)
def test_a_drawn_logo_is_a_small_picture_of_both_colours(initial: str) -> None:
    content = demo_logos.drawn(initial, "#1f4e9e", is_round=True)
    assert logos.cleaned(content).content == content and len(content) < 3000


def test_partners_took_part_in_further_programmes_because_they_were_asked_and_accepted(region: Region) -> None:
    with reading(EVERYWHERE) as session:
        joined = Counter(session.scalars(select(ProgrammePartner.partner_id)))
        answered = select(PartnerRequest).where(PartnerRequest.state == "accepted")
        accepted = Counter(one.partner_id for one in session.scalars(answered))
        states = set(session.scalars(select(PartnerRequest.state)))
        (declined,) = session.scalars(select(PartnerRequest).where(PartnerRequest.state == "declined"))
    assert joined == accepted and max(joined.values()) >= 2
    assert states == {"accepted", "waiting", "declined"} and declined.reason


def test_no_mail_of_the_past_or_of_today_leaves(region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    with reading(EVERYWHERE) as session:
        past = session.execute(select(Mail.state, Mail.error, Mail.body).distinct()).all()
    assert past == [("sent", NEVER_LEFT, "")]
    jun = region.employers[0].member
    with reading(jun.organisation_id) as session:
        opening = session.scalars(select(Opening.id).where(Opening.deadline > region.now)).first()
    assert opening is not None
    with transaction(jun.organisation_id) as session:
        assert reminders.remind(session, jun, opening, reminders.due(session, jun, opening)) > 0
    with smtp.postbox() as postbox:
        monkeypatch.setenv("INTERVIEW_SMTP_URL", postbox.url)
        settings.cache_clear()
        assert sending.send_due() == 0
    assert postbox.asked == []
    with reading(EVERYWHERE) as session:
        assert "pending" not in set(session.scalars(select(Mail.state)))


def test_the_same_seed_makes_the_same_people_do_the_same(home: Path) -> None:
    at = datetime(2026, 11, 26, 3, tzinfo=UTC)
    make(at, TINY)
    first = _whole()
    (home / "onterview.sqlite3").unlink()
    forget()
    migrate()
    make(at, TINY)
    assert _whole() == first and len(first) > 8


def _whole() -> list[tuple[object, ...]]:
    with reading(EVERYWHERE) as session:
        wanted = (
            select(Candidate.name, Candidate.email, Opening.title_ko, Invitation.created_at, StandingRow.decision)
            .join(Invitation, Invitation.candidate_id == Candidate.id)
            .join(Opening, Opening.id == Invitation.opening_id)
            .outerjoin(Interview, Interview.invitation_id == Invitation.id)
            .outerjoin(StandingRow, StandingRow.interview_id == Interview.id)
        )
        found = [tuple(row) for row in session.execute(wanted)]
    # whoever writes to an employer directly has an address by chance
    return sorted((row for row in found if "@post." not in str(row[1])), key=str)


def test_the_command_makes_it_once_and_tells_who_can_sign_in(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert demo_region.command(TINY) == 0
    path = home / demo_region.FILE
    sign_ins = json.loads(path.read_text("utf-8"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {one["kind"] for one in sign_ins.values()} == {"agency", "university", "employer"}
    email = "doyun@garam-jobs.example"
    assert sign_ins[email]["password"] in capsys.readouterr().out
    assert organisations.check(email, sign_ins[email]["password"]).right
    with reading(EVERYWHERE) as session:
        before = session.scalar(select(func.count(AuditEntry.id)))
    assert main(["demo", "--region"]) == 0
    assert "already" in capsys.readouterr().out
    with reading(EVERYWHERE) as session:
        assert session.scalar(select(func.count(AuditEntry.id))) == before


def test_it_is_not_made_where_people_work_already(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk.jun()
    assert main(["demo", "--region"]) == 1
    assert "a database of its own" in capsys.readouterr().err
    with reading(EVERYWHERE) as session:
        assert session.scalar(select(func.count(Organisation.id))) == 1


def test_one_that_was_broken_off_is_not_taken_for_whole(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    now = datetime.now(UTC)
    with transaction(EVERYWHERE) as session:
        found_agency(Region(Agenda(now, Random(1)), Random(1), now, [], []), session)
    assert main(["demo", "--region"]) == 1
    assert "broken off" in capsys.readouterr().err


def test_without_a_region_the_demonstration_asks_for_sign_ins(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    assert main(["demo"]) == 2
    assert "--sign-ins" in capsys.readouterr().err
