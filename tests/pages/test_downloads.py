"""A download arrives whatever other sessions do: against the server's own file manager, and every maker in a thread of
no session."""

import io
import threading
from contextlib import contextmanager

import pytest
from exhibit_ids import EVERY_ID
from make_cohort import synthetic_cohort
from openpyxl import load_workbook
from streamlit.runtime import media_file_manager
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from walking import PAGES, go, opened, upload, workbook

from pages.frame import downloads

pytestmark = pytest.mark.made_once

TABS = {
    "survival tab": ("Curves", "Landmark analysis", "Models and subgroups"),
    "kinetics tab": ("Profiles", "Parameters", "Persistence", "Expansion and outcome"),
    "toxicity tab": ("Grades", "Differences", "Timing"),
    "labs tab": ("Course", "Grades", "Recovery"),
    "response tab": ("Best response", "Over time", "Depth"),
}
MIME = "text/csv"


class Server:
    """The runs of several sessions, as the server makes them; a page has one button a session."""

    def __init__(self, manager, monkeypatch):
        self.manager, self.running = manager, "nobody"
        monkeypatch.setattr(media_file_manager, "_get_session_id", lambda: self.running)

    @contextmanager
    def run_of(self, session):
        self.running = session
        self.manager.clear_session_refs()
        yield
        self.running = session
        self.manager.remove_orphaned_files()

    def draw(self, session, content, place="main.0"):
        self.running = session
        return self.manager.add_deferred(lambda: content, MIME, place, "numbers.csv", element_id=f"button {place}")

    def page(self, session, content=b"1"):
        with self.run_of(session):
            return self.draw(session, content)

    def get(self, url):
        return self.manager.read_file(url.rsplit("/", 1)[1].partition(".")[0])


def plain():
    return MediaFileManager(MemoryMediaFileStorage("/media"))


@pytest.fixture
def server(monkeypatch):
    return Server(downloads.KeepingManager.instead_of(plain()), monkeypatch)


def test_streamlit_alone_loses_the_file_and_forgets_the_button(monkeypatch):
    """Why this is here: where a later Streamlit keeps both, pages/frame/downloads.py can go."""
    server = Server(plain(), monkeypatch)
    button = server.page("hers")
    url = server.manager.execute_deferred(button)
    server.page("another")
    server.page("another")
    assert server.get(url) is None
    with server.run_of("hers"):
        server.page("another")
        with pytest.raises(MediaFileStorageError):
            server.manager.execute_deferred(button)


def test_a_file_waits_for_the_browser_while_others_run(server):
    url = server.manager.execute_deferred(server.page("hers", b"her numbers"))
    for _ in range(20):
        server.page("another")
    assert server.get(url).content == b"her numbers"


def test_a_file_waits_while_its_own_session_runs_again(server):
    url = server.manager.execute_deferred(server.page("hers", b"before"))
    for _ in range(10):
        server.page("hers", b"after")
    assert server.get(url).content == b"before"


def test_a_button_on_the_screen_works_while_its_page_is_drawn_anew(server):
    button = server.page("hers", b"what she sees")
    with server.run_of("hers"):
        server.page("another")
        server.page("another")
        url = server.manager.execute_deferred(button)
        server.draw("hers", b"what she will see")
    assert server.get(url).content == b"what she sees"


def test_a_run_that_is_broken_off_does_not_take_the_button(server):
    button = server.page("hers", b"what she sees")
    for _ in range(2):
        with server.run_of("hers"):
            pass
    assert server.get(server.manager.execute_deferred(button)).content == b"what she sees"


def test_what_is_kept_is_bounded(server, monkeypatch):
    monkeypatch.setattr(downloads, "MOST_MADE", 3)
    urls = [server.manager.execute_deferred(server.page("hers", str(n).encode())) for n in range(10)]
    for _ in range(2):
        server.page("another")
    assert [server.get(url) is not None for url in urls] == [False] * 7 + [True] * 3
    hers = [entry for entry in server.manager._deferred_callables.values() if entry["session_id"] == "hers"]
    assert len(hers) == 1 + downloads.MOST_RUNS, "the button on the screen, and those before it"


def test_what_is_kept_ends_with_its_time(server, monkeypatch):
    url = server.manager.execute_deferred(server.page("hers"))
    now = downloads.monotonic()
    monkeypatch.setattr(downloads, "monotonic", lambda: now + downloads.SECONDS + 1)
    server.page("another")
    server.page("another")
    assert server.get(url) is None


def test_nothing_of_a_closed_session_stays(server):
    url = server.manager.execute_deferred(server.page("hers", b"a patient's numbers"))
    others = server.manager.execute_deferred(server.page("another", b"other numbers"))
    server.page("hers", b"a patient's numbers")
    server.manager.clear_session_refs("hers")
    assert server.get(url) is None
    assert {entry["session_id"] for entry in server.manager._deferred_callables.values()} == {"another"}
    assert server.get(others).content == b"other numbers"


def test_the_manager_takes_over_files_that_are_there(monkeypatch):
    manager = plain()
    button = Server(manager, monkeypatch).page("hers", b"1")
    server = Server(downloads.KeepingManager.instead_of(manager), monkeypatch)
    assert server.get(server.manager.execute_deferred(button)).content == b"1"


@pytest.fixture
def offered(monkeypatch):
    """The files that pages offer, by name, as what makes them."""
    import streamlit as st
    from streamlit.delta_generator import DeltaGenerator

    found, drawn = {}, st.download_button

    def note(label, data, name, *rest, **more):
        found[name] = data
        return drawn(label, data, name, *rest, **more)

    monkeypatch.setattr(st, "download_button", note)
    monkeypatch.setattr(DeltaGenerator, "download_button", lambda _, *args, **more: note(*args, **more))
    return found


def made_outside(make):
    """What the file holds, made as the server makes it: in a thread that knows of no session."""
    answer = []
    thread = threading.Thread(target=lambda: answer.append(make()))
    thread.start()
    thread.join()
    return answer[0] if answer else None


def test_every_file_is_made_outside_of_the_session(offered, tmp_path):
    tables = synthetic_cohort(12, 3)
    tables["endpoints"][0]["event"] = "perhaps"
    app = upload(opened(), ("mine.xlsx", workbook(tables, tmp_path)))
    for name in (*EVERY_ID, "patient.timeline", "patient.course"):
        app.session_state[f"menu {name}"] = True  # what is in a menu is made once it is open
    for page in PAGES:
        go(app, page)
        for name in TABS.get(f"{page} tab", ()):
            app.session_state[f"{page} tab"] = name
            app.run()
    makers = {name: make for name, make in offered.items() if callable(make) and name.endswith((".csv", ".xlsx"))}
    assert {"findings.xlsx", "findings.csv", "swimmer.plot.csv"} <= set(makers) and len(makers) > 20
    assert [name for name, make in makers.items() if not made_outside(make)] == []
    figures = {
        name.rpartition(".")[2]: make
        for name, make in offered.items()
        if name.startswith("patient.") and callable(make)
    }
    assert {"svg", "pdf", "png", "tiff"} <= set(figures) and all(map(made_outside, figures.values()))


def test_the_marked_sheets_hold_the_finding_that_is_on_the_screen(offered, tmp_path):
    tables = synthetic_cohort(6, 2)
    tables["endpoints"][0]["event"] = "perhaps"
    upload(opened(), ("mine.xlsx", workbook(tables, tmp_path)))
    book = load_workbook(io.BytesIO(made_outside(offered["findings.xlsx"])))
    assert "Endpoints" in book.sheetnames
    commented = [cell for row in book["Endpoints"].iter_rows() for cell in row if cell.value == "perhaps"]
    assert len(commented) == 1 and commented[0].fill.fgColor.rgb != "00000000"
