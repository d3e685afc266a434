"""The parameters of each patient, as a table; and how a parameter is read and compared between groups.

What cannot be calculated has a letter (NC a), explained under the table. Patients who never rose above the limit of
quantification have no geometric mean, but keep the lowest rank in the tests of Cmax and the areas from day 0. Source:
lib/kinetics/noncompartmental.py.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from lib.cohort.analysis import Analysis
from lib.cohort.kinetic_series import SeriesKey
from lib.cohort.printed import raised
from lib.kinetics.parameter_table import Flags, KineticParameters, ParameterTable, Why
from lib.kinetics.series import KineticsOptions, KineticsResult, kinetics_of, replicate_notes, series_of
from lib.publication.exhibit import Table, TypedColumn, typed_table
from lib.publication.number import above_limit_notes, day, short, time
from lib.publication.options import flag
from lib.publication.spec import ExhibitSpec
from lib.publication.who import HEADING, Place, Who
from lib.stats.estimate import Estimate, Floats

NOT_TESTED: Final = "known only of those who reached it: see the persistence curve and its log-rank test"
CENSORED: Final = (
    "whoever is still quantifiable in the last sample has at least that: see the persistence curve and its log-rank"
    " test"
)
LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
RULES: Final = (
    "Below the limit of quantification (LLOQ) counts as 0 before the first and after the last quantifiable value and is"
    " left out between them. AUC: linear up, logarithmic down, from day 0; not calculated (NC) where sampling ends"
    " earlier and still quantifiable. Tlast: last quantifiable day; Tbql: first day below the LLOQ after it. Half-life:"
    " log-linear fit after the peak, given where it spans two half-lives with R² of 0.9 or more."
)


@dataclass(frozen=True)
class PatientParametersOptions(KineticsOptions):
    """Which columns the table of patients has."""

    every_column: bool = flag(
        False, "All columns", help="Also AUClast and Clast, and the window and fit of each half-life."
    )


@dataclass(frozen=True)
class Parameter:
    """One parameter: how it is read of a patient, and how it is summarised."""

    name: str
    label: str
    per_unit: str  # unit, with {unit} for that of the measurement
    geometric: bool
    counts_silent: bool  # whoever never expanded keeps the lowest rank
    of: Callable[[KineticParameters], Estimate]
    not_tested: str = ""  # why groups are not compared by it

    def unit(self, unit: str) -> str:
        """The unit of the parameter, of the unit of the measurement."""
        return self.per_unit.format(unit=unit or "units")

    def written(self, value: float | None) -> str:
        """A value as tables print it: days as days, a half-life with one decimal."""
        if self.per_unit != "days":
            return short(value)
        return time(value, "–") if self.name == "half_life" else day(value, "–")


CMAX: Final = Parameter("cmax", "Cmax", "{unit}", True, True, lambda each: each.cmax)
AUC_0_28: Final = Parameter("auc_0_28", "AUC0-28", "days × {unit}", True, True, lambda each: each.auc_0_28)
AUC_0_90: Final = Parameter("auc_0_90", "AUC0-90", "days × {unit}", True, True, lambda each: each.auc_0_90)
HALF_LIFE: Final = Parameter("half_life", "Half-life", "days", True, False, lambda each: each.half_life)
PARAMETERS: Final = (
    CMAX,
    Parameter("tmax", "Tmax", "days", False, False, lambda each: each.tmax),
    AUC_0_28,
    AUC_0_90,
    Parameter("tlast", "Tlast", "days", False, False, lambda each: each.tlast, CENSORED),
    Parameter("tbql", "Tbql", "days", False, False, lambda each: each.tbql, NOT_TESTED),
    HALF_LIFE,
    Parameter("fold_expansion", "Fold expansion", "fold", False, False, lambda each: each.fold.fold),
)
BY_PATIENT_ONLY: Final = (  # they depend on how long somebody was sampled: groups are not compared by them
    Parameter("auc_last", "AUClast", "days × {unit}", True, True, lambda each: each.auc_last),
    Parameter("clast", "Clast", "{unit}", True, False, lambda each: each.clast),
)
PATIENT_PARAMETERS: Final = (*PARAMETERS, *BY_PATIENT_ONLY)


def sampled(result: KineticsResult) -> dict[str, tuple[int, int]]:
    """For each group how many patients have samples after the infusion, and how many of them never rose above the
    limit.
    """
    rows, groups = result.of_infusion, len(result.grouping.names)
    silent, grown = (
        np.bincount(rows["slot"][each], minlength=groups).tolist() for each in (rows.silent, rows.expanded)
    )
    counts = zip(silent, grown, strict=True)
    return {name: (none + some, none) for name, (none, some) in zip(result.grouping.names, counts, strict=True)}


def never_expanded(result: KineticsResult) -> dict[str, int]:
    """How many patients of each group never rose above the limit of quantification, where there are any."""
    return {name: silent for name, (_, silent) in sampled(result).items() if silent}


def silent_notes(result: KineticsResult) -> tuple[str, ...]:
    """Who never expanded, where there are any."""
    silent = [f"{name if result.grouping.compares else 'patients'} {n}" for name, n in never_expanded(result).items()]
    if not silent:
        return ()
    return (f"Never above the LLOQ: {', '.join(silent)} (in no mean; lowest rank for Cmax and AUC).",)


def expanded_values(result: KineticsResult, parameter: Parameter) -> dict[str, Floats]:
    """By group the values of those who expanded, without areas of 0 (nothing quantifiable until the day): they have no
    logarithm.
    """
    values = _values(result, parameter)
    return {name: each[each > 0] for name, each in values.items()} if parameter.geometric else values


def ranked_values(result: KineticsResult, parameter: Parameter) -> dict[str, Floats]:
    """The values as they are ranked: who never rose above the limit counts as 0 where the parameter says so."""
    values = _values(result, parameter)
    silent = {name: n if parameter.counts_silent else 0 for name, (_, n) in sampled(result).items()}
    return {name: np.concatenate([np.zeros(silent[name]), each]) for name, each in values.items()}


def _values(result: KineticsResult, parameter: Parameter) -> dict[str, Floats]:
    rows = result.of_infusion
    known = rows.expanded & (rows.why(parameter.name) == Why.KNOWN)
    slot, value = rows["slot"][known], rows[parameter.name][known]
    return {name: value[slot == place] for place, name in enumerate(result.grouping.names)}


def who_has_each(result: KineticsResult) -> Who:
    """Of each group (a column) who has samples; in the first row who never rose above the limit, where there are any;
    then who has each parameter, where not all have it."""
    cells, first = dict[Place, frozenset[str]](), int(bool(never_expanded(result)))
    rows = result.of_infusion
    having = [_has(rows, parameter) for parameter in PARAMETERS]

    def of(chosen: Flags) -> frozenset[str]:
        return frozenset(map(str, rows["patient"][chosen]))

    for x, _ in enumerate(result.grouping.names, start=1):
        mine = rows["slot"] == x - 1
        cells[HEADING, x] = everybody = of(mine & (rows.silent | rows.expanded))
        cells |= {(0, x): of(mine & rows.silent)} if first else {}
        of_each = [of(mine & has) for has in having]
        cells |= {(y, x): who for y, who in enumerate(of_each, start=first) if 0 < len(who) < len(everybody)}
    return cells


def _has(rows: ParameterTable, parameter: Parameter) -> Flags:
    """Who is among the values of `expanded_values`."""
    known = rows.expanded & (rows.why(parameter.name) == Why.KNOWN)
    return known & (rows[parameter.name] > 0) if parameter.geometric else known


def general(reason: str) -> str:
    """A reason without the days and numbers of a single patient."""
    return re.sub(r"(?<=day )\d+(\.\d+)?(?=,|$| ,)|(?<=cover )[\d.]+|(?<=R² )[\d.]+", "…", reason)


def brief(reason: str) -> str:
    """A reason in the few words that stand under a table."""
    plain = general(reason).replace("last sample on day …, still", "sampling ended, still").replace("R² … is", "R²")
    return plain.replace(", on day …", "")


def parameters_table(result: KineticsResult, every_column: bool = False) -> Table:
    """One row a patient and infusion; what is not calculated has a letter, explained under the table."""
    unit, letters = raised(result.key.unit) or "units", _letters(result, every_column)
    lower = int(result.of_each["at_least"].sum())
    nc = "; ".join(f"{letter}, {brief(reason)}" for reason, letter in letters.items())
    notes = [f"NC, not calculated: {nc}."] if nc else []
    if lower:
        notes.append(f"≥: day {result.base_day:g} lies below the limit; the fold is over the limit ({lower} of them).")
    return typed_table(
        _columns(result, letters, every_column),
        list(result.of_each),
        id=result.key.id("parameters"),
        title=f"Kinetic parameters by patient: {result.key.label}",
        caption=f"Cmax{' and Clast' if every_column else ''} in {unit}, AUC in days × {unit}, times in days.",
        method=(
            f"{RULES} Half-life: days and number of samples of its window; from day 28 on it is that of persistence,"
            f" else of contraction. Fold expansion: Cmax over the value of day {result.base_day:g}. AUClast and Clast"
            " depend on how long somebody was sampled."
        ),
        notes=(*notes, *replicate_notes(result), *above_limit_notes(int(result.table["above"].sum()))),
        n=result.n,
    )


def _columns(result: KineticsResult, letters: dict[str, str], every: bool) -> tuple[TypedColumn, ...]:
    """What is printed: infusion and group where there are several, further parameters and the fit where asked for."""
    of_infusions = len(np.unique(result.of_each["infusion"])) > 1

    def of_fit(name: str, unit: str, heading: str = "") -> TypedColumn:
        column = f"half_life_{name}"
        return TypedColumn(heading, column, unit, lambda each: getattr(each.fit, name, None), _adjusted_r2)

    return (
        TypedColumn("Patient", "patient"),
        TypedColumn(
            "Infusion" if of_infusions else "",
            "infusion",
            "",
            lambda each: each.infusion,
            lambda each: str(each.infusion),
        ),
        TypedColumn(
            "Group" if result.grouping.compares else "",
            "group",
            "",
            lambda each: each.group,
            lambda each: each.group or "not stated",
        ),
        *(_parameter_column(each, result.key.unit, letters, every) for each in PATIENT_PARAMETERS),
        TypedColumn("Half-life: days (n)" if every else "", printed=_window),
        of_fit("n", "samples"),
        of_fit("first_day", "days"),
        of_fit("last_day", "days"),
        of_fit("adjusted_r2", "", "adj. R²" if every else ""),
        of_fit("span", "half-lives"),
        TypedColumn(name="fold_at_least", value=lambda each: each.fold.at_least),
        TypedColumn(name="fold_base_day", unit="days", value=lambda each: each.fold.day),
        TypedColumn(name="n_samples", unit="samples"),
        TypedColumn(name="reason", value=_reasons),
    )


def _parameter_column(parameter: Parameter, unit: str, letters: dict[str, str], every: bool) -> TypedColumn:
    def printed(each: KineticParameters) -> str:
        if _silent(parameter, each):
            return "< LLOQ"
        estimate = parameter.of(each)
        if estimate.value is None:
            return f"NC {letters[general(estimate.reason)]}"
        lower = "≥ " if parameter.name == "fold_expansion" and each.fold.at_least else ""
        return lower + parameter.written(estimate.value)

    heading = parameter.label if every or parameter in PARAMETERS else ""
    return TypedColumn(heading, parameter.name, parameter.unit(unit), lambda each: parameter.of(each).value, printed)


def _silent(parameter: Parameter, each: KineticParameters) -> bool:
    return parameter is CMAX and each.never_quantifiable


def _letters(result: KineticsResult, every: bool) -> dict[str, str]:
    """A letter for each reason, in the order in which they are met; without the days and numbers of single patients."""
    rows, shown = result.of_each, PATIENT_PARAMETERS if every else PARAMETERS
    codes = np.column_stack([np.where(rows.silent & (one is CMAX), Why.KNOWN, rows.why(one.name)) for one in shown])
    met, first = np.unique(codes, return_index=True)
    places = [divmod(int(place), len(shown)) for place in np.sort(first[met != Why.KNOWN])]
    found = (general(rows.words(row, shown[column].name)) for row, column in places)
    return {reason: LETTERS[place % len(LETTERS)] for place, reason in enumerate(dict.fromkeys(found))}


def _window(each: KineticParameters) -> str:
    """The window of the half-life, also where it is not fit to be reported."""
    return f"{each.fit.first_day:g}–{each.fit.last_day:g} ({each.fit.n})" if each.fit else "–"


def _adjusted_r2(each: KineticParameters) -> str:
    return f"{each.fit.adjusted_r2:.3f}" if each.fit else "–"


def _reasons(each: KineticParameters) -> str | None:
    found = [(parameter.name, parameter.of(each).reason) for parameter in PATIENT_PARAMETERS]
    found += [("group", "" if each.group is not None else "not stated")]
    found += [
        ("half_life_n", "" if each.fit else "no fit"),
        ("fold_base_day", "no base" if each.fold.day is None else ""),
    ]
    return "; ".join(f"{name}: {reason}" for name, reason in found if reason) or None


def _build(analysis: Analysis, key: SeriesKey, options: PatientParametersOptions) -> Table:
    return parameters_table(kinetics_of(analysis, key, options), options.every_column)


PARAMETERS_BY_PATIENT: Final = ExhibitSpec(
    "kinetics.parameters",
    "Parameters by patient",
    "kinetics",
    _build,
    PatientParametersOptions,
    series_of,
    lambda key: key.id("parameters"),
)
