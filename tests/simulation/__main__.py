"""How often tests err and intervals hold where groups do not differ: writes docs/simulation.md.

Run: PYTHONPATH=.:tests .venv/bin/python -m simulation [--data-sets 600] [--workers 2] [--out docs/simulation.md]
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from simulation.measure import outcomes
from simulation.report import report
from simulation.scenario import SCENARIOS, Scenario, draw
from simulation.tally import tallied

PAGE = Path(__file__).parents[2] / "docs" / "simulation.md"
AT_ONCE = 25


def one(scenario: Scenario, place: int):
    return outcomes(draw(scenario, place))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-sets", type=int, default=600)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, default=PAGE)
    asked = parser.parse_args()
    tallies = {}
    with ProcessPoolExecutor(asked.workers) as pool:
        for scenario in SCENARIOS:
            found = pool.map(partial(one, scenario), range(asked.data_sets), chunksize=AT_ONCE)
            tallies[scenario.size, scenario.censored] = tallied(found)
            print(f"{scenario.name}: {asked.data_sets:,} data sets", flush=True)
    asked.out.write_text(report(tallies, asked.data_sets), encoding="utf-8")
    print(f"written: {asked.out}")


if __name__ == "__main__":
    main()
