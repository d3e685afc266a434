"""How long do the numbers of a survival figure take, beside R's package survival on the same data and machine?

Run from the top folder: PYTHONPATH=. python tests/benchmarks/survival_speed.py [rounds]. Two groups: curves, medians
with limits, log-rank test and hazard ratio together, warm. Target: at 100,000 patients no slower than R (shown only
where Rscript is installed), with continuous times and with times rounded up to whole months (ties).
"""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np

from lib.stats.cox import hazard_ratios
from lib.stats.kaplan_meier import kaplan_meier, quantile
from lib.stats.log_rank import logrank

MANY, FEW = 100_000, 16
NAMES = ("a", "b")
R = """
suppressMessages(library(survival)); d <- read.csv("%s")
s <- function(f) { f(); median(sapply(1:%d, function(i) { t <- proc.time()[3]; f(); proc.time()[3] - t })) * 1000 / %d }
k <- %d
cat(s(function() for (i in 1:k) print_of <-
      summary(survfit(Surv(time, event) ~ group, d, conf.type = "log-log"))$table),
    s(function() for (i in 1:k) survdiff(Surv(time, event) ~ group, d)),
    s(function() for (i in 1:k) coxph(Surv(time, event) ~ group, d)))
"""
STEPS = ("curves and medians", "log-rank", "Cox")


def drawn(n: int, whole: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    draw = np.random.default_rng(1)
    group = draw.integers(0, 2, n)
    died, left = draw.exponential(np.where(group == 1, 26.0, 20.0)), draw.uniform(0, 60, n)
    observed = np.minimum(died, left)
    return (
        np.ceil(observed) if whole else observed,
        (died <= left).astype(float),
        np.array(NAMES, dtype=object)[group],
    )


def milliseconds(step: Callable[[], object], rounds: int) -> float:
    step()
    found = []
    for _ in range(rounds):
        start = time.perf_counter()
        step()
        found.append(time.perf_counter() - start)
    return 1000 * median(found)


def ours(times: np.ndarray, event: np.ndarray, group: np.ndarray, rounds: int) -> list[float]:
    def curves() -> None:
        for name in NAMES:
            mine = group == name
            quantile(kaplan_meier(times[mine], event[mine]))

    steps = (curves, lambda: logrank(times, event, group), lambda: hazard_ratios(times, event, group, NAMES, "a"))
    return [milliseconds(step, rounds) for step in steps]


def theirs(times: np.ndarray, event: np.ndarray, group: np.ndarray, rounds: int) -> list[float] | None:
    """R's, for the same three; each repeated within a round where it is too short for R's clock."""
    if not shutil.which("Rscript"):
        return None
    repeats = 1 if len(times) > 1000 else 100
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        rows = (f"{t!r},{e:.0f},{g}" for t, e, g in zip(times.tolist(), event.tolist(), group, strict=True))
        path.write_text("\n".join(["time,event,group", *rows]), encoding="utf-8")
        said = subprocess.run(
            ["Rscript", "-e", R % (path, rounds, repeats, repeats)], capture_output=True, text=True, check=True
        )
    return [float(number) for number in said.stdout.split()]


def printed(who: str, steps: list[float] | None) -> str:
    if steps is None:
        return f"  {who}: not installed"
    each = ", ".join(f"{step} {took:.1f}" for step, took in zip(STEPS, steps, strict=True))
    return f"  {who}: {sum(steps):.1f} ms ({each})"


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    for n in (MANY, FEW):
        for whole in (False, True):
            print(f"{n:,} patients, times {'in whole months (ties)' if whole else 'continuous'}")
            made = drawn(n, whole)
            print(printed("ours", ours(*made, rounds)))
            print(printed("R survival", theirs(*made, rounds)))


if __name__ == "__main__":
    main()
