"""A server that nobody has asked anything yet, and a Chromium to ask it. Without Chromium these tests are skipped by name."""

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
def browser() -> Iterator:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def address() -> Iterator[str]:
    """A freshly started server."""
    with running_server() as where:
        yield where


@pytest.fixture
def new_screen(browser) -> Iterator[Callable]:
    """Opens browser windows of their own; notes every request that leaves this machine."""
    contexts = []

    def open_screen(width: int = 1400, height: int = 900):
        context = browser.new_context(viewport={"width": width, "height": height}, accept_downloads=True)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.left_machine = []
        page.on("request", lambda request: note(page, request.url))
        return page

    yield open_screen
    for context in contexts:
        context.close()


@pytest.fixture
def screen(new_screen):
    page = new_screen()
    yield page
    assert page.left_machine == [], "a page asked another machine for something"


def note(page, url: str) -> None:
    if not url.startswith(("http://localhost", "ws://localhost", "data:", "blob:", "about:")):
        page.left_machine.append(url)


class running_server:
    """The app on a free port, for as long as the `with` lasts."""

    def __enter__(self) -> str:
        with socket.socket() as free:
            free.bind(("localhost", 0))
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        where = f"http://localhost:{port}"
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{where}/_stcore/health").close()
                return where
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("the server did not start")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait()
