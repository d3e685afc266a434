"""Which rows of a table can be kept, why the others are set aside, and every doubt about those that are kept.

A row is set aside only if it has no usable patient id, names an unknown patient, or says again what a row above it
says. What contradicts something else stays: see check_endpoints.py and below.

Doubts about the patients themselves stand here: one patient under two ids, ids that are names (never repeated in a
finding), ages that nobody has. Nothing is removed for a doubt.
"""

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Mapping
from typing import Final

import pandas as pd

from lib.cohort.check_course import (
    LastDays,
    check_course,
    check_days,
    check_response,
    check_states,
    check_values,
    last_days,
)
from lib.cohort.check_endpoints import check_follow_up, days_to_cutoff
from lib.cohort.check_values import check_days_known, check_grades, check_kinetics, check_units
from lib.cohort.finding import Finding, at_rows, marked
from lib.cohort.schema import ANALYSIS_SETS
from lib.cohort.time_unit import InfusionDates

WORD: Final = r"[^\W\d_]+(?:['’-][^\W\d_]+)*\.?"
NAME: Final = re.compile(rf"{WORD}(?:[ ,]+{WORD})+")
CHINESE_NAME: Final = re.compile("(?!患者|病人)[\u4e00-\u9fff]{2,4}")
SINGLE_NAME: Final = re.compile(r"[^\W\d_][^\W\d_]{2,}")
STUDY_WORDS: Final = frozenset(
    ("patient", "patientin", "pt", "pat", "subject", "case", "id", "participant", "proband", "control")
)
ZEROS: Final = re.compile(r"(?<!\d)0+(?=\d)")  # before a number
MOSTLY: Final = 0.5  # of the ids are a single word: then these are surnames, not codes
IMPLAUSIBLE_AGE: Final = (1, 100)  # younger or older than anyone who has been given CAR T cells
FEWEST_COLUMNS: Final = 4
BY_CHANCE: Final = 0.01  # pairs of equal patients that independent columns would give, at most
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


def check_patients(patients: pd.DataFrame, sheet: str) -> list[Finding]:
    """Every doubt about the rows of Patients, further columns included."""
    return [
        *_one_patient_twice(patients, sheet),
        *_alike(patients, sheet),
        *_names(patients, sheet),
        *_ages(patients, sheet),
    ]


def same_patient(patient_id: str) -> str:
    """The id without what is easily mistyped: capitals, spaces, zeros before a number."""
    written = patient_id if patient_id.isascii() else unicodedata.normalize("NFKC", patient_id)
    plain = "".join(written.casefold().split())
    return ZEROS.sub("", plain) if "0" in plain else plain


def _one_patient_twice(patients: pd.DataFrame, sheet: str) -> list[Finding]:
    ids = patients["patient_id"].astype("object")
    written = [same_patient(patient) for patient in ids]
    if len(set(written)) == len(written):
        return []
    key = pd.Series(written, ids.index)
    first = ids.groupby(key).transform("first")
    other = patients.assign(first=first)[ids != first]
    problem = '"{patient_id}" and "{first}" differ only in capitals, spaces or zeros; they are read as two patients.'
    fix = "Delete one of the two rows if they are one patient, and write its id in one way."
    return at_rows(other, "warning", (sheet, "patient_id"), problem, fix, "{patient_id}")


def _alike(patients: pd.DataFrame, sheet: str) -> list[Finding]:
    """Two ids with the same values in all columns, where that is hardly chance."""
    values = patients.drop(columns=["source_row", "patient_id"]).dropna(axis=1, how="all")
    if values.shape[1] < FEWEST_COLUMNS or len(values) < 2:
        return []
    words = values.apply(_as_words)
    same = words.duplicated() & (values.notna().sum(axis=1) >= FEWEST_COLUMNS)
    if not same.any() or _pairs_by_chance(words) > BY_CHANCE:
        return []
    first = patients["patient_id"].groupby([words[name] for name in words.columns]).transform("first")
    problem = 'Patients "{first}" and "{patient_id}" are alike in all columns: perhaps one patient was entered twice.'
    fix = "Delete one of the two rows if they are one patient."
    rows = patients.assign(first=first)[same]
    return at_rows(rows, "warning", (sheet, "patient_id"), problem, fix, "{patient_id}")


def _as_words(values: pd.Series) -> pd.Series:
    """Which of the different words of this column stands in each row, as a number."""
    codes, different = pd.factorize(values, use_na_sentinel=False)
    of_word, _ = pd.factorize(different.astype("str"))
    return pd.Series(of_word[codes], values.index, dtype="int32")


def _pairs_by_chance(words: pd.DataFrame) -> float:
    """How many pairs of patients would be alike if the columns were independent: the product of each column's sum of
    p²."""
    n = len(words)
    chances = [float((words[name].value_counts() / n).pow(2).sum()) for name in words.columns]
    return math.prod(chances) * n * (n - 1) / 2


def _names(patients: pd.DataFrame, sheet: str) -> list[Finding]:
    ids = [str(patient).strip() for patient in patients["patient_id"]]
    n = sum(map(_is_name, ids))
    if not n:
        single = sum(bool(SINGLE_NAME.fullmatch(each)) and each.istitle() for each in ids)
        n = single if len(ids) > 2 and single > MOSTLY * len(ids) else 0
    if not n:
        return []
    problem = f"{n} of {len(ids)} patient ids look like names."
    fix = "Replace them by study codes before the file is passed on, and keep the list of codes elsewhere."
    return [Finding("warning", sheet, None, "patient_id", "", problem, fix)]


def _is_name(patient_id: str) -> bool:
    """Two words of letters, none of them "patient", of which a later one is no mere initial; or a Chinese name."""
    if not NAME.fullmatch(patient_id):
        return bool(CHINESE_NAME.fullmatch(patient_id))
    words = [word.casefold() for word in re.findall(r"[^\W\d_]+", patient_id)]
    return any(len(word) > 2 for word in words[1:]) and not STUDY_WORDS & set(words)


def _ages(patients: pd.DataFrame, sheet: str) -> list[Finding]:
    youngest, oldest = IMPLAUSIBLE_AGE
    odd = marked(patients, (patients["age_years"] < youngest) | (patients["age_years"] > oldest))
    problem = "{age_years:g} years is an implausible age at infusion; it is used as it stands."
    return at_rows(odd, "warning", (sheet, "age_years"), problem, "Correct it if it is a slip.", "{age_years:g}")


def usable_rows(
    table: pd.DataFrame, name: str, sheet: str, known_patients: set[str] | None
) -> tuple[pd.DataFrame, list[Finding]]:
    """The rows that can be kept; those set aside are findings. `known_patients` is None for Patients itself."""
    place, ids = (sheet, "patient_id"), table["patient_id"]
    nameless = ids.isna()
    unknown = ~nameless & ~ids.isin(known_patients) if known_patients is not None else nameless & False
    problem, fix = "This row has no patient id and was set aside.", "Write the patient's study code."
    findings = at_rows(marked(table, nameless), "error", place, problem, fix, sets_aside=True)
    if unknown.any():
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
    if written.isna().all():
        return pd.Series("included", written.index, dtype="object"), []
    known = written.str.casefold().where(written.notna()).fillna("included")
    other = ~known.isin(ANALYSIS_SETS)
    problem = '"{analysis_set}" is neither included nor excluded.'
    fix, value = "Write one of the two.", "{analysis_set}"
    findings = at_rows(marked(patients, other), "error", (sheet, "analysis_set"), problem, fix, value)
    return known.mask(other, "included"), findings


def _strangers(rows: pd.DataFrame, place: tuple[str, str], known: set[str]) -> list[Finding]:
    """Rows of patients that are not in Patients; the fix names the patient who is probably meant."""
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
    filled = {name: table for name, table in tables.items() if not table.empty}
    findings = check_follow_up(endpoints, cutoff, dates)
    if filled:
        findings += _one_by_one(filled, sheets, last_days(endpoints, tables["infusions"]), cutoff, dates)
    findings += check_kinetics(tables["kinetics"], sheets["kinetics"])
    if "labs" in filled:
        findings += check_days_known(tables["labs"], sheets["labs"])
        findings += check_units(tables["labs"], ("patient_id", "test"), sheets["labs"])
    if "states" in filled:
        findings += check_states(tables["states"], sheets["states"])
    if "responses" in filled:
        findings += check_response(tables["responses"], sheets["responses"], disease)
    if "labs" in filled:
        findings += check_grades(tables["adverse_events"], tables["labs"], sheets["adverse_events"])
    return findings + check_course(tables, sheets, endpoints)


def _one_by_one(
    tables: Mapping[str, pd.DataFrame],
    sheets: Mapping[str, str],
    last: LastDays,
    cutoff: dt.date | None,
    dates: InfusionDates,
) -> list[Finding]:
    """The findings about days and numbers of each of these tables."""
    findings: list[Finding] = []
    for name, table in tables.items():
        counted = table.assign(infusion=1.0) if name == "infusions" else table
        cutoff_days = days_to_cutoff(counted, cutoff, dates) if cutoff and dates else None
        findings += check_days(table, name, sheets[name], last, cutoff_days) + check_values(table, sheets[name])
    return findings
