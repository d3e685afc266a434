"""Endpoints from wherever a workbook gives them: its Endpoints sheet, pairs of columns in Patients, or dates.

`problem` says why a row cannot be used ("" where it can); such a patient stays in every denominator.
"""

import datetime as dt
import math
from collections.abc import Hashable, Sequence
from typing import Any, Final

import pandas as pd

from lib.cohort.finding import Finding
from lib.cohort.schema import Kind
from lib.cohort.study_day import InfusionDates, days_between
from lib.intake.cells.coding import coder, is_missing, text
from lib.intake.files.grid import Cell
from lib.intake.sheets.role import TIME_PARTS, endpoint_parts, is_whole_endpoint, normalised

COLUMNS: Final = (
    "source_row",
    "sheet",
    "column",  # where the time stands, for findings
    "patient_id",
    "infusion",
    "endpoint",
    "entry",
    "time",
    "unit",
    "event",
    "cause",
    "censoring_reason",
    "problem",
    "mend",
)


def endpoints_from_sheet(frame: pd.DataFrame, sheet: str, dates: InfusionDates, unit: str) -> pd.DataFrame:
    """The rows of the Endpoints sheet; times given as dates are computed in days from their start or the infusion."""
    rows = []
    for row in frame.to_dict("records"):
        infusion = 1 if math.isnan(row["infusion"]) else int(row["infusion"])
        found = {name: row[name] for name in ("entry", "event", "cause", "censoring_reason")}
        found |= {"infusion": float(infusion), "column": "time"}
        time, of_unit = row["time"], row["unit"] or unit
        start = row["start_date"] or dates.get((row["patient_id"], infusion))
        if math.isnan(time) and row["end_date"] is not None:
            found["column"] = "end_date"
            if start is None:
                found["problem"] = "end date without a start date or infusion date"
                found["mend"] = "Add start_date, or the date of the infusion to Patients or Infusions."
            else:
                time, of_unit = float(days_between(start, row["end_date"])), "days"
        rows.append(_row(row, sheet, normalised(row["endpoint"] or ""), time, of_unit) | found)
    return _frame(rows)


def endpoints_from_columns(
    patients: pd.DataFrame, extras: Sequence[str], sheet: str, letters: dict[str, str]
) -> tuple[pd.DataFrame, list[Finding]]:
    """`os_months` beside `os_event` in Patients, and so on for any name; half of such a pair is a column like any other."""
    rows, findings = [], []
    for endpoint, parts in endpoint_parts(extras).items():
        if not is_whole_endpoint(parts):
            findings.append(_half(endpoint, sheet, letters[next(iter(parts.values()))]))
            continue
        unit = next(part for part in TIME_PARTS if part in parts)
        for row in patients.to_dict("records"):
            time, event = row[parts[unit]], row[parts["event"]]
            if is_missing(time) and is_missing(event):
                continue
            place = letters[parts[unit]]
            coded_time, time_findings = _read("number", time, sheet, row["source_row"], place)
            coded_event, event_findings = _read("event", event, sheet, row["source_row"], letters[parts["event"]])
            findings += time_findings + event_findings
            found = {"event": coded_event, "column": place}
            rows.append(_row(row, sheet, endpoint, coded_time, unit) | found)
    return _frame(rows), findings


def endpoints_from_dates(
    patients: pd.DataFrame, sheet: str, dates: InfusionDates, known: set[str], tells_progression: bool = True
) -> pd.DataFrame:
    """OS, PFS and TTP derived from the dates in Patients, where the workbook does not give them otherwise.

    OS ends at death; PFS at progression or death; TTP at progression, death without it being censored. Whoever has no
    event is censored at last contact. Where no column tells of progression, there is overall survival only.
    """
    rows = []
    for row in patients.to_dict("records"):
        infused = dates.get((row["patient_id"], 1))
        progressed, died, last = row["progression_date"], row["death_date"], row["last_contact_date"]
        if infused is None or not (progressed or died or last):
            continue
        followed = "death_date" if died else "last_contact_date" if last else "progression_date"
        first = "progression_date" if progressed else followed
        ends = {"pfs": (first, bool(progressed or died)), "ttp": (first, bool(progressed))}
        if died or last:
            ends = {"os": (followed, bool(died)), **ends}
        for endpoint, (end, happened) in ends.items():
            if endpoint not in known and (tells_progression or endpoint == "os"):
                found: dict[str, object] = {"event": float(happened), "column": end}
                if endpoint == "ttp" and died and not progressed:
                    found["censoring_reason"] = "death without progression"
                if endpoint == "os":
                    found |= _contradiction(progressed, died, last)
                rows.append(_row(row, sheet, endpoint, float(days_between(infused, row[end])), "days") | found)
    return _frame(rows)


def _contradiction(progressed: dt.date | None, died: dt.date | None, last: dt.date | None) -> dict[str, object]:
    """What makes a survival time of these dates unusable: whoever was seen later was alive then."""
    mend = "Correct one of the two dates."
    if died and last and last > died:
        return {"problem": "last contact after death", "mend": mend}
    if not died and last and progressed and progressed > last:
        return {"problem": "progression after last contact", "mend": mend}
    return {}


def combined(sources: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """All sources one under the other; an endpoint that a patient has in an earlier source is not taken from a later one."""
    together = (
        pd.concat([source for source in sources if len(source)], ignore_index=True)
        if any(map(len, sources))
        else _frame([])
    )
    source_of = [number for number, source in enumerate(sources) for _ in range(len(source))]
    together = together.assign(source=source_of)
    if together.empty:
        return together.drop(columns="source")
    first = together.groupby(["patient_id", "infusion", "endpoint"], dropna=False)["source"].transform("min")
    return together[together["source"] == first].drop(columns="source").reset_index(drop=True)


def _half(endpoint: str, sheet: str, letter: str) -> Finding:
    problem = "This column looks like half of an endpoint; it was read as a column like any other."
    mend = f"For an endpoint give both {endpoint}_months (or _weeks, _days) and {endpoint}_event."
    return Finding("warning", sheet, None, letter, "", problem, mend)


def _read(kind: Kind, cell: Cell, sheet: str, row: int, letter: str) -> tuple[object, list[Finding]]:
    if is_missing(cell):
        return math.nan, []
    coded = coder(kind)(cell)
    if coded.problem:
        return math.nan, [Finding("error", sheet, row, letter, text(cell), coded.problem, coded.mend, unread=True)]
    return coded.value, []


def _row(patient: dict[Hashable, Any], sheet: str, endpoint: str, time: object, unit: str) -> dict[str, object]:
    return {
        "source_row": patient["source_row"],
        "sheet": sheet,
        "patient_id": patient["patient_id"],
        "infusion": 1.0,
        "endpoint": endpoint,
        "entry": math.nan,
        "time": time,
        "unit": unit,
        "cause": None,
        "censoring_reason": None,
        "problem": "",
        "mend": "",
    }


def _frame(rows: list[dict[str, object]]) -> pd.DataFrame:
    numbers = ("source_row", "infusion", "entry", "time", "event")
    return pd.DataFrame(
        {
            name: pd.Series([row.get(name, math.nan) for row in rows], dtype="float64" if name in numbers else "object")
            for name in COLUMNS
        }
    )
