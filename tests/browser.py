"""A browser without a screen: follows links and sends the forms that a page really has, over the whole application."""

from __future__ import annotations

import re
import secrets
from html.parser import HTMLParser
from typing import Any

import httpx
from fastapi.testclient import TestClient

from tests.cast import PASSWORD
from web.app import create


class Forms(HTMLParser):
    """The forms of a page: where they go and what their fields hold as drawn."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, list[str]]]] = []
        self._select: str | None = None
        self._area: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in given}
        if tag == "form":
            self.found.append((attributes.get("action", ""), {}))
        elif tag == "select":
            self._select = attributes["name"]
        elif tag == "option" and self._select and ("selected" in attributes or self._first()):
            self._keep(self._select, attributes["value"], replace="selected" in attributes)
        elif tag == "textarea" and self.found:
            self._area = attributes["name"]
            self._keep(self._area, "")
        elif tag == "input" and self.found and attributes.get("name"):
            unticked = attributes.get("type") in ("radio", "checkbox") and "checked" not in attributes
            if not unticked:
                self._keep(attributes["name"], attributes.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            values = self.found[-1][1][self._area]
            values[-1] = f"{values[-1]}{data}".removeprefix("\n")  # HTML drops the first line break

    def _first(self) -> bool:
        return self._select not in self.found[-1][1]

    def _keep(self, name: str, value: str, *, replace: bool = False) -> None:
        values = self.found[-1][1].setdefault(name, [])
        if replace and values:
            values[-1] = value
        else:
            values.append(value)


class Browser:
    """One person's browser."""

    def __init__(self, language: str = "en") -> None:
        headers = {"accept": "text/html", "accept-language": language}
        address = f"10.0.{secrets.randbelow(256)}.{secrets.randbelow(256)}"  # each has its own share of the limits
        self.client = TestClient(create(), headers=headers, client=(address, 50000))

    def get(self, address: str, **headers: str) -> httpx.Response:
        """Opens a page; redirects are followed."""
        return self.client.get(address, headers=headers)

    def send(self, page: httpx.Response, action: str, **fields: Any) -> httpx.Response:
        """Fills in and sends the page's form whose action ends so; unknown fields fail as they would on paper."""
        matching = [form for form in Forms(page.text).found if form[0].endswith(action)]
        assert matching, f"no form to {action} on {page.url}"
        target, drawn = matching[0]
        return self.client.post(target or str(page.url), data=drawn | fields)

    def sign_in(self, email: str, password: str = PASSWORD) -> httpx.Response:
        """Signs in on the sign-in page."""
        return self.send(self.get("/sign-in"), "/sign-in", email=email, password=password)


def link_on(page: httpx.Response, identity: str) -> str:
    """The text of the element with this id."""
    found = re.search(rf'id="{identity}">([^<]+)<', page.text)
    assert found, f"no {identity} on {page.url}"
    return found.group(1)
