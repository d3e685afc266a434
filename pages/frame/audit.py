"""A line for each file that was opened and each that was taken home, for a server whose users must be able to answer
for it.

Off unless CART_AUDIT is "on". Who, when, and fingerprints: no data, and no name of a workbook, which may name a
patient. Lines go to standard error, a JSON object each; they are the only thing that this program notes about anybody.
docs/server.md.
"""

import datetime as dt
import hashlib
import json
import os
import sys
from collections.abc import Callable
from functools import cache
from threading import Lock
from typing import Final

SETTING: Final = "CART_AUDIT"
LENGTH: Final = (
    16  # letters of a fingerprint and of a session's name: enough to tell them apart, and to find the file that has it
)


def is_on() -> bool:
    """Whether lines are written."""
    return os.environ.get(SETTING, "").strip().lower() == "on"


class Book:
    """Who looks at which file in which session, as far as that is needed for the lines."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write, self._lock = write, Lock()
        self._open: dict[str, tuple[str, str]] = {}  # by session: who, fingerprint of the file

    def opened(self, session: str, who: str, name: str, fingerprint: str) -> None:
        """This file is on the screen; a line where it was not there before."""
        now = (who, fingerprint[:LENGTH])
        with self._lock:
            before, self._open[session] = self._open.get(session), now
        if before != now:
            self.note(session, who, "opened", file=now[1], name=hashlib.sha256(name.encode()).hexdigest()[:LENGTH])

    def closed(self, session: str, who: str) -> None:
        """No file of the reader's own is on the screen; a line if there was one."""
        with self._lock:
            was_open = self._open.get(session, ("", ""))[1]
            self._open[session] = (who, "")
        if was_open:
            self.note(session, who, "closed", file=was_open)

    def exported(self, session: str, export: str) -> None:
        """A file was made to be taken home: `export` is the id of the exhibit and its format."""
        with self._lock:
            who, file = self._open.get(session, ("", ""))
        self.note(session, who, "exported", file=file or "example", export=export)

    def ended(self, session: str) -> None:
        """The session is over."""
        with self._lock:
            who, was_open = self._open.pop(session, ("", ""))
        if was_open:
            self.note(session, who, "closed", file=was_open)

    def note(self, session: str, who: str, what: str, **more: str) -> None:
        """One line."""
        if is_on():
            at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
            said = {"at": at, "what": what, "who": who or "not known", "session": session[:LENGTH], **more}
            self._write(f"AUDIT {json.dumps(said)}\n")


@cache
def book() -> Book:
    """The one of this server."""
    return Book(_to_log)


def _to_log(line: str) -> None:
    sys.stderr.write(line)
    sys.stderr.flush()
