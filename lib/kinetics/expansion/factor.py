"""Beside what expansion can be looked at: best response, worst grade of CRS and ICANS, numbers of the patient, laboratory values before infusion.

Factors are those of the opened cohort, so that a figure keeps its axis whatever is selected.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import pandas as pd

from lib.cohort.model import Cohort, Variable
from lib.cohort.schema import RESPONSES
from lib.cohort.slug import slug_of, unused
from lib.derived.baseline_lab import baseline_lab
from lib.derived.best_response import best_overall_responses
from lib.derived.worst_grade import worst_grades

TERMS: Final = ("CRS", "ICANS")
BURDEN: Final = re.compile(
    r"ferritin|\bldh\b|lactate|plasma|tumou?r|burden|blast|\bcrp\b|c-reactive|m[- _]?protein|paraprotein|microglobulin|b2m|light chain|\bs?flc\b",
    re.IGNORECASE,
)
WIDE_SPREAD: Final = 20.0  # above this ratio of the 95th to the 5th percentile a log axis shows more
AFTER: Final = "arises after the infusion"


@dataclass(frozen=True)
class Factor:
    """`name` is the column, the term or the laboratory test; `levels` () for numbers, else in rising order.

    `after` says that it arises after the infusion; `time_not_stated` that nobody says when it was known.
    """

    slug: str
    label: str
    kind: Literal["response", "grade", "number", "lab"]
    name: str = ""
    unit: str = ""
    levels: tuple[str, ...] = ()
    log: bool = False
    after: bool = False
    time_not_stated: bool = False

    @property
    def title(self) -> str:
        return f"{self.label}, {self.unit}" if self.unit else self.label

    @property
    def burden(self) -> bool:
        """Whether its name speaks of inflammation or tumour load before the infusion."""
        return self.kind in ("number", "lab") and not self.after and bool(BURDEN.search(self.label.replace("_", " ")))


def factors(opened: Cohort) -> tuple[Factor, ...]:
    """What the opened cohort has, what arises after the infusion first; one of each name, whatever its script or unit."""
    given: set[str] = set()
    found = [*_response(opened), *_grades(opened), *_numbers(opened), *_labs(opened)]
    return tuple(replace(factor, slug=unused(factor.slug, given)) for factor in found)


def default_factors(opened: Cohort) -> tuple[Factor, ...]:
    """Those of the report: response, grades, and what speaks of inflammation or tumour load."""
    return tuple(factor for factor in factors(opened) if factor.kind in ("response", "grade") or factor.burden)


def factor_values(cohort: Cohort, factor: Factor) -> pd.Series:
    """For each selected patient (the index) the number, or the place among the levels; NaN where it is not known."""
    patients = cohort.patients["patient_id"]
    if factor.kind == "lab":
        return baseline_lab(cohort, factor.name, factor.unit)
    if factor.kind == "number":
        return pd.Series(cohort.patients[factor.name].to_numpy(float), index=patients)
    if factor.kind == "response":
        place = {level: number for number, level in enumerate(factor.levels)}
        return best_overall_responses(cohort).map(place).astype("float64")
    worst = worst_grades(cohort)
    mine = worst[worst["term"] == factor.name].set_index("patient_id")["worst"]
    return pd.Series([float(mine.get(patient, 0.0)) for patient in patients], index=patients)


def _response(opened: Cohort) -> Iterator[Factor]:
    given = {*opened.vocabulary.get("response", ()), *best_overall_responses(opened).dropna()} - {"NE"}
    levels = [response for response in RESPONSES if response in given] if opened.vocabulary.get("response") else []
    if levels:
        yield Factor("best_response", "Best response", "response", levels=tuple(reversed(levels)), after=True)


def _grades(opened: Cohort) -> Iterator[Factor]:
    for term in TERMS:
        if term in opened.vocabulary.get("term", ()):
            events = opened.adverse_events
            worst = events.loc[events["term"] == term, "grade"].max()
            levels = tuple(map(str, range(int(max(1, np.nan_to_num(worst))) + 1)))
            yield Factor(f"{slug_of(term)}_grade", f"Worst grade of {term}", "grade", term, levels=levels, after=True)


def _numbers(opened: Cohort) -> Iterator[Factor]:
    for variable in opened.variables:
        if variable.kind == "number":
            yield _number(opened, variable)


def _number(opened: Cohort, variable: Variable) -> Factor:
    log, late = _spreads(opened.patients[variable.name]), variable.known_at is not None and variable.known_at > 0
    return Factor(
        slug_of(variable.name, "column"), variable.label, "number", variable.name, variable.unit, (), log, late, variable.known_at is None
    )  # fmt: skip


def _labs(opened: Cohort) -> Iterator[Factor]:
    for words in opened.vocabulary.get("lab", ()):
        test, _, unit = words.partition("\t")
        values = baseline_lab(opened, test, unit)
        if values.notna().any():
            yield Factor(
                f"baseline_{slug_of(test, 'test')}", f"{test} before infusion", "lab", test, unit, (), _spreads(values)
            )


def _spreads(values: pd.Series) -> bool:
    known = values.dropna().to_numpy(float)
    if not len(known) or known.min() <= 0:
        return False
    low, high = np.quantile(known, (0.05, 0.95))
    return bool(high / low >= WIDE_SPREAD)
