"""What a patient was given with an infusion and before it, as baseline variables: product, dose, lymphodepletion,
bridging, days from apheresis.

They are read from the rows of Infusions and Therapies that belong to the infusion which is looked at, and known before
it. Who has no value has the reason beside it; a dose is never converted between cells and cells per kg. Whoever has no
row of bridging was not bridged, where the workbook records bridging at all.

A unit of a dose that holds a word which is not known here is not understood: a dose in vials or mg is never taken for
one in cells.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from lib.cohort.column import Column
from lib.cohort.endpoint_choice import APHERESIS
from lib.cohort.model import Cohort, Variable
from lib.cohort.schema import BEFORE_INFUSION, INFUSIONS, THERAPIES

MILLION: Final = 1e6
RAISED: Final = re.compile("10([⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
SUPERSCRIPTS: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
POWER: Final = re.compile(r"(?:[x×·*]\s*)?(?<!\d)(?:10\s?(?:\^|\*{1,2})\s?(\d{1,2})|1e\+?(\d{1,2}))(?!\d)")
NAMED: Final = {"million": 6, "millions": 6, "mio": 6, "mln": 6, "billion": 9, "billions": 9}
PER_KG: Final = re.compile(r"(?:/|\bper\b|\bpro\b)\s*kg\b|\bkg\s?(?:\^?-1\b|⁻¹)")
SAYS_CELLS: Final = re.compile(
    "cells?|zellen|cellules|células|cart?|t|nk|viable|live|positive|pos|transduced|infused|total|of|autologous|body|weight|bw"
)
Values = dict[str, object]  # by patient
TOGETHER: Final = " + "  # parts several therapies of one patient
NO_ROW: Final = "no row in Infusions"


class DoseUnit(NamedTuple):
    """`millions` of cells that one of the unit is; `per_kg` of body weight."""

    millions: float
    per_kg: bool


def dose_unit(written: str) -> DoseUnit | None:
    """ "10^6 CAR T cells/kg" is (1, per kg), "× 10⁸ cells" (100, not per kg), "cells" 0.000001; None for what is no
    number of cells."""
    words = RAISED.sub(lambda found: f"10^{found[1].translate(SUPERSCRIPTS)}", written.casefold())
    per_kg = bool(PER_KG.search(words))
    words = PER_KG.sub(" ", words)
    powers = [int(found[1] or found[2]) for found in POWER.finditer(words)]
    left = re.findall(r"[^\W\d_]+|\d+|[/²^]", POWER.sub(" ", words))
    powers += [NAMED[word] for word in left if word in NAMED]
    if len(powers) > 1 or any(not SAYS_CELLS.fullmatch(word) and word not in NAMED for word in left):
        return None
    if not powers and not {"cell", "cells", "zellen"} & set(left):
        return None
    return DoseUnit(10.0 ** sum(powers) / MILLION, per_kg)


@dataclass(frozen=True)
class Given:
    """Of each patient (index) the value, and why there is none ("" where there is one)."""

    values: pd.Series
    why: pd.Series


@dataclass(frozen=True)
class Derived:
    """A variable that Infusions or Therapies (`sheet`) give; `of` takes the rows of one infusion, `recorded` says
    whether a table has any."""

    column: Column
    sheet: str
    of: Callable[[pd.DataFrame], tuple[Values, Values]]
    recorded: Callable[[pd.DataFrame], bool]
    otherwise: object = None  # the value of whoever has no row, where that says something
    without_row: str = NO_ROW

    @property
    def name(self) -> str:
        """As the column of Patients would be called."""
        return self.column.name


def _stated(rows: pd.DataFrame) -> tuple[Values, Values]:
    named = dict(zip(rows["patient_id"], rows["product"], strict=True))
    return {each: product for each, product in named.items() if product}, dict.fromkeys(named, "product not stated")


def _doses(per_kg: bool) -> Callable[[pd.DataFrame], tuple[Values, Values]]:
    def doses(rows: pd.DataFrame) -> tuple[Values, Values]:
        values, why = dict[str, object](), dict[str, object]()
        units = {unit: dose_unit(unit) for unit in rows["dose_unit"].dropna().unique()}
        for patient, dose, written in zip(rows["patient_id"], rows["dose"], rows["dose_unit"], strict=True):
            unit = units.get(written)
            if pd.isna(dose):
                why[patient] = "dose not stated"
            elif unit is None:
                why[patient] = f'"{written}" is no number of cells' if written else "unit of the dose not stated"
            elif unit.per_kg != per_kg:
                why[patient] = "dose stated as cells, not per kg" if per_kg else "dose stated per kg"
            else:
                values[patient] = float(f"{dose * unit.millions:.12g}")
        return values, why

    return doses


def _has_doses(per_kg: bool) -> Callable[[pd.DataFrame], bool]:
    def recorded(rows: pd.DataFrame) -> bool:
        units = map(dose_unit, rows.loc[rows["dose"].notna(), "dose_unit"].dropna().unique())
        return any(unit is not None and unit.per_kg == per_kg for unit in units)

    return recorded


def _before(rows: pd.DataFrame, kind: str) -> tuple[pd.DataFrame, Values]:
    """The courses of this kind begun by the infusion (or without a day), and whose began later."""
    rows = rows[rows["kind"] == kind]
    late = rows["start_day"] > BEFORE_INFUSION
    return rows[~late], dict.fromkeys(rows.loc[late, "patient_id"], f"{kind} began after the infusion")


def _lymphodepletion(rows: pd.DataFrame) -> tuple[Values, Values]:
    rows, why = _before(rows, "lymphodepletion")
    why |= dict.fromkeys(rows.loc[rows["therapy"].isna(), "patient_id"], "a therapy of the regimen not named")
    drugs: dict[str, set[str]] = {}
    for patient, therapy in zip(rows["patient_id"], rows["therapy"], strict=True):
        drugs.setdefault(patient, set()).add(therapy)
    return {
        patient: TOGETHER.join(sorted(names, key=str.casefold)) for patient, names in drugs.items() if None not in names
    }, why


def _bridging(rows: pd.DataFrame) -> tuple[Values, Values]:
    rows, why = _before(rows, "bridging")
    return dict.fromkeys(rows["patient_id"], "yes"), why


def from_apheresis(rows: pd.DataFrame) -> tuple[Values, Values]:
    """Days from the last apheresis at or before the infusion by patient; and why there are none of others with a row of
    it."""
    rows = rows[names_apheresis(rows)]
    last = rows[rows["start_day"] <= BEFORE_INFUSION].groupby("patient_id")["start_day"].max()
    why: Values = {
        patient: "day of apheresis not stated" if pd.isna(day) else "apheresis after the infusion"
        for patient, day in zip(rows["patient_id"], rows["start_day"], strict=True)
    }
    return {str(patient): 0.0 - day for patient, day in last.items()}, why


def names_apheresis(rows: pd.DataFrame) -> pd.Series:
    """Of rows of Therapies, whether each names an apheresis; same index."""
    places, words = pd.factorize(rows["therapy"])
    named = np.array([*(isinstance(word, str) and bool(APHERESIS.search(word)) for word in words), False], dtype=bool)
    return pd.Series(named[places], rows.index)  # the last: no therapy


def _known(name: str, kind: str, explanation: str, label: str, unit: str = "", short: str = "") -> Column:
    return Column(name, kind, explanation, unit, known_at=BEFORE_INFUSION, label=label, short=short)  # type: ignore[arg-type]


def _has(kind: str) -> Callable[[pd.DataFrame], bool]:
    return lambda rows: bool((rows["kind"] == kind).any())


DERIVED: Final = (
    Derived(
        _known("product", "category", "product infused", "Product"),
        INFUSIONS.name,
        _stated,
        lambda rows: bool(rows["product"].notna().any()),
    ),
    Derived(_known("dose", "number", "dose", "Dose", "× 10⁶ cells"), INFUSIONS.name, _doses(False), _has_doses(False)),
    Derived(
        _known("dose_per_kg", "number", "dose per kg", "Dose per kg", "× 10⁶ cells/kg"),
        INFUSIONS.name,
        _doses(True),
        _has_doses(True),
    ),
    Derived(
        _known("lymphodepletion", "category", "regimen", "Lymphodepletion"),
        THERAPIES.name,
        _lymphodepletion,
        _has("lymphodepletion"),
        without_row="no lymphodepletion recorded",
    ),
    Derived(
        _known("bridging", "yes_no", "bridged", "Bridging therapy", short="Bridging"),
        THERAPIES.name,
        _bridging,
        _has("bridging"),
        "no",
    ),
    Derived(
        _known(
            "days_from_apheresis", "number", "days", "Days from apheresis to infusion", "days", "Days from apheresis"
        ),
        THERAPIES.name,
        from_apheresis,
        lambda rows: bool(names_apheresis(rows).any()),
        without_row="no apheresis recorded",
    ),
)


def given(each: Derived, patients: pd.Series, tables: Mapping[str, pd.DataFrame], infusion: int) -> Given:
    """What each of these patients (ids) was given with this infusion."""
    rows = tables[each.sheet]
    values, why = each.of(rows[rows["infusion"] == infusion])
    here = [values.get(patient, None if patient in why else each.otherwise) for patient in patients]
    reasons = [
        "" if value is not None else why.get(patient, each.without_row)
        for patient, value in zip(patients, here, strict=True)
    ]
    kind = "float64" if each.column.kind == "number" else "object"
    return Given(pd.Series(here, patients.index, dtype=kind), pd.Series(reasons, patients.index, dtype="object"))


def derived_of(cohort: Cohort) -> tuple[Derived, ...]:
    """Those of its variables that come from Infusions and Therapies."""
    names = {variable.name for variable in cohort.variables if variable.sheet}
    return tuple(each for each in DERIVED if each.name in names)


def at_infusion(cohort: Cohort, infusion: int) -> Cohort:
    """The cohort in which these variables are those of this infusion, whichever they were of before."""
    if infusion == cohort.infusion or not (derived := derived_of(cohort)):
        return cohort
    values = {
        each.name: as_shown(
            given(each, cohort.patients["patient_id"], cohort.tables, infusion).values, cohort.variable(each.name)
        )
        for each in derived
    }
    return replace(cohort, patients=cohort.patients.assign(**values), infusion=infusion)


def as_shown(values: pd.Series, variable: Variable | None) -> pd.Series:
    """The values under the names that the reading of the workbook gave them."""
    shown = dict(variable.shown) if variable else {}
    return values.map(lambda value: shown.get(value, value)) if shown else values


def why_missing(cohort: Cohort, name: str) -> pd.Series:
    """Of each selected patient without a value of a variable of Infusions or Therapies the reason, "" of the others."""
    (each,) = (each for each in DERIVED if each.name == name)
    return given(each, cohort.patients["patient_id"], cohort.tables, cohort.infusion).why
