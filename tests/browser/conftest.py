"""A server and a Chromium to ask it, both for many tests. Without Chromium these tests are skipped by name.

Each test has windows of its own, so sessions that know nothing of each other; a test of a fresh start has a server of
its own, too.
"""

import os
import random
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
    "--process-per-site",  # what one window has compiled, the next need not
]
WINDOW = {"width": 1400, "height": 900}
PATIENCE = 120  # seconds until a step has failed; a busy machine may take most of them
STILL = """{ const still = new CSSStyleSheet();
still.replaceSync('*, ::before, ::after {transition: none !important; animation: none !important}');
document.adoptedStyleSheets = [still]; }"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")
            if not CHROMIUM:
                item.add_marker(
                    pytest.mark.skip(reason="no Chromium found: install Debian's chromium, or name one in CHROMIUM")
                )


@pytest.fixture(scope="session")
def browser(tmp_path_factory, address) -> Iterator:
    """One Chromium with a profile and one process for all windows, so that the program's scripts stay compiled from
    window to window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        started = driver.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("profile"),
            executable_path=CHROMIUM,
            args=FLAGS,
            accept_downloads=True,
            viewport=WINDOW,
            reduced_motion="reduce",
        )
        started.set_default_timeout(PATIENCE * 1000)
        started.add_init_script(STILL)
        started.pages[0].goto(f"{address}/_stcore/health")  # the process ends with its last window
        yield started
        started.close()


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """A server that other tests have asked before."""
    with running_server(free_port()) as where:
        yield where


@pytest.fixture(scope="session")
def cold_port() -> int:
    """Where every fresh server listens, one after the other: as for a reader, the browser knows the scripts of the last
    one."""
    return free_port()


@pytest.fixture
def cold_address(cold_port) -> Iterator[str]:
    """A server that nobody has asked anything yet."""
    with running_server(cold_port) as where:
        yield where


@pytest.fixture
def new_screen(browser) -> Iterator[Callable]:
    """Opens windows; none may ask another machine for anything, or need what the server's policy forbids."""
    opened = []

    def open_screen(**size: int):
        page = browser.new_page()
        opened.append(page)
        if size:
            page.set_viewport_size(WINDOW | size)
        page.left_machine, page.forbidden = [], []
        page.on("websocket", lambda line: setattr(page, "line", line))
        page.on("request", lambda request: note(page, request.url))
        page.on("console", lambda message: note_forbidden(page, message.text))
        return page

    yield open_screen
    for page in opened:
        page.close()
    assert not any(page.forbidden for page in opened), "a page needs something that the server's own policy forbids"
    assert not any(page.left_machine for page in opened), "a page asked another machine for something"


@pytest.fixture
def screen(new_screen):
    return new_screen()


def note(page, url: str) -> None:
    if not url.startswith(("http://localhost", "ws://localhost", "data:", "blob:", "about:")):
        page.left_machine.append(url)


def note_forbidden(page, text: str) -> None:
    if "Content Security Policy" in text:
        page.forbidden.append(text)


def free_port() -> int:
    """One below those that the system gives to connections, so that it is still free when a server starts there
    later."""
    while True:
        port = random.randrange(12_000, 32_000)
        with socket.socket() as free:
            if free.connect_ex(("localhost", port)):
                return port


class running_server:
    """The app on a port, for as long as the `with` lasts; `prepare` is called in the new process before it starts."""

    def __init__(
        self, port: int, app: str = "app.py", environment: dict[str, str] | None = None, prepare: Callable | None = None
    ) -> None:
        self.port, self.app, self.environment, self.prepare = port, app, environment, prepare

    def __enter__(self) -> str:
        command = [sys.executable, "-m", "streamlit", "run", self.app, "--server.port", str(self.port)]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        environment = {"CART_READING_SECONDS": str(PATIENCE), **(self.environment or os.environ)}
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, preexec_fn=self.prepare, **quiet)  # noqa: PLW1509  it sets limits only
        where = f"http://localhost:{self.port}"
        for _ in range(PATIENCE * 20):
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
