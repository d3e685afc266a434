"""A server to be put under strain: started in a way of its own, its processor time and memory, what it wrote to its
log."""

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
TICKS: Final = os.sysconf("SC_CLK_TCK")
LONGEST_START: Final = 120.0  # seconds
WRONG: Final = re.compile(r"Traceback|\bERROR\b|Exception|could not be")
OWN_MOUNTS: Final = ("unshare", "-rm")


def streamlit_run(port: int) -> list[str]:
    """The command that serves on this port."""
    return [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]


def behind_nginx(port: int, workers: int) -> list[str]:
    """The command that serves on this port with several servers."""
    return [sys.executable, "deploy/workers.py", "--workers", str(workers), "--listen", f"127.0.0.1:{port}"]


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        return int(free.getsockname()[1])


class Server:
    """`streamlit run app.py` for as long as the `with` lasts; `before` is put before the command, as a shell has it.

    With more than one worker it is deploy/workers.py: so many servers behind nginx.
    """

    def __init__(self, settings: Mapping[str, str | None] | None = None, before: str = "", workers: int = 1) -> None:
        self.port = free_port()
        self.address = f"http://localhost:{self.port}"
        changed = settings or {}
        kept = {name: value for name, value in os.environ.items() if name not in changed}
        self.environment = {**kept, **{name: value for name, value in changed.items() if value is not None}}
        shell = [*(OWN_MOUNTS if "mount" in before else ()), "sh", "-c"]
        self.command = [
            *shell,
            (
                f"{before}exec"
                f" {shlex.join(streamlit_run(self.port) if workers == 1 else behind_nginx(self.port, workers))}"
            ),
        ]

    def __enter__(self) -> "Server":
        self.process = subprocess.Popen(
            self.command,
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._said = list[bytes]()
        threading.Thread(target=self._said.extend, args=(self.process.stdout,), daemon=True).start()
        until = time.monotonic() + LONGEST_START
        while time.monotonic() < until and self.process.poll() is None:
            try:
                urllib.request.urlopen(f"{self.address}/_stcore/health").close()
                return self
            except OSError:
                time.sleep(0.05)
        self.__exit__()
        raise RuntimeError(f"The server did not start: {self.said()[-500:]}")

    def __exit__(self, *_: object) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def said(self) -> str:
        """All that it printed."""
        return b"".join(self._said).decode(errors="replace")

    def wrong(self) -> list[str]:
        """The lines of its log that speak of a fault."""
        return [line for line in self.said().splitlines() if WRONG.search(line)]

    def processes(self) -> tuple[list[int], list[int]]:
        """The servers, and every other process that they started."""
        everyone = [self.process.pid, *_below(self.process.pid)]
        servers = [each for each in everyone if b"streamlit\0run" in _command(each)]
        return servers, [each for each in everyone if each not in servers]

    def seconds(self) -> tuple[float, float]:
        """Processor seconds so far of the servers themselves, and of all that they started, processes that ended
        included."""
        servers, others = ([_ticks(each) for each in kind] for kind in self.processes())
        own = sum(now for now, _ in servers)
        return own / TICKS, (sum(ended for _, ended in servers) + sum(map(sum, others))) / TICKS

    def megabytes(self) -> tuple[float, float]:
        """Memory of the servers themselves, and of the processes that they keep for reading and drawing; what two share
        counts once."""
        servers, others = (sum(map(_kilobytes, kind)) / 1024 for kind in self.processes())
        return servers, others


def _command(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""


def _below(process: int) -> Iterator[int]:
    for thread in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(OSError):  # it may end in between
            for child in thread.read_text().split():
                yield int(child)
                yield from _below(int(child))


def _ticks(process: int) -> tuple[int, int]:
    """Of a process itself, and of its children that ended."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0, 0
    own, ended = sum(map(int, fields[11:13])), sum(map(int, fields[13:15]))
    return own, ended


def _kilobytes(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
