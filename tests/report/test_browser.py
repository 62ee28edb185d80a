"""A report in a real browser: nothing goes wrong in it, it asks nobody for anything, and all of it can be seen."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.record import Recording, RecordWriter
from sim.report import write_report
from sim.verdict import Check, Verdict
from sim.viewer.quiet import pygame

_PATIENCE = 60.0  # seconds
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-sync",
    "--disable-extensions", "--disable-background-networking", "--disable-component-update", "--remote-debugging-pipe",
)  # fmt: skip
# The browser reads from its file 3 and writes to its file 4.
_LAUNCH = """
import fcntl, os, sys
ends = [fcntl.fcntl(int(end), fcntl.F_DUPFD, 10) for end in sys.argv[1:3]]
for end, number in zip(ends, (3, 4)):
    os.dup2(end, number)
os.execv(sys.argv[3], sys.argv[3:])
"""
_SECTIONS = (
    "Expectations", "Worst moments", "Map", "What each rover did", "Battery and light", "The way to the Earth",
    "Rovers", "Tasks", "Who led", "Messages", "How to get the same run",
)  # fmt: skip
_SEEN = """
(() => {
  const seen = [...document.querySelectorAll('h2')].map(h => [h.textContent, h.getBoundingClientRect().width > 0]);
  const flat = [...document.querySelectorAll('svg:not(.stroke), table')].filter(
    e => e.getBoundingClientRect().height < 20).length;
  return JSON.stringify({seen, flat, wide: document.scrollingElement.scrollWidth,
    tall: document.scrollingElement.scrollHeight});
})()
"""


class Browser:
    """Speaks with a browser over its debugging pipe.

    Source
    ------
    Chrome DevTools Protocol, https://chromedevtools.github.io/devtools-protocol/: JSON, each message ended by a zero.
    """

    def __init__(self, told: int, hears: int) -> None:
        self._told, self._hears = told, hears
        self._heard = b""
        self._number = 0
        self._session: str | None = None
        self.events: list[dict[str, Any]] = []

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """Return the answer to a command; what is told meanwhile is kept."""
        self._number += 1
        words = {"id": self._number, "method": method, "params": params}
        os.write(
            self._told, json.dumps({**words, "sessionId": self._session} if self._session else words).encode() + b"\0"
        )
        while True:
            heard = self._read()
            if heard.get("id") == self._number:
                assert "error" not in heard, heard["error"]
                answer: dict[str, Any] = heard["result"]
                return answer
            self.events.append(heard)

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._heard:
            ready, _, _ = select.select([self._hears], [], [], _PATIENCE)
            assert ready, "the browser says nothing"
            data = os.read(self._hears, 1 << 16)
            assert data, "the browser is gone"
            self._heard += data
        line, self._heard = self._heard.split(b"\0", 1)
        heard: dict[str, Any] = json.loads(line)
        return heard

    def open(self, file: Path, size: tuple[int, int], scheme: str) -> None:
        """Open a file in a tab of its own, as on a screen of this width in a light or dark room, until it is loaded."""
        self._session = None
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.ask(f"{domain}.enable")
        width, height = size
        self.ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.events.clear()
        self.ask("Page.navigate", url=file.as_uri())
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self._read())


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if found is None:
        pytest.skip("no Chromium is installed")
    (hears_from, told), (hears, told_by) = os.pipe(), os.pipe()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        command = [found, *_FLAGS, f"--user-data-dir={home}"]
        launcher = [sys.executable, "-c", _LAUNCH, str(hears_from), str(told_by), *command]
        with subprocess.Popen(
            launcher, pass_fds=(hears_from, told_by), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            os.close(hears_from)
            os.close(told_by)
            try:
                yield Browser(told, hears)
            finally:
                process.kill()
                os.close(told)
                os.close(hears)


@pytest.fixture(scope="module")
def page(made_up_mission: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    mission = made_up_mission(drives=5, rovers=3)
    folder = tmp_path_factory.mktemp("report")
    writer = RecordWriter(folder / "run.mcap", ground=mission.ground)
    for entry in mission.entries:
        writer.write(entry)
    writer.close()
    checks = (
        Check(name="tasks_done", passed=True, expected="all", got="5 of 5", line=40),
        Check(name="collisions", passed=False, expected="0", got="1", line=41, tick=600),
    )
    write_report(Recording(folder / "run.mcap"), Verdict(outcome="fail", checks=checks), folder / "report.html")
    return folder / "report.html"


@pytest.mark.window
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 900), (390, 844)], ids=["desk", "phone"])
def test_a_report_opens_whole_and_quietly(browser: Browser, page: Path, size: tuple[int, int], scheme: str) -> None:
    browser.open(page, size, scheme)

    seen = json.loads(browser.ask("Runtime.evaluate", expression=_SEEN)["result"]["value"])
    shot = base64.b64decode(browser.ask("Page.captureScreenshot")["data"])
    urls = [
        event["params"]["request"]["url"]
        for event in browser.events
        if event.get("method") == "Network.requestWillBeSent"
    ]
    loud = ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded")
    assert [event for event in browser.events if event.get("method") in loud] == []
    assert [url for url in urls if not url.startswith(("file:", "data:"))] == []
    assert {name for name, shown in seen["seen"] if shown} >= set(_SECTIONS)
    assert seen["flat"] == 0
    assert seen["wide"] <= size[0]  # Wide tables scroll by themselves; the page does not.
    (folder := page.parent).joinpath("shot.png").write_bytes(shot)
    image = pygame.surfarray.array3d(pygame.image.load(folder / "shot.png"))
    assert (np.median(image) < 100) == (scheme == "dark")
