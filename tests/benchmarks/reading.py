"""How long does reading a large workbook take, all checks included, beside pandas on the same file?

Run from the top folder: PYTHONPATH=. python tests/benchmarks/reading.py [rounds]. Target: at most 1.5 times pandas; at
most 3 times where every part must be scanned in full (no limit on the child's memory, or formulas and errors in it).
"""

import datetime as dt
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell.cell import WriteOnlyCell

from lib.intake.files.formats import read_grids
from lib.intake.files.guard import check_workbook
from lib.intake.files.spreadsheet import workbook_sheets
from lib.intake.infer.guess import suggest
from lib.intake.sheets.block import blocks_of

ROWS, COLUMNS = 100_000, 20
TESTS = ("CRP", "Ferritin", "LDH", "IL-6")


def write(path: Path, formulas: bool = False) -> None:
    """100,000 rows of 20 mixed columns: texts, numbers, dates, blanks; with formulas that were never calculated."""
    draw = random.Random(1)
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Labs")
    sheet.append([f"column {number}" for number in range(COLUMNS)])
    start = dt.datetime(2020, 1, 1)
    for row in range(ROWS - 1):
        sum_cell = WriteOnlyCell(sheet, f"=D{row + 2}+E{row + 2}") if formulas else draw.random()
        sheet.append(
            [f"P{row // 20:05d}", draw.choice(TESTS), "mg/L" if row % 7 else None, draw.random() * 100, row]
            + [start + dt.timedelta(days=row % 1500), "yes" if row % 2 else "no", sum_cell]
            + [draw.random() for _ in range(4)]
            + [draw.randrange(100) for _ in range(3)]
            + [start + dt.timedelta(days=row % 900), f"note {row % 1000}", "CR", None, row % 3 == 0]
        )
    workbook.save(path)


def seconds(read: Callable[[], object]) -> float:
    start = time.perf_counter()
    read()
    return time.perf_counter() - start


def compare(path: Path, rounds: int, what: str) -> None:
    """Print the median seconds of both, in turn, and the median of their ratios."""
    content = path.read_bytes()
    pairs = [
        (seconds(lambda: read_grids(content, path.name)), seconds(lambda: pd.read_excel(path, engine="calamine")))
        for _ in range(rounds)
    ]
    ours, theirs = (median(times) for times in zip(*pairs, strict=True))
    ratio = median(our / their for our, their in pairs)
    print(f"{what}: read_grids {ours:.2f} s, pandas.read_excel {theirs:.2f} s, ratio {ratio:.2f}")


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with tempfile.TemporaryDirectory() as folder:
        plain, formulas = Path(folder) / "plain.xlsx", Path(folder) / "formulas.xlsx"
        write(plain)
        write(formulas, formulas=True)
        compare(plain, rounds, "100,000 x 20, quick look")
        compare(formulas, rounds, "100,000 x 20, a column of formulas, full scan")
        content = plain.read_bytes()
        quick, full = seconds(lambda: check_workbook(content, True)), seconds(lambda: check_workbook(content, False))
        print(f"quick look {quick:.2f} s, full scan {full:.2f} s")
        print(
            f"check, parser and packing without a child of its own {seconds(lambda: workbook_sheets(content, True)):.2f} s"
        )
        grids = read_grids(content, plain.name)
        blocks = blocks_of(grids)
        print(
            f"the table found {seconds(lambda: blocks_of(grids)):.2f} s, its columns guessed {seconds(lambda: suggest(blocks)):.2f} s"
        )


if __name__ == "__main__":
    main()
