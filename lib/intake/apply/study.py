"""The Study sheet: settings of the whole workbook, read one by one."""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from lib.cohort.finding import Finding
from lib.cohort.model import Study, Variable
from lib.cohort.response_scale import DISEASES, is_disease
from lib.cohort.schema import BEFORE_INFUSION, PATIENTS, STUDY_SETTINGS
from lib.cohort.time_unit import UNITS
from lib.intake.apply.table import ReadTable
from lib.intake.cells.coding import as_number, code_date, code_yes_no
from lib.intake.sheets.role import column_for, normalised

ABOUT_A_COLUMN: Final = ("order", "label", "reference", "known_at", "unit")


@dataclass
class StudySettings:
    """What the Study sheet says: about the study, and about single patient columns (by normalised name)."""

    study: Study = field(default_factory=Study)
    data_cutoff: dt.date | None = None
    order: dict[str, tuple[str, ...]] = field(default_factory=dict)
    label: dict[str, str] = field(default_factory=dict)
    level_labels: dict[str, dict[str, str]] = field(default_factory=dict)
    reference: dict[str, str] = field(default_factory=dict)
    known_at: dict[str, float | None] = field(default_factory=dict)
    unit: dict[str, str] = field(default_factory=dict)
    rows: list[tuple[int, str, str, str]] = field(default_factory=list)  # row, setting, column it is about, value
    findings: list[Finding] = field(default_factory=list)


def read_study(read: ReadTable | None) -> StudySettings:
    """The settings; a workbook without a Study sheet has the defaults (months, not synthetic, compared by arm)."""
    settings = StudySettings()
    if read is None:
        return settings
    about: dict[str, str] = {}
    for _, row in read.frame.iterrows():
        setting, value = normalised(row["setting"] or ""), (row["value"] or "").strip()
        problem = _keep(settings, about, setting, row["column"] or "", value) if value else None
        if problem:
            place = read.letters.get("value", "value")
            settings.findings.append(Finding("error", read.sheet, int(row["source_row"]), place, value, *problem))
        elif value and setting in (*ABOUT_A_COLUMN, "group_by"):
            about_column = column_name(value if setting == "group_by" else row["column"])
            settings.rows.append((int(row["source_row"]), setting, about_column, value))
    settings.study = Study(
        title=about.get("title", ""),
        synthetic=about.get("synthetic") == "yes",
        note=about.get("note", ""),
        disease=about.get("disease", ""),
        data_cutoff=settings.data_cutoff.isoformat() if settings.data_cutoff else "",
        time_unit=about.get("time_unit", "months"),
        group_by=about.get("group_by", ""),
        month_1_response=about.get("month_1_response") == "yes",
    )
    return settings


def unmet_settings(settings: StudySettings, variables: Sequence[Variable], read: ReadTable | None) -> list[Finding]:
    """Settings about a column that cannot be filtered or compared by, and references that nobody has."""
    by_name = {variable.name: variable for variable in variables}
    findings = []
    for row, setting, name, value in settings.rows:
        variable = by_name.get(name)
        if variable is None:
            problem = (
                f'"{name}" is no column of Patients that holds groups or numbers, so this setting changes nothing.'
            )
            fix = "Correct the name of the column."
        elif setting == "reference" and not variable.reference:
            problem, fix = f'Nobody has "{value}" in {variable.label}.', f"Write one of {', '.join(variable.levels)}."
        else:
            continue
        findings.append(Finding("warning", read.sheet if read else "", row, "value", value, problem, fix))
    return findings


def column_name(written: str) -> str:
    """The patient column that a setting speaks of: the schema's name, or the column's own name normalised."""
    column = column_for(written, PATIENTS)
    return column.name if column else normalised(written)


def _keep(
    settings: StudySettings, about: dict[str, str], setting: str, column: str, value: str
) -> tuple[str, str] | None:
    """Keep one setting; return what is wrong and how to fix it, or None."""
    if setting not in STUDY_SETTINGS:
        return f'"{setting}" is not a setting.', f"Write one of {', '.join(STUDY_SETTINGS)}."
    if setting in ABOUT_A_COLUMN:
        if not column:
            return (
                f"The setting {setting} does not say which column it is for.",
                'Name the column of Patients in "column".',
            )
        return _keep_about_column(settings, setting, column_name(column), value)
    return _keep_about_study(settings, about, setting, value)


def _keep_about_study(
    settings: StudySettings, about: dict[str, str], setting: str, value: str
) -> tuple[str, str] | None:
    if setting in ("synthetic", "month_1_response"):
        coded = code_yes_no(value)
        about[setting] = str(coded.value)
        return (coded.problem, coded.fix) if coded.problem else None
    if setting == "data_cutoff":
        coded = code_date(value)
        settings.data_cutoff = coded.value if isinstance(coded.value, dt.date) else None
        return (coded.problem, coded.fix) if coded.problem else None
    if setting == "time_unit" and value.casefold() not in UNITS:
        return f'"{value}" is not a unit of time.', f"Write one of {', '.join(UNITS)}."
    if setting == "disease" and not is_disease(value):
        return f'No criteria of response are known for "{value}".', f"Write one of {', '.join(DISEASES)}."
    about[setting] = {"time_unit": value.casefold(), "group_by": column_name(value)}.get(setting, value)
    return None


def _keep_about_column(settings: StudySettings, setting: str, name: str, value: str) -> tuple[str, str] | None:
    if setting == "known_at":
        known_at = _known_at(value)
        if known_at is not None and math.isnan(known_at):
            return f'"{value}" does not say when it was known.', "Write before infusion, a day such as 30, or unknown."
        settings.known_at[name] = known_at
    elif setting == "order":
        settings.order[name] = tuple(part.strip() for part in value.split(";") if part.strip())
    elif setting == "label":
        _keep_label(settings, name, value)
    else:
        {"reference": settings.reference, "unit": settings.unit}[setting][name] = value
    return None


def _keep_label(settings: StudySettings, name: str, value: str) -> None:
    """A label of the column, or, written as "Control = No maintenance; ...", of its levels."""
    if " = " not in value:
        settings.label[name] = value
        return
    pairs = [part.split(" = ", 1) for part in value.split(";") if " = " in part]
    settings.level_labels[name] = {old.strip(): new.strip() for old, new in pairs if new.strip()}


def _known_at(value: str) -> float | None:
    """A study day, 0 for "before infusion", None for "unknown", NaN for what cannot be read."""
    if value.casefold() in ("before", "before infusion", "baseline"):
        return BEFORE_INFUSION
    if value.casefold() in ("unknown", "not stated"):
        return None
    day = as_number(value.casefold().removeprefix("day").strip())
    return math.nan if day is None else day
