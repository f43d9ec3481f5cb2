"""`interview-ai invite --links FILE`: the links of a campaign are made here and written for whoever hands them over."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from interview_ai import bars, campaign_links, campaign_rows, campaign_views, campaigns, dispatch, sheets
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import Conflict, Invalid
from interview_ai.organisations import Member
from interview_ai.sheets import Cell
from interview_ai.tables import Campaign

FORMS: Final = (".csv", ".xlsx")
LOOK_S = 0.25
HEADS: Final = {
    "name": {"ko": "이름", "en": "Name"},
    "email": {"ko": "이메일", "en": "Email"},
    "student_number": {"ko": "학번", "en": "Student number"},
    "link": {"ko": "링크", "en": "Link"},
    "deadline": {"ko": "마감(한국 시간)", "en": "Deadline (Korean time)"},
    "stop": {"ko": "그만 받기 링크", "en": "Link to get no more"},
}
LAST: Final = ("link", "deadline", "stop")


def must_be_free(path: Path) -> None:
    """Raises Invalid before anything is done where no file could be written there."""
    if path.suffix.lower() not in FORMS:
        raise Invalid(
            f"Name the file of links so that it ends in .csv or .xlsx, not {path.name}.",
            "링크 파일의 이름은 .csv나 .xlsx로 끝나야 합니다.",
        )
    if path.exists() or path.is_symlink():
        raise _taken(path)
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise Invalid(f"No file can be written into {path.parent}.", f"{path.parent}에 파일을 쓸 수 없습니다.")


def must_hand_over(channel: str) -> None:
    """Raises Invalid for a campaign that sends its links itself."""
    if channel != "file":
        raise Invalid(
            "--links goes with --channel file, where nothing is sent and you hand the links over.",
            "--links는 링크를 직접 전달하는 --channel file에서만 쓸 수 있습니다.",
        )


def _taken(path: Path) -> Invalid:
    return Invalid(
        f"{path} is there already and is not written over. Choose another name, or move it away.",
        f"{path} 파일이 이미 있어 덮어쓰지 않습니다. 다른 이름을 쓰거나 그 파일을 옮겨 주십시오.",
    )


def write(member: Member, campaign_id: str, path: Path) -> int:
    """Makes what links are missing, then writes all into a new file that only its owner may read; returns how many.

    Raises Conflict where the campaign stands still, nobody is in the file, or too many were taken.
    """
    found = _made(member, campaign_id)
    must_be_free(path)
    with transaction(EVERYWHERE) as session:
        campaign_links.begin(session, member, campaign_id, path.suffix[1:].lower())
        total = campaign_links.count(session, found)
    descriptor, name = tempfile.mkstemp(prefix=".onterview-", suffix=path.suffix, dir=path.parent)
    unfinished = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            count = _fill(file.fileno(), found, path.suffix.lower(), total)
        _keep(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
    return count


def _keep(unfinished: Path, path: Path) -> None:
    """Gives a whole file its name, which nobody else may have taken meanwhile."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError as error:
        raise _taken(path) from error
    unfinished.replace(path)


def _made(member: Member, campaign_id: str) -> Campaign:
    """The campaign once everybody in it is invited: here, and by a worker that may do the same at the same time."""
    while True:
        with transaction(EVERYWHERE) as session:
            sent = dispatch.a_round(session, campaign_id)
        with reading(EVERYWHERE) as session:
            found = campaigns.own(session, member, campaign_id)
            total = campaign_rows.counted(session, campaign_id).get("ready", 0)
            done = campaign_views.funnel(session, found).invited
        bars.draw(done, total, "links made", last=found.state != "sending")
        if found.state == "paused":
            raise _stands_still(found)
        if found.state != "sending":
            return found
        if sent < dispatch.A_ROUND:
            time.sleep(LOOK_S)


def _stands_still(found: Campaign) -> Conflict:
    why = found.fault or {"en": "The campaign is paused.", "ko": "회차가 멈춰 있습니다."}
    return Conflict(
        f"{why['en']} No file was written; once it goes on, call this again with --campaign {found.id}.",
        f"{why['ko']} 파일을 쓰지 않았습니다. 회차를 이어 간 뒤 --campaign {found.id}(으)로 다시 실행해 주십시오.",
    )


def _fill(descriptor: int, found: Campaign, form: str, total: int) -> int:
    counted = _Counted(found, total)
    with os.fdopen(descriptor, "wb", closefd=False) as file:
        if form == ".csv":
            file.writelines(sheets.csv_blocks(counted.lines()))
        else:
            with sheets.xlsx_file(counted.lines(), title=HEADS["link"][found.language]) as made:
                shutil.copyfileobj(made, file)
        file.flush()
        os.fsync(descriptor)
    bars.draw(counted.done, counted.done, "links written", last=True)
    return counted.done


class _Counted:
    """The lines of the file, and how many people of it were written so far."""

    def __init__(self, found: Campaign, total: int) -> None:
        self.found, self.total, self.done = found, total, 0

    def lines(self) -> Iterator[list[Cell]]:
        """The heads in the campaign's language, then one line a person with a fresh link."""
        columns = [name for name in campaign_views.columns_of(self.found) if name in HEADS]
        yield [HEADS[name][self.found.language] for name in (*columns, *LAST)]
        for one in campaign_links.people(self.found):
            self.done += 1
            if self.done % campaign_links.A_ROUND == 0:
                bars.draw(self.done, self.total, "links written")
            yield [getattr(one, name) for name in (*columns, *LAST)]
