"""What takes long once is done before anybody waits for it: the first example is read while the browser loads its own
part, and packages that only some pages need are loaded when the first page has been shown."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from time import sleep
from typing import Final

from lib.intake.files.process import BUDGET
from pages.frame import examples

SHOWN: Final = Event()  # the first page of this server
DRAWS: Final = 2.0  # seconds that a browser has for the first page, alone
LONGEST_WAIT: Final = 60.0  # seconds for a first reader


@contextmanager
def first_run() -> Iterator[None]:
    """Around a run: after the first one the rest is loaded."""
    try:
        yield
    finally:
        SHOWN.set()


def load(packages: Callable[[], None]) -> None:
    """The example that the program opens with; when it has been shown `packages`, and a process for the first file."""
    _ = examples.FIRST.cohort
    if SHOWN.wait(LONGEST_WAIT):
        sleep(DRAWS)
        packages()
        make_ready()


def make_ready() -> None:
    """A process for the next file, unless the first page is still to come, which it would hold up."""
    if SHOWN.is_set():
        BUDGET.make_ready()
