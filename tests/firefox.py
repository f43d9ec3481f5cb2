"""A headless Firefox with a false camera, spoken to in WebDriver BiDi: Playwright drives only a Firefox of its own."""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from tests import house

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
PREFERENCES = {
    "media.navigator.permission.disabled": True,
    "media.navigator.streams.fake": True,
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.update.disabledForTesting": True,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.aboutwelcome.enabled": False,
    "intl.accept_languages": "en",
}
STARTS_S = 60


class Window:
    """The one window: opens addresses and runs script in them."""

    def __init__(self, line: ClientConnection) -> None:
        self.line = line
        self.numbers = itertools.count(1)
        self.send("session.new", {"capabilities": {}})
        self.context = self.send("browsingContext.getTree", {})["contexts"][0]["context"]

    def send(self, method: str, values: dict[str, Any]) -> dict[str, Any]:
        """One command and its answer; fails with Firefox's own words."""
        number = next(self.numbers)
        self.line.send(json.dumps({"id": number, "method": method, "params": values}))
        while True:
            answer: dict[str, Any] = json.loads(self.line.recv(timeout=90))
            if answer.get("id") == number:
                assert answer["type"] == "success", answer
                result: dict[str, Any] = answer["result"]
                return result

    def open(self, address: str) -> None:
        """Goes there and waits until the page is loaded."""
        self.send("browsingContext.navigate", {"context": self.context, "url": address, "wait": "complete"})

    def run(self, expression: str) -> Any:
        """What a script gives: a plain value."""
        target = {"context": self.context}
        asked = {"expression": expression, "target": target, "awaitPromise": True, "userActivation": True}
        found = self.send("script.evaluate", asked)
        assert found["type"] == "success", found
        return found["result"].get("value")

    def until(self, expression: str, *, within_s: float = 60) -> Any:
        """Asks again and again until the answer is true."""
        return house.eventually(lambda: self.run(expression), within_s=within_s)

    def click(self, selector: str) -> None:
        """Waits until it can be clicked, and clicks it."""
        found = f"document.querySelector({json.dumps(selector)})"
        self.until(f"{found} !== null && !{found}.disabled && !{found}.hidden")
        self.run(f"{found}.click()")


@contextmanager
def window(profile: Path) -> Iterator[Window]:
    """A started Firefox; ended at the end."""
    assert FIREFOX is not None
    profile.mkdir()
    lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items())
    (profile / "user.js").write_text("\n".join(lines))
    port = house.free_port()
    command = [FIREFOX, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", str(port)]
    with (profile / "log").open("wb") as log:
        process = subprocess.Popen([*command, "about:blank"], stdout=log, stderr=log)
    try:
        with house.eventually(lambda: _line(port), within_s=STARTS_S) as line:
            yield Window(line)
    finally:
        process.kill()
        process.wait()


def _line(port: int) -> ClientConnection | None:
    try:
        return connect(f"ws://127.0.0.1:{port}/session", max_size=None)
    except (OSError, WebSocketException):
        return None
