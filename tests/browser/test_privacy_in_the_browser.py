"""What the README says about privacy, seen on a true server: closed sessions end, nothing is written to disk, nothing
may frame the program."""

import json
import os
import re
import threading
import time
import urllib.request
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from browser.conftest import running_server
from browser.steps import follow, press, says, upload
from make_cohort import synthetic_cohort
from watching import Watch
from workbook import write_workbook

INSPECTED = "tests/server/inspected.py"
HELD = ("sessions", "uploads", "bytes", "media", "cohorts", "frames")
STARTS = {"SVG": b"<svg", "PDF": b"%PDF", "PNG": b"\x89PNG", "TIFF": b"II", "Data as CSV": b""}
LONGEST = 240  # seconds until a session that ends after 2 must be gone


@pytest.fixture
def large_workbook(tmp_path) -> Path:
    """A workbook well above 1 MiB: the size from which a server usually writes uploads to a temporary file."""
    packed, path = tmp_path / "packed.xlsx", tmp_path / "large.xlsx"
    write_workbook(packed, synthetic_cohort(200, 5))
    with zipfile.ZipFile(packed) as read, zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as written:
        for name in read.namelist():
            written.writestr(name, read.read(name))
    assert path.stat().st_size > 1_200_000
    return path


@pytest.fixture
def watched(cold_port, tmp_path):
    """The program on a disk without room: every file that is opened for writing is noted, and none can be longer than 0
    bytes."""
    folder = tmp_path / "watch"
    folder.mkdir()
    watch = Watch(folder)
    settings = {**watch.environment, "STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": "2"}
    with running_server(cold_port, INSPECTED, settings, full_disk) as where:
        yield where, watch


def full_disk() -> None:
    import resource  # not there on Windows

    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def inspected(where: str) -> dict[str, int]:
    return json.load(urllib.request.urlopen(f"{where}/inspect"))


@pytest.mark.skipif(os.name == "nt", reason="limits of a process are set as on Unix")
def test_a_closed_session_is_gone_and_nothing_of_it_was_written(watched, new_screen, large_workbook):
    where, watch = watched
    before = inspected(where)
    screen = new_screen()
    screen.goto(where)
    upload(screen, large_workbook)
    says(screen, "200 of 200 patients")
    press(screen, re.compile(r"^yes \d"))
    says(screen, re.compile(r"\b(?!200)\d+ of 200 patients"))
    follow(screen, "Survival")
    screen.get_by_role("button", name="Export").first.click()
    for label, start in STARTS.items():
        with screen.expect_download() as waiting:
            screen.get_by_role("button", name=label, exact=True).click()
        content = Path(waiting.value.path()).read_bytes()
        assert len(content) > 100 and content.startswith(start), label
    held = inspected(where)
    assert all(held[kind] > before[kind] for kind in HELD), held
    screen.close()  # and nobody else comes
    until = time.monotonic() + LONGEST
    while (left := inspected(where)) != before and time.monotonic() < until:
        time.sleep(0.2)
    assert left == before
    assert watch.written == []
    assert watch.outside == []


@pytest.fixture
def framing_page(address):
    """The address of a page of somebody else that frames the program."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f'<h1>Elsewhere</h1><iframe src="{address}/survival"></iframe>'.encode())

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()


def test_a_page_that_frames_the_program_gets_nothing(framing_page, browser):
    screen = browser.new_page()
    with screen.expect_console_message(lambda message: "frame-ancestors" in message.text):
        screen.goto(framing_page)
    frame = next(each for each in screen.frames if each != screen.main_frame)
    frame.wait_for_url("chrome-error://chromewebdata/")
    screen.close()


def test_the_net_catches_files_that_are_written_here_and_in_a_child(tmp_path):
    watch = Watch(tmp_path)
    made = tmp_path / "made.txt"
    watch.run(
        f"import subprocess, sys; open({str(made)!r}, 'w'); subprocess.run([sys.executable, '-c', \"open({str(made)!r},"
        " 'a')\"], check=True)"
    )
    assert watch.written == [str(made)] * 2
