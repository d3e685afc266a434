"""Endpoints from wherever a workbook gives them: its Endpoints sheet, pairs of columns in Patients, or dates.

`problem` says why a row cannot be used ("" where it can); such a patient stays in every denominator.
"""

import datetime as dt
import math
from collections.abc import Container, Hashable, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from lib.cohort.finding import Finding
from lib.cohort.schema import Kind
from lib.cohort.study_day import InfusionDates, days_between
from lib.cohort.time_unit import DAYS_PER
from lib.intake.apply.table import NOT_KNOWN, UNREAD
from lib.intake.cells.coding import coder, is_missing, text
from lib.intake.files.grid import Cell
from lib.intake.sheets.role import TIME_PARTS, endpoint_parts, is_whole_endpoint, normalised

FOLLOWED: Final = ("progression_date", "death_date", "last_contact_date")
DEAD, ALIVE, UNCLEAR, NOT_STATED = "dead", "alive", "unclear", ""  # what another source says of a patient
ALIVE_WITH_DATE: Final = "alive by the status, and there is a date of death"
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
    by_dates = bool(frame["time"].isna().all() and frame["end_date"].notna().any())
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
        elif by_dates and math.isnan(time):
            found |= {"column": "end_date", **_undated(normalised(row["endpoint"] or ""), row["event"])}
        rows.append(_row(row, sheet, normalised(row["endpoint"] or ""), time, of_unit) | found)
    return _frame(rows)


def _undated(endpoint: str, event: float) -> dict[str, object]:
    """What is said of a row of dates without a date that can be read; of others the check says that the event is not stated."""
    if math.isnan(event):
        return {"problem": "event not stated", "mend": "Write 1 if it happened and 0 if the patient was censored."}
    if endpoint != "os":
        return {"problem": "date missing", "mend": "Write the date of the event or of the end of observation."}
    what = (
        "dead by the status, and there is no readable date of death"
        if event
        else "alive by the status, and there is no date of the last contact"
    )
    return {"problem": what, "mend": "Write the date as yyyy-mm-dd."}


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


UNFOLLOWED: Final = "no patient has a date of last contact, so nobody could be censored"
NOBODY_SAYS: Final = "no column says who died, so nobody can be taken for alive"
MEND_NOBODY_SAYS: Final = (
    "Add the dates of death (an empty column, if nobody died), or say which column has the status."
)
MEND_UNFOLLOWED: Final = "Add the last day on which each patient was known to be alive."


def endpoints_from_dates(
    patients: pd.DataFrame,
    sheet: str,
    dates: InfusionDates,
    earlier: pd.DataFrame,
    status: Mapping[str, str],
    tells: Container[str] = FOLLOWED,
) -> pd.DataFrame:
    """OS, PFS and TTP derived from the dates in Patients, where the workbook does not give them otherwise (`earlier`).

    OS ends at death; PFS at progression or death; TTP at progression, death without it being censored. Whoever has no
    event is censored at last contact. `tells` has the dates of which the workbook has a column: without one of progression there is
    overall survival only, and where nothing says who died, neither OS nor PFS can be used. Nobody is censored as alive who may have died: a date of death that cannot be read, or a `status` (see who_died) that says dead, makes it unusable.
    """
    known, status = set(earlier["endpoint"]), {**who_died(earlier), **status}
    rows = []
    everybody = patients.to_dict("records")
    unfollowed = not any(row["last_contact_date"] for row in everybody) and not all(
        row["death_date"] for row in everybody if dates.get((row["patient_id"], 1)) is not None
    )
    for row in everybody:
        said = status.get(row["patient_id"], NOT_STATED)
        unread = [name for name in FOLLOWED if row.get(f"{name}{UNREAD}") is True]
        unread += [
            name
            for name in FOLLOWED
            if row.get(f"{name}{UNREAD}") == NOT_KNOWN and not (said == ALIVE and name == "death_date")
        ]
        infused = dates.get((row["patient_id"], 1))
        if not (infused or dates) or not (any(row[name] for name in FOLLOWED) or unread or said):
            continue
        for endpoint, (end, happened) in _ends(row, bool(said) or "death_date" in unread).items():
            if endpoint in known or not ("progression_date" in tells or endpoint == "os"):
                continue
            found = {"event": float(happened), "column": end} | _remarks(endpoint, row)
            found |= _not_known(endpoint, row, said, unread)
            if unfollowed and not found.get("problem"):  # else the curve would be one of those alone who died
                found |= {"problem": UNFOLLOWED, "mend": MEND_UNFOLLOWED}
            if endpoint != "ttp" and "death_date" not in tells and not status and not found.get("problem"):
                found |= {"problem": NOBODY_SAYS, "mend": MEND_NOBODY_SAYS}
            if infused is None:
                found |= {"problem": "date of infusion missing", "mend": "Write the date of the infusion."}
            time = float(days_between(infused, row[end])) if infused and row[end] else math.nan
            rows.append(_row(row, sheet, endpoint, time, "days") | found)
    return _frame(rows)


def _ends(row: dict[Hashable, Any], dead_or_alive: bool) -> dict[str, tuple[str, bool]]:
    """By endpoint: the column of the date at which observation ends, and whether the event happened then.

    `dead_or_alive` = something says of the patient whether he lives, although no date does.
    """
    progressed, died, last = (bool(row[name]) for name in FOLLOWED)
    followed = "death_date" if died else "last_contact_date" if last else "progression_date"
    first = "progression_date" if progressed else followed
    ends = {"pfs": (first, progressed or died), "ttp": (first, progressed)}
    return {"os": (followed, died), **ends} if died or last or dead_or_alive else ends


def _remarks(endpoint: str, row: dict[Hashable, Any]) -> dict[str, object]:
    """Why a time to progression was censored, or what contradicts a survival time."""
    progressed, died, last = (row[name] for name in FOLLOWED)
    if endpoint == "os":
        return _contradiction(progressed, died, last)
    censored = endpoint == "ttp" and died and not progressed
    return {"censoring_reason": "death without progression"} if censored else {}


def _not_known(endpoint: str, row: dict[Hashable, Any], died: str, unread: Sequence[str]) -> dict[str, object]:
    """Why it cannot be known whether or when it happened; {} where it can."""
    date, write = row["death_date"], "Write it as yyyy-mm-dd."
    if endpoint != "os" and "progression_date" in unread:
        return {"problem": "date of progression not readable", "mend": write, "column": "progression_date"}
    if endpoint != "os" and row["progression_date"]:
        return {}
    unsaid = row.get(f"death_date{UNREAD}") == NOT_KNOWN and died != DEAD
    found = (
        ("death_date" in unread and unsaid, "whether the patient died is not stated", "Write the date of death, or the status; leave the cell empty if the patient lives.", "death_date"),
        ("death_date" in unread, "dead, and the date of death is not readable", write, "death_date"),
        (died == UNCLEAR and not date, "whether the patient died is not stated", "Write the status, or the date of death.", ""),
        (died == DEAD and not date, "dead by the status, and there is no date of death", "Write the date of death.", ""),
        (died == ALIVE and not row["last_contact_date"] and not date, "alive by the status, and there is no date of the last contact", "Write the date of the last contact.", ""),
        (died == ALIVE and date, ALIVE_WITH_DATE, "Correct one of the two.", "death_date"),
        ("last_contact_date" in unread and not date, "date of the last contact not readable", write, "last_contact_date"),
    )  # fmt: skip
    problem = next(
        ({"problem": what, "mend": mend, "column": column} for wrong, what, mend, column in found if wrong), {}
    )
    return {name: each for name, each in problem.items() if each}


def who_died(endpoints: pd.DataFrame, endpoint: str = "os") -> dict[str, str]:
    """Of the patients with overall survival (or a status alone) from another source: whether it says that they died."""
    told = endpoints[(endpoints["endpoint"] == endpoint) & (endpoints["infusion"] == 1)]
    says = {1.0: DEAD, 0.0: ALIVE}
    return {patient: says.get(event, UNCLEAR) for patient, event in zip(told["patient_id"], told["event"], strict=True)}


def against_dates(
    endpoints: pd.DataFrame, patients: pd.DataFrame, dates: InfusionDates, cutoff: dt.date | None
) -> pd.DataFrame:
    """The endpoints with a problem where a patient is alive by the status and has a date of death, or one that cannot be read."""
    problems = endpoints[["problem", "mend"]].astype("object").copy()
    died = {row["patient_id"]: row for row in patients.to_dict("records") if row["death_date"] or row.get(f"death_date{UNREAD}") is True}  # fmt: skip
    alive = (endpoints["endpoint"] == "os") & (endpoints["event"] == 0) & (endpoints["problem"] == "")
    for place in endpoints.index[alive & endpoints["patient_id"].isin(list(died))]:
        row = endpoints.loc[place]
        death = died[row["patient_id"]]["death_date"]
        infused = dates.get((row["patient_id"], 1))
        later = death and infused and row["column"] != "end_date" and days_between(infused, death) > _days(row) + 1
        if not (later or (death and cutoff and death > cutoff)):
            problems.loc[place] = [ALIVE_WITH_DATE, "Correct one of the two."]
    return endpoints.assign(**problems)


def _days(row: pd.Series) -> float:
    return float(row["time"]) * DAYS_PER.get(row["unit"], math.nan)


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
