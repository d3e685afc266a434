"""Where the time of one click goes: PYTHONPATH=.:data:tests python -m benchmarks.profile PAGE PATIENTS [LINES]

Serves a cohort of that size, opens the page as a browser does but without one, presses filters that were never pressed
before, and prints the processor seconds of these runs and the profile of one: the page, menu and filters, and what is
sent. Sorted by own time and by time with everything called. With LINES 0 the seconds only.
"""

import asyncio
import io
import pstats
import re
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.cohorts import ROOT, kept
from benchmarks.runs import FOLDER, PROFILE, SECONDS, WANTED
from benchmarks.server import APPS, Server
from benchmarks.soak_reader import Reader
from benchmarks.soak_server import free_port

LINES: Final = 25
FILTERS: Final = ("filter arm", "filter emd", "filter high_risk_cytogenetics")
WARM: Final = 4  # runs that bring imports and compiled expressions
MOST: Final = 25  # selections
LOADED: Final = 4.0  # seconds until the packages are there that come after the first page


def selections(offered: Sequence[Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """Every selection of at most one level of each filter, each one press away from the one before."""
    if not offered:
        yield ()
        return
    levels = ["", *offered[0]]
    for others in selections(offered[1:]):
        yield from ((level, *others) for level in levels)
        levels.reverse()


def presses(reader: Reader) -> Iterator[tuple[str, list[str]]]:
    """Which filter is to be set to what, each time to a selection that was never there before."""
    keys = [key for key in FILTERS if key in reader.elements]
    of_page = [[each.content for each in reader.widget(key).options] for key in keys]
    for before, after in pairwise(selections(of_page)):
        (pressed,) = (place for place, key in enumerate(keys) if before[place] != after[place])
        yield keys[pressed], [after[pressed]] if after[pressed] else []


async def run_times(address: str, folder: Path, page: str) -> list[float]:
    """Processor seconds of runs of this page in their thread; the profile of one more lies in the folder then."""
    reader = Reader(address)
    await reader.open(page)
    await asyncio.sleep(LOADED)
    steps = list(presses(reader))[:MOST]
    for place, (key, words) in enumerate(steps, start=1):
        await _until_noted(folder, place)
        if place == len(steps):
            (folder / WANTED).touch()
        await reader.set(key, words)
    seconds = await _until_noted(folder, len(steps) + 1)
    await reader.close()
    return seconds[WARM:-1]


async def _until_noted(folder: Path, runs: int) -> list[float]:
    """The seconds of so many runs, of which the browser hears before they are noted."""
    noted = folder / SECONDS
    while not noted.exists() or len(seconds := noted.read_text().split()) < runs:
        await asyncio.sleep(0.01)
    return list(map(float, seconds))


def profiled(page: str, n: int) -> tuple[list[float], pstats.Stats]:
    """The processor seconds of runs after a press, and the profile of one of them."""
    with TemporaryDirectory() as folder:
        server = Server(APPS / "served.py", free_port(), {"COHORT": str(kept(n)), FOLDER: folder})
        try:
            seconds = asyncio.run(run_times(server.wait().address, Path(folder), page))
            return seconds, pstats.Stats(str(Path(folder) / PROFILE))
        finally:
            server.end()


def printed(stats: pstats.Stats, order: str, lines: int) -> str:
    """The first lines, paths from the top folder or the package on."""
    text = io.StringIO()
    stats.stream = text  # type: ignore[attr-defined]
    stats.sort_stats(order).print_stats(lines)
    shown = text.getvalue().replace(f"{ROOT}/", "").partition("\n\n")[2]  # without the file that held it
    return re.sub(r"[^\s(]*/(?:site-packages|python3\.\d+)/", "", shown.strip())


def main() -> None:
    page, n = sys.argv[1], int(sys.argv[2].replace(",", ""))
    lines = int(sys.argv[3]) if len(sys.argv) > 3 else LINES
    seconds, stats = profiled(page, n)
    low, middle, high = quantiles(seconds, n=4)
    print(f"{page}, {n}: {middle:.3f} s, the median of {len(seconds)} runs, half of them {low:.3f} to {high:.3f}\n")
    for order in ("tottime", "cumulative") if lines else ():
        print(printed(stats, order, lines), end="\n\n")


if __name__ == "__main__":
    main()
