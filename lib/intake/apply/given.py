"""The variables that Infusions and Therapies give (lib/cohort/at_infusion.py), beside the columns of Patients; a column
of that name wins."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from lib.cohort.at_infusion import DERIVED, Derived, as_shown, dose_unit, given
from lib.cohort.finding import Finding
from lib.cohort.model import Variable
from lib.cohort.schema import INFUSIONS, TABLES
from lib.intake.apply.study import StudySettings
from lib.intake.apply.variables import PatientColumns, nearly_all_different, one_spelling, relabelled, variable_of

SHEETS = {table.name: table.sheet for table in TABLES}
OWN_COLUMN = (
    "Patients has a column {label} of its own that says otherwise; it counts, and {label} of {sheet} is neither in"
    " Table 1 nor a filter."
)
RENAME = "Rename the column of Patients if the other one is meant."
TOO_MANY = (
    "{label} of {sheet} has nearly as many different texts as patients, so it is neither shown in Table 1 nor offered"
    " as a filter."
)
ONE_NAME = "Write one name for one thing."
NOT_CELLS = "{n} {what}: no number of cells, so not in Dose of Table 1 or of the filters."
WRITE_UNIT = "Write for example 10^6 cells or 10^6 cells/kg."


def with_given(
    columns: PatientColumns, tables: Mapping[str, pd.DataFrame], settings: StudySettings
) -> tuple[PatientColumns, list[Finding]]:
    """The columns of Patients and, after them, what each patient was given with the first infusion and before it."""
    findings: list[Finding] = []
    ids = columns.patients["patient_id"]
    numbers = [1, *sorted(set(tables[INFUSIONS.name]["infusion"].dropna().astype(int)) - {1})]
    for each in (each for each in DERIVED if each.recorded(tables[each.sheet])):
        written = [given(each, ids, tables, number).values for number in numbers]
        if written[0].isna().all():
            continue
        if each.column.kind == "category" and nearly_all_different(Counter(pd.concat(written).dropna())):
            findings.append(_note(each, TOO_MANY, ONE_NAME))
            continue
        variable = _variable(each, pd.concat(written), settings)
        if own := _own(columns, variable):
            same = columns.patients[own].equals(as_shown(written[0], variable).rename(own))
            findings += [] if same else [_note(each, OWN_COLUMN, RENAME)]
            continue
        patients = columns.patients.assign(**{each.name: as_shown(written[0], variable)})
        columns = replace(columns, patients=patients, variables=(*columns.variables, variable))
    return columns, [*findings, *_not_cells(tables[INFUSIONS.name])]


def _own(columns: PatientColumns, variable: Variable) -> str:
    """The column of Patients that has this name, or is shown under this label; "" where there is none."""
    if variable.name in columns.patients.columns:
        return variable.name
    return next((each.name for each in columns.variables if each.label.casefold() == variable.label.casefold()), "")


def _variable(each: Derived, written: pd.Series, settings: StudySettings) -> Variable:
    """The variable with the levels of all infusions; `shown` says which word became which level."""
    shown, _ = one_spelling(relabelled(written, each.name, settings))
    words = {old: new for old, new in zip(written, shown, strict=True) if isinstance(old, str) and old != new}
    variable = variable_of(each.name, shown, settings, each.column)
    return replace(variable, sheet=SHEETS[each.sheet], shown=tuple(words.items()))


def _note(each: Derived, problem: str, mend: str) -> Finding:
    said = problem.format(name=each.name, label=each.column.label, sheet=SHEETS[each.sheet])
    return Finding("note", SHEETS[each.sheet], None, "", "", said, mend)


def _not_cells(infusions: pd.DataFrame) -> list[Finding]:
    """A note for each unit of a dose that says no number of cells, and for doses without a unit."""
    units = infusions.loc[infusions["dose"].notna(), "dose_unit"].fillna("").astype(str)
    return [
        Finding(
            "note",
            INFUSIONS.sheet,
            None,
            "dose_unit",
            unit,
            NOT_CELLS.format(
                n=f"{n:,} {'dose' if n == 1 else 'doses'}", what=f'in "{unit}"' if unit else "without a unit"
            ),
            WRITE_UNIT,
        )
        for unit, n in Counter(units).items()
        if dose_unit(unit) is None
    ]
