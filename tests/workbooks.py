"""Small workbooks in memory, row by row, and the cohort that is read of them through the front door."""

import csv
import io
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from golden.cohorts import example as example  # noqa: PLC0414  others know it from here
from make_cohort import synthetic_cohort
from openpyxl import Workbook
from workbook import write_workbook

from lib.cohort.finding import Finding
from lib.cohort.model import Cohort
from lib.intake.draft import read_files, read_workbook
from lib.intake.files.grid import SourceFile

DATA = Path(__file__).parents[1] / "data"
Row = Sequence[object]
Sheets = Mapping[str, Sequence[Row]]

FOUR: Sequence[Row] = (
    ("patient_id", "arm", "emd", "age_years"),
    ("P1", "A", "yes", 50),
    ("P2", "A", "no", 60),
    ("P3", "B", None, 70),
    ("P4", "B", "yes", None),
)
PATIENTS = ("P1", "P2", "P3", "P4")
KINETICS = ["patient_id", "day", "value", "unit", "lloq"]
EVENTS = ["patient_id", "term", "grade", "start_day", "stop_day"]
ENDPOINTS = ["patient_id", "endpoint", "time", "unit", "event"]
GOOD: dict[str, list[list[object]]] = {
    "Patients": [[*FOUR[0], "infusion_date", "analysis_set"], *([*row, "2023-01-01", "included"] for row in FOUR[1:])],
    "Adverse events": [EVENTS, ["P1", "CRS", 2, 1, 5], ["P2", "CRS", 1, 2, 6]],
    "Responses": [["patient_id", "day", "response", "infusion"], ["P1", 28, "CR", 1], ["P2", 28, "PR", 1]],
    "Kinetics": [KINETICS, ["P1", 7, 5000, "copies", 50], ["P2", 7, 6000, "copies", 50]],
    "Therapies": [["patient_id", "kind", "ongoing"], ["P1", "maintenance", "yes"], ["P2", "bridging", "no"]],
}


def xlsx(sheets: Sheets, hidden: Sequence[str] = (), down: int = 0, right: int = 0) -> bytes:
    """A workbook of these sheets; the tables begin `down` rows and `right` columns away from A1."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row_number, row in enumerate(rows, start=1 + down):
            for column_number, value in enumerate(row, start=1 + right):
                if value is not None:
                    sheet.cell(row_number, column_number, value)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def text_table(rows: Sequence[Row], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """A csv or tsv file."""
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows(rows)
    return written.getvalue().encode(encoding)


def read(sheets: Sheets, hidden: Sequence[str] = (), down: int = 0, right: int = 0) -> Cohort:
    """The cohort of a workbook with these sheets."""
    return read_workbook(xlsx(sheets, hidden, down, right), "test.xlsx")


def read_with(**sheets: Sequence[Row]) -> Cohort:
    """The cohort of four patients and these sheets; adverse_events is the sheet "Adverse events"."""
    return read({"Patients": FOUR} | {name.replace("_", " ").capitalize(): rows for name, rows in sheets.items()})


def read_texts(files: Mapping[str, bytes]) -> Cohort:
    """The cohort of several files."""
    return read_files([SourceFile(name, content) for name, content in files.items()])


@cache
def synthetic(n: int, seed: int = 1) -> Cohort:
    """A made cohort of n patients, a few with two infusions."""
    return read_workbook(synthetic_bytes(n, seed), "synthetic.xlsx")


def synthetic_bytes(n: int, seed: int) -> bytes:
    content = io.BytesIO()
    write_workbook(content, synthetic_cohort(n, seed))  # type: ignore[arg-type]  # openpyxl also writes into memory
    return content.getvalue()


def of(cohort: Cohort, severity: str) -> list[Finding]:
    """The findings of one severity."""
    return [finding for finding in cohort.findings if finding.severity == severity]


def only(cohort: Cohort) -> Finding:
    """The one finding that there is."""
    assert len(cohort.findings) == 1, [finding.sentence() for finding in cohort.findings]
    return cohort.findings[0]


def ids(cohort: Cohort) -> list[str]:
    """The patients that were kept, in order."""
    return list(cohort.patients["patient_id"])
