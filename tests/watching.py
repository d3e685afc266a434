"""Watches what Python processes ask of other machines and which files they open for writing: a sitecustomize.py that
each inherits."""

import os
import subprocess
import sys
import textwrap
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[1]
HOOK = """
import os, socket, sys
HERE = ("localhost", "127.0.0.1", "::1", "0.0.0.0", "::", "", None, b"localhost")

def note(what, host):
    if host not in HERE:
        with open(os.environ["OUTSIDE"], "a") as file:
            file.write(f"{what} {host!r}\\n")

def watched(call, what, place):
    def watching(*arguments, **named):
        target = arguments[place] if len(arguments) > place else named.get("host", "")
        if isinstance(target, tuple):
            note(what, target[0])
        elif what == "look-up":
            note(what, target)
        return call(*arguments, **named)
    return watching

class Watched(socket.socket):
    connect = watched(socket.socket.connect, "connect", 1)
    connect_ex = watched(socket.socket.connect_ex, "connect", 1)
    sendto = watched(socket.socket.sendto, "send", -1)

socket.socket = Watched

def note_written(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes)):
        path, mode, flags = os.fsdecode(arguments[0]), arguments[1] or "", arguments[2] or 0
        writes = any(letter in mode for letter in "wax+") or flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        ours = (os.devnull, os.environ["OUTSIDE"], os.environ["WRITTEN"])
        if writes and path not in ours and "__pycache__" not in path:
            with open(os.environ["WRITTEN"], "a") as file:
                file.write(path + "\\n")

sys.addaudithook(note_written)
for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
    setattr(socket, name, watched(getattr(socket, name), "look-up", 0))
"""


class Watch:
    """Runs Python under the hook; `outside` lists what was asked of other machines, `written` every file opened for
    writing."""

    def __init__(self, folder: Path, proxy: str = "http://127.0.0.1:9") -> None:
        (folder / "sitecustomize.py").write_text(textwrap.dedent(HOOK))
        self.notes, self.files = folder / "outside.txt", folder / "written.txt"
        everywhere = dict.fromkeys(
            ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"), proxy
        )
        path = os.pathsep.join([str(folder), str(ROOT)])
        self.environment = {
            **os.environ,
            **everywhere,
            "PYTHONPATH": path,
            "OUTSIDE": str(self.notes),
            "WRITTEN": str(self.files),
            "NO_PROXY": "localhost",
        }

    @property
    def outside(self) -> list[str]:
        return self.notes.read_text().splitlines() if self.notes.exists() else []

    @property
    def written(self) -> list[str]:
        return self.files.read_text().splitlines() if self.files.exists() else []

    def run(self, script: str) -> None:
        done = subprocess.run(
            [sys.executable, "-c", script], cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr


def wait_for(address: str, server: subprocess.Popen, anything: bool = False) -> None:
    """Wait until a server answers; `anything`: a refusal is an answer, too."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for _ in range(600):
        assert server.poll() is None, "the server ended"
        try:
            opener.open(address).close()
            return
        except urllib.error.HTTPError:
            if anything:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError("the server did not start")
