"""Patients as P01, P02 ...: an exhibit in which no id of the workbook is left."""

from dataclasses import replace

import pandas as pd

from lib.publication.exhibit import Figure, Numbers, Table
from lib.publication.masking import PATIENT, shows_patients

HIDDEN_FIRST = ("patient.outcomes",)  # made to be passed on: pseudonyms unless the reader decides otherwise


def pseudonymised(figure: Figure, names: dict[str, str]) -> Figure:
    """The figure with every patient under another name."""
    tables = {name: _renamed(table, names) for name, table in figure.tables.items()}
    return replace(
        figure, tables=tables, data=_renamed(figure.data, names), numbers=_renamed_numbers(figure.numbers, names)
    )


def pseudonymised_table(table: Table, names: dict[str, str]) -> Table:
    """The table with every patient under another name: the first column of one whose rows are patients."""
    if not shows_patients(table):
        return table
    rows = tuple((names.get(row[0], row[0]), *row[1:]) for row in table.rows)
    return replace(table, rows=rows, numbers=_renamed_numbers(table.numbers, names))


def _renamed(table: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    return table.assign(patient=table[PATIENT].map(names)) if PATIENT in table.columns else table


def _renamed_numbers(numbers: Numbers, names: dict[str, str]) -> Numbers:
    places = {place for place, (name, _) in enumerate(numbers.columns) if name == PATIENT}
    rows = tuple(
        tuple(names.get(str(cell), cell) if place in places else cell for place, cell in enumerate(row))
        for row in numbers.rows
    )
    return replace(numbers, rows=rows)
