"""Small event tables in the schema's types, as the checks get them, and what they are reported about them."""

import datetime as dt
from collections.abc import Mapping, Sequence

import pandas as pd

from lib.cohort.check import check_across
from lib.cohort.check_endpoints import check_endpoints
from lib.cohort.finding import Finding
from lib.cohort.model import empty_table, stored_type
from lib.cohort.schema import EVENT_TABLES, TABLES, Table
from lib.intake.cells.units import with_limits

Row = Mapping[str, object]
DATES = {"day": "date", "start_day": "start_date", "stop_day": "stop_date"}


def schema(name: str) -> Table:
    return next(table for table in TABLES if table.name == name)


def rows(name: str, *given: Row) -> pd.DataFrame:
    """A table of the schema; rows are numbered from 2, patients are P1 unless they say otherwise."""
    table = schema(name)
    common = {"patient_id": "P1", "infusion": 1.0} if table.column("infusion") else {"patient_id": "P1"}
    frame = pd.DataFrame([{**common, **row} for row in given]).reindex(columns=list(empty_table(table).columns))
    frame = frame.astype({column.name: stored_type(column) for column in table.columns})
    frame = frame.assign(source_row=range(2, len(given) + 2))
    if "below" in frame.columns:
        frame = frame.assign(below=frame["below"].eq(True), limit=frame["limit"].astype(float))
    return frame


def endpoints(*given: Sequence[object], **common: object) -> pd.DataFrame:
    """Endpoints as they come to the checks: patient, endpoint, time in days, event, and then whatever `common`
    names."""
    columns = ["patient_id", "endpoint", "time", "event"]
    blank = {"sheet": "Endpoints", "column": "time", "infusion": 1.0, "entry": float("nan"), "unit": "days"}
    blank |= {"cause": None, "censoring_reason": None, "problem": "", "fix": "", **common}
    listed = [{**blank, **dict(zip(columns, row, strict=True))} for row in given]
    frame = pd.DataFrame(listed, columns=[*blank, *columns]).astype(
        dict.fromkeys(("time", "event", "entry", "infusion"), float)
    )
    words = [name for name in frame.columns if name not in ("time", "event", "entry", "infusion")]
    return frame.astype(dict.fromkeys(words, "object")).assign(
        source_row=[float(place) for place in range(2, len(given) + 2)]
    )


def findings_across(
    given: Mapping[str, Sequence[Row]],
    ends: pd.DataFrame | None = None,
    cutoff: dt.date | None = None,
    dates: Mapping[tuple[str, int], dt.date] | None = None,
    disease: str = "",
) -> list[Finding]:
    """All findings about these event tables and endpoints, without those of endpoints that are not used."""
    tables = {}
    for table in EVENT_TABLES:
        if table.name != "endpoints":
            frame = rows(table.name, *given.get(table.name, ()))
            frame = with_limits(frame, table.sheet)[0] if "below" in frame.columns else frame
            tables[table.name] = frame.drop(columns=[name for name in DATES.values() if name in frame.columns])
    checked, _ = check_endpoints(ends if ends is not None else endpoints(), cutoff, dates or {})
    sheets = {table.name: table.sheet for table in EVENT_TABLES}
    return check_across(tables, sheets, checked, cutoff, dates or {}, disease)


def reported(findings: Sequence[Finding]) -> list[tuple[str, int | None, str, str]]:
    """Severity, row, column and problem of each."""
    return [(finding.severity, finding.row, finding.column, finding.problem) for finding in findings]
