"""Doubts about the patients themselves: one patient under two ids, ids that are names, ages that nobody has.

Nothing is removed. An id that looks like a name is never repeated in a finding.
"""

import math
import re
import unicodedata
from typing import Final

import pandas as pd

from lib.cohort.finding import Finding, at_rows

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
    key = ids.map(same_patient)
    first = ids.groupby(key).transform("first") if len(ids) else ids
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
    odd = patients[(patients["age_years"] < youngest) | (patients["age_years"] > oldest)]
    problem = "{age_years:g} years is an implausible age at infusion; it is used as it stands."
    return at_rows(odd, "warning", (sheet, "age_years"), problem, "Correct it if it is a slip.", "{age_years:g}")
