"""Less garbage collection: Streamlit collects after every run of a page, and nobody else can run meanwhile.

With the program's modules in memory that takes as long as drawing a page: each collection looks at 300,000 objects of which
nearly all stay as long as the server.
"""

import gc
from collections.abc import Callable
from time import monotonic
from typing import Final

from streamlit.runtime.scriptrunner import script_runner

PAUSE: Final = 1.0  # seconds between two collections; what is skipped waits for the next run, or for the end of a session


class Seldom:
    """Stands for the module gc in Streamlit's runner of pages: collects, but not again at once."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now, self._last = now, -PAUSE

    def collect(self, generation: int = 2) -> int:
        """How many objects were let go; 0 where the last time was a moment ago."""
        if self._now() - self._last < PAUSE:
            return 0
        self._last = self._now()
        return gc.collect(generation)


def collect_seldom() -> None:
    """Called once, before the first reader comes: modules and what belongs to them never become garbage, and are not looked at again."""
    script_runner.gc = Seldom()  # type: ignore[attr-defined]
    gc.collect()
    gc.freeze()
