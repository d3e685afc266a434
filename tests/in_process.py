"""Benign workbooks are read, and figures are drawn, without a process of their own in tests, which start hundreds; how
they are kept apart has tests of its own.

The answer is packed and unpacked as it is between the processes; the same question about the same file is answered
once. Tests that ask for the fixture `limited_process` or `drawing_process` have the real one.
"""

import json
import pickle
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache, wraps
from typing import Any, Final

from made_once import Kept

from lib.intake.draft import Source
from lib.intake.files.formats import read_grids_of
from lib.intake.files.grid import Grid, SourceFile
from lib.intake.files.process import Budget
from lib.intake.transport import answer_bytes

REAL: Final = Source.ask
REAL_READY: Final = Budget.make_ready
FILES: Final = Kept(400)  # drawn of the same figure
DRAWINGS: Final = Kept(300)  # of a chart, which files in other colours and formats share


@lru_cache(maxsize=64)
def grids(files: tuple[SourceFile, ...]) -> list[Grid]:
    return read_grids_of(files)


@lru_cache(maxsize=256)
def answer(pickled: bytes) -> bytes:
    request = pickle.loads(pickled)
    return answer_bytes(grids(request.files), request, lambda _: None)


def read_here() -> None:
    """From now on, uploads are read in this process."""
    Source.ask = lambda _, request: answer(pickle.dumps(request))
    Budget.make_ready = lambda _: None


@contextmanager
def in_process() -> Iterator[None]:
    """Within, uploads are read in this process also where no test runner has said so."""
    read_here()
    yield


@contextmanager
def limited() -> Iterator[None]:
    """Within, uploads are read in a limited process, as in the program."""
    Source.ask, Budget.make_ready = REAL, REAL_READY
    try:
        yield
    finally:
        read_here()


def draw_here(jobs: Sequence[dict[str, Any]]) -> Generator[list[bytes], None, None]:
    """What `lib.export.drawing.rendering` gives, drawn in this process."""
    from lib.export.renderer import render

    for job in jobs:
        try:
            said = json.dumps(job)
            files = FILES.of(said, lambda said=said: render(json.loads(said)))
        except Exception as error:
            raise RuntimeError("the figure could not be drawn") from error
        yield files


def drawing(
    by: Callable[..., Generator[list[bytes], None, None]] = draw_here,
) -> Callable[..., Generator[list[bytes], None, None]]:
    """From now on, figures are drawn by this; gives what drew them before."""
    from lib.export import drawing as processes
    from lib.export import figure_file, renderer

    if by is draw_here:
        once = renderer._drawing.__wrapped__
        renderer._drawing = wraps(once)(lambda chart: DRAWINGS.of(chart, lambda: once(chart)))
    before = processes.rendering
    processes.rendering = figure_file.rendering = by
    processes.WAITING.make_ready = lambda: None
    return before
