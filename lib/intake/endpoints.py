"""Endpoints from wherever a workbook gives them: its Endpoints sheet, pairs of columns in Patients, or dates.

`problem` says why a row cannot be used ("" where it can); such a patient stays in every denominator.
"""

import datetime as dt
import math
from collections.abc import Sequence
from typing import Final

import pandas as pd

from lib.cohort.finding import Finding
from lib.cohort.study_day import InfusionDates, days_between
from lib.intake.coding import code_event, code_number, is_missing, text
from lib.intake.role import PATIENT_ENDPOINT, normalised

COLUMNS: Final = (
    "source_row",
    "sheet",
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
)


def endpoints_from_sheet(frame: pd.DataFrame, sheet: str, dates: InfusionDates, unit: str) -> pd.DataFrame:
    """The rows of the Endpoints sheet; times given as dates are computed in days from their start or the infusion."""
    rows = []
    for row in frame.to_dict("records"):
        infusion = 1 if math.isnan(row["infusion"]) else int(row["infusion"])
        time, of_unit, problem = row["time"], row["unit"] or unit, ""
        start = row["start_date"] or dates.get((row["patient_id"], infusion))
        if math.isnan(time) and row["end_date"] is not None:
            if start is None:
                problem = "end date without a start date or infusion date"
            else:
                time, of_unit = float(days_between(start, row["end_date"])), "days"
        rows.append(
            {
                **{
                    name: row[name]
                    for name in ("source_row", "patient_id", "entry", "event", "cause", "censoring_reason")
                },
                "sheet": sheet,
                "infusion": float(infusion),
                "endpoint": normalised(row["endpoint"] or ""),
                "time": time,
                "unit": of_unit,
                "problem": problem,
            }
        )
    return _frame(rows)


def endpoints_from_columns(
    patients: pd.DataFrame, extras: Sequence[str], sheet: str, letters: dict[str, str]
) -> tuple[pd.DataFrame, list[Finding]]:
    """`os_months` beside `os_event` in Patients, and so on for any name; a lone half of a pair is a finding."""
    pairs: dict[str, dict[str, str]] = {}
    for heading in extras:
        if match := PATIENT_ENDPOINT.fullmatch(normalised(heading)):
            pairs.setdefault(match["endpoint"], {})[match["part"]] = heading
    rows, findings = [], []
    for endpoint, parts in pairs.items():
        unit = next((unit for unit in ("days", "weeks", "months") if unit in parts), "")
        if not unit or "event" not in parts:
            heading = next(iter(parts.values()))
            findings.append(
                Finding(
                    "warning",
                    sheet,
                    None,
                    letters[heading],
                    "",
                    "This column is half of an endpoint and was not read.",
                    f"Give both {endpoint}_months (or _weeks, _days) and {endpoint}_event, or rename it.",
                )
            )
            continue
        for row in patients.to_dict("records"):
            time, event = row[parts[unit]], row[parts["event"]]
            if is_missing(time) and is_missing(event):
                continue
            coded_time, time_findings = _read(code_number, time, sheet, row["source_row"], letters[parts[unit]])
            coded_event, event_findings = _read(code_event, event, sheet, row["source_row"], letters[parts["event"]])
            findings += time_findings + event_findings
            rows.append(_row(row, sheet, endpoint, coded_time, unit, coded_event))
    return _frame(rows), findings


def endpoints_from_dates(patients: pd.DataFrame, sheet: str, dates: InfusionDates, known: set[str]) -> pd.DataFrame:
    """OS, PFS and TTP derived from the dates in Patients, where the workbook does not give them otherwise.

    OS ends at death; PFS at progression or death; TTP at progression, death without it being censored. Whoever has no
    event is censored at last contact.
    """
    rows = []
    for row in patients.to_dict("records"):
        infused = dates.get((row["patient_id"], 1))
        progressed, died, last = row["progression_date"], row["death_date"], row["last_contact_date"]
        if infused is None or not (progressed or died or last):
            continue
        followed = died or last or progressed
        ends: dict[str, tuple[dt.date, bool, str]] = {
            "os": (followed, died is not None, ""),
            "pfs": (progressed or followed, (progressed or died) is not None, ""),
            "ttp": (
                progressed or followed,
                progressed is not None,
                "death without progression" if died and not progressed else "",
            ),
        }
        for endpoint, (end, happened, reason) in ends.items():
            if endpoint not in known and not (endpoint == "os" and died is None and last is None):
                found = _row(row, sheet, endpoint, float(days_between(infused, end)), "days", float(happened))
                rows.append({**found, "censoring_reason": reason or None})
    return _frame(rows)


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


def _read(code, cell, sheet: str, row: int, letter: str) -> tuple[float, list[Finding]]:  # type: ignore[no-untyped-def]
    if is_missing(cell):
        return math.nan, []
    coded = code(cell)
    findings = [Finding("error", sheet, row, letter, text(cell), coded.problem, coded.mend)] if coded.problem else []
    return coded.value, findings


def _row(patient: dict, sheet: str, endpoint: str, time: float, unit: str, event: float) -> dict[str, object]:  # type: ignore[type-arg]
    return {
        "source_row": patient["source_row"],
        "sheet": sheet,
        "patient_id": patient["patient_id"],
        "infusion": 1.0,
        "endpoint": endpoint,
        "entry": math.nan,
        "time": time,
        "unit": unit,
        "event": event,
        "cause": None,
        "censoring_reason": None,
        "problem": "",
    }


def _frame(rows: list[dict[str, object]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    numbers = ["source_row", "infusion", "entry", "time", "event"]
    return frame.astype(dict.fromkeys(numbers, "float64") | {name: "object" for name in COLUMNS if name not in numbers})
