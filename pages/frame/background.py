"""Long work beside the pages: two pieces at once for the whole server, the others wait in line; each belongs to one
session and ends with it.

Work runs in a thread of its own, where nothing of Streamlit may be called; the page looks at its Job again and again.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from threading import Lock, Thread
from typing import Any, Final, Literal
from weakref import WeakMethod

from lib.export.report import Progress
from lib.publication.spec import where

LOG: Final = logging.getLogger(__name__)
MOST_AT_ONCE: Final = 2
Work = Callable[[Progress], Any]


class Cancelled(Exception):
    """Nobody waits for this work any more."""


@dataclass(eq=False)
class Job:
    """A piece of work of a session: how far it is, what comes next, and its result or why there is none."""

    session_id: str
    work: Work | None = field(repr=False)
    state: Literal["waiting", "running", "done", "failed", "cancelled"] = "waiting"
    share: float = 0.0
    doing: str = ""
    result: Any = field(default=None, repr=False)

    @property
    def is_active(self) -> bool:
        """Whether it waits or runs."""
        return self.state in ("waiting", "running")

    def note(self, done: int, of: int, what: str) -> None:
        """How far the work is. Raises Cancelled where nobody waits for it."""
        if not self.is_active:
            raise Cancelled
        self.share, self.doing = min(max(done / of if of else 0.0, 0.0), 1.0), what


class Pool:
    """All jobs that wait or run. Nothing of a job that ended stays here."""

    def __init__(self, most: int = MOST_AT_ONCE) -> None:
        self._most, self._lock = most, Lock()
        self._waiting: list[Job] = []
        self._running: list[Job] = []
        self._others: list[tuple[str, WeakMethod[Callable[[], None]]]] = []

    def start(self, session_id: str, work: Work) -> Job:
        """Do this for a session as soon as there is room; what it asked for before is cancelled."""
        self._cancel_jobs(session_id)
        job = Job(session_id, work)
        with self._lock:
            self._waiting.append(job)
            self._fill()
        return job

    def before(self, job: Job) -> int:
        """How many jobs end before this one begins; 0 where it runs."""
        with self._lock:
            place = self._waiting.index(job) if job in self._waiting else -1
            return max(0, place + 1 + len(self._running) - self._most)

    def cancel(self, job: Job) -> None:
        """Nobody waits for it any more: what it holds is let go, and its thread ends where it next says how far it
        is."""
        with self._lock:
            job.state, job.work = "cancelled" if job.is_active else job.state, None
            if job in self._waiting:
                self._waiting.remove(job)

    def ends_with(self, session_id: str, cancel: Callable[[], None]) -> None:
        """Other work of a session: `cancel`, a method of what may be gone by then, is called when the session is
        over."""
        with self._lock:
            still_there = [(name, other) for name, other in self._others if other()]
            self._others = [*still_there, (session_id, WeakMethod(cancel))]

    def end(self, session_id: str) -> None:
        """A session is over: all its work is cancelled."""
        self._cancel_jobs(session_id)
        with self._lock:
            hers = [other() for name, other in self._others if name == session_id]
            self._others = [(name, other) for name, other in self._others if name != session_id]
        for cancel in filter(None, hers):
            cancel()

    def _cancel_jobs(self, session_id: str) -> None:
        with self._lock:
            jobs = [job for job in (*self._waiting, *self._running) if job.session_id == session_id]
        for job in jobs:
            self.cancel(job)

    def _fill(self) -> None:
        """Start what there is room for. Callers hold the lock."""
        while self._waiting and len(self._running) < self._most:
            job = self._waiting.pop(0)
            self._running.append(job)
            job.state = "running"
            Thread(target=self._run, args=(job, job.work), name="background", daemon=True).start()
            job.work = None

    def _run(self, job: Job, work: Work) -> None:
        ended, result = "cancelled", None
        try:
            result, ended = work(job.note), "done"
        except Cancelled:
            pass
        except Exception as error:  # its words may hold values of cells: the log gets its kind and place
            LOG.error("Work in the background failed: %s", where(error))
            ended = "failed"
        with self._lock:
            if job.is_active:
                job.result = result
                job.state = ended  # type: ignore[assignment]  # one of its words
            self._running.remove(job)
            self._fill()


@cache
def pool() -> Pool:
    """The one of this server."""
    return Pool()
