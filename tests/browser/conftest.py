"""A server and a Chromium to ask it, both for many tests. Without Chromium these tests are skipped by name.

Each test has windows of its own, so sessions that know nothing of each other; a test of a fresh start has a server of its own, too.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHROMIUM = (
    os.environ.get("CHROMIUM")
    or shutil.which("chromium")
    or shutil.which("chromium-browser")
    or shutil.which("google-chrome")
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")
            if not CHROMIUM:
                item.add_marker(
                    pytest.mark.skip(reason="no Chromium found: install Debian's chromium, or name one in CHROMIUM")
                )


@pytest.fixture(scope="session")
def browser(tmp_path_factory) -> Iterator:
    """One Chromium with a profile of its own, so that it keeps the program's scripts compiled from window to window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        started = driver.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("profile"), executable_path=CHROMIUM, args=FLAGS, accept_downloads=True
        )
        yield started
        started.close()


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """A server that other tests have asked before."""
    with running_server(free_port()) as where:
        yield where


@pytest.fixture(scope="session")
def cold_port() -> int:
    """Where every fresh server listens, one after the other: as for a reader, the browser knows the scripts of the last one."""
    return free_port()


@pytest.fixture
def cold_address(cold_port) -> Iterator[str]:
    """A server that nobody has asked anything yet."""
    with running_server(cold_port) as where:
        yield where


@pytest.fixture
def new_screen(browser) -> Iterator[Callable]:
    """Opens windows; each notes every request that leaves this machine, and all that the server's policy forbids it."""
    opened = []

    def open_screen(width: int = 1400, height: int = 900):
        page = browser.new_page()
        opened.append(page)
        page.set_viewport_size({"width": width, "height": height})
        page.set_default_timeout(60_000)
        page.left_machine, page.forbidden = [], []
        page.on("request", lambda request: note(page, request.url))
        page.on("console", lambda message: note_forbidden(page, message.text))
        return page

    yield open_screen
    for page in opened:
        page.close()
    assert not any(page.forbidden for page in opened), "a page needs something that the server's own policy forbids"


@pytest.fixture
def screen(new_screen):
    page = new_screen()
    yield page
    assert page.left_machine == [], "a page asked another machine for something"


def note(page, url: str) -> None:
    if not url.startswith(("http://localhost", "ws://localhost", "data:", "blob:", "about:")):
        page.left_machine.append(url)


def note_forbidden(page, text: str) -> None:
    if "Content Security Policy" in text:
        page.forbidden.append(text)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("localhost", 0))
        return free.getsockname()[1]


class running_server:
    """The app on a port, for as long as the `with` lasts; `prepare` is called in the new process before it starts."""

    def __init__(self, port: int, app: str = "app.py", environment: dict[str, str] | None = None, prepare: Callable | None = None) -> None:  # fmt: skip
        self.port, self.app, self.environment, self.prepare = port, app, environment, prepare

    def __enter__(self) -> str:
        command = [sys.executable, "-m", "streamlit", "run", self.app, "--server.port", str(self.port)]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, preexec_fn=self.prepare, **quiet)  # noqa: PLW1509  it sets limits only
        where = f"http://localhost:{self.port}"
        for _ in range(1200):
            assert self.process.poll() is None, "the server ended"
            try:
                urllib.request.urlopen(f"{where}/_stcore/health").close()
                return where
            except OSError:
                time.sleep(0.05)
        self.process.kill()
        raise RuntimeError("the server did not start")

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
