"""A Streamlit server to be measured, and the processor seconds that it and its processes have used."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
APPS: Final = Path(__file__).parent / "apps"
TICKS: Final = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
LAST_SECONDS: Final = 120.0


class Server:
    """One app on one port, from its start to its end."""

    def __init__(self, app: Path, port: int, environment: Mapping[str, str] | None = None) -> None:
        self.address, self.started = f"http://localhost:{port}", time.monotonic()
        paths = os.pathsep.join(str(ROOT / place) for place in ("", "data", "tests"))
        kept = {
            name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
        }  # as for a reader
        self._process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", str(app), "--server.port", str(port)],
            cwd=ROOT,
            env={**kept, "PYTHONPATH": paths, **(environment or {})},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def wait(self) -> "Server":
        """Until it answers."""
        while time.monotonic() - self.started < LAST_SECONDS and self._process.poll() is None:
            try:
                urllib.request.urlopen(f"{self.address}/_stcore/health").close()
                return self
            except OSError:
                time.sleep(0.01)
        raise RuntimeError("the server did not start")

    def end(self) -> None:
        self._process.kill()
        self._process.wait()

    def cpu(self) -> float:
        """Processor seconds of the server and of every process that it started; 0 where the system does not say (not
        Linux)."""
        pids = [self._process.pid, *_children(self._process.pid)]
        return sum(map(_seconds, pids))


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found += [child, *_children(child)]
    return found


def _seconds(pid: int) -> float:
    """Its own, and those of its children that have ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / TICKS
