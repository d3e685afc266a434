"""Workbooks of assays for tests: the synthetic one, and small ones written by hand."""

from functools import cache
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook

from lib.assay.series import AssaySeries, assay_series
from lib.cohort.model import Cohort
from lib.intake.draft import read_workbook

KILLING = Path(__file__).parents[2] / "data" / "killing_assay.xlsx"
HEADER = ("experiment", "measure", "condition", "concentration", "time", "replicate", "value")


@cache
def killing_assay() -> Cohort:
    return read_workbook(KILLING.read_bytes(), KILLING.name)


@cache
def series() -> dict[str, AssaySeries]:
    return {each.slug: each for each in assay_series(killing_assay())}


def content(*rows, header=HEADER) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = "Assays"
    for row in (header, *rows):
        sheet.append(list(row))
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def cohort_of(*rows, header=HEADER) -> Cohort:
    return read_workbook(content(*rows, header=header), "assays.xlsx")


def series_of(*rows, header=HEADER) -> AssaySeries:
    (only,) = assay_series(cohort_of(*rows, header=header))
    return only


def doses(values: dict, measure="lysis", condition="drug", time=None):
    """One row a well: {dose: (values)}."""
    return [
        ("killing", measure, condition, dose, time, number, value)
        for dose, wells in values.items()
        for number, value in enumerate(wells, start=1)
    ]
