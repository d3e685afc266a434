"""Every bound on how fast the program answers, measured in one run beside two floors: `make bench`, with ARGS="--quick"
the shortest.

Writes docs/performance.md, less what other measurements write there (its part on reading). The floors are an empty app
(one filter, one text) and a trivial one (one filter, one bar chart); all are pressed in turn, so that the machine is
equally busy for each.
"""

import argparse
import platform
import subprocess
import sys
from collections.abc import Iterator, Sequence

from benchmarks import clicks, starts, uploads
from benchmarks.cohorts import EXAMPLE
from benchmarks.report import click_tables, profile_part, start_table, switch_table, upload_table, write
from benchmarks.screen import browser

SIZES, LARGEST = (EXAMPLE, 1_000, 10_000), 100_000
PARTS = ("clicks", "start", "switch", "upload")


def asked(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """What is to be measured."""
    parser = argparse.ArgumentParser(
        prog="make bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="16 and 1,000 patients, one round of each")
    parser.add_argument("--largest", action="store_true", help="100,000 patients with 1,000,000 laboratory values, too")
    parser.add_argument("--sizes", type=int, nargs="+", help="cohorts of so many patients only")
    parser.add_argument("--pages", nargs="+", choices=clicks.PAGES, default=clicks.PAGES)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="parts of the measurement")
    parser.add_argument("--rounds", type=int, default=0, help="how often each is measured (5; with --quick 1)")
    parser.add_argument("--port", type=int, default=8700, help="this one and the next two are used")
    parser.add_argument("--print", action="store_true", help="do not write docs/performance.md")
    options = parser.parse_args(arguments)
    options.rounds = options.rounds or (1 if options.quick else 5)
    options.sizes = options.sizes or (SIZES[:2] if options.quick else SIZES) + (LARGEST,) * options.largest
    return options


def parts(options: argparse.Namespace) -> Iterator[str]:
    """The tables, each as soon as it is measured."""
    rounds, few, port = options.rounds, min(options.rounds, 3), options.port
    patients = 1_000 if options.quick else 10_000

    def measure(part: str) -> str:
        with browser() as context:
            if part == "clicks":
                return _clicks(list(clicks.measured(context, port, options.sizes, options.pages, rounds)))
            if part == "start":
                return start_table(*starts.started(context, port, few))
            if part == "switch":
                return switch_table(*starts.switched(context, port, few))
            return upload_table(uploads.uploaded(context, port, patients, few))

    yield from map(measure, options.only)


def _clicks(found: Sequence[clicks.Clicks]) -> str:
    """The tables, and what the slowest of the clicks spends its time on."""
    slowest = max(found, key=lambda each: each.new)
    arguments = [sys.executable, "-m", "benchmarks.profile", slowest.page, str(slowest.patients), "12"]
    profile = subprocess.run(arguments, capture_output=True, text=True, check=True).stdout
    return f"{click_tables(found)}\n\n{profile_part(slowest, profile)}"


def main() -> None:
    options, tables = asked(), []
    for table in parts(options):
        print(table, end="\n\n", flush=True)
        tables.append(table)
    if not options.print:
        write(tables, f"{platform.system()}, Python {platform.python_version()}, rounds: {options.rounds}")


if __name__ == "__main__":
    main()
