"""Contradictions within a row, a table and across tables, and what becomes of the values concerned.

A row is set aside only if it has no usable patient id, is a duplicate, or names an unknown patient. A contradiction
between times removes the endpoint concerned, never the patient: `problem` in the endpoints says why.
"""

import datetime as dt
from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from lib.cohort.finding import Finding
from lib.cohort.schema import ANALYSIS_SETS
from lib.cohort.study_day import InfusionDates, days_between
from lib.cohort.time_unit import DAYS_PER

KEYS: Final[
    Mapping[str, tuple[str, ...]]
] = {  # what may stand only once; other tables are checked for rows that are wholly equal
    "patients": ("patient_id",),
    "infusions": ("patient_id", "infusion"),
    "endpoints": ("patient_id", "infusion", "endpoint"),
    "kinetics": ("patient_id", "infusion", "day", "specimen", "assay", "unit"),
}
BEFORE_DEATH: Final = ("pfs", "ttp", "efs", "dor", "ttnt")  # endpoints that cannot happen later than death
ROUNDING_DAYS: Final = 1.0  # times written in months are rounded: less than a day apart is no contradiction
NEVER_BEFORE_INFUSION: Final = {"responses": "day", "adverse_events": "start_day", "kinetics": "day"}


def usable_rows(
    table: pd.DataFrame, name: str, sheet: str, known_patients: set[str] | None
) -> tuple[pd.DataFrame, list[Finding]]:
    """The rows that can be kept; those set aside are findings. `known_patients` is None for Patients itself."""
    findings: list[Finding] = []
    ids = table["patient_id"]
    nameless = ids.isna()
    findings += [
        _finding(
            "error",
            sheet,
            row,
            "patient_id",
            "",
            "This row has no patient id and was set aside.",
            "Write the patient's study code.",
        )
        for row in table.loc[nameless, "source_row"]
    ]
    unknown = ~nameless & ~ids.isin(known_patients) if known_patients is not None else nameless & False
    findings += [
        _finding(
            "error",
            sheet,
            row,
            "patient_id",
            patient,
            f'Patient "{patient}" is not in Patients; the row was set aside.',
            "Add the patient to Patients or correct the id.",
        )
        for row, patient in zip(table.loc[unknown, "source_row"], ids[unknown], strict=True)
    ]
    rows, twice = without_duplicates(table[~nameless & ~unknown], name, sheet)
    return rows, findings + twice


def without_duplicates(table: pd.DataFrame, name: str, sheet: str) -> tuple[pd.DataFrame, list[Finding]]:
    """The rows without those that say again what a row above says, and a finding for each of these."""
    findings: list[Finding] = []
    keyed = name in KEYS
    columns = list(KEYS[name]) if keyed else [column for column in table.columns if column != "source_row"]
    twice = table.astype(dict.fromkeys(columns, "object"))[columns].duplicated()
    if name == "kinetics":
        twice &= table["day"].notna()
    for row, patient in zip(table.loc[twice, "source_row"], table.loc[twice, "patient_id"], strict=True):
        what = f"has the same {', '.join(columns)} as a row above it" if keyed else "is equal to a row above it"
        findings.append(
            _finding(
                "error" if keyed else "warning",
                sheet,
                row,
                "patient_id",
                str(patient),
                f"This row {what} and was set aside.",
                "Delete one of the two, or correct it.",
            )
        )
    return table[~twice].reset_index(drop=True), findings


def analysis_sets(patients: pd.DataFrame, sheet: str) -> tuple[pd.Series, list[Finding]]:
    """Who is included and who excluded. Another word is a finding, and that patient stays in."""
    written = patients["analysis_set"]
    known = written.str.casefold().where(written.notna()).fillna("included")
    other = ~known.isin(ANALYSIS_SETS)
    findings = [
        _finding(
            "error",
            sheet,
            row,
            "analysis_set",
            word,
            f'"{word}" is neither included nor excluded.',
            "Write one of the two.",
        )
        for row, word in zip(patients.loc[other, "source_row"], written[other], strict=True)
    ]
    return known.mask(other, "included"), findings


def check_endpoints(
    endpoints: pd.DataFrame, cutoff: dt.date | None, dates: InfusionDates
) -> tuple[pd.DataFrame, list[Finding]]:
    """The endpoints with the problem of each row, and a finding for each problem."""
    problem, mend = (endpoints[name].astype("object") for name in ("problem", "mend"))
    days = endpoints["time"] * endpoints["unit"].map(DAYS_PER).astype(float)
    death = _times_of_death(endpoints, days)
    rules: Sequence[tuple[pd.Series, str, str]] = (
        (~endpoints["unit"].isin(list(DAYS_PER)), "unit of time not readable", "Write days, weeks or months."),
        (endpoints["time"].isna(), "time missing", "Write the time to the event or to the end of observation."),
        (endpoints["event"].isna(), "event not stated", "Write 1 if it happened and 0 if the patient was censored."),
        (endpoints["time"] < 0, "negative time", "Time counts from the infusion; correct it."),
        (endpoints["entry"] >= endpoints["time"], "observation begins after it ends", "Correct entry or time."),
        (
            endpoints["endpoint"].isin(BEFORE_DEATH) & (endpoints["event"] == 1) & (days > death + ROUNDING_DAYS),
            "{what} after death",
            "Correct one of the two times.",
        ),
        (
            endpoints["endpoint"].isin(BEFORE_DEATH) & (endpoints["event"] == 0) & (days > death + ROUNDING_DAYS),
            "followed beyond death",
            "Correct one of the two times.",
        ),
        (
            (endpoints["event"] == 1) & _after_cutoff(endpoints, days, cutoff, dates),
            "event after the data cut-off",
            "Correct the time, or the data cut-off in Study.",
        ),
    )
    for wrong, words, how in rules:
        new = wrong & (problem == "")
        named = [words.format(what=_event_of(endpoint)) for endpoint in endpoints["endpoint"]]
        problem = problem.mask(new, pd.Series(named, index=endpoints.index, dtype="object"))
        mend = mend.mask(new, how)
    checked = endpoints.assign(problem=problem, mend=mend)
    findings = [_unused_endpoint(row) for row in checked.to_dict("records") if row["problem"]]
    return checked.drop(columns=["column", "mend"]), findings


def _unused_endpoint(row: dict[Hashable, Any]) -> Finding:
    value = "" if pd.isna(row["time"]) else f"{row['time']:g} {row['unit']}"
    problem = f'{row["endpoint"].upper()} of patient "{row["patient_id"]}" is not used: {row["problem"]}.'
    return _finding("error", row["sheet"], row["source_row"], row["column"], value, problem, row["mend"])


def check_days(table: pd.DataFrame, name: str, sheet: str, endpoints: pd.DataFrame) -> list[Finding]:
    """Warnings for what stops before it starts, is after a patient's death or cannot be before the infusion.

    Nothing is removed.
    """
    day = next((column for column in ("day", "start_day") if column in table.columns), None)
    if day is None or name == "infusions":
        return []
    usable = endpoints[endpoints["problem"] == ""]
    died = usable[(usable["endpoint"] == "os") & (usable["event"] == 1) & (usable["infusion"] == 1)]
    death = pd.Series((died["time"] * died["unit"].map(DAYS_PER)).to_numpy(), index=died["patient_id"])
    first = table[table["infusion"] == 1]
    late = first[first[day] > first["patient_id"].map(death).astype(float) + ROUNDING_DAYS]
    findings = [
        _finding(
            "warning",
            sheet,
            row,
            day,
            f"{value:g}",
            "This is after the patient's death.",
            "Correct the day, or the time of death.",
        )
        for row, value in zip(late["source_row"], late[day], strict=True)
    ]
    if name in NEVER_BEFORE_INFUSION:
        early = table[table[day] < 0]
        findings += [
            _finding(
                "warning",
                sheet,
                row,
                day,
                f"{value:g}",
                "A negative day is before the infusion.",
                "Correct it if it is not meant so.",
            )
            for row, value in zip(early["source_row"], early[day], strict=True)
        ]
    if "stop_day" in table.columns:
        ended = table[table["stop_day"] < table["start_day"]]
        findings += [
            _finding(
                "warning",
                sheet,
                row,
                "stop_day",
                f"{value:g}",
                "This is before its first day.",
                "Correct one of the two.",
            )
            for row, value in zip(ended["source_row"], ended["stop_day"], strict=True)
        ]
    return findings


def _times_of_death(endpoints: pd.DataFrame, days: pd.Series) -> pd.Series:
    """For each row, the day of death of its patient counted from the same infusion, NaN for who did not die."""
    died = (endpoints["endpoint"] == "os") & (endpoints["event"] == 1) & (endpoints["problem"] == "") & (days >= 0)
    key = endpoints["patient_id"].astype(str) + "\t" + endpoints["infusion"].astype(str)
    death = days[died].groupby(key[died]).first()
    return key.map(death).astype(float)


def _after_cutoff(endpoints: pd.DataFrame, days: pd.Series, cutoff: dt.date | None, dates: InfusionDates) -> pd.Series:
    if cutoff is None:
        return pd.Series(False, index=endpoints.index)
    longest = [
        days_between(dates[key], cutoff) if (key := (patient, int(infusion))) in dates else None
        for patient, infusion in zip(endpoints["patient_id"], endpoints["infusion"], strict=True)
    ]
    return days > pd.Series(longest, index=endpoints.index, dtype="float64") + ROUNDING_DAYS


def _event_of(endpoint: str) -> str:
    return {"ttnt": "next treatment", "efs": "event"}.get(endpoint, "progression")


def _finding(severity: str, sheet: str, row: float, column: str, value: str, problem: str, mend: str) -> Finding:
    return Finding(severity, sheet, int(row), column, value, problem, mend)  # type: ignore[arg-type]
