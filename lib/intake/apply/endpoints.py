"""Endpoints from wherever a workbook gives them: its Endpoints sheet, pairs of columns in Patients, or dates.

`problem` says why a row cannot be used ("" where it can); such a patient stays in every denominator.
"""

import datetime as dt
import math
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import starmap
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.cohort.finding import Finding
from lib.cohort.schema import Kind
from lib.cohort.time_unit import InfusionDates, days_between
from lib.intake import vocabulary
from lib.intake.apply.rows import below_each_other
from lib.intake.apply.table import NOT_KNOWN, UNREAD
from lib.intake.cells.coding import Coded, coder, filled, is_missing, text
from lib.intake.files.grid import distinct
from lib.intake.sheets.role import TIME_PARTS, endpoint_parts, is_whole_endpoint, normalised

FOLLOWED: Final = ("progression_date", "death_date", "last_contact_date")
NUMBERS: Final = ("source_row", "infusion", "entry", "time", "event")
DEAD, ALIVE, UNCLEAR, NOT_STATED = "dead", "alive", "unclear", ""  # what another source says of a patient
FIX_DATES: Final = "Correct one of the two dates."
WRITE_DATE: Final = "Write it as yyyy-mm-dd."
WHETHER_DIED: Final = "whether the patient died is not stated"
ALIVE_WITHOUT_DATE: Final = "alive by the status, and there is no date of the last contact"
ALIVE_WITH_DATE: Final = "alive by the status, and there is a date of death"
UNFOLLOWED: Final = "no patient has a date of last contact, so nobody could be censored"
NOBODY_SAYS: Final = "no column says who died, so nobody can be taken for alive"
FIX_NOBODY_SAYS: Final = "Add the dates of death (an empty column, if nobody died), or say which column has the status."
FIX_UNFOLLOWED: Final = "Add the last day on which each patient was known to be alive."
COLUMNS: Final = vocabulary(  # `column` says where the time stands, for findings
    "source_row sheet column patient_id infusion endpoint entry time unit event cause censoring_reason problem fix"
)


def endpoints_from_sheet(frame: pd.DataFrame, sheet: str, dates: InfusionDates, unit: str) -> pd.DataFrame:
    """The rows of the Endpoints sheet; times given as dates are computed in days from their start or the infusion."""
    if frame.empty:
        return endpoint_table([])
    names, units = distinct(frame["endpoint"].to_numpy()), distinct(frame["unit"].to_numpy())
    infusion = frame["infusion"].fillna(1.0).astype("int64")
    timeless = frame["time"].isna()
    by_dates = bool(timeless.all() and frame["end_date"].notna().any())
    found: dict[str, Any] = {
        "column": "time",
        "problem": "",
        "fix": "",
        "endpoint": names.spread(map(normalised, names.values), ""),
        "infusion": infusion.to_numpy(dtype="float64"),
        "unit": units.spread((each or unit for each in units.values), unit),
        **{name: frame[name].to_numpy() for name in ("time", "entry", "event", "cause", "censoring_reason")},
    }
    dated = np.flatnonzero(timeless & (frame["end_date"].notna() | by_dates)).tolist()
    if not dated:
        return _table(frame, sheet, found)
    for name in ("column", "problem", "fix", "time", "unit"):
        found[name] = [found[name]] * len(frame) if isinstance(found[name], str) else list(found[name])
    keys = list(zip(frame["patient_id"], infusion.tolist(), strict=True))
    ends = list(zip(frame["start_date"], frame["end_date"], strict=True))
    for place in dated:
        start, end = ends[place]
        said = _dated(start or dates.get(keys[place]), end, found["endpoint"][place], found["event"][place])
        for name, value in said.items():
            found[name][place] = value
    return _table(frame, sheet, found)


def _dated(start: dt.date | None, end: dt.date | None, endpoint: str, event: Any) -> dict[str, object]:
    """What is said of a row whose time is given by dates."""
    if end is None:
        return {"column": "end_date", **_undated(endpoint, event)}
    if start is None:
        fix = "Add start_date, or the date of the infusion to Patients or Infusions."
        return {"column": "end_date", "problem": "end date without a start date or infusion date", "fix": fix}
    return {"column": "end_date", "time": float(days_between(start, end)), "unit": "days"}


def _undated(endpoint: str, event: float) -> dict[str, object]:
    """What is said of a row of dates without a date that can be read; of others the check says that the event is not
    stated."""
    if math.isnan(event):
        return {"problem": "event not stated", "fix": "Write 1 if it happened and 0 if the patient was censored."}
    if endpoint != "os":
        return {"problem": "date missing", "fix": "Write the date of the event or of the end of observation."}
    what = "dead by the status, and there is no readable date of death" if event else ALIVE_WITHOUT_DATE
    return {"problem": what, "fix": "Write the date as yyyy-mm-dd."}


def endpoints_from_columns(
    patients: pd.DataFrame, extras: Sequence[str], sheet: str, letters: dict[str, str]
) -> tuple[pd.DataFrame, list[Finding]]:
    """`os_months` beside `os_event` in Patients, and so on for any name; half of such a pair is a column like any
    other."""
    tables, findings = [], []
    for endpoint, parts in endpoint_parts(extras).items():
        if not is_whole_endpoint(parts):
            findings.append(_half(endpoint, sheet, letters[next(iter(parts.values()))]))
            continue
        unit = next(part for part in TIME_PARTS if part in parts)
        time, event = (patients[parts[part]].to_numpy() for part in (unit, "event"))
        rows = np.flatnonzero(filled(time) | filled(event))
        there, place = patients.iloc[rows], letters[parts[unit]]
        times, unread = _read("number", time[rows], sheet, place)
        events, also = _read("event", event[rows], sheet, letters[parts["event"]])
        in_order = sorted([*unread, *also], key=lambda each: each.row or 0)
        findings += [replace(each, row=int(there["source_row"].iloc[each.row or 0])) for each in in_order]
        tables.append(
            _table(there, sheet, {"endpoint": endpoint, "time": times, "unit": unit, "event": events, "column": place})
        )
    return endpoint_table(tables), findings


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
    event is censored at last contact. `tells` has the dates of which the workbook has a column: without one of
    progression there is overall survival only, and where nothing says who died, neither OS nor PFS can be used. Nobody
    is censored as alive who may have died: a date of death that cannot be read, or a `status` (see who_died) that says
    dead, makes it unusable.
    """
    derived = _derived(set(earlier["endpoint"]), tells)
    if not dates or not derived:
        return endpoint_table([])
    infused = [dates.get((patient, 1)) for patient in patients["patient_id"]]
    names = [*FOLLOWED, *(f"{name}{UNREAD}" for name in FOLLOWED)]
    courses = list(zip(*(patients.get(name, [None] * len(patients)) for name in names), strict=True))
    status = {**who_died(earlier), **status}
    said = [status.get(patient, NOT_STATED) for patient in patients["patient_id"]]
    general = _of_all(courses, infused, "death_date" in tells or bool(status))
    tables = []
    for rows in _alike(courses, infused, said):
        row, first = dict(zip(names, courses[rows[0]], strict=True)), infused[rows[0]]
        for endpoint, end, found in _from_dates(row, said[rows[0]], first, general):
            if endpoint in derived:
                ends = ((infused[place], courses[place][FOLLOWED.index(end)]) for place in rows)
                same = {"endpoint": endpoint, "time": list(starmap(_days_to, ends)), "unit": "days", **found}
                tables.append(_table(patients.iloc[rows], sheet, same).set_axis(rows))
    return endpoint_table(tables, in_order=True)


def _days_to(start: dt.date | None, end: dt.date | None) -> float:
    return float(days_between(start, end)) if start and end else math.nan


def _derived(known: Container[str], tells: Container[str]) -> set[str]:
    """The endpoints that are derived from dates."""
    reported = ("os", "pfs", "ttp") if "progression_date" in tells else ("os",)
    return {each for each in reported if each not in known}


def _of_all(
    courses: Sequence[tuple[Any, ...]], infused: Sequence[dt.date | None], tells_death: bool
) -> dict[str, dict[str, str]]:
    """By endpoint what makes the dates of all patients unusable: nobody could be censored, or nothing says who died."""
    unfollowed = not any(last for _, _, last, *_ in courses) and not all(
        death for (_, death, *_), day in zip(courses, infused, strict=True) if day is not None
    )
    if unfollowed:  # else the curve would be one of those alone who died
        return {each: {"problem": UNFOLLOWED, "fix": FIX_UNFOLLOWED} for each in ("os", "pfs", "ttp")}
    return {} if tells_death else {each: {"problem": NOBODY_SAYS, "fix": FIX_NOBODY_SAYS} for each in ("os", "pfs")}


def _alike(
    courses: Sequence[tuple[Any, ...]], infused: Sequence[dt.date | None], said: Sequence[str]
) -> Iterable[list[int]]:
    """The places of the patients of whom the same dates are known, in the same order, with the same remarks."""
    alike: dict[tuple[object, ...], list[int]] = {}
    for place, ((progressed, died, last, *unread), day, status) in enumerate(zip(courses, infused, said, strict=True)):
        order = (died and last and last > died, last and progressed and progressed > last)
        key = (bool(progressed), bool(died), bool(last), *unread, day is None, status, *map(bool, order))
        alike.setdefault(key, []).append(place)
    return alike.values()


def _from_dates(
    row: dict[str, Any], said: str, infused: dt.date | None, general: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[str, str, dict[str, object]]]:
    """Each endpoint of this patient, the column of the date at which observation ends, and what is said of it."""
    unread = _unreadable(row, said)
    if not (any(row[name] for name in FOLLOWED) or unread or said):
        return
    for endpoint, (end, happened) in _ends(row, bool(said) or "death_date" in unread).items():
        found = {"event": float(happened), "column": end} | _remarks(endpoint, row)
        found |= _not_known(endpoint, row, said, unread)
        if not found.get("problem"):
            found |= general.get(endpoint, {})
        if infused is None:
            found |= {"problem": "date of infusion missing", "fix": "Write the date of the infusion."}
        yield endpoint, end, found


def _unreadable(row: dict[str, Any], said: str) -> list[str]:
    """The dates in whose stead something else stands; "not known" for a date of death says nothing of who is said to be
    alive."""
    unknown = [
        name for name in FOLLOWED if row[f"{name}{UNREAD}"] == NOT_KNOWN and (said, name) != (ALIVE, "death_date")
    ]
    return [*(name for name in FOLLOWED if row[f"{name}{UNREAD}"] is True), *unknown]


def _ends(row: dict[str, Any], dead_or_alive: bool) -> dict[str, tuple[str, bool]]:
    """By endpoint: the column of the date at which observation ends, and whether the event happened then.

    `dead_or_alive` = something says of the patient whether he lives, although no date does.
    """
    progressed, died, last = (bool(row[name]) for name in FOLLOWED)
    followed = "death_date" if died else "last_contact_date" if last else "progression_date"
    first = "progression_date" if progressed else followed
    ends = {"pfs": (first, progressed or died), "ttp": (first, progressed)}
    return {"os": (followed, died), **ends} if died or last or dead_or_alive else ends


def _remarks(endpoint: str, row: dict[str, Any]) -> dict[str, object]:
    """Why a time to progression was censored, or what contradicts a survival time."""
    progressed, died, last = (row[name] for name in FOLLOWED)
    if endpoint == "ttp" and died and not progressed:
        return {"censoring_reason": "death without progression"}
    if endpoint != "os" or not last:
        return {}
    if died:
        return _problem("last contact after death", FIX_DATES) if last > died else {}
    return _problem("progression after last contact", FIX_DATES) if progressed and progressed > last else {}


def _not_known(endpoint: str, row: dict[str, Any], died: str, unread: Sequence[str]) -> dict[str, object]:
    """Why it cannot be known whether or when it happened; {} where it can."""
    if endpoint != "os" and "progression_date" in unread:
        return _problem("date of progression not readable", WRITE_DATE, "progression_date")
    if endpoint != "os" and row["progression_date"]:
        return {}
    if "death_date" not in unread:
        return _status_alone(row, died, unread)
    if row[f"death_date{UNREAD}"] == NOT_KNOWN and died != DEAD:
        fix = "Write the date of death, or the status; leave the cell empty if the patient lives."
        return _problem(WHETHER_DIED, fix, "death_date")
    return _problem("dead, and the date of death is not readable", WRITE_DATE, "death_date")


def _status_alone(row: dict[str, Any], died: str, unread: Sequence[str]) -> dict[str, object]:
    """What contradicts a date of death, or what is missing where there is none."""
    if row["death_date"]:
        return _problem(ALIVE_WITH_DATE, "Correct one of the two.", "death_date") if died == ALIVE else {}
    if died == UNCLEAR:
        return _problem(WHETHER_DIED, "Write the status, or the date of death.")
    if died == DEAD:
        return _problem("dead by the status, and there is no date of death", "Write the date of death.")
    if died == ALIVE and not row["last_contact_date"]:
        return _problem(ALIVE_WITHOUT_DATE, "Write the date of the last contact.")
    if "last_contact_date" in unread:
        return _problem("date of the last contact not readable", WRITE_DATE, "last_contact_date")
    return {}


def _problem(what: str, fix: str, column: str = "") -> dict[str, object]:
    return {"problem": what, "fix": fix, **({"column": column} if column else {})}


def _half(endpoint: str, sheet: str, letter: str) -> Finding:
    problem = "This column looks like half of an endpoint; it was read as a column like any other."
    fix = f"For an endpoint give both {endpoint}_months (or _weeks, _days) and {endpoint}_event."
    return Finding("warning", sheet, None, letter, "", problem, fix)


def _read(kind: Kind, cells: NDArray[np.object_], sheet: str, letter: str) -> tuple[Sequence[object], list[Finding]]:
    """The numbers of these cells, and what could not be read; its `row` is still the place of the cell."""
    found, code = distinct(cells), coder(kind)
    coded = [Coded(math.nan) if is_missing(cell) else code(cell) for cell in found.values]
    bad = found.rows_with(bool(each.problem) for each in coded).tolist()
    values = found.spread((math.nan if each.problem else each.value for each in coded), math.nan)
    problems = [(place, coded[found.codes[place]]) for place in bad]
    return values.tolist(), [
        Finding("error", sheet, place, letter, text(cells[place]), each.problem, each.fix, unread=True)
        for place, each in problems
    ]


def _table(patients: pd.DataFrame, sheet: str, found: Mapping[str, object]) -> pd.DataFrame:
    """Rows of endpoints of these patients: what was found of them, one value for all or one each, and else nothing."""
    rows = {
        "source_row": patients["source_row"].to_numpy(),
        "sheet": sheet,
        "patient_id": patients["patient_id"].to_numpy(),
        "infusion": 1.0,
        "entry": math.nan,
        "time": math.nan,
        "event": math.nan,
        "problem": "",
        "fix": "",
        **found,
    }
    return pd.DataFrame(
        {
            name: pd.Series(rows.get(name), range(len(patients)), dtype="float64" if name in NUMBERS else "object")
            for name in COLUMNS
        }
    )


def endpoint_table(tables: Sequence[pd.DataFrame], in_order: bool = False) -> pd.DataFrame:
    """These one under the other; `in_order` of their index, which says whose rows they are."""
    if not tables:
        return _no_endpoints().copy()
    together = below_each_other(tables)
    if not in_order:
        return together
    places = np.concatenate([table.index.to_numpy() for table in tables])
    return together.iloc[np.argsort(places, kind="stable")].reset_index(drop=True)


@cache
def _no_endpoints() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype="float64" if name in NUMBERS else "object") for name in COLUMNS})


def who_died(endpoints: pd.DataFrame, endpoint: str = "os") -> dict[str, str]:
    """Of the patients with overall survival (or a status alone) from another source: whether it says that they died."""
    rows = endpoints[(endpoints["endpoint"] == endpoint) & (endpoints["infusion"] == 1)]
    says = {1.0: DEAD, 0.0: ALIVE}
    return {patient: says.get(event, UNCLEAR) for patient, event in zip(rows["patient_id"], rows["event"], strict=True)}
