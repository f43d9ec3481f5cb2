"""What the address of a ranked list asks for, and the address of what is asked: the list's, a candidate's, a file's."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query, Request

from interview_ai import flags, sight
from interview_ai.sight import Wanted

LONGEST_SEARCH = 200
HIGHEST_PAGE = 1_000_000
MOST_CARRIED = 100  # ticks in one address: 4 kB, which every server and proxy takes; as many as are decided together
Asked = Annotated[str, Query(max_length=LONGEST_SEARCH)]


def asked(  # one argument for each field of the form
    *,
    show: Asked = "all",
    sort: Asked = "bands",
    least: Asked = "",
    rater: Asked = "",
    flag: Asked = "",
    words: Asked = "",
    page: Asked = "1",
) -> Wanted:
    """What the address says. What nobody offers is left out: an old address still shows a list."""
    order, _, criterion = sort.partition(":")
    above, _, level = least.partition(":")
    return Wanted(
        show=show if show in sight.SHOWN else "all",
        sort=order if order in sight.SORTS else "bands",
        by=criterion,
        criterion=above if level in ("2", "3", "4", "5") else "",
        least=int(level) if level in ("2", "3", "4", "5") else 0,
        rater=rater,
        flag=flag if flag in flags.NAMES else "",
        words=" ".join(words.split()),
        page=min(int(page), HIGHEST_PAGE) if page.isascii() and page.isdigit() else 1,
    )


def ticked(chosen: Annotated[tuple[str, ...], Query()] = ()) -> tuple[str, ...]:
    """Who was ticked on the pages before, without script: at most MOST_CARRIED, each once."""
    ids = (one for one in dict.fromkeys(chosen) if re.fullmatch(r"[0-9a-f]{32}", one))
    return tuple(ids)[:MOST_CARRIED]


Chosen = Annotated[Wanted, Depends(asked)]
Ticked = Annotated[tuple[str, ...], Depends(ticked)]


def address(base: str, wanted: Wanted, other: Mapping[str, object] | None = None, *, chosen: Sequence[str] = ()) -> str:
    """The list as it is asked for now, but for what is given; what is as if nobody asked is not written."""
    fields = _fields(wanted) | {name: str(value) for name, value in (other or {}).items()}
    plain = _fields(Wanted())
    kept = [(name, value) for name, value in fields.items() if value != plain.get(name)]
    kept += [("chosen", one) for one in chosen]
    return f"{base}?{urlencode(kept)}" if kept else base


def _fields(wanted: Wanted) -> dict[str, str]:
    """The fields of the form."""
    return {
        "show": wanted.show,
        "sort": f"{wanted.sort}:{wanted.by}" if wanted.by else wanted.sort,
        "least": f"{wanted.criterion}:{wanted.least}" if wanted.criterion else "",
        "rater": wanted.rater,
        "flag": wanted.flag,
        "words": wanted.words,
        "page": str(wanted.page),
    }


def of(request: Request) -> Wanted:
    """The list that a candidate's page was opened from: its fields stand in the page's address and in its forms'."""
    names = _fields(Wanted())
    return asked(**{name: value[:LONGEST_SEARCH] for name, value in request.query_params.items() if name in names})


def query(wanted: Wanted) -> str:
    """What follows a candidate's address so that it leads back to the list as it was; empty for the plain list."""
    return address("", wanted)


def person(request: Request, interview_id: str, part: str = "") -> str:
    """A candidate's page after a form of it was sent, still with the way back to the list."""
    return f"/staff/interviews/{interview_id}{query(of(request))}{part}"
