"""How long does the labs page take over 100,000 values of 2,000 patients, and how many bytes does each exhibit send to
the browser?

Run from the top folder: PYTHONPATH=.:data:tests python tests/benchmarks/labs_speed.py [rounds]. Six tests together and
one test alone; trend figure and grade table; targets: under 1 s of computing each, at most 300 kB an exhibit.
"""

import sys
import time
from collections.abc import Callable
from statistics import median

import numpy as np
import pandas as pd
from every_exhibit import exhibits
from golden.cohorts import arms, by, cohort
from test_large_cohorts import sent

from lib.cohort.ctcae import V5
from lib.cohort.model import Cohort
from lib.labs.course import lab_figure
from lib.labs.grades import grades_result, grades_table
from lib.labs.profile import labs
from lib.labs.recovery import recovery_figure
from lib.labs.recovery_times import recovery
from lib.labs.series import lab_series
from lib.publication.exhibit import Exhibit

PATIENTS, VALUES, KILOBYTES = 2000, 100_000, 300
TESTS = (
    ("ANC", "10^9/L", 1.8, 7.0, 3.0),
    ("PLT", "10^9/L", 125, 350, 180.0),
    ("Hb", "g/L", 120, 170, 110.0),
    ("ALT", "U/L", 7, 40, 35.0),
    ("bilirubin", "µmol/L", 3, 20, 12.0),
    ("ALC", "10^9/L", 1.1, 3.2, 1.2),
)


def many(tests: tuple[tuple[str, str, float, float, float], ...]) -> Cohort:
    """The cohort, its rows put beside a small one that went through the front door."""
    ids = [f"x{number:05d}" for number in range(PATIENTS)]
    first = [
        {"patient_id": "x00000", "day": 0, "test": test, "unit": unit, "value": value}
        for test, unit, *_, value in tests
    ]
    opened = cohort(arms(A=ids[::2], B=ids[1::2]), labs=first)
    draw, each = np.random.default_rng(1), VALUES // (PATIENTS * len(tests))
    patient = np.repeat(np.array(ids, dtype=object), each)
    tables = []
    for test, unit, low, high, usual in tests:
        day = np.tile(np.arange(-1, each - 1) * (180 // each), PATIENTS).astype(float)
        value = usual * np.exp(draw.normal(0, 0.8, len(day)))
        tables.append(
            pd.DataFrame(
                {
                    "patient_id": patient,
                    "infusion": 1.0,
                    "day": day,
                    "test": test,
                    "value": value,
                    "below": False,
                    "limit": np.nan,
                    "unit": unit,
                    "lower_limit": low,
                    "upper_limit": high,
                }
            )
        )
    rows = pd.concat(tables, ignore_index=True).reindex(columns=opened.labs.columns).astype(opened.labs.dtypes)
    return opened.with_tables(opened.patients, {**opened.tables, "labs": rows})


def measured(name: str, make: Callable[[], Exhibit], rounds: int) -> None:
    took = []
    for _ in range(rounds):
        start = time.perf_counter()
        exhibit = make()
        took.append(time.perf_counter() - start)
    print(f"  {name:32} {1000 * median(took):7.0f} ms   {sent(exhibit):7.1f} kB")


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    for tests in (TESTS, TESTS[:1]):
        opened = many(tests)
        grouping, first = by(opened), lab_series(opened)[0]
        print(f"{len(opened.labs):,} values, {opened.n:,} patients, {len(tests)} tests")
        measured(
            "trend figure",
            lambda opened=opened, first=first, grouping=grouping: lab_figure(labs(opened, first, grouping)),
            rounds,
        )
        measured(
            "table of grades",
            lambda opened=opened, grouping=grouping: grades_table(grades_result(opened, grouping, V5)),
            rounds,
        )
        measured(
            "recovery",
            lambda opened=opened, grouping=grouping: recovery_figure(
                recovery(opened, grouping, "neutrophils", 1.0), "anc"
            ),
            rounds,
        )
        worst = max((each for each in exhibits(opened, grouping, "months") if each.id.startswith("labs.")), key=sent)
        print(f"  largest exhibit: {worst.id}, {sent(worst):.1f} kB of {KILOBYTES}")


if __name__ == "__main__":
    main()
