"""How long a large workbook takes to open, beside calamine's bare read of the same file."""

import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import gettempdir
from typing import Final

from benchmarks.screen import Screen
from benchmarks.server import ROOT, Server
from playwright.sync_api import BrowserContext
from python_calamine import CalamineWorkbook
from workbooks import synthetic_bytes

INPUT: Final = "[data-testid=stFileUploader] input[type=file]"
OPEN: Final = (
    "n => [...document.querySelectorAll('.st-key-count h4')].some(each => each.innerText.includes(`${n} of ${n}"
    " patients`))"
)


@dataclass(frozen=True)
class Upload:
    """Medians: seconds by the clock and of the processor of both."""

    patients: int
    megabytes: float
    bare: float
    bare_cpu: float
    ours: float
    ours_cpu: float

    @property
    def ratio(self) -> float:
        return self.ours / self.bare

    @property
    def ratio_cpu(self) -> float:
        return self.ours_cpu / self.bare_cpu


def uploaded(context: BrowserContext, port: int, patients: int, rounds: int) -> Upload:
    """From the choice of the file to the patients' number in the sidebar; the program has read another file before."""
    path = synthetic_file(patients)
    server = Server(ROOT / "app.py", port).wait()
    try:
        pairs = [(bare_read(path), _opened(context, server, path, patients)) for _ in range(rounds)]
    finally:
        server.end()
    floor, ours = zip(*pairs, strict=True)
    medians = [median(each[part] for each in side) for side in (floor, ours) for part in (0, 1)]
    return Upload(patients, path.stat().st_size / 1e6, *medians)


def synthetic_file(patients: int) -> Path:
    """A workbook of so many patients, made where there is none yet."""
    path = Path(gettempdir()) / f"cart-benchmark-{patients}.xlsx"
    if not path.exists():
        path.write_bytes(synthetic_bytes(patients, 1))
    return path


def bare_read(path: Path) -> tuple[float, float]:
    """Every cell of every sheet as a Python value, nothing else."""
    begun, used = time.monotonic(), time.process_time()
    workbook = CalamineWorkbook.from_path(str(path))
    for name in workbook.sheet_names:
        workbook.get_sheet_by_name(name).to_python()
    return time.monotonic() - begun, time.process_time() - used


def _opened(context: BrowserContext, server: Server, path: Path, patients: int) -> tuple[float, float]:
    screen = Screen(context.new_page())
    screen.load(server.address)
    begun, used = time.monotonic(), server.cpu()
    screen.page.locator(INPUT).first.set_input_files(str(path))
    screen.page.wait_for_function(OPEN, arg=f"{patients:,}", timeout=300_000)
    took = time.monotonic() - begun, server.cpu() - used
    screen.page.close()
    return took
