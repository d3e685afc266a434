"""Keeps what a browser may still ask for: files made a moment ago, and the buttons of the page that is being drawn
anew.

Streamlit 1.67 deletes a file once two runs of any sessions have ended after it was made, and forgets what makes the
file of a button as soon as its session begins another run while the browser still shows that button. With several users
both come before the browser's request, which is then answered "not found". Here each session keeps its newest for a
while; what a session kept goes with it.
"""

from collections import OrderedDict
from pathlib import PurePosixPath
from time import monotonic
from typing import Any, Final
from urllib.parse import urlsplit

from streamlit import runtime
from streamlit.runtime import media_file_manager
from streamlit.runtime.media_file_manager import MediaFileManager

from pages.frame import audit, background

SECONDS: Final = 120.0  # from the moment at which nothing on the page names it any more
MOST_MADE: Final = 24  # files made for one session
MOST_SHOWN: Final = 600  # buttons of earlier runs of one session
MOST_RUNS: Final = 3  # earlier runs in which one place of the page held a button
Kept = OrderedDict[str, tuple[str, float]]  # by id: its place on the page ("" for a file that was made), and since when


class KeepingManager(MediaFileManager):
    """The server's files, of which none goes before its time. What is kept counts as used by a session of its own
    name."""

    _kept: dict[str, Kept]

    @classmethod
    def instead_of(cls, manager: MediaFileManager) -> "KeepingManager":
        """One that takes over the lock, the files and the sessions of another, which may be at work."""
        keeping = cls.__new__(cls)
        keeping.__dict__ = manager.__dict__
        keeping.__dict__.setdefault("_kept", {})
        return keeping

    def execute_deferred(self, file_id: str) -> str:
        """Make the file of a button; it is kept until the browser had time to ask for it."""
        entry = self._deferred_callables.get(file_id)
        url: str = super().execute_deferred(file_id)
        if entry is not None:
            audit.book().exported(entry["session_id"], entry["filename"] or "")
            made = PurePosixPath(urlsplit(url).path).stem
            with self._lock:
                self._keep(entry["session_id"], {made: ""})
            if self.read_file(made) is None:  # deleted in the moment before it was kept
                url = super().execute_deferred(file_id)
        return url

    def clear_session_refs(self, session_id: str | None = None) -> None:
        """A session begins a run (None): what it showed is kept. A session that is named is over: nothing of it is
        kept, and its work ends."""
        if session_id is not None:
            super().clear_session_refs(session_id)
            self._forget(session_id)
            background.pool().end(session_id)
            audit.book().ended(session_id)
            return
        session_id = media_file_manager._get_session_id()
        with self._lock:
            shown = dict(self._files_by_session_and_coord.get(session_id, {}))
        super().clear_session_refs()
        with self._lock:
            self._keep(session_id, {file_id: place for place, file_id in shown.items()})

    def remove_orphaned_files(self) -> None:
        """Delete what no page names any more and nobody may still ask for."""
        with self._lock:
            for session_id in tuple(self._kept):
                self._drop_old(session_id)
        super().remove_orphaned_files()

    def _keep(self, session_id: str, places: dict[str, str]) -> None:
        """Keep these ids, each with its place on the page. Callers hold the lock."""
        kept = self._kept.setdefault(session_id, OrderedDict())
        for file_id, place in places.items():
            kept.pop(file_id, None)
            kept[file_id] = (place, monotonic())
        self._drop_old(session_id)

    def _drop_old(self, session_id: str) -> None:
        """Callers hold the lock."""
        kept, counts = self._kept[session_id], dict[str, int]()
        for file_id, (place, since) in reversed(tuple(kept.items())):
            counts[place] = counts.get(place, 0) + 1
            most = MOST_RUNS if place else MOST_MADE
            if monotonic() - since > SECONDS or counts[place] > most:
                del kept[file_id]
        while len(kept) > MOST_SHOWN:
            kept.popitem(last=False)
        self._files_by_session_and_coord[_name(session_id)] = {file_id: file_id for file_id in kept}

    def _forget(self, session_id: str) -> None:
        """Files of a closed session go now, not when others have run twice."""
        with self._lock:
            self._kept.pop(session_id, None)
            self._files_by_session_and_coord.pop(_name(session_id), None)
        for _ in range(2):  # first marked, then deleted
            self.remove_orphaned_files()


def keep() -> None:
    """Called at the beginning of every run: makes the server keep downloads, if it does not yet."""
    if not runtime.exists():
        return
    server: Any = runtime.get_instance()
    if isinstance(server.media_file_mgr, MediaFileManager) and not isinstance(server.media_file_mgr, KeepingManager):
        server._media_file_mgr = KeepingManager.instead_of(server.media_file_mgr)


def _name(session_id: str) -> str:
    return f"kept for {session_id}"
