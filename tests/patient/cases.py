"""The two workbooks of the lenalidomide case, read through the front door, and small cohorts of one patient made of
rows."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

import pandas as pd
from cohort.checked import rows
from golden.cohorts import ROOT, arms, cohort

from lib.cohort.analysis import Analysis
from lib.cohort.model import Cohort
from lib.cohort.view import first_view
from lib.intake.cells.units import with_limits
from lib.intake.draft import read_workbook
from lib.patient.course import Course, course
from lib.patient.panel_results import PanelsOptions
from lib.publication.options import settled

PATIENT = "LEN-01"
NAMES = ("lenalidomide_case", "lenalidomide_case_synthetic")
Row = Mapping[str, object]


@cache
def case(name: str = NAMES[1]) -> Cohort:
    path = ROOT / "data" / f"{name}.xlsx"
    return read_workbook(path.read_bytes(), path.name)


@cache
def case_course(name: str = NAMES[1], origin: int | None = None) -> Course:
    return course(case(name), PATIENT, origin)


def panels_options(opened: Cohort | None = None, patient: str = PATIENT, **chosen: object) -> PanelsOptions:
    """The options of the panels as they are usual for the patient, with these values."""
    opened = opened or case()
    return settled(PanelsOptions, Analysis(opened, opened, first_view(opened).grouping, "months"), patient, chosen)


@cache
def _alone() -> Cohort:
    return cohort(arms(A=["a1"]))


def one(**given: Sequence[Row]) -> Cohort:
    """A cohort of one patient, "a1", with rows of these tables; values may be written as "<50" or "BLQ"."""
    made = {name: _table(name, listed) for name, listed in given.items()}
    labs = [(str(row.get("test")), str(row.get("unit") or "")) for row in given.get("labs", ())]
    series = [
        (str(row.get("specimen")), str(row.get("assay")), str(row.get("unit") or ""))
        for row in given.get("kinetics", ())
    ]
    vocabulary = {
        "lab": tuple(dict.fromkeys("\t".join(words) for words in labs)),
        "series": tuple(dict.fromkeys("\t".join(words) for words in series)),
    }
    return replace(_alone(), tables={**_alone().tables, **made}, vocabulary=vocabulary)


def _table(name: str, listed: Sequence[Row]) -> pd.DataFrame:
    extras = {key for row in listed for key in row} & {"origin"}
    frame = rows(name, *({"patient_id": "a1", **_measured(row)} for row in listed))
    frame = frame.assign(**{key: [row.get(key) for row in listed] for key in extras})
    frame = with_limits(frame, name)[0] if "below" in frame.columns else frame
    return frame.assign(problem="") if name == "endpoints" else frame


def _measured(row: Row) -> Row:
    value = row.get("value")
    if not isinstance(value, str):
        return row
    return {**row, "value": float("nan"), "below": True, "limit": float(value[1:]) if value[0] == "<" else float("nan")}
