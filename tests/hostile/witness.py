"""A browser that notices whatever a page does that it should not."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Dialog, Frame, Page, Request, sync_playwright

from tests.hostile.leak import LeakServer
from tests.hostile.rules import Element

_SCRIPT = Path(__file__).with_name("witness.js")
_OF_THE_PAGE = re.compile(r"(data|blob|about):|https://cdnjs\.cloudflare\.com/ajax/libs/(mathjax|require\.js)/")
"""Requests that reach nobody, and those by which nbconvert's own template asks for MathJax and require.js."""

_OF_THE_BROWSER = re.compile(
    r"/favicon\.ico|cdnjs\.cloudflare\.com:443"
    r"|(http://)?((accounts|android\.clients|www)\.google|(content-autofill|update|optimizationguide-pa)\.googleapis)\.com[:/].*"
)
"""The same as the leak server hears it, and what Chromium asks for by itself."""
_OF_THE_LAB = {"notebook:run-all-cells", "notebook:get-kernel", "helpmenu:get-kernel"}
"""Commands that JupyterLab runs when a notebook is run, whatever is in it."""


@dataclass
class Witness:
    """What was noticed on one page.

    Attributes:
        scripts: the numbers of the payloads whose script ran.
        requests: the addresses that were asked for, but for the page's own.
        commands: the commands that the application ran, with their arguments.
        opened: other windows, downloads, dialogs and other places that the page went to.
    """

    page: Page
    leak: LeakServer
    scripts: set[int] = field(default_factory=set)
    requests: set[str] = field(default_factory=set)
    opened: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    home: str = ""

    def go(self, address: str) -> None:
        """Open the page that is watched."""
        self.home = "/".join(address.split("/")[:3]) + "/"
        self.leak.asked.clear()
        self.page.goto(address)

    def touch_all(self) -> None:
        """Click everything that is shown, and let it happen."""
        self.page.evaluate("witness.touchAll()")
        self.wait()
        commands = self.page.evaluate("witness.commands()")
        self.commands += [f"{name} {args}" for name, args in commands if name not in _OF_THE_LAB]

    def wait(self) -> None:
        """Until nothing changes on the page any more."""
        self.page.wait_for_function("witness.isQuiet()")
        self.requests.update(path for path in self.leak.asked if not _OF_THE_BROWSER.fullmatch(path))

    def count_of_outputs(self) -> int:
        """How many answers stand on the page."""
        return self.page.locator(".jp-RenderedHTMLCommon").count()

    def elements(self) -> list[tuple[Element, bool]]:
        """Every different element that ever stood in an output, and whether it stood in a formula of MathJax's."""
        noted: list[dict[str, Any]] = self.page.evaluate("witness.elements()")
        return [(Element(each["tag"], each["attributes"]), each["isTypeset"]) for each in noted]

    def heed(self, request: Request) -> None:
        url = request.url
        is_own = url.startswith(self.home) and "leak" not in url
        if not is_own and not _OF_THE_PAGE.match(url):
            self.requests.add(url)

    def dismiss(self, dialog: Dialog) -> None:
        self.opened.append(f"dialog {dialog.type} {dialog.message}")
        dialog.dismiss()

    def close(self, window: Page) -> None:
        self.opened.append(f"window {window.url}")
        window.close()

    def follow(self, frame: Frame) -> None:
        if frame == self.page.main_frame and not frame.url.startswith((self.home, "about:blank")):
            self.opened.append(f"went to {frame.url}")


@contextmanager
def witness(context: BrowserContext, leak: LeakServer) -> Iterator[Witness]:
    """A new page, watched from before its first script."""
    page = context.new_page()
    page.set_default_timeout(120_000)
    seen = Witness(page, leak)
    page.expose_binding("pwned", lambda _, number=-1: seen.scripts.add(number))
    page.add_init_script(path=_SCRIPT)
    page.on("request", seen.heed)
    page.on("dialog", seen.dismiss)
    page.on("download", lambda download: seen.opened.append(f"download {download.url}"))
    page.on("popup", seen.close)
    page.on("framenavigated", seen.follow)
    yield seen
    page.close()


@contextmanager
def browser(leak: LeakServer) -> Iterator[BrowserContext]:
    """Debian's Chromium; whatever is not on this machine it asks the leak server for."""
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
        made = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=arguments,
            proxy={"server": f"http://{leak.host}", "bypass": "127.0.0.1"},
        )
        yield made.new_context(viewport={"width": 1000, "height": 1400})
        made.close()
