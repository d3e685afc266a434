"""How long reading takes, all checks included, beside pandas on the same file: the table of docs/performance.md.

Run from the top folder: PYTHONPATH=.:data:tests python -m benchmarks.reading [rounds]. Both are run in turn and their
medians compared; processor seconds of this process and of the limited one count, so that other programs on the machine
change little.
"""

import csv
import datetime as dt
import gc
import random
import resource
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Final

import pandas as pd
from benchmarks.uploads import bare_read, synthetic_file
from openpyxl import Workbook

from lib.intake.draft import read_draft
from lib.intake.files.formats import read_grids, read_grids_of
from lib.intake.files.grid import SourceFile
from lib.intake.transport import Request, answer_bytes, prepare

ROWS, COLUMNS = 100_000, 20
PATIENTS: Final = 199_000
SMALL_ROUNDS: Final = 9  # of what takes tenths of a second
TESTS = ("CRP", "Ferritin", "LDH", "IL-6")
HEADINGS: Final = (
    "patient_id",
    "age",
    "sex",
    "arm",
    "ecog",
    "prior_lines",
    "disease_stage",
    "infusion_date",
    "os_months",
    "os_event",
    "pfs_months",
    "pfs_event",
    "best_response",
    "best_response_day",
    "crs_grade",
    "icans_grade",
    "site",
    "weight_kg",
    "ldh",
    "ferritin",
    "bmi",
    "b symptoms",
    "bridging",
    "dose",
    "remark code",
)
Rows = Iterator[Sequence[object]]


def laboratory_values() -> Rows:
    """100,000 rows of 20 mixed columns: texts, numbers, dates, blanks."""
    draw, start = random.Random(1), dt.datetime(2020, 1, 1)
    yield [f"column {number}" for number in range(COLUMNS)]
    for row in range(ROWS - 1):
        yield (
            [f"P{row // 20:05d}", draw.choice(TESTS), "mg/L" if row % 7 else None, draw.random() * 100, row]
            + [start + dt.timedelta(days=row % 1500), "yes" if row % 2 else "no"]
            + [draw.random() for _ in range(5)]
            + [draw.randrange(100) for _ in range(3)]
            + [start + dt.timedelta(days=row % 900), f"note {row % 1000}", "CR", None, row % 3 == 0]
        )


def honest_patients() -> Rows:
    """199,000 patients with 25 columns as registries have them."""
    draw, start = random.Random(3), dt.datetime(2018, 1, 1)
    yield HEADINGS
    for number in range(PATIENTS):
        os = round(draw.expovariate(1 / 20) + 0.1, 1)
        pfs = round(min(os, draw.expovariate(1 / 10) + 0.1), 1)
        yield (
            [  # noqa: RUF005
                f"P{number:06d}",
                draw.randint(30, 85),
                draw.choice("MF"),
                draw.choice("AB"),
                draw.randint(0, 2),
                draw.randint(1, 6),
            ]
            + [
                draw.choice(("I", "II", "III")),
                start + dt.timedelta(days=draw.randint(0, 1500)),
                os,
                draw.randint(0, 1),
                pfs,
            ]
            + [
                1 if pfs < os else draw.randint(0, 1),
                draw.choice(("CR", "VGPR", "PR", "SD", "PD", "NE")),
                draw.randint(20, 120),
            ]
            + [
                draw.randint(0, 4),
                draw.randint(0, 3) if draw.random() < 0.95 else None,
                draw.choice(("Berlin", "Boston", "Basel")),
            ]
            + [
                round(draw.gauss(75, 12), 1),
                draw.randint(100, 900),
                round(draw.lognormvariate(6, 1), 1) if draw.random() < 0.9 else None,
            ]
            + [
                round(draw.gauss(25, 4), 1),
                draw.choice(("yes", "no")),
                draw.choice(("yes", "no")),
                draw.choice((150, 300, 450)),
            ]
            + [draw.choice(("a1", "b2", "c3", "d4"))]
        )


def write(path: Path, sheet_name: str, rows: Rows) -> None:
    """The rows as a workbook, and beside it as csv."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(sheet_name)
    with path.with_suffix(".csv").open("w", newline="", encoding="utf-8") as text:
        table = csv.writer(text)
        for row in rows:
            sheet.append(row)
            table.writerow([cell.date().isoformat() if isinstance(cell, dt.datetime) else cell for cell in row])
    workbook.save(path)


def several_sheets(path: Path) -> None:
    """60 patients on 10 sheets."""
    draw = random.Random(2)
    with pd.ExcelWriter(path) as writer:
        ids = [f"P{number:02d}" for number in range(60)]
        first = pd.DataFrame(
            {
                "patient_id": ids,
                "age": [draw.randint(30, 85) for _ in ids],
                "os_months": [draw.randint(1, 60) for _ in ids],
                "os_event": [draw.randint(0, 1) for _ in ids],
            }
        )
        first.to_excel(writer, sheet_name="Patients", index=False)
        for number in range(9):
            rows = [
                {"patient_id": each, "day": day, "test": f"Test {number}", "value": draw.random() * 100, "unit": "mg/L"}
                for each in ids
                for day in range(0, 140, 7)
            ]
            pd.DataFrame(rows).to_excel(writer, sheet_name=f"Labs {number + 1}", index=False)


def seconds(read: Callable[[], object]) -> float:
    """Processor seconds of this process and of those that it started and that have ended."""
    before = _used()
    read()
    gc.collect()  # ends a process that nobody holds any more
    return _used() - before


def _used() -> float:
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def line(what: str, pair: tuple[Callable[[], object], Callable[[], object]], bound: float, rounds: int) -> str:
    """One row of the table: the floor, ours, their ratio and the bound."""
    times = [(seconds(pair[0]), seconds(pair[1])) for _ in range(rounds)]
    floor, ours = (median(each) for each in zip(*times, strict=True))
    return f"| {what} | {floor:.2f} | {ours:.2f} | {median(mine / other for other, mine in times):.2f} | {bound:g} |"


def lines(folder: Path, rounds: int) -> Iterator[str]:
    labs, patients, sheets = folder / "labs.xlsx", folder / "Patients.xlsx", folder / "sheets.xlsx"
    write(labs, "Labs", laboratory_values())
    write(patients, "Patients", honest_patients())
    several_sheets(sheets)
    content = labs.read_bytes()
    yield line(
        "100,000 x 20: the sheet read and checked", (_pandas(labs), lambda: read_grids(content, labs.name)), 1.5, rounds
    )
    yield line(
        "the same where the system limits memory, as in the program on Linux",
        (_pandas(labs), lambda: read_grids(content, labs.name, True)),
        1.5,
        rounds,
    )
    for path in (patients, patients.with_suffix(".csv")):
        opened = path.read_bytes()
        what = f"199,000 patients x 25 ({path.suffix[1:]}): opened in the limited process, all sheets shown"
        yield line(
            what,
            (_pandas(patients), lambda name=path.name, of=opened: read_draft([SourceFile(name, of)]).opened),
            2.5,
            rounds,
        )  # type: ignore[misc]
    synthetic = synthetic_file(10_000)
    upload = [SourceFile(synthetic.name, synthetic.read_bytes())]
    pair = (lambda: bare_read(synthetic), lambda: read_draft(upload).opened)
    yield line("10,000 patients, 8 sheets: opened in the limited process, beside calamine alone", pair, 2, rounds)
    yield from _summary(sheets, max(rounds, SMALL_ROUNDS))


def _summary(sheets: Path, rounds: int) -> Iterator[str]:
    """The first summary of a small workbook, and every later one, as the limited process makes them."""
    files = (SourceFile(sheets.name, sheets.read_bytes()),)
    grids, request = read_grids_of(files), Request("draft", sheets.name, "", None)
    prepare()

    def whole() -> bytes:
        return answer_bytes(read_grids_of(files), request, lambda _: None)

    def again() -> bytes:
        return answer_bytes(grids, request, lambda _: None)

    yield line("10 sheets, 60 patients: the summary", (_pandas(sheets), whole), 1.5, rounds)
    yield line("the same, beside the guard and the parser", (lambda: read_grids_of(files), whole), 1.5, rounds)
    yield line("the same, each further answer", (_pandas(sheets), again), 1.5, rounds)


def _pandas(path: Path) -> Callable[[], object]:
    return lambda: pd.read_excel(path, engine="calamine", sheet_name=None)


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    print("| what is read | pandas with calamine, s | this program, s | ratio | bound |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for each in lines(Path(folder), rounds):
            print(each, flush=True)


if __name__ == "__main__":
    main()
