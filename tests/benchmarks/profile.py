"""Where the time of one click goes: PYTHONPATH=.:data:tests python -m benchmarks.profile PAGE PATIENTS [LINES]

Opens the page with a cohort of that size without a browser, presses a filter that was never pressed before, and prints
the profile of that run of the page: the sidebar, every exhibit, and what is sent. Sorted by own time and by time with
everything called.
"""

import cProfile
import io
import pstats
import re
import sys
import time
from typing import Any, Final

from benchmarks.cohorts import ROOT, cohort
from streamlit.runtime.scriptrunner import script_runner
from walking import opened

from pages.frame import session

LINES: Final = 25
FILTER: Final = "filter arm"
RUN: Final = "_run_script"


class Given:
    """What the session opens with."""

    def __init__(self, n: int) -> None:
        self.cohort = cohort(n)


def profiled(page: str, n: int) -> pstats.Stats:
    """The profile of the run that follows a press on a filter of this page; the same run with another filter came
    before it."""
    session.FIRST = Given(n)
    app = opened(page)
    first, second, *_ = app.pills(key=FILTER).options
    app.pills(key=FILTER).set_value([first]).run(timeout=600)  # imports, fonts, compiled expressions
    of_run = cProfile.Profile(time.thread_time)  # of this thread: other programs on the machine count little
    original = getattr(script_runner.ScriptRunner, RUN)

    def run(self: Any, *arguments: Any) -> None:
        of_run.runcall(original, self, *arguments)

    setattr(script_runner.ScriptRunner, RUN, run)
    try:
        app.pills(key=FILTER).set_value([second]).run(timeout=600)
    finally:
        setattr(script_runner.ScriptRunner, RUN, original)
    assert not app.exception, app.exception
    return pstats.Stats(of_run)


def printed(stats: pstats.Stats, order: str, lines: int) -> str:
    """The first lines, paths from the top folder or the package on."""
    text = io.StringIO()
    stats.stream = text  # type: ignore[attr-defined]
    stats.sort_stats(order).print_stats(lines)
    shown = text.getvalue().replace(f"{ROOT}/", "")
    return re.sub(r"[^\s(]*site-packages/", "", shown.strip())


def main() -> None:
    page, n = sys.argv[1], int(sys.argv[2].replace(",", ""))
    stats = profiled(page, n)
    for order in ("tottime", "cumulative"):
        print(printed(stats, order, int(sys.argv[3]) if len(sys.argv) > 3 else LINES), end="\n\n")


if __name__ == "__main__":
    main()
