"""How long a page takes to follow a filter, beside the two floors in turn: a filter never pressed before, and the same
pressed again."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from benchmarks.cohorts import EXAMPLE, kept
from benchmarks.screen import Screen, Step
from benchmarks.server import APPS, Server
from playwright.sync_api import BrowserContext

PAGES: Final = ("baseline", "swimmer", "response", "survival", "toxicity", "labs", "kinetics", "patient")
WITHOUT: Final = {EXAMPLE: ("labs",)}  # pages that a cohort has no data for


@dataclass(frozen=True)
class Clicks:
    """Medians of one page with one cohort: ms of the floors and of ours, of a state seen before, and what one click
    costs."""

    page: str
    patients: int
    empty: float
    trivial: float
    new: float
    figure: float
    seen: float
    cpu: float
    frames: float
    sent: float
    largest: int

    @property
    def ratio(self) -> float:
        return self.new / self.trivial

    @property
    def ratio_seen(self) -> float:
        return self.seen / self.trivial


def measured(
    context: BrowserContext, port: int, sizes: Sequence[int], pages: Sequence[str], rounds: int
) -> Iterator[Clicks]:
    """Page after page, cohort after cohort."""
    floors = [
        Server(APPS / f"{name}.py", port + place).wait() for place, name in enumerate(("empty", "trivial"), start=1)
    ]
    try:
        for n in sizes:
            ours = Server(APPS / "served.py", port, {"COHORT": str(kept(n))}).wait()
            try:
                for page in pages:
                    if page not in WITHOUT.get(n, ()):
                        yield _of_page(context, (*floors, ours), page, n, rounds)
            finally:
                ours.end()
    finally:
        for floor in floors:
            floor.end()


def _of_page(context: BrowserContext, servers: Sequence[Server], page: str, n: int, rounds: int) -> Clicks:
    """Each round presses another filter in all three, then the same again."""
    screens = [Screen(context.new_page()) for _ in servers]
    ours = servers[-1]
    addresses = [servers[0].address, servers[1].address, f"{ours.address}/{page}"]
    loaded = [screen.load(address) for screen, address in zip(screens, addresses, strict=True)]
    for screen in screens[:2]:  # the first click of a window compiles what the next ones use
        screen.press(7)
    _warm(screens[2])
    new: list[list[Step]] = []
    seen: list[Step] = []
    cpu: list[float] = []
    for place in range(min(rounds, screens[2].count() - 1)):
        before = ours.cpu()
        steps = [screen.press(place) for screen in screens]
        cpu.append(ours.cpu() - before)
        new.append(steps)
        seen.append([screen.press(place) for screen in screens][2])
    for screen in screens:
        screen.page.close()
    empty, trivial, mine = (median(step.ms for step in steps) for steps in zip(*new, strict=True))
    last = [steps[2] for steps in new]
    found = Clicks(
        page,
        n,
        empty,
        trivial,
        mine,
        median(step.figure_ms for step in last),
        median(step.ms for step in seen),
        median(cpu),
        median(step.frames for step in last),
        median(step.sent for step in last),
        max(step.largest for step in (loaded[2], *last)),
    )
    print(f"{page} {n}: {found.new:.0f} ms, {found.ratio:.2f} x trivial", file=sys.stderr, flush=True)
    return found


def _warm(screen: Screen) -> None:
    """Press the last filter and take it off again, which no round presses."""
    last = screen.count() - 1
    screen.press(last)
    screen.press(last)
