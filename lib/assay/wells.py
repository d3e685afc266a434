"""The wells of a workbook's sheet Assays, and how those of one measure are compared.

One row a measurement that has a value, with what it was taken from. A well is a technical replicate. What repeats an
experiment is a donor, or a run of it: a further column of the sheet, by one of the names in BIOLOGICAL. Doses of one or
more agents are compared with dose 0, or conditions with a control: where a concentration above 0 is named, groups are
doses and each condition that has such doses is a line of its own; wells of dose 0 that belong to no such condition are
the control of every line. Otherwise the conditions are the groups.
"""

import re
from dataclasses import dataclass
from typing import Final

import pandas as pd

from lib.cohort.model import Cohort

BIOLOGICAL: Final = ("donor", "biological replicate", "patient", "run", "experiment run")
WORDS: Final = ("experiment", "measure", "condition", "concentration_unit", "time_unit", "unit")
UNIT_OF_RATIO: Final = "fold"
CONTROL: Final = re.compile(r"(control|ctrl|untreated|none|no drug|vehicle|dmso|medium|mock)\b", re.IGNORECASE)
EVERYTHING: Final = "all wells"


@dataclass(frozen=True)
class Design:
    """`lines` are agents ("" where none is named), `groups` the doses or conditions in order, one of them the control.

    `unit` is that of the concentrations, "" where groups are conditions or name their units themselves.
    """

    lines: tuple[str, ...]
    groups: tuple[str, ...]
    control: str | None
    dosed: bool
    unit: str = ""

    def label(self, group: str) -> str:
        """A group within a sentence: 2.5 µg/mL."""
        return f"{group} {self.unit}".strip()


def wells(cohort: Cohort) -> pd.DataFrame:
    """Every measurement with a value: the words of the schema ("" where empty), concentration, time, replicate, donor,
    value.

    `measured` is the value as it stands in the sheet; what is computed later keeps it. A unit of time or concentration
    that an experiment names only in some rows holds for all of them. Assays speak of no patient: no selection touches
    them.
    """
    rows = cohort.assays
    rows = rows[rows["value"].notna()].reset_index(drop=True)
    words = {name: rows[name].fillna("").astype(str).str.strip() for name in WORDS}
    table = rows[["concentration", "time", "replicate", "value"]].assign(
        **words, donor=_donor(rows), measured=rows["value"], original=range(len(rows))
    )
    for unit in ("time_unit", "concentration_unit"):
        table[unit] = table.groupby("experiment", sort=False)[unit].transform(_only_one)
    return table


def n_without_value(cohort: Cohort) -> int:
    """How many rows of the sheet have no value."""
    return int(cohort.assays["value"].isna().sum())


def _donor(rows: pd.DataFrame) -> pd.Series:
    named = {re.sub(r"[^a-z]+", " ", str(name).casefold()).strip(): name for name in rows.columns}
    found = next((named[name] for name in BIOLOGICAL if name in named), None)
    return rows[found].fillna("").astype(str) if found is not None else pd.Series("", index=rows.index, dtype="object")


def _only_one(units: pd.Series) -> pd.Series:
    """The one unit of an experiment, also where it was left out."""
    given = [unit for unit in units.unique() if unit]
    return units.mask(units == "", given[0]) if len(given) == 1 else units


def designed(rows: pd.DataFrame) -> tuple[Design, pd.DataFrame]:
    """The design of one measure's wells, and these with `line` and `group`; a shared control stands once in every line.

    Wells without a concentration that are no control have no place among doses: they are not in the rows given back.
    """
    return _by_dose(rows) if (rows["concentration"] > 0).any() else _by_condition(rows)


def _by_dose(rows: pd.DataFrame) -> tuple[Design, pd.DataFrame]:
    is_control = rows["condition"].str.match(CONTROL)
    dose = rows["concentration"].mask(rows["concentration"].isna() & is_control, 0.0)
    rows = rows.assign(dose=dose)[dose.notna()]
    lines = tuple(rows.loc[rows["dose"] > 0, "condition"].unique())
    shared = (rows["dose"] <= 0) & ~rows["condition"].isin(lines)
    parts = [rows[~shared].assign(line=lambda own: own["condition"])]
    parts += [rows[shared].assign(line=line) for line in lines]
    placed = pd.concat(parts, ignore_index=True)
    units = [unit for unit in placed.loc[placed["dose"] > 0, "concentration_unit"].unique() if unit]
    named = placed["concentration_unit"].where((placed["dose"] > 0) & (len(units) > 1), "")
    places = list(zip(named, placed["dose"], strict=True))
    names = {(unit, dose): f"{dose:g} {unit}".strip() for unit, dose in sorted(set(places))}
    control = next((name for (_, dose), name in names.items() if dose == 0), None)
    design = Design(lines, tuple(names.values()), control, True, units[0] if len(units) == 1 else "")
    return design, placed.assign(group=[names[place] for place in places]).drop(columns="dose")


def _by_condition(rows: pd.DataFrame) -> tuple[Design, pd.DataFrame]:
    group = rows["condition"].mask(rows["condition"] == "", EVERYTHING)
    groups = tuple(group.unique())
    control = next((name for name in groups if CONTROL.match(name)), None)
    ordered = tuple(sorted(groups, key=lambda name: name != control))
    return Design(("",), ordered, control, False), rows.assign(line="", group=group)
