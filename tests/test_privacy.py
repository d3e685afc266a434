"""Nothing leaves this machine: every connection that is not to this machine itself is noted, while the program does its
work.

Two nets. A sitecustomize.py, which every Python process started below inherits, notes what Python connects to or looks
up; and a proxy that nobody should use notes what a renderer written in another language tries to fetch.
"""

import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from watching import Watch, wait_for

ROOT = Path(__file__).parents[1]
ALL_WORK = """
from pathlib import Path
import lib.__main__
from lib.cohort.analysis import Analysis
from lib.cohort.view import first_view
from lib.exhibits import attempts
from lib.export.figure_file import figure_file
from lib.export.provenance import Provenance
from lib.intake.files.grid import SourceFile
from lib.intake.draft import read_files
from lib.publication.exhibit import Figure

path = Path("data/pomalidomide_cohort.xlsx")
cohort = read_files([SourceFile(path.name, path.read_bytes())])
view = first_view(cohort)
kinds = ("*.table_one", "swimmer.*", "response.rates", "survival.os*", "*.table", "kinetics.profile", "patient.*")
made = list(attempts(Analysis(cohort, cohort, view.grouping, view.unit), kinds))
figures = [each for each in made if isinstance(each, Figure)]
drawn = figure_file(figures[0], Provenance.of_cohort(cohort, view.grouping), "svg")
assert len(made) > 8 and drawn.startswith(b"<svg")
"""


@pytest.fixture
def asked_proxy() -> Iterator[tuple[str, list[bytes]]]:
    """The address of a proxy, and what it was asked for."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        proxy.settimeout(0.1)
        ended = threading.Event()

        def listen() -> None:
            while not ended.is_set():
                try:
                    visitor, _ = proxy.accept()
                except TimeoutError:
                    continue
                with visitor:
                    visitor.settimeout(1)
                    asked.append(visitor.recv(200))

        listener = threading.Thread(target=listen)
        listener.start()
        yield f"http://127.0.0.1:{proxy.getsockname()[1]}", asked
        ended.set()
        listener.join()


def test_the_nets_catch_what_leaves(tmp_path, asked_proxy):
    proxy, asked = asked_proxy
    watch = Watch(tmp_path, proxy)
    watch.run("""
import contextlib, socket, subprocess, sys, urllib.request
with contextlib.suppress(OSError):
    socket.getaddrinfo("elsewhere.invalid", 80)
with contextlib.suppress(OSError):
    urllib.request.urlopen("http://elsewhere.invalid/data", timeout=5)
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, contextlib.suppress(OSError):
    udp.connect(("192.0.2.1", 9))
child = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect_ex(('192.0.2.2', 9))"
subprocess.run([sys.executable, "-c", child], check=True)
""")
    assert watch.outside == ["look-up 'elsewhere.invalid'", "connect '192.0.2.1'", "connect '192.0.2.2'"]
    assert [b"elsewhere.invalid" in each for each in asked] == [True]


def test_the_renderer_would_ask_the_proxy_and_is_not_allowed_to(tmp_path, asked_proxy):
    proxy, asked = asked_proxy
    Watch(tmp_path, proxy).run("""
import vl_convert
chart = {"data": {"url": "http://elsewhere.invalid/data.json"}, "mark": "point"}
for allowed in (None, []):
    try:
        vl_convert.vegalite_to_svg(chart, allowed_base_urls=allowed)
    except ValueError:
        pass
""")
    assert len(asked) == 1, "the first drawing asks, the second must not"


def test_reading_computing_and_drawing_ask_no_other_machine(tmp_path, asked_proxy):
    proxy, asked = asked_proxy
    watch = Watch(tmp_path, proxy)
    watch.run(ALL_WORK)
    assert watch.outside == []
    assert asked == []


def test_every_page_and_the_server_ask_no_other_machine(tmp_path, asked_proxy):
    proxy, asked = asked_proxy
    watch = Watch(tmp_path, proxy)
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    server = subprocess.Popen(
        command, cwd=ROOT, env=watch.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(f"http://localhost:{port}/_stcore/health", server)
        watch.run("""
from pathlib import Path
from streamlit.testing.v1 import AppTest
app = AppTest.from_file(str(Path("app.py").resolve()), default_timeout=60).run()
for page in sorted(Path("pages").glob("*.py")):
    app.switch_page(str(page.resolve())).run()
    assert not app.exception, page
""")
    finally:
        server.terminate()
        server.wait()
    assert watch.outside == []
    assert asked == []


def test_every_sentence_about_privacy_names_tests_that_are_there():
    rows = [line for line in (ROOT / "docs" / "privacy.md").read_text().splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 6
    for row in rows:
        tests = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", row)
        assert tests or row.endswith("| the same |"), row
        assert not [name for path, name in tests if f"def {name}(" not in (ROOT / path).read_text()], row
