"""`interview-ai invite`: a roster from the command line, confirmed by a person, gone on with after a kill."""

from __future__ import annotations

import csv
import io
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from interview_ai import campaign_drafts, campaign_reading, campaigns, interviews, storage
from interview_ai.cli import main
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.tables import Campaign, Memorandum
from tests import campaigning as made
from tests import desk

CONSENT = ["--consent", "career_services", "--name", "가을"]


def roster(folder: Path, content: bytes) -> str:
    path = folder / "명단.csv"
    path.write_bytes(content)
    return str(path)


def campaign_id_in(text: str) -> str:
    return text.split("Campaign ", 1)[1][:32]


def test_a_roster_is_read_summed_up_and_confirmed(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    region = made.region()
    path = roster(tmp_path, (made.ROSTER + "=x,a@example.org,,,\n").encode("cp949"))
    assert main(["invite", path, "--opening", region.opening_id, "--as", "seoyeon@example.edu", *CONSENT, "--yes"]) == 0
    said = capsys.readouterr()
    assert "2 ready · 1 to mend" in said.out and "Confirmed" in said.out
    found = made.campaign(campaign_id_in(said.err))
    assert (found.state, found.name, found.organisation_id) == ("sending", "가을", region.seoyeon.organisation_id)


def test_without_a_yes_nothing_is_confirmed_and_the_campaign_waits(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    region = made.region()
    path = roster(tmp_path, made.ROSTER.encode())
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\n"))
    assert main(["invite", path, "--opening", region.opening_id, "--as", "seoyeon@example.edu", *CONSENT]) == 1
    campaign_id = campaign_id_in(capsys.readouterr().err)
    assert made.campaign(campaign_id).state == "preview"
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    assert main(["invite", "--campaign", campaign_id, "--as", "seoyeon@example.edu"]) == 0
    assert made.campaign(campaign_id).state == "sending"


def test_reminders_and_the_file_of_links_are_chosen_on_the_command_line(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    region = made.region()
    path = roster(tmp_path, made.ROSTER.encode())
    asked = ["invite", path, "--opening", region.opening_id, "--as", "seoyeon@example.edu", *CONSENT, "--yes"]
    assert main([*asked, "--channel", "mail", "--remind-after-days", "3", "--most-reminders", "4"]) == 0
    said = capsys.readouterr()
    found = made.campaign(campaign_id_in(said.err))
    assert (found.remind_after_days, found.most_reminders) == (3, 4)
    assert "No mail server is set" in said.out and f"/staff/campaigns/{found.id}" in said.out
    assert main([*asked, "--channel", "file"]) == 0
    said = capsys.readouterr()
    assert "nothing is sent" in said.out and made.campaign(campaign_id_in(said.err)).channel == "file"
    assert main([*asked, "--most-reminders", "6"]) == 2
    assert "1 to 5 reminders" in capsys.readouterr().err


def test_without_a_mail_server_the_links_are_for_a_file_and_it_says_so(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    region = made.region()
    path = roster(tmp_path, made.ROSTER.encode())
    assert main(["invite", path, "--opening", region.opening_id, "--as", "seoyeon@example.edu", *CONSENT, "--yes"]) == 0
    said = capsys.readouterr()
    assert "--channel file is taken" in said.err and "Links are made" in said.out
    assert made.campaign(campaign_id_in(said.err)).channel == "file"


def test_all_that_is_wrong_is_said_at_once_with_its_option_and_the_openings_there_are(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    region = made.region()
    assert main(["invite", str(tmp_path / "no.csv"), "--as", "seoyeon@example.edu", "--per-minute", "0"]) == 2
    said = capsys.readouterr().err
    assert all(f"{option}: " in said for option in ("ROSTER", "--opening", "--consent", "--per-minute"))
    assert region.opening_id in said and "career_services" in said
    path = roster(tmp_path, made.ROSTER.encode())
    assert main(["invite", path, "--opening", "nosuch", "--as", "seoyeon@example.edu", *CONSENT]) == 2
    said = capsys.readouterr().err
    assert "no opening nosuch" in said and region.opening_id in said and "Quality control" in said


def test_the_rows_to_mend_and_the_page_are_shown_before_anybody_is_asked(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    region = made.region()
    wrong = "".join(f"가,a{n}@hansan-demo,,,\n" for n in range(12))
    path = roster(tmp_path, (made.ROSTER + wrong).encode())
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\n"))
    assert main(["invite", path, "--opening", region.opening_id, "--as", "seoyeon@example.edu", *CONSENT]) == 1
    said = capsys.readouterr()
    before, _, _ = said.out.partition("Invite them?")
    assert "row 4: email: Check the mail address: what follows the @ has no ending" in before
    assert "row 13: " in before and "row 14: " not in before and "and 2 more" in before
    assert f"/staff/campaigns/{campaign_id_in(said.err)}" in before


def test_the_help_speaks_of_people_and_explains_each_basis(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["invite", "--help"])
    said = capsys.readouterr().out
    assert "student" not in said
    assert all(f"  {basis} " in said for basis in campaign_drafts.CONSENTS)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (["--as", "nobody@example.org"], "Nobody signs in"),
        (["--as", "hana@example.net"], "--opening: there is no opening"),
        (["--as", "seoyeon@example.edu", "--consent", "no"], "agreed to"),
    ],
    ids=["nobody", "Hana", "no consent"],
)
def test_what_cannot_be_is_said_and_leaves_no_file(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: list[str], sentence: str
) -> None:
    region = made.region()
    desk.hana()
    path = roster(tmp_path, made.ROSTER.encode())
    assert main(["invite", path, "--opening", region.opening_id, *CONSENT, *wrong, "--yes"]) != 0
    assert sentence in capsys.readouterr().err
    uploads = home / "storage" / "uploads"
    assert not [file for file in uploads.rglob("*") if file.is_file()]
    assert storage.storage().has_room()


def test_killed_in_the_middle_and_called_again_it_goes_on_at_once_without_a_double(home: Path, tmp_path: Path) -> None:
    region = made.region()
    people = "이름,이메일\n" + "".join(f"학생{n},s{n}@example.org\n" for n in range(20_000))
    command = [sys.executable, "-m", "interview_ai.cli", "invite", "--as", "seoyeon@example.edu", "--yes"]
    begun = [*command, roster(tmp_path, people.encode("cp949")), "--opening", region.opening_id, *CONSENT]
    with (tmp_path / "said").open("wb") as said:
        process = subprocess.Popen(begun, stderr=said, stdout=said, env=os.environ)
    until = time.monotonic() + 60
    while time.monotonic() < until and not (here := (tmp_path / "said").read_text()).count("Campaign "):
        time.sleep(0.02)
    campaign_id = campaign_id_in(here)
    while time.monotonic() < until and not made.campaign(campaign_id).rows_read:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    kept = made.campaign(campaign_id)
    assert kept.state == "reading" and kept.rows_read % campaign_reading.STEP == 0
    assert len(made.rows(campaign_id)) == kept.rows_read > 0
    again = subprocess.run(
        [*command, "--campaign", campaign_id], capture_output=True, text=True, check=True, timeout=120
    )
    assert "20,000 ready" in again.stdout
    assert [row.name for row in made.rows(campaign_id)] == [f"학생{n}" for n in range(20_000)]


def opens(link: str) -> str:
    with reading(EVERYWHERE) as session:
        return interviews.invited(session, link.rpartition("/")[2]).candidate.name


def written(path: Path) -> list[list[str]]:
    """The file's rows, the head first."""
    if path.suffix == ".xlsx":
        return [[str(cell) for cell in row] for row in load_workbook(path).worksheets[0].iter_rows(values_only=True)]
    return list(csv.reader(path.read_text("utf-8-sig").splitlines()))


@pytest.mark.parametrize("name", ["links.csv", "links.xlsx"])
def test_the_links_are_made_and_written_into_a_file_for_its_owner_alone(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    region = made.region()
    out = tmp_path / name
    whose = ["--opening", region.opening_id, "--as", "seoyeon@example.edu", *CONSENT]
    path = roster(tmp_path, made.ROSTER.encode())
    assert main(["invite", path, *whose, "--channel", "file", "--links", str(out), "--yes"]) == 0
    said = capsys.readouterr()
    assert "nothing is sent" in said.out and "2 links are in" in said.out and "2 of 2 links written" in said.err
    head, *rows = written(out)
    assert head == ["이름", "이메일", "링크", "마감(한국 시간)", "그만 받기 링크"]
    assert [(row[0], opens(row[2])) for row in rows] == [("김민지", "김민지"), ("박소라", "박소라")]
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert sorted(one.name for one in tmp_path.iterdir() if one.is_file()) == sorted([name, "명단.csv"])
    kept = out.read_bytes()
    again = ["invite", "--campaign", campaign_id_in(said.err), "--as", "seoyeon@example.edu"]
    assert main([*again, "--links", str(out)]) == 2
    assert "is there already" in capsys.readouterr().err and out.read_bytes() == kept
    other = tmp_path / f"again-{name}"
    assert main([*again, "--links", str(other)]) == 0
    assert [opens(row[2]) for row in [*rows, *written(other)[1:]]] == ["김민지", "박소라"] * 2


def test_a_file_of_links_that_cannot_be_is_refused_before_anything_is_read(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    region = made.region()
    path = roster(tmp_path, made.ROSTER.encode())
    asked = ["invite", path, "--opening", region.opening_id, "--as", "seoyeon@example.edu", *CONSENT, "--yes"]
    for more, sentence in (
        (["--channel", "mail", "--links", str(tmp_path / "a.csv")], "goes with --channel file"),
        (["--channel", "file", "--links", str(tmp_path / "a.txt")], "ends in .csv or .xlsx"),
        (["--channel", "file", "--links", str(tmp_path / "none" / "a.csv")], "No file can be written"),
    ):
        assert main([*asked, *more]) == 2
        assert sentence in capsys.readouterr().err
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(Campaign)).all() == []


def test_links_that_stop_in_the_middle_leave_no_file_and_go_on_later(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    region = made.region()
    found = made.read(region.seoyeon, region.opening_id, channel="file")
    made.confirmed(region.seoyeon, found.id)
    out = tmp_path / "links.csv"
    asked = ["invite", "--campaign", found.id, "--as", "seoyeon@example.edu", "--links", str(out)]
    with transaction(EVERYWHERE) as session:
        session.execute(update(Memorandum).values(quota=1))
    assert main(asked) == 1
    said = capsys.readouterr().err
    assert "As many as agreed" in said and f"--campaign {found.id}" in said and list(tmp_path.iterdir()) == [home]
    with transaction(EVERYWHERE) as session:
        session.execute(update(Memorandum).values(quota=2))
        campaigns.resume(session, region.seoyeon, found.id)
    assert main(asked) == 0
    assert len(written(out)) == 3
