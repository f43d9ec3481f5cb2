"""A roster becomes a campaign: read in the background, looked at, confirmed by a person, sent a few at a time."""

from __future__ import annotations

import io
import threading
import time
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import func, select, update

from interview_ai import (
    audit,
    campaign_choices,
    campaign_reading,
    campaign_room,
    campaign_rows,
    campaigns,
    dispatch,
    memoranda,
    opt_outs,
    organisations,
    program_campaigns,
    settings,
    storage,
    tokens,
)
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import Conflict, Forbidden, Invalid, LeaseLost, NotFound
from interview_ai.rules import roster
from interview_ai.tables import (
    AuditEntry,
    Campaign,
    CampaignRow,
    Candidate,
    Invitation,
    Mail,
    Memorandum,
    Opening,
    OptOut,
)
from tests import campaigning as made
from tests import desk
from worker import campaigning


def workbook(rows: list[list[object]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


CELLS: list[list[object]] = [line.split(",") for line in made.ROSTER.splitlines()]
FILES = {
    "utf-8": made.ROSTER.encode(),
    "utf-8 with its mark": made.ROSTER.encode("utf-8-sig"),
    "cp949": made.ROSTER.encode("cp949"),
    "utf-16": made.ROSTER.encode("utf-16"),
    "utf-16 without its mark": made.ROSTER.encode("utf-16-le"),
    "semicolons": made.ROSTER.replace(",", ";").encode("cp949"),
    "tabs": made.ROSTER.replace(",", "\t").encode(),
    "old Mac": made.ROSTER.replace("\n", "\r").encode(),
    "a line that says the separator": ("sep=,\n" + made.ROSTER).encode(),
    "a title above": ("2026학년도 취업 대상자 명단,,,,\n\n" + made.ROSTER).encode("cp949"),
    "xlsx": workbook(CELLS),
    "xlsx with a title above": workbook([["2026학년도 명단"], [], *CELLS]),
    "xlsx with numbers": workbook([*CELLS[:1], [*CELLS[1][:4], 1012345678], CELLS[2]]),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_roster_is_read_however_a_spreadsheet_wrote_it(home: Path, kind: str) -> None:
    region = made.region()
    found = made.read(region.seoyeon, region.opening_id, FILES[kind], channel="sms")
    assert (found.state, found.fault) == ("preview", None)
    kept = [(row.name, row.email, row.department, row.cohort, row.phone) for row in made.rows(found.id)]
    assert kept == [
        ("김민지", "minji@example.org", "기계공학과", "4학년", "01012345678"),
        ("박소라", "sora@example.org", "경영학과", "3학년", None),
    ]
    assert found.rows_read == found.rows_total == 2


def test_the_file_is_gone_once_it_is_read_and_numbers_are_kept_only_for_text_messages(home: Path) -> None:
    region = made.region()
    campaign_id = made.added(region.seoyeon, region.opening_id)
    key = made.campaign(campaign_id).file_key or ""
    assert storage.storage().size(key) > 0
    campaigning.read(campaign_id)
    assert storage.storage().size(key) == 0
    assert made.campaign(campaign_id).file_key is None
    assert [row.phone for row in made.rows(campaign_id)] == [None, None]


def test_each_row_says_what_would_become_of_it(home: Path) -> None:
    region = made.region()
    desk.invite(region.jun, region.opening_id, "Haneul")
    with transaction(EVERYWHERE) as session:
        digest = tokens.authenticate("opt out", "never@example.org")
        session.add(OptOut(organisation_id=region.seoyeon.organisation_id, address_hash=digest, source="link"))
    lines = [
        "name,email",
        "Minji,minji@example.org",
        "=1+1,a@example.org",
        "Haneul,HANEUL@example.org",
        "Minji again,Minji@Example.org",
        "Never,never@example.org",
        "No address,nobody",
        '"Sora\nBcc: x@example.org",sora@example.org',
        "＝wide,b@example.org",
    ]
    found = made.read(region.seoyeon, region.opening_id, "\n".join(lines))
    expected = ["ready", "faulty", "already", "twice", "opted_out", "faulty", "faulty", "faulty"]
    assert made.outcomes(found.id) == list(enumerate(expected, 2))
    for row in made.rows(found.id):
        assert bool(row.faults) == (row.outcome == "faulty")
        for fault in row.faults or []:
            assert fault["ko"] and fault["en"] and fault["ko"] != fault["en"]
        assert not row.name.startswith(("=", "＝")) and "\n" not in row.name


def test_nothing_is_sent_before_a_person_confirms_and_then_to_those_who_are_ready(anywhere: str) -> None:
    region = made.region()
    found = made.read(region.seoyeon, region.opening_id, made.ROSTER + "=x,bad@example.org,,,\n")
    assert dispatch.step() == 0
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(Mail.id).where(Mail.recipient.like("%@example.org"))).all() == []
    made.confirmed(region.seoyeon, found.id)
    assert sent_all(found.id) == 2
    with reading(EVERYWHERE) as session:
        invitations = session.scalars(select(Invitation)).all()
        assert {one.campaign_id for one in invitations} == {found.id}
        assert {one.inviting_organisation_id for one in invitations} == {region.seoyeon.organisation_id}
        assert {row.invitation_id for row in made.rows(found.id)} - {None} == {one.id for one in invitations}
        recipients = session.scalars(select(Mail.recipient).where(Mail.cause.like("invitation:%"))).all()
        assert sorted(recipients) == ["minji@example.org", "sora@example.org"]
        assert audit.verify(session) > 5
    assert made.campaign(found.id).state == "sent"
    assert made.campaign(found.id).finished_at is not None


def sent_all(campaign_id: str) -> int:
    """Dispatches until nothing is left, as if time had passed in between."""
    total = 0
    for _ in range(20):
        early = datetime.now(UTC) - timedelta(minutes=5)
        with transaction(EVERYWHERE) as session:
            session.execute(update(Campaign).where(Campaign.id == campaign_id).values(next_at=early))
        total += dispatch.step()
        if made.campaign(campaign_id).state != "sending":
            break
    return total


def many(count: int) -> str:
    return "이름,이메일\n" + "".join(f"학생{n},s{n}@example.org\n" for n in range(count))


def test_a_reader_that_is_killed_is_followed_by_one_that_goes_on_at_the_next_row(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaign_reading, "STEP", 7)
    region = made.region()
    campaign_id = made.added(region.seoyeon, region.opening_id, many(40))
    with transaction(EVERYWHERE) as session:
        claimed = campaign_reading.claim(session, campaign_id)
    assert claimed is not None

    def die(read: int, _: int | None) -> None:
        if read >= 21:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        campaign_reading.read(claimed, die)
    assert made.campaign(campaign_id).rows_read == 21
    campaigning.read(campaign_id)
    assert made.campaign(campaign_id).state == "reading", "the lease of the dead reader still holds"
    with transaction(EVERYWHERE) as session:
        past = datetime.now(UTC) - timedelta(seconds=60)
        session.execute(update(Campaign).values(next_at=past))
        assert campaign_reading.ring_due(session) == 1
    campaigning.read(campaign_id)
    assert made.campaign(campaign_id).state == "preview"
    assert [row.name for row in made.rows(campaign_id)] == [f"학생{n}" for n in range(40)]
    with pytest.raises(LeaseLost):
        campaign_reading.read(claimed)
    assert len(made.rows(campaign_id)) == 40


def test_a_roster_that_kills_its_readers_is_given_up(home: Path) -> None:
    region = made.region()
    campaign_id = made.added(region.seoyeon, region.opening_id)
    for _ in range(campaign_reading.MOST_ATTEMPTS):
        with transaction(EVERYWHERE) as session:
            assert campaign_reading.claim(session, campaign_id)
            session.execute(update(Campaign).values(next_at=datetime.now(UTC) - timedelta(seconds=60)))
    campaigning.read(campaign_id)
    found = made.campaign(campaign_id)
    assert found.state == "refused" and found.fault and found.fault["ko"] != found.fault["en"]


@pytest.fixture
def mails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERVIEW_SMTP_URL", "smtp://127.0.0.1:1")
    settings.settings.cache_clear()


def asleep(campaign_id: str) -> None:
    """It is the middle of the campaign's quiet hours."""
    hour = (datetime.now(UTC) + timedelta(hours=9)).hour
    with transaction(EVERYWHERE) as session:
        kept = session.get_one(Campaign, campaign_id)
        kept.quiet_from, kept.quiet_until = hour, (hour + 2) % 24
        kept.next_at = datetime.now(UTC) - timedelta(seconds=4)


def test_where_nothing_leaves_links_are_made_at_night_too_and_as_fast_as_we_can(home: Path) -> None:
    region = made.region()
    found = made.read(region.seoyeon, region.opening_id, many(30), per_minute=1)
    made.confirmed(region.seoyeon, found.id)
    asleep(found.id)
    assert dispatch.step() == 30


def test_sending_keeps_to_so_many_a_minute_and_to_the_quiet_hours(home: Path, mails: None) -> None:
    region = made.region()
    found = made.read(region.seoyeon, region.opening_id, many(30), per_minute=60)
    made.confirmed(region.seoyeon, found.id)
    with transaction(EVERYWHERE) as session:
        session.get_one(Campaign, found.id).next_at = datetime.now(UTC) - timedelta(seconds=4)
    assert 5 <= dispatch.step() <= 6
    assert dispatch.step() <= 1
    asleep(found.id)
    assert dispatch.step() == 0


def test_a_paused_campaign_sends_nothing_and_a_cancelled_one_forgets_who_was_not_written_to(
    home: Path, mails: None
) -> None:
    region = made.region()
    found = made.read(region.seoyeon, region.opening_id, many(30), per_minute=60)
    made.confirmed(region.seoyeon, found.id)
    with transaction(EVERYWHERE) as session:
        session.get_one(Campaign, found.id).next_at = datetime.now(UTC) - timedelta(seconds=9)
    sent = dispatch.step()
    with transaction(EVERYWHERE) as session:
        campaigns.pause(session, region.seoyeon, found.id)
        session.get_one(Campaign, found.id).next_at = datetime.now(UTC) - timedelta(seconds=9)
    assert sent > 5 and dispatch.step() == 0
    with transaction(EVERYWHERE) as session:
        campaigns.resume(session, region.seoyeon, found.id)
    with transaction(EVERYWHERE) as session:
        campaigns.cancel(session, region.seoyeon, found.id)
    left = made.rows(found.id)
    assert len(left) >= sent and all(row.invitation_id for row in left)
    with transaction(EVERYWHERE) as session, pytest.raises(Conflict):
        campaigns.resume(session, region.seoyeon, found.id)


def test_whoever_was_invited_or_opted_out_since_gets_nothing(home: Path) -> None:
    region = made.region()
    found = made.read(region.seoyeon, region.opening_id)
    made.confirmed(region.seoyeon, found.id)
    desk.invite(region.jun, region.opening_id, "Minji")
    with transaction(EVERYWHERE) as session:
        digest = tokens.authenticate("opt out", "sora@example.org")
        session.add(OptOut(organisation_id=None, address_hash=digest, source="link"))
        session.flush()
        assert opt_outs.wants_none(session, region.seoyeon.organisation_id, "sora@example.org")
    assert sent_all(found.id) == 0
    assert [outcome for _, outcome in made.outcomes(found.id)] == ["already", "opted_out"]
    assert made.campaign(found.id).state == "sent"


def test_a_closed_opening_stops_the_campaign_with_a_sentence(home: Path) -> None:
    region = made.region()
    found = made.read(region.seoyeon, region.opening_id)
    made.confirmed(region.seoyeon, found.id)
    with transaction(EVERYWHERE) as session:
        session.get_one(Opening, region.opening_id).state = "closed"
    assert sent_all(found.id) == 0
    stopped = made.campaign(found.id)
    assert stopped.state == "paused" and stopped.fault and "closed" in stopped.fault["en"]


def test_a_roster_with_more_people_than_agreed_is_not_confirmed_and_its_opening_not_offered_once_none_are_left(
    home: Path,
) -> None:
    region = made.region()
    found = made.read(region.seoyeon, region.opening_id)
    with transaction(EVERYWHERE) as session:
        session.execute(update(Memorandum).values(quota=1))
    with pytest.raises(Conflict, match="room for 1 more"):
        made.confirmed(region.seoyeon, found.id)
    assert made.campaign(found.id).state == "preview"
    with transaction(EVERYWHERE) as session:
        assert [one.id for one in campaign_choices.choices(session, region.seoyeon)] == [region.opening_id]
        session.execute(update(Memorandum).values(quota=0))
        assert campaign_choices.choices(session, region.seoyeon) == []


def agreed(quota: int) -> None:
    with transaction(EVERYWHERE) as session:
        session.execute(update(Memorandum).values(quota=quota))


def people(*who: str) -> str:
    return "이름,이메일\n" + "".join(f"학생,{one}@example.org\n" for one in who)


def room(region: made.Region, campaign_id: str) -> tuple[int | None, int, int]:
    """What there is for a campaign: left, waiting elsewhere, needed."""
    with reading(EVERYWHERE) as session:
        found = campaign_room.of(session, region.seoyeon, session.get_one(Campaign, campaign_id))
    return found.left, found.waiting, found.needed


def test_people_of_campaigns_under_way_are_counted_off_what_is_agreed(anywhere: str) -> None:
    region = made.region()
    agreed(5)
    first = made.read(region.seoyeon, region.opening_id, people("a", "b", "c"), per_minute=1)
    second = made.read(region.seoyeon, region.opening_id, people("c", "d", "e", "f"))
    assert room(region, second.id) == (5, 0, 4)
    made.confirmed(region.seoyeon, first.id)
    assert room(region, second.id) == (2, 3, 3), "c waits in the first one"
    with pytest.raises(Conflict, match="beside the 3 whom your campaigns under way") as refused:
        made.confirmed(region.seoyeon, second.id)
    assert (refused.value.code, "보낼 3명을 빼면 2명" in refused.value.ko) == ("quota", True)
    with transaction(EVERYWHERE) as session:
        campaigns.pause(session, region.seoyeon, first.id)
    assert room(region, second.id) == (2, 3, 3), "a paused one goes on some day"
    agreed(6)
    made.confirmed(region.seoyeon, second.id)
    third = made.read(region.seoyeon, region.opening_id, people("g"))
    assert room(region, third.id) == (0, 6, 1)
    sent_all(second.id)
    assert room(region, third.id) == (0, 2, 1), "of the first one only a and b need room still"
    with transaction(EVERYWHERE) as session:
        campaigns.cancel(session, region.seoyeon, first.id)
    assert room(region, third.id) == (2, 0, 1)


def test_people_of_another_university_or_of_a_closed_opening_take_no_room(home: Path) -> None:
    region = made.region()
    agreed(3)
    other = desk.opening(region.jun, programme_id=programme_of(region))
    both = [made.read(region.seoyeon, one, people("a", "b")) for one in (region.opening_id, other)]
    made.confirmed(region.seoyeon, both[0].id)
    assert room(region, both[1].id) == (1, 2, 2), "one agreement about the whole programme"
    with transaction(EVERYWHERE) as session:
        session.get_one(Opening, region.opening_id).state = "closed"
    assert room(region, both[1].id) == (3, 0, 2)
    assert room(replace(region, seoyeon=region.jun), both[1].id) == (None, 0, 0), "the employer itself"


def programme_of(region: made.Region) -> str | None:
    with reading(EVERYWHERE) as session:
        return session.get_one(Opening, region.opening_id).programme_id


def test_of_two_who_confirm_at_once_one_is_told_that_there_is_no_room(anywhere: str) -> None:
    region = made.region()
    agreed(3)
    both = [made.read(region.seoyeon, region.opening_id, people(*who)).id for who in (("a", "b"), ("c", "d"))]
    refused: list[str] = []

    def confirm(one: str) -> None:
        try:
            made.confirmed(region.seoyeon, one)
        except Conflict as error:
            refused.append(error.code)

    crowd = [threading.Thread(target=confirm, args=(one,)) for one in both]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    assert refused == ["quota"]


def test_a_campaign_ends_where_the_agreed_number_is_reached_and_says_so(home: Path) -> None:
    region = made.region()
    found = made.read(region.seoyeon, region.opening_id)
    made.confirmed(region.seoyeon, found.id)
    with transaction(EVERYWHERE) as session:
        session.execute(update(Memorandum).values(quota=1))
    assert sent_all(found.id) == 1
    stopped = made.campaign(found.id)
    assert stopped.state == "paused" and stopped.fault and "As many as agreed" in stopped.fault["en"]
    assert len([row for row in made.rows(found.id) if row.invitation_id]) == 1
    with transaction(EVERYWHERE) as session:
        session.execute(update(Memorandum).values(quota=2))
        campaigns.resume(session, region.seoyeon, found.id)
    assert sent_all(found.id) == 1
    assert made.campaign(found.id).state == "sent"


def test_a_campaign_whose_memorandum_ended_in_the_middle_goes_on_under_a_new_one(home: Path) -> None:
    region = made.region()
    found = made.read(region.seoyeon, region.opening_id)
    made.confirmed(region.seoyeon, found.id)
    with transaction(EVERYWHERE) as session:
        old = session.scalars(select(Memorandum)).one()
        old.quota = 1
    assert sent_all(found.id) == 1
    with transaction(EVERYWHERE) as session:
        memoranda.end(session, region.doyun, old.id)
        session.get_one(Campaign, found.id).state = "sending"
    assert sent_all(found.id) == 0
    stopped = made.campaign(found.id)
    assert stopped.state == "paused" and stopped.fault and "has ended" in stopped.fault["en"]
    with transaction(EVERYWHERE) as session, pytest.raises(Conflict) as refused:
        campaigns.resume(session, region.seoyeon, found.id)
    assert refused.value.code == "memorandum"
    with transaction(EVERYWHERE) as session:
        new = memoranda.NewMemorandum(region.seoyeon.organisation_id, quota=1)
        memoranda.add(session, region.doyun, old.programme_id, new)
        campaigns.resume(session, region.seoyeon, found.id)
    assert sent_all(found.id) == 1
    assert (made.campaign(found.id).state, made.campaign(found.id).fault) == ("sent", None)


def test_columns_that_nobody_can_guess_are_asked_for(home: Path) -> None:
    region = made.region()
    odd = "A,B,C\n김민지,minji@example.org,기계\n박소라,sora@example.org,경영\n"
    found = made.read(region.seoyeon, region.opening_id, odd)
    assert found.state == "matching" and made.rows(found.id) == []
    assert [head["samples"] for head in found.heads][1] == ["minji@example.org", "sora@example.org"]
    with transaction(EVERYWHERE) as session, pytest.raises(Invalid):
        campaigns.match(session, region.seoyeon, found.id, {"name": 0})
    with transaction(EVERYWHERE) as session:
        campaigns.match(session, region.seoyeon, found.id, {"name": 0, "email": 1, "department": 2})
    campaigning.read(found.id)
    again = made.campaign(found.id)
    assert again.state == "preview" and not any(head["samples"] for head in again.heads)
    assert [(row.outcome, row.department) for row in made.rows(found.id)] == [("ready", "기계"), ("ready", "경영")]


def test_two_columns_of_addresses_are_asked_for_and_their_names_shown(home: Path) -> None:
    region = made.region()
    found = made.read(
        region.seoyeon, region.opening_id, "성명,학교 이메일,개인 이메일\n김민지,a@example.org,b@example.org\n"
    )
    assert (found.state, [head["name"] for head in found.heads]) == ("matching", ["성명", "학교 이메일", "개인 이메일"])


def test_mended_rows_take_the_place_of_the_faulty_ones(anywhere: str) -> None:
    region = made.region()
    found = made.read(
        region.seoyeon, region.opening_id, "이름,이메일\n김민지,minji@\n박소라,sora@example.org\n이하늘,\n"
    )
    assert made.outcomes(found.id) == [(2, "faulty"), (3, "ready"), (4, "faulty")]
    mended = "줄,이름,이메일,고칠 점\n2,김민지,minji@example.org,이메일\n4,이하늘,sora@example.org,\n,최도윤,doyun@example.org,\n"
    data = mended.encode("cp949")
    with transaction(EVERYWHERE) as session:
        upload = made.stored(data)
        campaigns.mend(session, region.seoyeon, found.id, upload_id=upload, file_name="faults.csv", length=len(data))
    campaigning.read(found.id)
    assert made.campaign(found.id).state == "preview"
    assert made.outcomes(found.id) == [(2, "ready"), (3, "ready"), (4, "twice"), (8, "ready")]


def mended(region: made.Region, campaign_id: str, content: str) -> Campaign:
    """The campaign once a file of mended rows was read."""
    data = content.encode()
    with transaction(EVERYWHERE) as session:
        new = {"upload_id": made.stored(data), "file_name": "faults.csv", "length": len(data)}
        campaigns.mend(session, region.seoyeon, campaign_id, **new)
    campaigning.read(campaign_id)
    return made.campaign(campaign_id)


def faults_of(campaign_id: str) -> list[list[str]]:
    return [[fault["column"] for fault in row.faults or []] for row in made.rows(campaign_id)]


@pytest.mark.parametrize("left", ["", roster.YEAR_KEPT.ko, roster.YEAR_KEPT.en])
def test_a_birth_year_that_a_faulty_row_gave_need_not_be_typed_again(home: Path, left: str) -> None:
    region = made.region()
    people = (
        "이름,이메일,생년월일\n김민지,minji@,2003-05-12\n박소라,sora@,2002\n이하늘,haneul@example.org,\n최도윤,,1999\n"
    )
    found = made.read(region.seoyeon, region.opening_id, people, proof="birth_year")
    assert faults_of(found.id) == [["email"], ["email"], ["birth_year"], ["email"]]
    assert [bool(row.proof_hash) for row in made.rows(found.id)] == [True, True, False, True]
    again = (
        f"줄,이름,이메일,출생연도\n2,김민지,minji@example.org,{left}\n3,박소라,sora@,{left}\n4,이하늘,haneul@example.org,"
        f"{left}\n5,최도윤,doyun@example.org,2001\n,정유나,yuna@example.org,{left}\n"
    )
    mended(region, found.id, again)
    assert faults_of(found.id) == [[], ["email"], ["birth_year"], [], ["birth_year"]]
    mended(region, found.id, f"줄,이름,이메일,출생연도\n3,박소라,sora@example.org,{left}\n")
    minji, sora, haneul, doyun, _ = made.rows(found.id)
    told = {"minji": (minji, 2003), "sora": (sora, 2002), "doyun": (doyun, 2001)}
    for name, (row, year) in told.items():
        assert row.proof_hash == tokens.authenticate("birth year", f"{name}@example.org:{year}"), name
    assert haneul.proof_hash is None


@pytest.mark.parametrize(
    ("address", "en", "ko"),
    [
        ("jihu.park@hansan-demo", "no ending", ".ac.kr 같은 끝이 없습니다"),
        ("hana at example.org", "no @", "@가 없습니다"),
        ("a@b@example.org", "more than one @", "둘 이상"),
        ("a b@example.org", "space", "빈칸"),
        ("민지@example.org", "Latin letters", "영문"),
        ("@example.org", "before the @", "앞이 비어"),
        ("minji@", "after the @", "뒤가 비어"),
        ("", "empty", "비어 있습니다"),
        ("minji..kim@example.org", "a dot or sign", "점이나 기호"),
    ],
)
def test_what_is_wrong_with_an_address_is_named(address: str, en: str, ko: str) -> None:
    with pytest.raises(Invalid) as wrong:
        organisations.address_of(address)
    assert en in wrong.value.en and ko in wrong.value.ko


def test_years_of_study_written_in_several_ways_are_one_cohort(home: Path) -> None:
    region = made.region()
    cells = ["4", "4학년", "4 학년", "4th year", "21학번", "2021"]
    people = "이름,이메일,학년\n" + "".join(f"가,a{n}@example.org,{cell}\n" for n, cell in enumerate(cells))
    found = made.read(region.seoyeon, region.opening_id, people)
    assert [row.cohort for row in made.rows(found.id)] == ["4학년"] * 4 + ["21학번", "2021"]


def test_a_roster_that_is_mended_again_and_again_holds_no_more_people_than_one_file(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaign_reading, "MOST_ROWS", 6)
    monkeypatch.setattr(campaign_reading, "STEP", 2)
    region = made.region()
    found = made.read(region.seoyeon, region.opening_id, "이름,이메일\n김민지,minji@\n" + many(3).split("\n", 1)[1])
    assert len(made.rows(found.id)) == 4
    again = mended(
        region, found.id, "줄,이름,이메일\n2,김민지,minji@example.org\n,나,b@example.org\n,다,c@example.org\n"
    )
    assert (again.state, again.fault, len(made.rows(found.id))) == ("preview", None, 6), "a mended row takes no place"
    third = mended(region, found.id, "줄,이름,이메일\n,라,d@example.org\n")
    assert third.state == "preview" and third.fault and "Divide the file" in third.fault["en"]
    assert len(made.rows(found.id)) == 6


def test_hana_and_an_agency_and_a_reviewer_find_nothing_of_seoyeons_campaign(home: Path) -> None:
    region = made.region()
    found = made.read(region.seoyeon, region.opening_id)
    with reading(EVERYWHERE) as session:
        for stranger in (desk.hana(), region.jun, region.doyun):
            with pytest.raises(NotFound):
                campaigns.own(session, stranger, found.id)
        with pytest.raises(Forbidden):
            campaigns.own(session, desk.colleague(region.seoyeon, "reviewer@example.edu", "reviewer"), found.id)
    for act in (campaigns.confirm, campaigns.pause, campaigns.resume, campaigns.cancel):
        with transaction(EVERYWHERE) as session, pytest.raises(NotFound):
            act(session, region.jun, found.id)


def test_only_openings_of_ones_own_programmes_can_be_chosen(home: Path) -> None:
    region = made.region()
    elsewhere = desk.opening(desk.hana())
    with reading(EVERYWHERE) as session:
        assert [one.id for one in campaign_choices.choices(session, region.seoyeon)] == [region.opening_id]
        assert [one.id for one in campaign_choices.choices(session, region.jun)] == [region.opening_id]
        with pytest.raises(Forbidden):
            campaign_choices.choices(session, region.doyun)
    with pytest.raises(NotFound):
        made.added(region.seoyeon, elsewhere)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"consent_basis": ""},
        {"consent_basis": "written"},
        {"per_minute": 0},
        {"quiet_from": 25, "quiet_until": 3},
        {"quiet_from": 3, "quiet_until": None},
        {"remind_after_days": 99},
        {"most_reminders": 0},
        {"most_reminders": 6},
        {"reply_to": "nobody"},
        {"channel": "pigeon"},
    ],
    ids=["name", "consent", "note", "rate", "hours", "half hours", "reminder", "none", "six", "reply", "channel"],
)
def test_a_campaign_without_what_it_needs_is_refused_in_words(home: Path, wrong: dict[str, object]) -> None:
    region = made.region()
    with pytest.raises(Invalid) as refused:
        made.added(region.seoyeon, region.opening_id, **wrong)
    assert refused.value.ko != refused.value.en


def test_a_month_without_a_confirmation_and_the_roster_is_forgotten(home: Path) -> None:
    region = made.region()
    found = made.read(region.seoyeon, region.opening_id)
    with transaction(EVERYWHERE) as session:
        assert campaigns.forget_unconfirmed(session) == 0
        session.get_one(Campaign, found.id).created_at = datetime.now(UTC) - timedelta(days=31)
        session.flush()
        assert campaigns.forget_unconfirmed(session) == 1
    assert made.rows(found.id) == [] and made.campaign(found.id).state == "cancelled"


def test_a_birth_year_is_kept_as_a_digest_and_only_where_it_is_asked_for(home: Path) -> None:
    region = made.region()
    people = "이름,이메일,생년월일\n김민지,minji@example.org,2003-05-12\n박소라,sora@example.org,\n"
    found = made.read(region.seoyeon, region.opening_id, people, proof="birth_year")
    minji, sora = made.rows(found.id)
    assert minji.proof_hash == tokens.authenticate("birth year", "minji@example.org:2003")
    assert (sora.outcome, [fault["column"] for fault in sora.faults or []]) == ("faulty", ["birth_year"])
    made.confirmed(region.seoyeon, found.id)
    sent_all(found.id)
    with reading(EVERYWHERE) as session:
        invitation = session.scalars(select(Invitation)).one()
        assert (invitation.proof, invitation.proof_hash) == ("birth_year", minji.proof_hash)
    other = made.read(region.seoyeon, region.opening_id, people)
    assert [row.proof_hash for row in made.rows(other.id)] == [None, None]


def test_the_record_names_nobody_of_a_roster(home: Path) -> None:
    region = made.region()
    found = made.read(region.seoyeon, region.opening_id)
    with reading(EVERYWHERE) as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.subject == f"campaign:{found.id}")).all()
    assert [entry.action for entry in entries] == ["campaign added", "roster read"]
    assert "example.org" not in str([entry.details for entry in entries])
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(Candidate)).all() == []
        assert len(session.scalars(select(CampaignRow)).all()) == 2


def test_one_line_that_no_encoding_reads_is_named_and_one_zero_byte_is_a_fault_of_its_row(home: Path) -> None:
    region = made.region()
    broken = made.ROSTER.encode("cp949").replace("소라".encode("cp949"), b"\xff\xff")
    found = made.read(region.seoyeon, region.opening_id, broken)
    assert found.state == "refused" and found.fault and "Line 3 " in found.fault["en"]
    zero = made.read(region.seoyeon, region.opening_id, made.ROSTER.replace("김민지", "김\0민지"))
    assert made.outcomes(zero.id) == [(2, "faulty"), (3, "ready")]


def test_one_mailbox_and_one_department_are_one_however_they_are_written(home: Path) -> None:
    region = made.region()
    pieces = unicodedata.normalize("NFD", "기계공학과")
    rows = f"이름,이메일,학과\n민지,minji@한글.kr,기계공학과\n민지,MINJI@xn--bj0bj06e.kr,기계\n소라,sora@example.org,{pieces}\n"
    found = made.read(region.seoyeon, region.opening_id, rows)
    assert [row.outcome for row in made.rows(found.id)] == ["ready", "twice", "ready"]
    assert {made.rows(found.id)[place].department for place in (0, 2)} == {"기계공학과"}


@pytest.mark.postgresql
@pytest.mark.parametrize("anywhere", ["postgresql"], indirect=True)
def test_rows_that_a_program_adds_while_somebody_confirms_are_not_confirmed_unseen(anywhere: str) -> None:
    region = made.region()
    found = made.read(region.seoyeon, region.opening_id)
    adding, said = threading.Event(), []

    def add() -> None:
        more = [{"name": "더", "email": f"more{number}@example.org"} for number in range(3)]
        with transaction(EVERYWHERE) as session:
            program_campaigns.add_rows(session, region.seoyeon, found.id, more)
            adding.set()
            time.sleep(0.5)

    program = threading.Thread(target=add)
    program.start()
    adding.wait(10)
    try:
        with transaction(EVERYWHERE) as session:
            campaigns.confirm(session, region.seoyeon, found.id, ready=2)
    except Conflict as error:
        said.append(error.code)
    program.join()
    assert said == ["changed"]
    assert made.campaign(found.id).state == "preview"


@pytest.mark.postgresql
@pytest.mark.parametrize("anywhere", ["postgresql"], indirect=True)
def test_two_campaigns_that_leave_at_once_write_to_nobody_twice(anywhere: str, monkeypatch: pytest.MonkeyPatch) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    both = [made.read(jun, opening_id, per_minute=6000).id for _ in range(2)]
    for one in both:
        made.confirmed(jun, one)
    looked, done, look = threading.Event(), threading.Event(), campaign_rows.invited

    def slowly(*asked: Any) -> set[str]:
        found = look(*asked)
        if threading.current_thread() is slow:
            looked.set()
            done.wait(10)
        return found

    def late() -> None:
        with transaction(EVERYWHERE) as session:
            dispatch.a_round(session, both[0])

    monkeypatch.setattr(campaign_rows, "invited", slowly)
    slow = threading.Thread(target=late)
    slow.start()
    looked.wait(10)
    dispatch.step()
    done.set()
    slow.join()
    with reading(EVERYWHERE) as session:
        to = session.scalars(select(Mail.recipient).where(Mail.cause.startswith("invitation:"))).all()
    assert to.count("minji@example.org") == 1
    assert made.outcomes(both[0])[0] == (2, "already")


def test_two_campaigns_that_were_confirmed_at_once_stay_within_the_agreed_number_together(anywhere: str) -> None:
    region = made.region()
    with transaction(EVERYWHERE) as session:
        session.scalars(select(Memorandum)).one().quota = 6
    both = []
    for whose in "ab":
        rows = "이름,이메일\n" + "".join(f"민지,{whose}{number}@example.org\n" for number in range(3))
        both.append(made.read(region.seoyeon, region.opening_id, rows, per_minute=6000).id)
    for one in both:
        made.confirmed(region.seoyeon, one)
    agreed(3)
    crowd = [threading.Thread(target=dispatch.step) for _ in range(3)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    for _ in range(6):
        with transaction(EVERYWHERE) as session:
            session.execute(update(Campaign).values(next_at=datetime.now(UTC) - timedelta(seconds=10)))
        dispatch.step()
    with reading(EVERYWHERE) as session:
        assert session.scalar(select(func.count(Invitation.id))) == 3
