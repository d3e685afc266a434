"""Beside what expansion can be looked at, and how it goes with it: best response, worst grade of CRS and ICANS, numbers
of the patient, laboratory values before infusion.

Factors are those of the opened cohort, so that a figure keeps its axis whatever is selected. Spearman's correlation,
and the spread within each level; whoever never rose above the limit of quantification keeps the lowest rank. Response
and CRS arise after the infusion: what is shown is that two things go together, not that one brings the other about.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.kinetic_series import SeriesKey
from lib.cohort.model import Cohort, Variable
from lib.cohort.printed import raised, slug_of, unused
from lib.cohort.schema import RESPONSES
from lib.derived.adverse_events import worst_grades
from lib.derived.best_response import best_overall_responses
from lib.derived.lab_values import baseline_lab
from lib.kinetics.parameter_table import NON_EXPANDER, NOT_SAMPLED, ParameterTable, Places, Why
from lib.kinetics.parameters import AUC_0_28, CMAX, Parameter
from lib.kinetics.series import KineticsResult, series_of
from lib.stats.correlation import Correlation, spearman
from lib.stats.estimate import Floats

TERMS: Final = ("CRS", "ICANS")
BURDEN: Final = re.compile(
    r"ferritin|\bldh\b|lactate|plasma|tumou?r|burden|blast|\bcrp\b|c-reactive|m[- _]?protein|paraprotein"
    r"|microglobulin|b2m|light chain|\bs?flc\b",
    re.IGNORECASE,
)
WIDE_SPREAD: Final = 20.0  # above this ratio of the 95th to the 5th percentile a log axis shows more
AFTER: Final = "arises after the infusion"
MEASURES: Final = (CMAX, AUC_0_28)
FEWEST_FOR_BOX: Final = 5  # of fewer only the median is drawn
FEWEST_FOR_MEDIAN: Final = 2
FEWEST_BESIDE: Final = 3  # patients: of fewer the report does not set expansion beside anything


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
        """The label with its unit."""
        return f"{self.label}, {raised(self.unit)}" if self.unit else self.label

    @property
    def burden(self) -> bool:
        """Whether its name speaks of inflammation or tumour load before the infusion."""
        return self.kind in ("number", "lab") and not self.after and bool(BURDEN.search(self.label.replace("_", " ")))


@dataclass(frozen=True)
class LevelSpread:
    """The values of one level: median from two on, quartiles from five on; non-expanders count as lowest."""

    level: str
    n: int
    n_silent: int
    median: float | None
    q1: float | None
    q3: float | None


@dataclass(frozen=True)
class ExpansionResult:
    """`table` has one row a patient with both: patient, group, amount (0 = never above the limit), silent, value
    (number or place of the level).

    `left_out` counts the others of `n_selected` patients, by reason.
    """

    series: KineticsResult
    factor: Factor
    measure: Parameter
    table: pd.DataFrame
    correlation: Correlation
    levels: tuple[LevelSpread, ...]
    left_out: tuple[tuple[str, int], ...]
    n_selected: int

    @property
    def n(self) -> int:
        """How many patients have both."""
        return len(self.table)


def factors(opened: Cohort) -> tuple[Factor, ...]:
    """What the opened cohort has, what arises after the infusion first; each with a name of its own."""
    given: set[str] = set()
    found = [*_response(opened), *_grades(opened), *_numeric(opened), *_labs(opened)]
    return tuple(replace(factor, slug=unused(factor.slug, given)) for factor in found)


def default_factors(opened: Cohort) -> tuple[Factor, ...]:
    """Those of the report: response, grades, and what speaks of inflammation or tumour load."""
    return tuple(factor for factor in factors(opened) if factor.kind in ("response", "grade") or factor.burden)


def beside(analysis: Analysis) -> tuple[tuple[SeriesKey, str], ...]:
    """Each series with each factor that a report sets beside its expansion."""
    if analysis.opened.n_opened < FEWEST_BESIDE:
        return ()
    return tuple((key, factor.slug) for key in series_of(analysis) for factor in default_factors(analysis.opened))


def factors_of(analysis: Analysis) -> dict[str, Factor]:
    """All that expansion can be looked at beside, by slug."""
    return {factor.slug: factor for factor in factors(analysis.opened)}


def with_data(analysis: Analysis) -> tuple[dict[str, Factor], tuple[str, ...]]:
    """The factors by slug that enough patients have, with more than one value; and the titles of the others."""
    found, few = {}, []
    for slug, factor in factors_of(analysis).items():
        values = factor_values(analysis.opened, factor).dropna()
        if len(values) >= FEWEST_BESIDE and values.nunique() > 1:
            found[slug] = factor
        else:
            few.append(factor.title)
    return found, tuple(few)


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


def _numeric(opened: Cohort) -> Iterator[Factor]:
    for variable in opened.variables:
        if variable.kind == "number":
            yield _number(opened, variable)


def _number(opened: Cohort, variable: Variable) -> Factor:
    log, late = _spreads(opened.patients[variable.name]), variable.known_at is not None and variable.known_at > 0
    return Factor(
        slug_of(variable.name, "column"),
        variable.label,
        "number",
        variable.name,
        variable.unit,
        (),
        log,
        late,
        variable.known_at is None,
    )


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


def expansion(cohort: Cohort, series: KineticsResult, factor: Factor, measure: Parameter = CMAX) -> ExpansionResult:
    """The measure of expansion after the chosen infusion beside the factor; `cohort` is the selected one."""
    patients = cohort.patients["patient_id"]
    values = factor_values(cohort, factor).reindex(patients).to_numpy(float)
    rows = series.of_each.where(series.of_each["infusion"] == series.infusion)
    place = pd.Index(rows["patient"]).get_indexer(pd.Index(patients))
    why_not = _why_not(rows, place, values, measure)
    shown = place[why_not == 0]
    names, slot, amount = np.array([*series.grouping.names], dtype=object), rows["slot"], rows[measure.name]
    table = pd.DataFrame(
        {
            "patient": rows["patient"][shown],
            "group": names[slot[shown]],
            "amount": np.nan_to_num(amount[shown]),
            "silent": rows.silent[shown],
            "value": values[why_not == 0],
        }
    )
    correlation = spearman(table["value"].to_numpy(float), table["amount"].to_numpy(float))
    spreads = tuple(_spread(level, table[table["value"] == place]) for place, level in enumerate(factor.levels))
    left_out = Counter[str]()
    codes, first, counts = np.unique(why_not, return_index=True, return_counts=True)
    for each in np.argsort(first):
        said = _words(rows, int(place[first[each]]), int(codes[each]), (series, factor, measure))
        left_out[said] += int(counts[each]) if said else 0
    return ExpansionResult(
        series, factor, measure, table, correlation, spreads, tuple((+left_out).most_common()), cohort.n
    )


UNSAMPLED, VALUE_UNKNOWN, NO_GROUP = -1, -2, -3


def _why_not(rows: ParameterTable, place: Places, values: Floats, measure: Parameter) -> Places:
    """Of each patient why she has no point, 0 where she has one: a code of these or of Why; `place` is her row."""
    missing = np.where(rows.silent, Why.KNOWN, rows.why(measure.name))[place] if len(rows) else np.zeros(len(place))
    slot = rows["slot"][place] if len(rows) else np.zeros(len(place))
    cases = (place < 0, np.isnan(values), missing != Why.KNOWN, slot < 0)
    found: Places = np.select(cases, (UNSAMPLED, VALUE_UNKNOWN, missing, NO_GROUP), 0).astype(int)
    return found


def _words(rows: ParameterTable, row: int, code: int, of: tuple[KineticsResult, Factor, Parameter]) -> str:
    """Why a patient, whose parameters stand in this row, has no point; "" where she has one."""
    series, factor, measure = of
    if code > 0:
        return f"{measure.label} not calculated: {_general(rows.words(row, measure.name))}"
    unknown = {
        UNSAMPLED: NOT_SAMPLED,
        VALUE_UNKNOWN: f"{factor.label} not known",
        NO_GROUP: f"{series.grouping.label or 'group'} not stated",
    }
    return unknown.get(code, "")


def _general(reason: str) -> str:
    return (
        "sampling ended earlier, still quantifiable" if reason != NON_EXPANDER and "last sample" in reason else reason
    )


def _spread(level: str, rows: pd.DataFrame) -> LevelSpread:
    values: Floats = rows["amount"].to_numpy(float)
    median = float(np.median(values)) if len(values) >= FEWEST_FOR_MEDIAN else None
    box = [float(each) for each in np.quantile(values, (0.25, 0.75))] if len(values) >= FEWEST_FOR_BOX else [None, None]
    return LevelSpread(level, len(values), int(rows["silent"].sum()), median, *box)
