"""Cohorts for tests, all of them read through the front door from workbooks made in memory."""

import io
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from make_cohort import synthetic_cohort
from workbook import Rows, write_workbook

from lib.cohort.grouping import Grouping, parse_grouping
from lib.cohort.model import Cohort
from lib.cohort.selection import Clause, Selection, select
from lib.cohort.view import parse_where
from lib.derived.course_answer import selected as selected_by
from lib.intake.draft import read_workbook

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "data" / "pomalidomide_cohort.xlsx"
STUDY = (
    ("synthetic", None, "yes"),
    ("time_unit", None, "months"),
    ("group_by", None, "arm"),
    ("known_at", "arm", "before"),
)
MADE: dict[str, Cohort] = {}  # by what its workbook says; a cohort is never changed


@cache
def example() -> Cohort:
    """The pomalidomide cohort as it is opened."""
    return read_workbook(EXAMPLE.read_bytes(), EXAMPLE.name)


@cache
def synthetic(n: int = 60, seed: int = 1) -> Cohort:
    """A made cohort whose patients are called ZQX-0001 ..., so that an id is recognised wherever it stands."""
    return read_workbook(synthetic_workbook(n, seed), "synthetic.xlsx")


@cache
def synthetic_workbook(n: int, seed: int) -> bytes:
    return as_workbook(with_ids(synthetic_cohort(n, seed), "SYN", "ZQX"))


def with_ids(tables: Mapping[str, Rows], old: str, new: str) -> dict[str, Rows]:
    """The tables with other patient ids."""
    return {
        name: [
            {key: str(value).replace(old, new, 1) if key == "patient_id" else value for key, value in row.items()}
            for row in rows
        ]
        for name, rows in tables.items()
    }


def as_workbook(tables: Mapping[str, Rows]) -> bytes:
    content = io.BytesIO()
    write_workbook(content, tables)  # type: ignore[arg-type]  # openpyxl also writes into memory
    return content.getvalue()


def cohort(
    patients: Sequence[Mapping[str, object]], study: Sequence[tuple[str, str | None, object]] = STUDY, **tables: Rows
) -> Cohort:
    """A cohort of these rows, read once; the arm is known before infusion unless `study` says otherwise."""
    settings = [{"setting": setting, "column": column, "value": value} for setting, column, value in study]
    rows = {"study": settings, "patients": list(patients), **tables}
    key = repr(rows)
    if key not in MADE:
        MADE[key] = read_workbook(as_workbook(rows), "made.xlsx")
    return MADE[key]


def arms(**groups: Sequence[str]) -> list[dict[str, object]]:
    """Rows of Patients: arms(A=["a1", "a2"], B=["b1"])."""
    return [{"patient_id": patient, "arm": arm} for arm, patients in groups.items() for patient in patients]


def follow_up(endpoint: str, **times: tuple[float, int]) -> list[dict[str, object]]:
    """Rows of Endpoints: follow_up("os", a1=(3.0, 1))."""
    return [
        {"patient_id": patient, "endpoint": endpoint, "time": time, "event": event}
        for patient, (time, event) in times.items()
    ]


def selected(cohort: Cohort, *where: str, infusion: int = 1, include_excluded: bool = False) -> Cohort:
    """The cohort after these filters; without any, its analysis set."""
    selection = Selection(infusion=infusion, include_excluded=include_excluded)
    for text in where:
        clause = parse_where(text, cohort)
        assert not isinstance(clause, str), clause
        selection = selection.with_clause(clause)
    return selected_by(cohort, selection)


def by(cohort: Cohort, written: str = "arm") -> Grouping:
    """The grouping by a column; "-" for none."""
    grouping = parse_grouping(written, cohort)
    assert isinstance(grouping, Grouping), grouping
    return grouping


def nobody(cohort: Cohort) -> Cohort:
    """The cohort of which a filter leaves no patient."""
    return select(cohort, Selection((Clause("arm", ()),)))
