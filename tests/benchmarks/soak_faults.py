"""What may go wrong around the program: each fault is a test, named here, or is brought about here and must be
survived.

A server is started in an odd place or way; then a reader opens a page, uploads a workbook and takes a figure home. The
numbers she reads must be those of a server at its usual place.
"""

import asyncio
import socket
import subprocess
from collections.abc import Callable, Coroutine
from functools import partial
from importlib.util import find_spec
from typing import Any, Final
from urllib.parse import urlsplit

from benchmarks.soak_reader import COOKIE, LARGEST, Fault, Reader, require
from benchmarks.soak_server import OWN_MOUNTS, ROOT, Server, streamlit_run

OWN: Final = ROOT / "data" / "complete_cohort.xlsx"
READ_ONLY: Final = "mount --bind {0} {0} && mount -o remount,ro,bind {0} && "
TEMPORARY: Final = ("/tmp", "/var/tmp", "/dev/shm")
TESTED: Final = (
    ("two tabs", "tests/browser/test_robust.py::test_two_tabs_do_not_disturb_each_other_nor_a_download"),
    (
        "a cold deep link",
        "tests/browser/test_first_request.py::test_a_link_to_a_cold_server_and_the_menu_clicked_at_once_keep_the_selection_and_the_link",
    ),
    ("every page as the first request", "tests/pages/test_walks.py"),
    (
        "the server was started again",
        "tests/browser/test_session_in_the_browser.py::test_a_stopped_program_says_so_and_a_saved_session_opens_again_after_its_restart",
    ),
    (
        "started again, with a saved session",
        "tests/browser/test_session_in_the_browser.py::test_a_stopped_program_says_so_and_a_saved_session_opens_again_after_its_restart",
    ),
    (
        "one of two servers was killed",
        "tests/browser/test_two_servers.py::test_a_browser_stays_on_one_server_and_goes_to_the_other_where_that_is_killed",
    ),
    (
        "an exhibit fails on its page",
        "tests/pages/test_failing.py::test_a_figure_that_fails_leaves_the_rest_of_its_page",
    ),
    (
        "an exhibit fails in the report",
        "tests/pages/test_failing.py::test_the_report_writes_everything_but_the_exhibit_that_fails",
    ),
    (
        "no file may be written (disk full)",
        "tests/browser/test_privacy_in_the_browser.py::test_a_closed_session_is_gone_and_nothing_of_it_was_written",
    ),
    ("the port is taken: the launcher takes the next", "tests/deploy/test_launch.py::test_the_next_free_port_is_taken"),
    (
        "a download while others run",
        "tests/browser/test_robust.py::test_two_tabs_do_not_disturb_each_other_nor_a_download",
    ),
    ("work in the background fails or waits", "tests/pages/test_background.py"),
)
Settings = dict[str, str | None]
PLACES: Final[tuple[tuple[str, Settings, str], ...]] = (
    ("no HOME", {"HOME": None}, ""),
    ("a HOME that is not there", {"HOME": "/nowhere/at/all"}, ""),
    ("a TMPDIR that is not there", {"TMPDIR": "/nowhere/at/all"}, ""),
    ("disk full: no file can grow", {}, "ulimit -f 0; "),
    ("the folder of the program can only be read", {}, READ_ONLY.format(ROOT)),
    ("no folder for temporary files can be written", {}, "".join(map(READ_ONLY.format, (*TEMPORARY, ROOT)))),
    ("TZ=Pacific/Kiritimati", {"TZ": "Pacific/Kiritimati"}, ""),
    ("TZ=America/St_Johns", {"TZ": "America/St_Johns"}, ""),
    ("TZ of no place", {"TZ": "No/Where"}, ""),
    ("LANG=C, ASCII only", {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, ""),
    ("LANG=tr_TR.UTF-8", {"LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8"}, ""),
    ("LANG of no country", {"LANG": "xx_YY", "LC_ALL": "xx_YY"}, ""),
)  # name, variables of the environment, what a shell does before


def survived() -> bool:
    """Go through all faults and print what became of them; whether all were survived."""
    print("\n| fault | outcome |\n|---|---|")
    usual = asyncio.run(_in_place({}, ""))
    fates = [_outcome(name, partial(_same, usual, *where)) for name, *where in PLACES]
    with Server() as server:
        fates += [_outcome(name, partial(disturb, server)) for name, disturb in DISTURBED]
    fates.append(_outcome("a reader signs in, then does nothing (a provider on this machine)", _signs_in))
    for name, test in TESTED:
        print(f"| {name} | test: `{test}` |")
    return all(fates)


async def _signs_in() -> None:
    if not find_spec("authlib"):
        raise NotPossible("streamlit[auth] is not installed")
    from server.signing_in import main

    await asyncio.to_thread(main)


class NotPossible(Exception):
    """This machine does not allow bringing the fault about."""


def _outcome(name: str, fault: Callable[[], Coroutine[Any, Any, None]]) -> bool:
    outcome = "survived"
    try:
        asyncio.run(fault())
    except NotPossible as reason:
        outcome = f"not tried: {reason}"
    except (Fault, OSError, RuntimeError, TimeoutError) as error:
        outcome = f"**FAILED** {type(error).__name__}: {error}"[:400].replace("\n", " ")
    print(f"| {name} | {outcome} |", flush=True)
    return "FAILED" not in outcome


async def _same(usual: list[str], settings: Settings, before: str) -> None:
    if "mount" in before and subprocess.run([*OWN_MOUNTS, "true"], capture_output=True, check=False).returncode:
        raise NotPossible("no mounts of its own are allowed here")
    said = await _in_place(settings, before)
    require(said == usual, f"other numbers than usual: {said} instead of {usual}")


async def _in_place(settings: Settings, before: str) -> list[str]:
    """What the pages of a server that was started like this say: of the example, then of an uploaded workbook."""
    with Server(settings, before) as server:
        reader = Reader(server.address)
        await reader.open("survival")
        said = [text for text in reader.texts if text.startswith("Median")]
        picture = await _exported(reader, "survival.ttp", "png")
        require(picture.startswith(b"\x89PNG"), "the figure is no picture")
        said += await _own_workbook(reader)
        await reader.close()
        require(not server.wrong(), f"in the log: {' '.join(server.wrong()[:2])}")
    require(len(said) >= 2, "the pages say no median")
    return said


async def _own_workbook(reader: Reader) -> list[str]:
    """Upload one; what Survival says of it."""
    await reader.go("home")
    await reader.upload("upload", "mine.xlsx", OWN.read_bytes())
    await reader.go("survival")
    require(reader.says("60 of 60 patients"), "the uploaded workbook is not open")
    return [text for text in reader.texts if text.startswith("Median")]


async def _exported(reader: Reader, exhibit: str, file_format: str) -> bytes:
    status, _, content = await reader.ask("GET", await reader.export(exhibit, file_format))
    require(status == 200, f"the export was answered {status}")
    return content


async def _still_there(server: Server) -> None:
    """Another reader notices nothing."""
    other = Reader(server.address)
    await other.open("survival")
    await other.set("filter emd", ["yes"])
    require(other.says("7 of 16 patients"), "a filter does nothing")
    await other.close()


async def upload_broken_off(server: Server) -> None:
    """The network goes in the middle of a file; the same reader sends it again."""
    reader = Reader(server.address)
    await reader.open("home")
    where, host = await reader.place_for("mine.xlsx"), urlsplit(server.address)
    head = {"Host": host.netloc, "Cookie": reader.cookie_line(), "X-Xsrftoken": reader.cookies[COOKIE]}
    head |= {"Content-Type": "multipart/form-data; boundary=x", "Content-Length": "1000000"}
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    with socket.create_connection((host.hostname, host.port)) as line:
        line.sendall(f"PUT {where.upload_url} HTTP/1.1\r\n{lines}\r\n--x\r\n".encode() + bytes(100_000))
    await _own_workbook(reader)
    await reader.close()
    await _still_there(server)


async def reload_in_the_middle(server: Server) -> None:
    """The page is loaded again while it runs: the link says what was looked at."""
    reader = Reader(server.address)
    await reader.open("survival", "where=emd%3Dyes")
    await reader.send_run()
    await reader.close()
    again = Reader(server.address)
    await again.open("survival", reader.url)
    require(again.says("7 of 16 patients"), "the filter is lost")
    await again.close()


async def connection_lost(server: Server) -> None:
    """The network goes for a moment: the session with its workbook is there again."""
    reader = Reader(server.address)
    await reader.open("home")
    await _own_workbook(reader)
    await reader.send_run()
    await reader.close()
    await reader.connect("survival", reader.url)
    for _ in range(100):  # the end of the run that was broken off may come first
        if not reader.says("60 of 60 patients"):
            await asyncio.sleep(0.1)
    require(reader.says("60 of 60 patients"), "the workbook is lost")
    await reader.close()


async def clicks_faster_than_runs(server: Server) -> None:
    """Twenty clicks while the page runs: what was pressed last counts."""
    reader = Reader(server.address)
    await reader.open("survival")
    for number in range(20):
        reader.hold_words("filter emd", ["yes"] if number % 2 else [])
        await reader.send_run()
    while not reader.says("7 of 16 patients"):
        await reader.run_ends()
    await reader.close()


async def nonsense_is_sent(server: Server) -> None:
    """Bytes that are no message, and a message larger than any: that connection ends, others do not."""
    for nonsense in (b"\xff" * 100, bytes(LARGEST + 1)):
        reader = Reader(server.address)
        await reader.open("survival")
        await reader.send_until_cut_off(nonsense)
        await _still_there(server)


async def connections_that_say_nothing(server: Server) -> None:
    """Two hundred open connections without a word."""
    host = urlsplit(server.address)
    silent = [socket.create_connection((host.hostname, host.port)) for _ in range(200)]
    await _still_there(server)
    for each in silent:
        each.close()


async def port_taken(server: Server) -> None:
    """A second server on the same port ends with one sentence, and the first goes on."""
    done = subprocess.run(
        streamlit_run(server.port), cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    require(done.returncode != 0 and "Traceback" not in done.stderr, f"it said {done.stderr[-200:]!r}")
    require(f"Port {server.port} is not available" in done.stdout + done.stderr, f"it said {done.stderr[-200:]!r}")
    await _still_there(server)


DISTURBED: Final[tuple[tuple[str, Callable[[Server], Coroutine[Any, Any, None]]], ...]] = (
    ("an upload is broken off, then sent again", upload_broken_off),
    ("the page is loaded again in the middle of a run", reload_in_the_middle),
    ("the connection is lost and comes back", connection_lost),
    ("twenty clicks faster than the page runs", clicks_faster_than_runs),
    ("nonsense, and more than 200 MB, over the WebSocket", nonsense_is_sent),
    ("200 connections that say nothing", connections_that_say_nothing),
    ("a second server on the same port", port_taken),
)
