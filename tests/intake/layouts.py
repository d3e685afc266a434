"""One invented cohort of sixteen patients in the layouts that centres use, and what R says of its survival.

layouts.R makes the numbers of R from the same sixteen patients.
"""

import io
from collections.abc import Mapping, Sequence

from openpyxl import Workbook
from openpyxl.styles import PatternFill

from lib.cohort.model import Cohort
from lib.intake.draft import Draft, read_draft
from lib.intake.files.grid import SourceFile
from lib.stats.kaplan_meier import kaplan_meier, quantile

# id, age, sex, arm, months of overall survival, dead
COHORT = (
    ("P01", 51, "F", "A", 2.5, 1),
    ("P02", 63, "M", "A", 9.0, 0),
    ("P03", 58, "F", "A", 5.0, 1),
    ("P04", 70, "M", "A", 21.5, 0),
    ("P05", 44, "F", "A", 8.5, 1),
    ("P06", 66, "M", "A", 12.0, 1),
    ("P07", 59, "F", "A", 18.0, 0),
    ("P08", 61, "M", "A", 9.5, 1),
    ("P09", 48, "F", "B", 4.0, 1),
    ("P10", 72, "M", "B", 24.0, 0),
    ("P11", 55, "F", "B", 11.0, 1),
    ("P12", 67, "M", "B", 26.5, 0),
    ("P13", 50, "F", "B", 16.5, 1),
    ("P14", 64, "M", "B", 19.0, 0),
    ("P15", 57, "F", "B", 22.0, 1),
    ("P16", 69, "M", "B", 30.0, 0),
)
HEADER = ("Patient ID", "Age", "Sex", "OS (months)", "Dead")
FLAT = tuple((*row[:3], *row[4:]) for row in COHORT)
# survfit(Surv(months, dead) ~ 1) and ~ arm in R 4.2.2, survival 3.5: n, events, median in months
R_ALL = (16, 9, 16.5)
R_ARMS = {"A": (8, 5, 9.5), "B": (8, 4, 22.0)}
R_DAYS = (16, 9, 502.21875)  # 16.5 months of 30.4375 days

Fills = Mapping[str, str]


def book(
    sheets: Mapping[str, Sequence[Sequence[object]]],
    merged: Mapping[str, Sequence[str]] = {},
    fills: Mapping[str, Fills] = {},
) -> bytes:  # never changed
    """A workbook of these sheets, with merged areas and backgrounds by sheet."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row, cells in enumerate(rows, 1):
            for column, value in enumerate(cells, 1):
                if value is not None:
                    sheet.cell(row, column, value)
        for area in merged.get(name, ()):
            sheet.merge_cells(area)
        for cell, colour in fills.get(name, {}).items():
            sheet[cell].fill = PatternFill("solid", fgColor=colour)
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def draft_of(content: bytes | str, name: str = "cohort.xlsx", *more: tuple[str, str]) -> Draft:
    """The draft of a file, and of further text files beside it."""
    files = [SourceFile(name, content.encode() if isinstance(content, str) else content)]
    return read_draft([*files, *(SourceFile(other, text.encode()) for other, text in more)])


def opened(draft: Draft) -> Cohort:
    cohort = draft.opened
    assert isinstance(cohort, Cohort), cohort
    return cohort


def curve(cohort: Cohort, endpoint: str = "os", patients: Sequence[str] | None = None) -> tuple[int, int, float]:
    """n, events and median of an endpoint, in the unit of the file."""
    rows = cohort.tables["endpoints"]
    rows = rows[(rows["endpoint"] == endpoint) & (rows["problem"].fillna("") == "") & rows["time"].notna()]
    rows = rows[rows["patient_id"].isin(patients)] if patients is not None else rows
    found = kaplan_meier(rows["time"].to_numpy(dtype=float), rows["event"].to_numpy(dtype=bool))
    return len(rows), int(rows["event"].sum()), round(quantile(found).value, 6)


def of_arm(cohort: Cohort, arm: str, column: str = "arm") -> list[str]:
    """The ids of the patients of this arm."""
    return list(cohort.patients.loc[cohort.patients[column] == arm, "patient_id"])
