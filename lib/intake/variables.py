"""Which patient columns a cohort can be filtered and split by; what looks like a name or a record number goes no further."""

import datetime as dt
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from lib.cohort.finding import Finding
from lib.cohort.model import Variable
from lib.cohort.schema import PATIENTS, Column
from lib.intake.coding import NO_WORDS, YES_WORDS, as_number, code_yes_no, is_missing, text
from lib.intake.grid import Cell
from lib.intake.role import PATIENT_ENDPOINT, normalised
from lib.intake.study import StudySettings

PRIVATE: Final = re.compile(
    r"(^|_)(name|names|surname|forename|firstname|lastname|initials|mrn|record_number|medical_record|hospital_number|nhs|ssn|"
    r"insurance|dob|birth|birthday|birthdate|date_of_birth|geburtsdatum|vorname|nachname|nom|prenom|address|street|postcode|"
    r"zip|phone|telephone|mobile|email|e_mail|姓名|出生日期|住院号|身份证)(_|$)"
)
FREE_TEXT_LENGTH: Final = 60
MOST_INTEGER_LEVELS: Final = 5  # a whole-number column with no more different values is a category (ECOG 0-2, ISS 1-3)
NOT_OFFERED: Final = frozenset(
    (
        "patient_id",
        "analysis_set",
        "exclusion_reason",
        "infusion_date",
        "progression_date",
        "death_date",
        "last_contact_date",
    )
)


@dataclass(frozen=True)
class PatientColumns:
    """The patient table with extra columns typed, and which columns can be filtered or split."""

    patients: pd.DataFrame
    variables: tuple[Variable, ...]
    findings: tuple[Finding, ...]


def patient_columns(
    frame: pd.DataFrame, extras: Sequence[str], sheet: str, letters: dict[str, str], settings: StudySettings
) -> PatientColumns:
    """Type the extra columns of Patients, drop private ones, and list the variables in the order of the sheet."""
    kept = frame[["source_row", *(column.name for column in PATIENTS.columns)]].copy()
    findings: list[Finding] = []
    variables: list[Variable] = []
    for column in PATIENTS.columns:
        if column.name in NOT_OFFERED or column.name not in letters or kept[column.name].isna().all():
            continue
        kept[column.name], merged = _one_spelling(_relabelled(kept[column.name], column.name, settings))
        findings += _merged_finding(merged, sheet, letters[column.name])
        variables.append(_variable(column.name, kept[column.name], settings, column))
    for heading in extras:
        name = normalised(heading) or heading
        if PATIENT_ENDPOINT.fullmatch(name):
            continue
        values, why_not = _typed(list(frame[heading]), name)
        if why_not or name in kept.columns:
            findings.append(
                Finding(
                    "note",
                    sheet,
                    None,
                    letters[heading],
                    "",
                    why_not or "This column stands twice.",
                    "It is neither shown nor offered as a filter.",
                )
            )
            continue
        kept[name], merged = _one_spelling(_relabelled(values, name, settings))
        findings += _merged_finding(merged, sheet, letters[heading])
        variables.append(_variable(name, kept[name], settings, None, label=heading.strip().replace("_", " ")))
    order = {name: place for place, name in enumerate(letters)}
    variables.sort(key=lambda variable: order.get(variable.name, len(order)))
    return PatientColumns(kept, tuple(variables), tuple(findings))


def _typed(cells: list[Cell], name: str) -> tuple[pd.Series, str]:
    """An extra column as numbers, yes/no or words, or the reason why it is left out."""
    present = [cell for cell in cells if not is_missing(cell)]
    words = [text(cell) for cell in present]
    if PRIVATE.search(name):
        return (
            pd.Series(),
            "This column looks like a name, record number, address or date of birth, so it was not read.",
        )
    if sum(isinstance(cell, dt.datetime) for cell in present) * 2 > len(present):
        return pd.Series(), "This column holds dates; dates go no further than the reading of the file."
    folded = {word.casefold() for word in words}
    if folded <= YES_WORDS | NO_WORDS and folded - {"0", "1", "0.0", "1.0"}:
        return pd.Series([None if is_missing(cell) else code_yes_no(cell).value for cell in cells], dtype="object"), ""
    numbers = [as_number(cell) for cell in present]
    if all(number is not None for number in numbers):
        whole = all(number == round(number) for number in numbers if number is not None)
        if not (whole and len(set(numbers)) <= MOST_INTEGER_LEVELS):
            return pd.Series([math.nan if is_missing(cell) else as_number(cell) for cell in cells], dtype="float64"), ""
    if _nearly_all_different(words):
        return pd.Series(), "Nearly every patient has another text in this column."
    return pd.Series([None if is_missing(cell) else text(cell) for cell in cells], dtype="object"), ""


def _nearly_all_different(words: list[str]) -> bool:
    different, n = len(set(words)), len(words)
    long = any(len(word) > FREE_TEXT_LENGTH for word in words)
    return long or (n >= 4 and different >= 0.75 * n) or different > max(8, n / 2)


def _variable(
    name: str, values: pd.Series, settings: StudySettings, column: Column | None, label: str = ""
) -> Variable:
    unit = settings.unit.get(name, column.unit if column else "")
    known_at = settings.known_at.get(name, column.known_at if column else None)
    shown = settings.label.get(name) or (column.label if column else "") or label or name.replace("_", " ")
    short = settings.label.get(name) or (column.short if column else "") or shown
    if values.dtype == "float64":
        return Variable(name, shown, "number", unit=unit, known_at=known_at, short=short)
    levels = _in_order(values, settings.order.get(name, ()))
    reference = settings.level_labels.get(name, {}).get(
        settings.reference.get(name, ""), settings.reference.get(name, "")
    )
    return Variable(name, shown, "category", levels, unit, reference if reference in levels else "", known_at, short)


def _in_order(values: pd.Series, wished: tuple[str, ...]) -> tuple[str, ...]:
    """The levels: first as Study orders them, then "no" before "yes", numbers by size, words by alphabet."""
    levels = list(dict.fromkeys(values.dropna()))
    place = {level.casefold(): index for index, level in enumerate(wished)}
    return tuple(sorted(levels, key=lambda level: (place.get(level.casefold(), len(place)), *_natural(level))))


def _natural(level: str) -> tuple[float, int, str]:
    """ "3" before "4" before ">=5"; "<60" before "60"; words after numbers."""
    number = re.search(r"\d+(\.\d+)?", level)
    size = float(number.group()) if number and re.match(r"\W*\d", level) else math.inf
    beside = -1 if level.startswith(("<", "≤")) else 1 if level.startswith((">", "≥")) else 0
    return size, beside, level.casefold()


def _relabelled(values: pd.Series, name: str, settings: StudySettings) -> pd.Series:
    labels = settings.level_labels.get(name)
    return values.map(lambda level: labels.get(level, level) if isinstance(level, str) else level) if labels else values


def _one_spelling(values: pd.Series) -> tuple[pd.Series, dict[str, str]]:
    """Levels that differ only in capitals or spaces become the first spelling met; tells which."""
    if values.dtype == "float64":
        return values, {}
    first: dict[str, str] = {}
    merged: dict[str, str] = {}
    for level in dict.fromkeys(values.dropna()):
        spelling = first.setdefault(" ".join(level.casefold().split()), level)
        if spelling != level:
            merged[level] = spelling
    return (values.map(lambda level: merged.get(level, level)) if merged else values), merged


def _merged_finding(merged: dict[str, str], sheet: str, letter: str) -> list[Finding]:
    return [
        Finding(
            "warning",
            sheet,
            None,
            letter,
            other,
            f'"{other}" was taken for "{spelling}".',
            "Use one spelling for one group.",
        )
        for other, spelling in merged.items()
    ]
