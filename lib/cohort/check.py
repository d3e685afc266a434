"""Which rows of a table can be kept, and why the others are set aside.

A row is set aside only if it has no usable patient id, names an unknown patient, or says again what a row above it
says. What contradicts something else stays: see check_endpoints.py and below.

Then every doubt about the tables that are kept: within each, and of one against another. Nothing of that is removed.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Final

import pandas as pd

from lib.cohort.check_course import check_course, check_response, check_states
from lib.cohort.check_days import check_days, check_values, last_days
from lib.cohort.check_endpoints import check_follow_up, days_to_cutoff
from lib.cohort.check_grades import check_grades
from lib.cohort.check_kinetics import check_kinetics, check_units
from lib.cohort.check_patients import same_patient
from lib.cohort.finding import Finding, at_rows
from lib.cohort.schema import ANALYSIS_SETS
from lib.cohort.study_day import InfusionDates

KEYS: Final[
    Mapping[str, tuple[str, ...]]
] = {  # what may stand only once; other tables are checked for rows that are wholly equal
    "patients": ("patient_id",),
    "infusions": ("patient_id", "infusion"),
    "endpoints": ("patient_id", "infusion", "endpoint"),
}
TWICE: Final = "This row has the same {what} as a row above it and was set aside."
EQUAL: Final = "This row is equal to a row above it and was set aside."
FIX_TWICE: Final = "Delete one of the two, or correct it."


def usable_rows(
    table: pd.DataFrame, name: str, sheet: str, known_patients: set[str] | None
) -> tuple[pd.DataFrame, list[Finding]]:
    """The rows that can be kept; those set aside are findings. `known_patients` is None for Patients itself."""
    place, ids = (sheet, "patient_id"), table["patient_id"]
    nameless = ids.isna()
    unknown = ~nameless & ~ids.isin(known_patients) if known_patients is not None else nameless & False
    problem, fix = "This row has no patient id and was set aside.", "Write the patient's study code."
    findings = at_rows(table[nameless], "error", place, problem, fix, sets_aside=True)
    findings += _strangers(table.loc[unknown, ["source_row", "patient_id"]], place, known_patients or set())
    aside = nameless | unknown
    rows, twice = without_duplicates(table[~aside] if aside.any() else table, name, sheet)
    return rows, findings + twice


def without_duplicates(table: pd.DataFrame, name: str, sheet: str) -> tuple[pd.DataFrame, list[Finding]]:
    """The rows without those that say again what a row above says, and a finding for each of these."""
    values = [column for column in table.columns if column != "source_row"]
    keys = list(KEYS.get(name, values))
    twice = table[keys].duplicated() if len(keys) == 1 else table[keys].astype("object").duplicated()
    if name == "kinetics":
        twice &= table["day"].notna()
    if not twice.any():
        return (table if is_numbered(table) else table.reset_index(drop=True)), []
    place, again = (sheet, "patient_id"), table[twice].assign(differ=_differences(table, twice, keys, values))
    equal, value = again["differ"] == "", "{patient_id}"
    problem, fix = TWICE.format(what=", ".join(keys)), "They differ in {differ}: correct the row, or delete it."
    findings = at_rows(again[equal], "warning", place, EQUAL, FIX_TWICE, value, sets_aside=True)
    findings += at_rows(again[~equal], "error", place, problem, fix, value, sets_aside=True)
    return table[~twice].reset_index(drop=True), sorted(findings, key=lambda finding: finding.row or 0)


def is_numbered(table: pd.DataFrame) -> bool:
    """Whether the rows of a frame are numbered from 0."""
    return isinstance(table.index, pd.RangeIndex) and table.index.equals(pd.RangeIndex(len(table)))


def analysis_sets(patients: pd.DataFrame, sheet: str) -> tuple[pd.Series, list[Finding]]:
    """Who is included and who excluded. Another word is a finding, and that patient stays in."""
    written = patients["analysis_set"]
    known = written.str.casefold().where(written.notna()).fillna("included")
    other = ~known.isin(ANALYSIS_SETS)
    problem = '"{analysis_set}" is neither included nor excluded.'
    fix, value = "Write one of the two.", "{analysis_set}"
    findings = at_rows(patients[other], "error", (sheet, "analysis_set"), problem, fix, value)
    return known.mask(other, "included"), findings


def _strangers(rows: pd.DataFrame, place: tuple[str, str], known: set[str]) -> list[Finding]:
    """Rows of patients that are not in Patients; the fix names the patient who is probably meant."""
    if rows.empty:
        return []
    meant = {same_patient(patient): patient for patient in sorted(known, reverse=True)}
    reported = [meant.get(same_patient(patient)) for patient in rows["patient_id"]]
    mends = [
        (
            f'Write it as "{patient}" if that is the same patient, or add the patient to Patients.'
            if patient
            else "Add the patient to Patients or correct the id."
        )
        for patient in reported
    ]
    problem = 'Patient "{patient_id}" is not in Patients; the row was set aside.'
    return at_rows(rows.assign(how=mends), "error", place, problem, "{how}", "{patient_id}", sets_aside=True)


def _differences(table: pd.DataFrame, twice: pd.Series, keys: list[str], values: list[str]) -> list[str]:
    """For each row that says a key again, the columns in which it differs from the first row of that key."""
    number = table[keys].astype("object").groupby(keys, dropna=False, sort=False).ngroup()
    firsts = table[~twice].set_axis(number[~twice].to_numpy(), axis=0)
    firsts = firsts[~firsts.index.duplicated()].loc[number[twice].to_numpy(), values].reset_index(drop=True)
    seconds = table.loc[twice, values].reset_index(drop=True)
    differ = pd.DataFrame(
        {
            name: (firsts[name] != seconds[name]) & ~(firsts[name].isna() & seconds[name].isna())
            for name in values
            if name not in keys
        },
        index=seconds.index,
    )
    return [", ".join(map(str, differ.columns[row])) for row in differ.to_numpy(dtype=bool)]


def check_across(
    tables: Mapping[str, pd.DataFrame],
    sheets: Mapping[str, str],
    endpoints: pd.DataFrame,
    cutoff: dt.date | None,
    dates: InfusionDates,
    disease: str = "",
) -> list[Finding]:
    """The findings about all event tables (in days, endpoints checked); `sheets` names the sheet of each table."""
    last = last_days(endpoints, tables["infusions"])
    findings = check_follow_up(endpoints, cutoff, dates)
    for name, table in tables.items():
        if table.empty:
            continue
        counted = table.assign(infusion=1.0) if name == "infusions" else table
        cutoff_days = days_to_cutoff(counted, cutoff, dates) if cutoff and dates else None
        findings += check_days(table, name, sheets[name], last, cutoff_days) + check_values(table, sheets[name])
    findings += check_kinetics(tables["kinetics"], sheets["kinetics"])
    findings += check_units(tables["labs"], ("patient_id", "test"), sheets["labs"])
    if not tables["states"].empty:
        findings += check_states(tables["states"], sheets["states"])
    if not tables["responses"].empty:
        findings += check_response(tables["responses"], sheets["responses"], disease)
    if not tables["labs"].empty:
        findings += check_grades(tables["adverse_events"], tables["labs"], sheets["adverse_events"])
    return findings + check_course(tables, sheets, endpoints)
