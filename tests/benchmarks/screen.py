"""What a reader sees of a page, measured inside the browser: when the page changed last after a click, and what was
sent for it."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from playwright.sync_api import BrowserContext, Page, WebSocket, sync_playwright

CHROMIUM: Final = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
LONGEST: Final = 60_000  # ms for anything
WATCH: Final = """() => {
  const seen = window.benchmark = {changed: 0, figure: 0, ran: 0};
  const block = '[data-testid=stMainBlockContainer]', chart = '[data-testid=stVegaLiteChart]';
  const at = node => node.nodeType === 1 ? node : node.parentElement;
  new MutationObserver(changes => {
    const now = performance.now();
    for (const change of changes) {
      const where = at(change.target);
      if (where?.dataset?.testid === 'stApp' && change.attributeName === 'data-test-script-state') seen.ran = now;
      if (!where?.closest(block)) continue;
      seen.changed = now;
      const first = document.querySelector(`${block} ${chart}`);
      if (first && (first.contains(where) || where.contains(first) && where.closest(chart))) seen.figure = now;
    }
  }).observe(document, {childList: true, subtree: true, attributes: true, characterData: true});
}"""
QUIET: Final = """({after, quiet}) => {
  const {changed, ran} = window.benchmark, now = performance.now(), app = document.querySelector('[data-testid=stApp]');
  const settled = app?.dataset.testScriptState === 'notRunning' && !document.querySelector('[data-testid=stSkeleton]');
  return settled && changed > after && now - Math.max(changed, ran) > quiet;
}"""
PRESS: Final = """([selector, place]) => {
  const button = document.querySelectorAll(selector)[place];
  const before = performance.now();
  button.click();
  return before;
}"""
CHANGED: Final = "before => [window.benchmark.changed - before, window.benchmark.figure - before]"
QUIET_MS: Final = 400
PILLS: Final = ".stSidebar [class*=st-key-filter] [data-testid=stButtonGroup] button"


@dataclass(frozen=True)
class Step:
    """What followed a click: ms until the page changed last, and its first figure; frames and bytes that the server
    sent, and the largest."""

    ms: float
    figure_ms: float
    frames: int
    sent: int
    largest: int


@dataclass
class Screen:
    """One window of the browser, with what its web socket received."""

    page: Page
    received: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(LONGEST)
        self.page.add_init_script(f"({WATCH})()")
        self.page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: self.received.append(len(frame)))

    def load(self, address: str) -> Step:
        """Go there; counted from the beginning of the navigation."""
        self.received.clear()
        self.page.goto(address)
        self.page.wait_for_selector(PILLS, state="attached")
        return self._step(0.0)

    def press(self, place: int, selector: str = PILLS) -> Step:
        """Click on what stands at this place among those of the selector."""
        self.received.clear()
        self.page.bring_to_front()
        return self._step(self.page.evaluate(PRESS, [selector, place]))

    def _step(self, before: float) -> Step:
        self.page.wait_for_function(QUIET, arg={"after": before, "quiet": QUIET_MS}, polling=50)
        changed, figure = self.page.evaluate(CHANGED, before)
        return Step(changed, figure, len(self.received), sum(self.received), max(self.received, default=0))

    def count(self, selector: str = PILLS) -> int:
        return self.page.locator(selector).count()


@contextmanager
def browser() -> Iterator[BrowserContext]:
    """A Chromium with a profile of its own, which keeps compiled scripts from window to window."""
    if CHROMIUM is None:
        raise SystemExit("No Chromium was found: install Debian's chromium.")
    with sync_playwright() as driver, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        size: Any = {"width": 1400, "height": 900}
        started = driver.chromium.launch_persistent_context(
            profile, executable_path=CHROMIUM, args=list(FLAGS), viewport=size
        )
        yield started
        started.close()
