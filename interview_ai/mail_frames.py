"""The frame of every mail to candidates: who writes, the text, one button, how to end it; as plain text and as HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import TypedDict

from interview_ai.rules.mail_markup import colour, readable_on
from interview_ai.settings import settings
from interview_ai.tables import Organisation

FONT = "'Pretendard GOV',-apple-system,'Apple SD Gothic Neo','Malgun Gothic',Roboto,Arial,sans-serif"
ADDRESS = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,:;!?)]")
INK, QUIET, GROUND, PAPER, LINE = "#1e2124", "#58616a", "#f4f5f6", "#ffffff", "#cdd1d5"
TABLE = 'role="presentation" cellpadding="0" cellspacing="0" border="0"'
# in Korean without a verb at the end: bodies are written in either style
FOOTERS = {
    "ko": "{organisation}의 부탁으로 비대면 영상 면접 서비스 온터뷰에서 보낸 메일",
    "en": "Sent by Onterview, a service for recorded video interviews, on behalf of {organisation}.",
}
STOPS = {
    "ko": "초대와 알림을 더 받지 않으려면:",
    "en": "To get no more invitations and reminders, stop them here at once:",
}
STOP_LINKS = {"ko": "그만 받기", "en": "Stop these mails"}
STOPS_SHORT = {"ko": "그만 받기", "en": "No more"}


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds a mail's text. `name` and `accent` are the writing organisation's; `logo` an https address.

    `stop`: where further ones are ended; `link` with `button`: the one thing to do.
    """

    language: str
    name: str
    accent: str
    logo: str | None = None
    link: str = ""
    button: str = ""
    stop: str = ""


class Dressed(TypedDict):
    """A letter in its frame, as `mail.queue` takes it."""

    subject: str
    body: str
    html: str


def of_organisation(
    organisation: Organisation, language: str, *, link: str = "", button: str = "", stop: str = ""
) -> Frame:
    """The frame of an organisation's mails in the receiver's language."""
    language = "ko" if language == "ko" else "en"
    name = organisation.name_ko if language == "ko" else organisation.name_en
    return Frame(language, name, organisation.accent, logo_of(organisation), link, button, stop)


def logo_of(organisation: Organisation) -> str | None:
    """The address of an organisation's logo: only over https, since mail programs warn of anything else.

    It is where the storage keeps it, too (`web/routes/public.py`).
    """
    ours = settings().public_url.rstrip("/")
    return f"{ours}/{organisation.logo_key}" if organisation.logo_key and ours.startswith("https://") else None


def plain(body: str, frame: Frame) -> str:
    """The text with who sent it below, and how to get no more."""
    ending = [FOOTERS[frame.language].format(organisation=frame.name)]
    if frame.stop:
        ending += [STOPS[frame.language], frame.stop]
    return body.rstrip("\n") + "\n\n--\n" + "\n".join(ending) + "\n"


def short(body: str, frame: Frame) -> str:
    """The text of a message to a phone, with how to get no more."""
    return body.strip() + (stop_line(frame.language, frame.stop) if frame.stop else "")


def stop_line(language: str, stop: str) -> str:
    """What stands below the words of a message to a phone."""
    return f"\n{STOPS_SHORT[language]} {stop}"


def html(subject: str, body: str, frame: Frame) -> str:
    """The same mail as tables with inline styles; a paragraph that is the link becomes a button above it."""
    accent = colour(frame.accent)
    parts = "".join(_paragraph(part.strip("\n"), frame) for part in re.split(r"\n\s*\n", body.strip()))
    rows = [
        _row(_letterhead(frame), f"padding:24px 28px 16px;border-top:6px solid {accent}"),
        _row(parts, "padding:8px 28px 20px"),
        _row(_footer(frame), f"padding:16px 28px 24px;background-color:{GROUND}"),
    ]
    return (
        f'<!doctype html><html lang="{frame.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(subject)}</title></head>"
        f'<body style="margin:0;padding:0;background-color:{GROUND}">'
        f'<table {TABLE} width="100%" style="background-color:{GROUND}"><tr>'
        f'<td align="center" style="padding:20px 12px">'
        f'<table {TABLE} width="100%" style="max-width:600px;background-color:{PAPER};border:1px solid {LINE}">'
        f"{''.join(rows)}</table></td></tr></table></body></html>"
    )


def dressed(
    organisation: Organisation,
    language: str,
    letter: tuple[str, str],
    *,
    link: str = "",
    button: str = "",
    stop: str = "",
) -> Dressed:
    """Subject, text and HTML of a letter (`letter`: subject and body) as `mail.queue` takes them."""
    subject, body = letter
    frame = of_organisation(organisation, language, link=link, button=button, stop=stop)
    return Dressed(subject=subject, body=plain(body, frame), html=html(subject, body, frame))


def _row(content: str, style: str) -> str:
    return f'<tr><td style="{style}">{content}</td></tr>'


def _p(content: str, size: int = 16, ink: str = INK, margin: str = "0 0 16px") -> str:
    letters = f"font-family:{FONT};font-size:{size}px;line-height:1.6;color:{ink}"
    return f'<p style="margin:{margin};{letters};word-break:keep-all;overflow-wrap:anywhere">{content}</p>'


def _letterhead(frame: Frame) -> str:
    if not frame.logo:
        return _p(f"<strong>{escape(frame.name)}</strong>", 18, margin="0")
    named = f'src="{escape(frame.logo)}" alt="{escape(frame.name)}"'
    return f'<img {named} height="32" border="0" style="display:block;border:0">'


def _paragraph(text: str, frame: Frame) -> str:
    if frame.link and frame.button and text.strip() == frame.link:
        return _button(frame)
    lines = "<br>".join(_linked(line) for line in text.split("\n"))
    return _p(lines)


def _linked(line: str) -> str:
    """The line, its addresses as links and everything in it escaped."""
    at, done = 0, []
    for match in ADDRESS.finditer(line):
        done += [escape(line[at : match.start()]), _link(match[0], match[0])]
        at = match.end()
    return "".join([*done, escape(line[at:])])


def _link(address: str, words: str, ink: str = INK) -> str:
    return f'<a href="{escape(address)}" style="color:{ink};text-decoration:underline">{escape(words)}</a>'


def _button(frame: Frame) -> str:
    """A table for a button: that is what every program draws. The address stands below it as text."""
    ground = colour(frame.accent)
    ink = readable_on(ground)
    style = (
        f"display:inline-block;padding:14px 32px;font-family:{FONT};font-size:18px;font-weight:bold;"
        f"color:{ink};text-decoration:none;background-color:{ground};border-radius:8px"
    )
    link = f'<a href="{escape(frame.link)}" style="{style}">{escape(frame.button)}</a>'
    cell = f'<td align="center" bgcolor="{ground}" style="border-radius:8px">{link}</td>'
    table = f'<table {TABLE} style="margin:8px 0 16px"><tr>{cell}</tr></table>'
    return table + _p(_link(frame.link, frame.link, QUIET), 14, QUIET)


def _footer(frame: Frame) -> str:
    words = escape(FOOTERS[frame.language].format(organisation=frame.name))
    if frame.stop:
        words += f"<br>{escape(STOPS[frame.language])} {_link(frame.stop, STOP_LINKS[frame.language], QUIET)}"
    return _p(words, 14, QUIET, margin="0")
