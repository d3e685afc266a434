"""Starts the program by double click or `make run`: makes .venv, installs what is needed, serves, opens the browser.

The wheel holds this file, too: there `cart-cohort-explorer` is `command` below. Standard library only. It says in one
sentence what is missing. The file can be read by any Python from 3.7, so that one older than 3.11 gives that sentence
and not a syntax error.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
import time
import webbrowser
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Run = Callable[..., subprocess.CompletedProcess[str]]

ROOT = Path(__file__).resolve().parents[1]
OLDEST = (3, 11)
COMMAND = "cart-cohort-explorer"
WORK = f"Without a browser: {COMMAND} report FILE --out DIR, {COMMAND} check FILE; {COMMAND} report --help says more."
FIRST_PORT = 8501
PORTS_TRIED = 20
LONGEST_START = 120  # seconds; the first start on a slow disk compiles every package
HEALTH = "/_stcore/health"
NO_NETWORK = (  # what pip prints when it cannot reach the package index
    "NewConnectionError",
    "ConnectTimeout",
    "name resolution",
    "getaddrinfo failed",
    "Network is unreachable",
    "ProxyError",
)
BUILD_LOCK = "deploy/build.lock"  # builds the packages that are sent as source only
LOCK = "deploy/requirements.lock"  # every package with its version and the fingerprints of its files
USABLE = "import sys, pip; sys.exit(sys.version_info < (3, 11))"


class Missing(Exception):
    """Something without which the program cannot start; its text is the one sentence for the reader."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Install, serve, open the browser; 0 when all went well, 1 with one sentence when something is missing."""
    parser = argparse.ArgumentParser(description="Starts the CAR-T Cohort Explorer.")
    parser.add_argument("--no-browser", action="store_true", help="serve only")
    parser.add_argument("--install", metavar="FILE", help="only install, the packages named in this file too")
    asked = parser.parse_args(arguments)

    def work() -> None:
        install(ROOT, asked.install or "")
        if not asked.install:
            start(ROOT, environment_python(ROOT), no_browser if asked.no_browser else webbrowser.open)

    return in_one_sentence(work)


def command(arguments: Sequence[str] | None = None) -> int:
    """`cart-cohort-explorer` of an installed wheel: serves; with `report` or `check` the work of `python -m lib`."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words and not words[0].startswith("-"):
        sys.path.insert(0, str(ROOT))  # lib lies in the package's own folder, never at the top of site-packages
        from lib.__main__ import main as work_without_browser

        return work_without_browser(words, COMMAND)
    parser = argparse.ArgumentParser(
        prog=COMMAND, description="Serves the CAR-T Cohort Explorer on this machine and opens the browser.", epilog=WORK
    )
    parser.add_argument("--no-browser", action="store_true", help="serve only")
    asked = parser.parse_args(words)
    open_browser = no_browser if asked.no_browser else webbrowser.open
    return in_one_sentence(lambda: start(ROOT, Path(sys.executable), open_browser))


def in_one_sentence(work: Callable[[], None]) -> int:
    """Do it; 0 when all went well or the reader ended it, 1 with one sentence when something is missing."""
    signal.signal(signal.SIGTERM, _stop)
    try:
        check_python(sys.version_info[:3], sys.flags.optimize)
        work()
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print()
    return 0


def check_python(version: Sequence[int], optimize: int = 0) -> None:
    """Raise Missing if this Python is too old, or leaves out what the program needs."""
    if optimize:
        raise Missing("Start without -O and without PYTHONOPTIMIZE: they take out checks on which numbers rely.")
    if tuple(version) < OLDEST:
        raise Missing(
            f"Python 3.11 or newer is needed; this is {'.'.join(map(str, version))}. Get one from python.org."
        )


def environment_python(root: PurePath, os_name: str = os.name) -> PurePath:
    """Where the environment's own Python is; Windows has it elsewhere."""
    return root / ".venv" / ("Scripts/python.exe" if os_name == "nt" else "bin/python")


def install(root: Path, more: str = "", run: Run = subprocess.run, os_name: str = os.name) -> bool:
    """Bring .venv up to the lock, and to the file `more`; return whether anything had to be done. Raises Missing."""
    python, stamp = environment_python(root, os_name), root / ".venv" / f"{more or 'locked'}.done"
    wanted = "".join(fingerprint(root / name) for name in (BUILD_LOCK, LOCK, more) if name)
    if Path(python).exists() and stamp.exists() and stamp.read_text() == wanted:
        return False
    print("Installing what the program needs; the first time this takes a minute or two ...", flush=True)
    if not _works(python, run):
        make_environment(root, run)
    for command in pip_commands(python, root, more):
        installed = _run(command, run)
        if installed.returncode != 0:
            raise Missing(why_not_installed(installed))
    stamp.write_text(wanted)
    return True


def pip_commands(python: PurePath, root: PurePath, more: str = "") -> list[list[str]]:
    """What installs the locked packages, nothing that is not in the lock and no file with another fingerprint; then
    `more`."""
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    locked = [*pip, "--require-hashes"]
    return [
        [*locked, "-r", str(root / BUILD_LOCK)],
        [*locked, "--no-build-isolation", "--use-pep517", "-r", str(root / LOCK)],
        *([[*pip, "-r", str(root / more)]] if more else []),
    ]


def make_environment(root: Path, run: Run, find: Callable[[str], object] = importlib.util.find_spec) -> None:
    """Make .venv anew with this Python. Raises Missing."""
    if not find("venv") or not find("ensurepip"):
        raise Missing("This Python lacks its venv module; on Debian and Ubuntu: sudo apt install python3-venv.")
    made = _run([sys.executable, "-m", "venv", "--clear", str(root / ".venv")], run)
    if made.returncode != 0:
        raise Missing(f"The environment {root / '.venv'} could not be made: {_last_line(made)}")


def fingerprint(requirements: Path) -> str:
    """A hash of the packages asked for, those of files named by -r included."""
    text = requirements.read_text(encoding="utf-8")
    named = [line.split(None, 1)[1] for line in text.splitlines() if line.startswith("-r ")]
    return hashlib.sha256(
        "".join([text, *(fingerprint(requirements.parent / name) for name in named)]).encode()
    ).hexdigest()


def why_not_installed(pip: subprocess.CompletedProcess[str]) -> str:
    """One sentence made of what pip printed."""
    if "DO NOT MATCH THE HASHES" in pip.stderr:
        return (
            "A package that was fetched is not the one in deploy/requirements.lock, so nothing of it was installed: ask"
            " who looks after your network."
        )
    if any(word in pip.stderr for word in NO_NETWORK):
        return (
            "The packages could not be fetched: this machine has no way to the package index (pypi.org). Connect it and"
            " start again."
        )
    return f"The packages could not be installed: {_last_line(pip)}"


def start(root: Path, python: PurePath, open_browser: Callable[[str], object]) -> None:
    """Serve until stopped and open the browser; where the program runs already, only open the browser. Raises
    Missing."""
    running = running_port(root)
    if running:
        print(f"Already running: {address(running)}")
        open_browser(address(running))
        return
    port = choose_port(is_free)
    if port != FIRST_PORT:
        print(f"Port {FIRST_PORT} is in use by another program; using {port}.")
    server = subprocess.Popen(server_command(python, port), cwd=root)
    try:
        wait_until(lambda: answers(port), lambda: server.poll() is None)
        if record_path(root).parent.is_dir():  # an installed wheel writes nothing into its folder
            record_path(root).write_text(json.dumps({"port": port}))
        print(f"Running: {address(port)} (Ctrl+C or closing this window ends it)", flush=True)
        if not open_browser(address(port)):
            print(f"Open {address(port)} in your browser.", flush=True)
        server.wait()
    finally:
        server.terminate()
        server.wait()
        record_path(root).unlink(missing_ok=True)


def server_command(python: PurePath, port: int) -> list[str]:
    """The command that serves the app on this port."""
    return [str(python), "-m", "streamlit", "run", "app.py", "--server.port", str(port)]


def address(port: int) -> str:
    return f"http://localhost:{port}"


def no_browser(_address: str) -> bool:
    """Opens nothing; the address is printed."""
    return True


def choose_port(free: Callable[[int], bool]) -> int:
    """The first free port from 8501 on. Raises Missing where there is none."""
    for port in range(FIRST_PORT, FIRST_PORT + PORTS_TRIED):
        if free(port):
            return port
    raise Missing(
        f"All ports from {FIRST_PORT} to {FIRST_PORT + PORTS_TRIED - 1} are in use: close the programs that use them."
    )


def is_free(port: int) -> bool:
    """Whether nobody answers on this port and it can be taken."""
    try:
        socket.create_connection(("localhost", port), timeout=0.5).close()
    except OSError:
        pass
    else:
        return False
    with socket.socket() as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def record_path(root: Path) -> Path:
    """Where a running program notes its port, so that a second double click finds it."""
    return root / ".venv" / "running.json"


def running_port(root: Path, healthy: Callable[[int], bool] | None = None) -> int:
    """The port on which this folder's program runs already, or 0."""
    try:
        port = int(json.loads(record_path(root).read_text())["port"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0
    return port if (healthy or answers)(port) else 0


def answers(port: int) -> bool:
    """Whether a server on this port says that it is well. Asked without any proxy."""
    connection = http.client.HTTPConnection("localhost", port, timeout=2)
    try:
        connection.request("GET", HEALTH)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def wait_until(
    ready: Callable[[], bool], alive: Callable[[], bool], longest: float = LONGEST_START, pause: float = 0.1
) -> None:
    """Wait for the server. Raises Missing if it ends first or takes too long."""
    until = time.monotonic() + longest
    while time.monotonic() < until:
        if not alive():
            raise Missing("The server ended at once; the lines above say why.")
        if ready():
            return
        time.sleep(pause)
    raise Missing(f"The server did not answer within {longest:g} seconds.")


def _works(python: PurePath, run: Run) -> bool:
    """Whether the environment is there, of a Python new enough and with pip in it (a broken attempt leaves one
    without)."""
    return Path(python).exists() and _run([str(python), "-c", USABLE], run).returncode == 0


def _run(command: list[str], run: Run) -> subprocess.CompletedProcess[str]:
    return run(command, capture_output=True, text=True, errors="replace", check=False)


def _last_line(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line.strip() for line in f"{done.stdout}\n{done.stderr}".splitlines() if line.strip()]
    return lines[-1] if lines else f"no reason was given (code {done.returncode})."


def _stop(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
