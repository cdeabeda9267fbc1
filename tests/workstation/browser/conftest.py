"""Debian's Chromium without a window, its microphone a file, and a workstation for it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    expect,
    sync_playwright,
)

from tests.support import need
from tests.workstation.browser.desk import Desk
from tests.workstation.browser.microphone import TAP, FakeMicrophone
from tests.workstation.browser.workstation import Workstation


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Not longer than a module: while it is there, nothing else can have an event loop on this thread."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def microphone(tmp_path_factory: pytest.TempPathFactory) -> FakeMicrophone:
    return FakeMicrophone(tmp_path_factory.mktemp("microphone") / "heard.wav")


@pytest.fixture(scope="module")
def chromium(playwright: Playwright, microphone: FakeMicrophone) -> Iterator[Browser]:
    expect.set_options(timeout=30_000)
    found = playwright.chromium.launch(
        executable_path=need("chromium"),
        args=[
            "--no-sandbox",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-audio-capture={microphone.path}%noloop",
        ],
    )
    yield found
    found.close()


class Watched:
    """Contexts of the browser in which nothing may go wrong unnoticed."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.hosts: set[str] = set()
        self.complaints: list[str] = []
        self._contexts = ExitStack()

    def context(self, microphone: bool = True, **more: Any) -> BrowserContext:
        """A browser profile of its own; without `microphone` the doctor has denied it."""
        context = self.browser.new_context(locale="ru-RU", timezone_id="Asia/Almaty", **more)
        self._contexts.callback(context.close)
        if microphone:
            context.grant_permissions(["microphone"])
        context.add_init_script(TAP)
        context.on("request", self._asked)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.complaints.append(f"error: {error.error}"))
        return context

    def desk(self, context: BrowserContext | None = None) -> Desk:
        """A tab."""
        return Desk((context or self.context()).new_page())

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"blob", "data"}:
            self.hosts.add(address.netloc)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.type}: {message.text}")

    def close(self) -> None:
        self._contexts.close()


@pytest.fixture(scope="module")
def watched(chromium: Browser) -> Iterator[Watched]:
    made = Watched(chromium)
    yield made
    made.close()


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory, fresh: Path) -> Iterator[Callable[..., Workstation]]:
    """Starts workstations, each with a store of its own."""
    with ExitStack() as ends:

        def started(*options: str) -> Workstation:
            home = tmp_path_factory.mktemp("workstation") / "home"
            shutil.copytree(fresh, home, copy_function=shutil.copy2)
            made = Workstation(home, *options)
            ends.callback(made.stop)
            made.start()
            return made

        yield started


@pytest.fixture
def page(watched: Watched) -> Iterator[Page]:
    """A tab in a profile of its own."""
    page = watched.context().new_page()
    yield page
    page.context.close()
