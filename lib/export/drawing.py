"""The worker processes in which figures are drawn (renderer.py), and the one that waits for the next figure.

Each draws what one reader asked for and then ends: nothing of it stays for the next. To start one takes longer than to
draw, so a server may have one started before it is needed; as long as it waits it holds nothing of anybody.
"""

import base64
import json
import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from threading import BoundedSemaphore, Lock, Timer
from typing import IO, Any, Final, cast

ROOT: Final = Path(__file__).parents[2]
LONGEST_SECONDS: Final = 120
LONGEST_WAIT: Final = 120.0  # seconds of a worker that nobody needs
READY: Final = "--ready"
AT_ONCE: Final = 2  # workers for readers who wait; a report has one of its own
PLACES: Final = BoundedSemaphore(AT_ONCE)


class Waiting:
    """The worker that waits, if there is one; one at most."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._worker: Popen[bytes] | None = None

    def make_ready(self) -> None:
        """Start a worker for the next figure, unless one waits; if nobody comes it is ended."""
        with self._lock:
            if self._worker is None or self._worker.poll() is not None:
                self._worker = _started(READY)
                end = Timer(LONGEST_WAIT, self._end, [self._worker])
                end.daemon = True
                end.start()

    def take(self) -> "Popen[bytes]":
        """The worker that waits, else a new one."""
        with self._lock:
            worker, self._worker = self._worker, None
        return worker if worker is not None and worker.poll() is None else _started()

    def _end(self, worker: "Popen[bytes]") -> None:
        with self._lock:
            if self._worker is not worker:
                return
            self._worker = None
        with worker:
            worker.kill()


WAITING: Final = Waiting()


def _started(*how: str) -> "Popen[bytes]":
    return Popen([sys.executable, "-m", "lib.export.renderer", *how], stdin=PIPE, stdout=PIPE, stderr=DEVNULL, cwd=ROOT)


def rendered(jobs: Sequence[dict[str, Any]]) -> list[list[bytes]]:
    """The files of these jobs, made by one worker process. Raises RuntimeError if the worker fails.

    Where many readers want files at the same moment some wait, so that the machine is not full of workers.
    """
    if not PLACES.acquire(timeout=LONGEST_SECONDS):
        raise RuntimeError("too many figures are being drawn on this machine")
    try:
        return list(rendering(jobs))
    finally:
        PLACES.release()


def rendering(jobs: Sequence[dict[str, Any]]) -> Generator[list[bytes], None, None]:
    """The files of one job after another, made by one worker process, which ends when this iterator is closed.

    Raises RuntimeError where the worker fails at a job.
    """
    if not jobs:
        return
    with WAITING.take() as worker:
        limit = Timer(LONGEST_SECONDS + 5 * len(jobs), worker.kill)
        limit.start()
        try:
            yield from _answers(worker, jobs)
        finally:
            limit.cancel()
            worker.kill()


def _answers(worker: "Popen[bytes]", jobs: Sequence[dict[str, Any]]) -> Iterator[list[bytes]]:
    """Raises RuntimeError where there are fewer answers than jobs."""
    given, taken = cast(IO[bytes], worker.stdin), cast(IO[bytes], worker.stdout)
    with suppress(BrokenPipeError), given:  # of a worker that ended at once; it gives no answers
        given.write(json.dumps({"jobs": list(jobs)}).encode())
    for _ in jobs:
        line = taken.readline()
        if not line.endswith(b"\n"):
            raise RuntimeError("the figure could not be drawn")
        yield [base64.b64decode(file) for file in json.loads(line)]
