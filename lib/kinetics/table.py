"""Tables of the kinetics: parameters of each patient, and their summary by group."""

from collections import Counter
from typing import Final

from lib.kinetics.parameters import KineticParameters
from lib.kinetics.result import KineticsResult
from lib.kinetics.summary import (
    AUC_0_28,
    AUC_0_90,
    CMAX,
    HALF_LIFE,
    PATIENT_PARAMETERS,
    GroupSummary,
    ParameterSummary,
    at_least,
    general,
    left_out,
    other_group,
    parameter_summaries,
    sampled,
)
from lib.kinetics.words import RULES, bias_notes, replicate_notes, silent_words
from lib.publication.exhibit import Numbers, Table, TestLine
from lib.publication.number import above_limit_notes, interval, p_value, plural, short
from lib.stats.estimate import Estimate, TestResult

FIT_COLUMNS: Final = (
    ("half_life_n", "samples"), ("half_life_first_day", "days"), ("half_life_last_day", "days"), ("half_life_adjusted_r2", ""),
    ("half_life_span", "half-lives"),
)  # fmt: skip
FOLD_COLUMNS: Final = (("fold_at_least", ""), ("fold_base_day", "days"), ("n_samples", "samples"))
SUMMARY_COLUMNS: Final = (
    ("parameter", ""), ("group", ""), ("n", "patients"), ("value", ""), ("minimum", ""), ("maximum", ""), ("gcv_percent", "%"),
    ("mean_low", ""), ("mean_high", ""),
    ("ratio", ""), ("ratio_low", ""), ("ratio_high", ""), ("reason", ""),
)  # fmt: skip
LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


def parameters_table(result: KineticsResult) -> Table:
    """One row a patient and infusion; what is not calculated has a letter, explained under the table."""
    units = {parameter.name: parameter.unit(result.key.unit) for parameter in PATIENT_PARAMETERS}
    names = tuple(parameter.label for parameter in PATIENT_PARAMETERS)
    said: dict[str, str] = {}
    rows = tuple(_patient_row(each, said) for each in result.parameters)
    lower = sum(each.fold.at_least for each in result.parameters)
    notes = tuple(f"NC {letter}: not calculated, {reason}." for reason, letter in said.items())
    bound = (
        f"≥: day {result.base_day:g} lies below the limit, the fold is at least that over the limit ({lower} of them)."
    )
    return Table(
        id=result.key.id("parameters"),
        title=f"Kinetic parameters by patient: {result.key.label}",
        header=("Patient", "Infusion", "Group", *names, "Half-life: days (n)", "adj. R²"),
        rows=rows,
        caption=_units_words(result)
        + f" {RULES} Half-life: days and number of samples of its window; from day 28 on it is that of persistence, else of contraction. "
        f"Fold expansion: Cmax over the value of day {result.base_day:g}. AUClast and Clast depend on how long somebody was sampled.",
        notes=(
            *notes,
            *((bound,) if lower else ()),
            *replicate_notes(result),
            *above_limit_notes(int(result.table["above"].sum())),
        ),
        n=result.n,
        numbers=_patient_numbers(result, units),
    )


def _patient_row(each: KineticParameters, said: dict[str, str]) -> tuple[str, ...]:
    cells = []
    for parameter in PATIENT_PARAMETERS:
        lower = "≥ " if parameter.name == "fold_expansion" and each.fold.at_least else ""
        silent = parameter is CMAX and each.never_quantifiable
        cells.append("< LLOQ" if silent else lower + _cell(parameter.of(each), said))
    return (each.patient, str(each.infusion), each.group or "not stated", *cells, *_window(each))


def _cell(estimate: Estimate, said: dict[str, str]) -> str:
    """The value, or NC with the letter of its reason; days of single patients are left out of the reason."""
    if estimate.value is not None:
        return short(estimate.value)
    letter = said.setdefault(general(estimate.reason), LETTERS[len(said) % len(LETTERS)])
    return f"NC {letter}"


def _units_words(result: KineticsResult) -> str:
    unit = result.key.unit or "units"
    return f"Cmax and Clast in {unit}, areas in days × {unit}, Tmax, Tlast, Tbql and half-life in days."


def _window(each: KineticParameters) -> tuple[str, str]:
    """The window of the half-life and its fit, also where it is not fit to be reported."""
    if each.fit is None:
        return "–", "–"
    fit = each.fit
    return f"{fit.first_day:g}–{fit.last_day:g} ({fit.n})", f"{fit.adjusted_r2:.3f}"


def _patient_numbers(result: KineticsResult, units: dict[str, str]) -> Numbers:
    rows = []
    for each in result.parameters:
        found = [(parameter.name, parameter.of(each)) for parameter in PATIENT_PARAMETERS]
        reasons = [f"{name}: {estimate.reason}" for name, estimate in found if estimate.reason]
        reasons += ["group: not stated"] * (each.group is None) + ["half_life_n: no fit"] * (each.fit is None)
        reasons += ["fold_base_day: no base"] * (each.fold.day is None)
        fit = each.fit
        of_fit = (fit.n, fit.first_day, fit.last_day, fit.adjusted_r2, fit.span) if fit else (None,) * len(FIT_COLUMNS)
        of_fold = (each.fold.at_least, each.fold.day, each.n_samples)
        values = (estimate.value for _, estimate in found)
        rows.append((each.patient, each.infusion, each.group, *values, *of_fit, *of_fold, "; ".join(reasons) or None))
    columns = (
        ("patient", ""),
        ("infusion", ""),
        ("group", ""),
        *units.items(),
        *FIT_COLUMNS,
        *FOLD_COLUMNS,
        ("reason", ""),
    )
    return Numbers(columns, tuple(rows))


def summary_table(result: KineticsResult) -> Table:
    """One row a parameter: geometric mean (gCV) or median [range] by group with n, ratio of two geometric means, default test."""
    names, compares, two = result.grouping.names, result.grouping.compares, len(result.grouping.names) == 2
    summaries = parameter_summaries(result)
    ratio = (f"Ratio {other_group(result)} / {result.grouping.reference_name} (95 % CI)",) if two else ()
    tests = (
        tuple(_line(one.test, f"{one.parameter.label}: {' v '.join(names)}") for one in summaries) if compares else ()
    )
    done = "; ".join(dict.fromkeys(test.name for test in tests if test.p is not None)) or "not done"
    said = f" p: {done}; whoever never rose above the limit has the lowest rank." if compares else ""
    said += " Ratio: of geometric means, by Welch's t on logarithms." if two else ""
    return Table(
        id=result.key.id("summary"),
        title=f"Kinetic parameters by group: {result.key.label}",
        header=("Parameter", *names, *ratio, *(("p",) if compares else ())),
        rows=(_counts_row(result, len(ratio) + compares), *(_summary_row(one, result) for one in summaries)),
        caption=f"After infusion {result.infusion}. {RULES} Geometric mean (95 % interval by t on logarithms; gCV) or median [range], n.{said}",
        notes=(*bias_notes(result.grouping), *_summary_notes(result)),
        n=len(result.of_infusion),
        numbers=_summary_numbers(summaries, result),
        tests=tests,
    )


def _counts_row(result: KineticsResult, empty: int) -> tuple[str, ...]:
    cells = [f"{n}, {silent}" for n, silent in sampled(result).values()]
    return ("Patients sampled, never above the limit", *cells, *("",) * empty)


def _summary_row(summary: ParameterSummary, result: KineticsResult) -> tuple[str, ...]:
    parameter = summary.parameter
    said = "geometric mean (95 % CI; gCV)" if parameter.geometric else "median [range]"
    label = f"{parameter.label}, {parameter.unit(result.key.unit)}, {said}"
    row = (label, *(_printed(group, parameter.geometric) for group in summary.groups))
    if not result.grouping.compares:
        return row
    if len(summary.groups) > 2:
        return (*row, p_value(summary.test.p))
    ratio = summary.ratio
    cell = f"{short(ratio.value)} ({interval(ratio.low, ratio.high)})" if ratio and ratio.value is not None else "–"
    return (*row, cell, p_value(summary.test.p))


def _summary_notes(result: KineticsResult) -> list[str]:
    notes = [
        *replicate_notes(result),
        silent_words(result),
        *_left_out_notes(result),
        "Tlast: described, not compared: whoever is still quantifiable in the last sample has at least that.",
        "Tbql: of those whose transgene became undetectable; the others are still in the persistence curve.",
    ]
    notes += above_limit_notes(int(result.table["above"].sum()))
    lower = at_least(result)
    if lower:
        base = f"day {result.base_day:g} lies below the limit"
        notes.append(
            f"Fold expansion: {plural(lower, 'value is a lower bound', 'values are lower bounds')}, because {base}."
        )
    return [note for note in notes if note]


def _left_out_notes(result: KineticsResult) -> list[str]:
    """Who is missing from a comparison, group by group and why: those who persist longest are likely among them."""
    sizes, notes = sampled(result), []
    for parameter in (AUC_0_28, AUC_0_90, HALF_LIFE):
        missing = left_out(result, parameter)
        if missing:
            counts = ", ".join(
                f"{name} {sum(counted.values())} of {sizes[name][0]} ({_reasons(counted)})"
                for name, counted in missing.items()
            )
            notes.append(
                f"{parameter.label} not known, and in no mean and no test: {counts}. The persistence curve includes them."
            )
    return notes


def _reasons(counted: Counter[str]) -> str:
    """The reasons with their counts, without the days and numbers that differ between patients."""
    return "; ".join(
        f"{reason.replace(' on day …', '').replace('R² … is', 'R²')}: {n}" for reason, n in counted.most_common()
    )


def _summary_numbers(summaries: tuple[ParameterSummary, ...], result: KineticsResult) -> Numbers:
    rows: list[tuple[object, ...]] = []
    no_ratio = (None, None, None)
    levels = dict(zip(result.grouping.names, result.grouping.levels, strict=True))
    for name, (n, silent) in sampled(result).items():
        rows.append(
            ("never_quantifiable", levels[name], n, float(silent), *(None,) * 5, *no_ratio, "a count of patients")
        )
    for one in summaries:
        for group in one.groups:
            compared = one.ratio is not None and group.group != result.grouping.reference_name
            ratio = (one.ratio.value, one.ratio.low, one.ratio.high) if compared and one.ratio else no_ratio
            reasons = (_why_not(group, one.parameter.geometric), _why_no_ratio(one, compared))
            said = "; ".join(reason for reason in reasons if reason) or None
            limits = (group.mean.low, group.mean.high) if group.mean else (None, None)
            numbers = (group.value, group.low, group.high, group.gcv, *limits)
            rows.append((one.parameter.name, levels[group.group], group.n, *numbers, *ratio, said))
    return Numbers(SUMMARY_COLUMNS, tuple(rows))


def _line(test: TestResult, comparison: str) -> TestLine:
    return TestLine(test.name, comparison, test.statistic, test.df, test.p, test.n, test.reason)


def _why_not(group: GroupSummary, geometric: bool) -> str:
    """Why a number of the summary is missing."""
    if not group.n:
        return "no values"
    if not geometric:
        return "a median has no gCV and no interval here"
    return "" if group.n > 1 else "one value has no gCV and no interval"


def _why_no_ratio(summary: ParameterSummary, compared: bool) -> str:
    if compared and summary.ratio is not None:
        return f"ratio: {summary.ratio.reason}" if summary.ratio.reason else ""
    return (
        "ratio: of the other group to the reference" if summary.ratio is not None else "no ratio of two geometric means"
    )


def _printed(group: GroupSummary, geometric: bool) -> str:
    if group.value is None:
        return "n = 0"
    gcv = f"gCV {group.gcv:.0f} %" if group.gcv is not None else "gCV NC"
    limits = f"{interval(group.mean.low, group.mean.high)}; " if group.mean and group.mean.low is not None else ""
    gcv = f"({limits}{gcv})"
    beside = gcv if geometric else f"[{short(group.low)}–{short(group.high)}]"
    return f"{short(group.value)} {beside}, n = {group.n}"
