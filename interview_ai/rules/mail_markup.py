"""What the HTML of a mail may hold so that old mail programs show it: tables, inline styles, nothing fetched."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final

TAGS: Final = frozenset(
    ["html", "head", "meta", "title", "body", "table", "tbody", "tr", "td", "p", "a", "img", "strong", "br", "span"]
)
EMPTY: Final = frozenset(["meta", "img", "br"])
EVERYWHERE: Final = frozenset(["style", "lang", "align", "valign", "width", "height", "bgcolor"])
ATTRIBUTES: Final = {
    "a": {"href", "target", "rel"},
    "img": {"src", "alt", "border"},
    "meta": {"charset", "name", "content"},
    "table": {"role", "cellpadding", "cellspacing", "border"},
}
ADDRESSES: Final = {"href": ("https://", "http://", "mailto:"), "src": ("https://",)}
STYLES: Final = frozenset(
    "background-color border border-collapse border-radius border-top color display font-family font-size font-weight "
    "line-height margin max-width padding text-align text-decoration width word-break overflow-wrap".split()
)
MOST_BYTES: Final = 100_000  # a well-known program cuts a mail off at 102 kB
LIGHT, DARK = "#ffffff", "#1e2124"
COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}")
READABLE: Final = 4.5  # WCAG's contrast of text


class _Reader(HTMLParser):
    """Collects what is wrong while it reads."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.wrong: list[str] = []
        self.open: list[str] = []
        self.images = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One element begins."""
        if tag not in TAGS:
            self.wrong.append(f"<{tag}>")
        if tag not in EMPTY:
            self.open.append(tag)
        self.images += tag == "img"
        if tag == "img" and not dict(attrs).get("alt"):
            self.wrong.append("<img> without alt")
        for name, value in attrs:
            self._attribute(tag, name, value or "")

    def handle_endtag(self, tag: str) -> None:
        """One element ends; it has to be the one that began last."""
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> closes nothing")

    def handle_comment(self, data: str) -> None:
        """A comment: some programs read commands in them."""
        self.wrong.append("comment")

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name not in EVERYWHERE | ATTRIBUTES.get(tag, set()):
            self.wrong.append(f"<{tag} {name}>")
        elif name in ADDRESSES and not value.startswith(ADDRESSES[name]):
            self.wrong.append(f"<{tag} {name}> of another kind of address")
        elif name == "style":
            self.wrong.extend(f"style {wrong}" for wrong in _styles(value))


def _styles(value: str) -> list[str]:
    found = []
    for declaration in filter(None, (part.strip() for part in value.split(";"))):
        name, content = (part.strip() for part in declaration.split(":", 1)) if ":" in declaration else ("", "")
        strange = name == "display" and content not in ("block", "inline-block", "none")
        if strange or name not in STYLES or re.search(r"url|expression|\\|/\*|@|!", content, re.IGNORECASE):
            found.append(declaration)
    return found


def faults(html: str) -> list[str]:
    """What a mail program may not understand or should not fetch; empty where everything is plain enough."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    wrong = reader.wrong + [f"<{tag}> stays open" for tag in reader.open]
    if reader.images > 1:
        wrong.append("more than the logo")
    if len(html.encode()) > MOST_BYTES:
        wrong.append("longer than programs show")
    return wrong


def colour(wanted: str) -> str:
    """A colour as it may stand in a style; anything else becomes the dark one."""
    return wanted.lower() if COLOUR.fullmatch(wanted) else DARK


def readable_on(ground: str) -> str:
    """White on a colour where it can be read there, otherwise the dark one."""
    return LIGHT if _contrast(_luminance(LIGHT), _luminance(colour(ground))) >= READABLE else DARK


def _contrast(one: float, other: float) -> float:
    light, dark = max(one, other), min(one, other)
    return (light + 0.05) / (dark + 0.05)


def _luminance(of: str) -> float:
    parts = [int(of[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
