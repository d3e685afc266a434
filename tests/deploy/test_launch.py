"""The launcher: what it does on whatever machine, what it says is missing; and one true start of the server."""

import http.client
import importlib.util
import json
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

ROOT = Path(__file__).parents[2]
SPEC = importlib.util.spec_from_file_location("launch", ROOT / "deploy" / "launch.py")
launch = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(launch)
PIP = ["pip", "pip"]  # what builds packages, then the packages


class Machine:
    """Stands for subprocess.run: notes the commands, makes what they would make, fails where it is reported to."""

    def __init__(self, root: Path, os_name: str = "posix", fails: str = "", prints: str = "") -> None:
        self.root, self.os_name, self.fails, self.prints = root, os_name, fails, prints
        self.done: list[str] = []

    def __call__(self, command, **_):
        what = "venv" if "venv" in command else "pip" if "install" in command else "look"
        self.done.append(what)
        if what == self.fails:
            return subprocess.CompletedProcess(command, 1, "", self.prints)
        if what == "venv":
            python = launch.environment_python(self.root, self.os_name)
            python.parent.mkdir(parents=True)
            python.touch()
        return subprocess.CompletedProcess(command, 0, "", "")


@pytest.fixture
def root(tmp_path):
    (tmp_path / "deploy").mkdir()
    (tmp_path / "deploy" / "build.lock").write_text("setuptools==1.0 --hash=sha256:0\n")
    (tmp_path / "deploy" / "requirements.lock").write_text("streamlit==1.0 --hash=sha256:0\n")
    (tmp_path / "requirements.txt").write_text("streamlit==1.0\n")
    (tmp_path / "requirements-dev.txt").write_text("-r requirements.txt\npytest==1.0\n")
    return tmp_path


def installed(root, machine, more=""):
    return launch.install(root, more, machine, machine.os_name)


def missing(call, *arguments) -> str:
    with pytest.raises(launch.Missing) as reported:
        call(*arguments)
    sentence = str(reported.value)
    assert "\n" not in sentence
    return sentence


@pytest.mark.parametrize(
    ("root", "os_name", "python"),
    [
        (PurePosixPath("/home me/app"), "posix", "/home me/app/.venv/bin/python"),
        (PureWindowsPath(r"C:\My Files\app"), "nt", r"C:\My Files\app\.venv\Scripts\python.exe"),
    ],
)
def test_where_the_environments_python_is(root, os_name, python):
    assert str(launch.environment_python(root, os_name)) == python
    assert launch.server_command(launch.environment_python(root, os_name), 8502) == [
        python,
        "-m",
        "streamlit",
        "run",
        "app.py",
        "--server.port",
        "8502",
    ]


@pytest.mark.parametrize("os_name", ["posix", "nt"])
def test_the_first_start_makes_the_environment_and_the_second_does_nothing(root, os_name):
    machine = Machine(root, os_name)
    assert installed(root, machine)
    assert machine.done == ["venv", *PIP]
    assert not installed(root, machine)
    assert machine.done == ["venv", *PIP]


def test_only_locked_packages_with_their_fingerprints_are_installed(root):
    build, locked = launch.pip_commands(Path("python"), root)
    assert "--require-hashes" in build
    assert "--require-hashes" in locked
    assert "--no-build-isolation" in locked, "a package that is built would fetch its tools without any fingerprint"
    assert locked[-1] == str(root / "deploy" / "requirements.lock")
    assert launch.pip_commands(Path("python"), root, "more.txt")[:2] == [build, locked]


def test_a_package_that_is_another_one_is_told_so(root):
    printed = "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.\nGot 12ab"
    sentence = missing(installed, root, Machine(root, fails="pip", prints=printed))
    assert "is not the one in deploy/requirements.lock" in sentence


def test_other_requirements_are_installed_into_the_environment_that_is_there(root):
    machine = Machine(root)
    installed(root, machine)
    (root / "deploy" / "requirements.lock").write_text("streamlit==1.1 --hash=sha256:0\n")
    assert installed(root, machine)
    assert machine.done == ["venv", *PIP, "look", *PIP]


def test_requirements_named_by_others_count(root):
    machine = Machine(root)
    assert installed(root, machine, "requirements-dev.txt")
    assert not installed(root, machine, "requirements-dev.txt")
    (root / "deploy" / "requirements.lock").write_text("streamlit==1.1 --hash=sha256:0\n")
    assert installed(root, machine, "requirements-dev.txt")


def test_an_environment_whose_python_is_gone_or_broken_is_made_anew(root):
    machine = Machine(root)
    installed(root, machine)
    launch.environment_python(root).unlink()
    launch.environment_python(root).parent.rmdir()
    assert installed(root, machine)
    assert machine.done == ["venv", *PIP, "venv", *PIP]
    (root / "deploy" / "requirements.lock").write_text("streamlit==1.1 --hash=sha256:0\n")
    broken = Machine(root, fails="look")
    launch.environment_python(root).unlink()
    launch.environment_python(root).parent.rmdir()
    assert installed(root, broken)
    assert broken.done == ["venv", *PIP]


def test_an_old_python_is_told_so():
    assert (
        missing(launch.check_python, (3, 9, 2))
        == "Python 3.11 or newer is needed; this is 3.9.2. Get one from python.org."
    )
    launch.check_python((3, 11, 0))
    launch.check_python((3, 14, 0))


def test_a_python_without_venv_is_told_so(root):
    sentence = missing(launch.make_environment, root, Machine(root), lambda name: None if name == "ensurepip" else name)
    assert "python3-venv" in sentence


def test_an_environment_that_cannot_be_made_says_why(root):
    sentence = missing(installed, root, Machine(root, fails="venv", prints="Traceback\nNo space left on device\n"))
    assert sentence.endswith("could not be made: No space left on device")


@pytest.mark.parametrize(
    ("printed", "sentence"),
    [
        (
            "WARNING: Retrying after NewConnectionError\nERROR: No matching distribution found for streamlit==1.0",
            "no way to the package index",
        ),
        (
            "ERROR: No matching distribution found for streamlit==1.0",
            "could not be installed: ERROR: No matching distribution",
        ),
        ("", "no reason was given"),
    ],
)
def test_packages_that_cannot_be_installed_say_why_and_are_tried_again(root, printed, sentence):
    assert sentence in missing(installed, root, Machine(root, fails="pip", prints=printed))
    again = Machine(root)
    assert installed(root, again)
    assert again.done == ["look", *PIP]


def test_the_next_free_port_is_taken():
    assert launch.choose_port(lambda _: True) == 8501
    assert launch.choose_port(lambda port: port > 8503) == 8504
    assert "8501 to 8520" in missing(launch.choose_port, lambda _: False)


def test_a_port_on_which_somebody_answers_is_not_free():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        other.listen()
        assert not launch.is_free(port)
    assert launch.is_free(port)


def test_a_server_that_is_well_is_told_from_one_that_is_not():
    class Sick(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_error(404)

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Sick) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        assert not launch.answers(server.server_port)
    assert not launch.answers(server.server_port)


@pytest.mark.parametrize("written", [None, "", "{}", "[]", '{"port": "none"}', '{"port": 8601}'])
def test_a_record_that_cannot_be_read_or_is_out_of_date_is_no_running_program(tmp_path, written):
    (tmp_path / ".venv").mkdir()
    if written is not None:
        launch.record_path(tmp_path).write_text(written)
    assert launch.running_port(tmp_path, lambda _: False) == 0


def test_a_program_that_runs_already_is_only_opened(tmp_path, monkeypatch):
    (tmp_path / ".venv").mkdir()
    launch.record_path(tmp_path).write_text(json.dumps({"port": 8777}))
    monkeypatch.setattr(launch, "answers", lambda port: port == 8777)
    monkeypatch.setattr(launch.subprocess, "Popen", lambda *_, **__: pytest.fail("a second server was started"))
    opened = []
    launch.start(tmp_path, Path("python"), opened.append)
    assert opened == ["http://localhost:8777"]


def test_waiting_for_a_server_that_ends_or_never_answers():
    assert "ended at once" in missing(launch.wait_until, lambda: False, lambda: False)
    assert "did not answer within 0 seconds" in missing(launch.wait_until, lambda: False, lambda: True, 0, 0)


def test_what_is_missing_is_one_sentence_and_no_traceback(monkeypatch, capsys):
    def nothing(*_):
        raise launch.Missing("Something is missing.")

    monkeypatch.setattr(launch, "install", nothing)
    monkeypatch.setattr(launch.signal, "signal", lambda *_: None)
    assert launch.main([]) == 1
    assert capsys.readouterr().err == "Something is missing.\n"


class Seen(Exception):
    """Ends the true run once the browser would have been opened."""


def test_a_true_start_serves_the_app_and_stops_it(tmp_path, monkeypatch):
    monkeypatch.setattr(launch, "record_path", lambda _: tmp_path / "running.json")
    opened = []

    def open_browser(address):
        opened.append(address)
        port = int(address.rsplit(":", 1)[1])
        assert launch.running_port(ROOT) == port
        connection = http.client.HTTPConnection("localhost", port, timeout=10)
        connection.request("GET", "/")
        assert b"<html" in connection.getresponse().read()
        raise Seen

    with pytest.raises(Seen):
        launch.start(ROOT, Path(sys.executable), open_browser)
    port = int(opened[0].rsplit(":", 1)[1])
    assert not launch.answers(port)
    assert not (tmp_path / "running.json").exists()


def test_the_double_click_files_look_for_the_same_pythons_and_call_the_launcher():
    shell, batch = (ROOT / "deploy" / "start.command", ROOT / "deploy" / "start.bat")
    makefile = (ROOT / "Makefile").read_text()
    assert "python3 python3.13 python3.12 python3.11" in makefile
    assert "python3 python3.13 python3.12 python3.11" in shell.read_text()
    assert "launch.py" in makefile
    assert "launch.py" in shell.read_text()
    written = batch.read_bytes()
    assert b"launch.py" in written
    assert written.count(b"\r\n") == written.count(b"\n"), "cmd.exe wants CRLF"


@pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell script")
def test_the_shell_file_can_be_run():
    shell = ROOT / "deploy" / "start.command"
    assert shell.stat().st_mode & 0o111
    reported = subprocess.run([str(shell), "--help"], capture_output=True, text=True, cwd="/", check=False)
    assert reported.returncode == 0
    assert "Starts the CAR-T Cohort Explorer" in reported.stdout
