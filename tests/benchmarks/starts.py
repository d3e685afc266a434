"""How long from `streamlit run app.py` to the first figure, and from page to page, beside the trivial app in the same
run."""

import time
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.clicks import PAGES, WITHOUT
from benchmarks.cohorts import EXAMPLE
from benchmarks.screen import Screen
from benchmarks.server import APPS, ROOT, Server
from playwright.sync_api import BrowserContext

from pages.frame import page

FIGURE: Final = "[data-testid=stMainBlockContainer] [data-testid=stVegaLiteChart] :is(svg, canvas)"
LINKS: Final = ".st-key-menu [data-testid=stPageLink] a"
MENU: Final = [entry.stem for entries in page.MENU.values() for entry in entries]
APP: Final = ROOT / "app.py"
Pair = tuple[float, float]  # of the trivial app, of ours


def started(context: BrowserContext, port: int, rounds: int) -> tuple[Pair, Pair]:
    """Medians of the seconds to the first figure, and of the processor seconds until then; the first pair fills the
    browser's cache."""
    pairs = [[_first_figure(context, app, port) for app in (APPS / "trivial.py", APP)] for _ in range(rounds + 1)][1:]
    trivial, ours = zip(*pairs, strict=True)
    seconds, cpu = ((median(each[part] for each in trivial), median(each[part] for each in ours)) for part in (0, 1))
    return seconds, cpu


def _first_figure(context: BrowserContext, app: Path, port: int) -> tuple[float, float]:
    server = Server(app, port)
    window = context.new_page()
    try:
        window.goto(server.wait().address)
        window.wait_for_selector(FIGURE, timeout=120_000)
        return time.monotonic() - server.started, server.cpu()
    finally:
        window.close()
        server.end()


def switched(context: BrowserContext, port: int, rounds: int) -> tuple[float, dict[str, float]]:
    """ms until the trivial app has loaded, and until each page stands that the menu was asked for; the example is
    open."""
    trivial, ours = Server(APPS / "trivial.py", port + 1).wait(), Server(APP, port).wait()
    pages = [each for each in PAGES if each not in WITHOUT[EXAMPLE]]
    try:
        loads, found = [], {each: list[float]() for each in pages}
        for _ in range(rounds + 1):
            loads.append(_of_new(context, trivial))
            screen = Screen(context.new_page())
            screen.load(ours.address)
            for each in pages:
                found[each].append(screen.press(MENU.index(each), LINKS).ms)
            screen.page.close()
        return median(loads[1:]), {each: median(times[1:]) for each, times in found.items()}
    finally:
        trivial.end()
        ours.end()


def _of_new(context: BrowserContext, server: Server) -> float:
    screen = Screen(context.new_page())
    took = screen.load(server.address).ms
    screen.page.close()
    return took
