"""How far the cells expanded after each infusion: peak, its day, fold over day 1, ratio to the peak of the infusion
before.

Of temperature, cytokines and inflammation the peak and its day alone. Fold expansion = peak / value of day 1 of the
same series; where day 1 is below the limit of quantification it is at least peak / limit. A peak may stand on a day
that is not stated. Series of other specimens, assays or units are never compared.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from lib.cohort.analysis import Analysis
from lib.cohort.kinetic_series import SeriesKey
from lib.kinetics.parameter_table import NON_EXPANDER
from lib.patient.course import CourseOptions, patients
from lib.patient.panels import Panel, panels, values
from lib.publication.exhibit import Table, TypedColumn, typed_table
from lib.publication.number import short
from lib.publication.spec import ExhibitSpec

DAY_ONE: Final = 1.0
NO_DAY_ONE: Final = "no sample on day 1"
NO_LIMIT: Final = "day 1 is below a limit that is not stated"
FIRST: Final = "no earlier infusion with a peak of this series"
NOT_CELLS: Final = "of CAR T cells only"
PEAKS: Final = ("Temperature", "Cytokines", "Inflammation")  # families of tests whose peaks stand beside the cells


@dataclass(frozen=True)
class Expansion:
    """One series after one infusion. A number is None where there is none; `reasons` say why, in the order they are
    met.

    `day_one_origin` is the workbook's mark of the value of day 1 ("derived"); `at_least`: the fold is a lower limit.
    """

    series: str
    unit: str
    infusion: int
    peak: float | None
    peak_day: float | None
    day_one: float | None = None
    day_one_origin: str = ""
    fold: float | None = None
    at_least: bool = False
    ratio: float | None = None
    reasons: tuple[str, ...] = ()


def expansions(table: pd.DataFrame, shown: Sequence[Panel]) -> tuple[Expansion, ...]:
    """One a series and infusion that has values from day 0 on or without a day; `table` as panels.values gives
    it.
    """
    found: list[Expansion] = []
    since = table[~(table["day"] < 0)]
    for number, panel in enumerate(shown):
        for place, line in enumerate(panel.lines):
            mine = since[(since["panel"] == number) & (since["line"] == place)]
            before: float | None = None
            cells = isinstance(line.source, SeriesKey)
            if not cells and panel.name not in PEAKS:
                continue
            name = f"{panel.name}, {line.name}" if line.name != panel.name else panel.name
            for infusion, rows in mine.groupby("infusion"):
                one = _expansion(name, panel.unit, int(float(str(infusion))), rows, before)
                one = one if cells else _peak_alone(one)
                before = one.peak if one.peak is not None else before
                found.append(one)
    return tuple(found)


def _peak_alone(one: Expansion) -> Expansion:
    no_fold = (f"fold, ratio: {NOT_CELLS}",)
    return replace(one, day_one=None, fold=None, at_least=False, ratio=None, reasons=no_fold)


def _expansion(series: str, unit: str, infusion: int, rows: pd.DataFrame, before: float | None) -> Expansion:
    measured = rows[rows["value"] > 0].sort_values(["value", "day"], ascending=[False, True], kind="stable")
    if measured.empty:
        return Expansion(series, unit, infusion, None, None, reasons=(f"peak: {NON_EXPANDER}",))
    top = measured.iloc[0]
    peak, peak_day = float(top["value"]), None if pd.isna(top["day"]) else float(top["day"])
    day_one, origin, fold, at_least, why = _fold(peak, rows[rows["day"] == DAY_ONE])
    reasons = [] if peak_day is not None else ["day of the peak: not stated"]
    reasons += [f"fold: {why}"] if why else []
    reasons += [] if before else [f"ratio: {FIRST}"]
    ratio = peak / before if before else None
    return Expansion(series, unit, infusion, peak, peak_day, day_one, origin, fold, at_least, ratio, tuple(reasons))


def _fold(peak: float, day_one: pd.DataFrame) -> tuple[float | None, str, float | None, bool, str]:
    """Value of day 1, its mark, the fold, whether that is a lower limit, and why there is none."""
    if day_one.empty:
        return None, "", None, False, NO_DAY_ONE
    row = day_one.iloc[0]
    if not row["below"]:
        value = float(row["value"])
        return value, str(row["origin"]), peak / value if value > 0 else None, False, "" if value > 0 else NO_LIMIT
    limit = float(row["limit"])
    if limit > 0:
        return None, str(row["origin"]), peak / limit, True, ""
    return None, str(row["origin"]), None, False, NO_LIMIT


def comparison_table(found: Sequence[Expansion], patient: str) -> Table:
    """One row a series and infusion."""
    derived = sorted({each.infusion for each in found if each.day_one_origin == "derived"})
    notes = [f"Day 1 of infusion {', '.join(map(str, derived))}: derived, not measured (marked †)."] if derived else []
    if any(each.peak is not None and each.peak_day is None for each in found):
        notes.append("Day of peak not stated in the workbook: –.")
    return typed_table(
        (TypedColumn(name="patient", value=lambda _: patient), *COLUMNS),
        found,
        id="patient.comparison",
        title="Infusions compared: peak, fold expansion and ratio of peaks",
        caption=(
            "Peak: highest quantifiable value from day 0 of the infusion. Fold: peak over the value of day 1, at least"
            " (≥) peak over the limit of quantification where day 1 is below it. Ratio: peak over the peak after the"
            " infusion before it that has one."
        ),
        notes=tuple(notes),
        n=1,
    )


def printed_fold(each: Expansion) -> str:
    """35, 4,494.3, ≥ 120."""
    if each.fold is None:
        return "–"
    said = f"{each.fold:,.1f}".removesuffix(".0") if each.fold >= 10 else short(each.fold)
    return f"≥ {said}" if each.at_least else said


def _printed_peak(each: Expansion) -> str:
    if each.peak is None:
        return "–"
    amount = f"{each.peak:,.0f}" if each.peak >= 1000 else f"{each.peak:.4g}"
    return f"{amount} {each.unit}".rstrip()


def _printed_day_one(each: Expansion) -> str:
    return "–" if each.day_one is None else f"{each.day_one:,.4g}{' †' if each.day_one_origin == 'derived' else ''}"


COLUMNS: Final = (
    TypedColumn("Series", "series"),
    TypedColumn(name="unit", value=lambda each: each.unit or None),
    TypedColumn("Infusion", "infusion"),
    TypedColumn("Peak", "peak", "", lambda each: each.peak, _printed_peak),
    TypedColumn("Day of peak", "peak_day", "days", lambda each: each.peak_day, lambda each: short(each.peak_day)),
    TypedColumn("Day 1", "day_1", "", lambda each: each.day_one, _printed_day_one),
    TypedColumn(name="day_1_origin", value=lambda each: each.day_one_origin or None),
    TypedColumn("Fold", "fold", "", lambda each: each.fold, printed_fold),
    TypedColumn(name="fold_is_at_least", value=lambda each: each.at_least),
    TypedColumn(
        "Ratio", "ratio", "", lambda each: each.ratio, lambda each: "–" if each.ratio is None else f"{each.ratio:,.2f}"
    ),
    TypedColumn(name="reason", value=lambda each: "; ".join(each.reasons) or None),
)


def _build(analysis: Analysis, patient: str, options: CourseOptions) -> Table:
    every, seen = panels(analysis.opened), options.seen(analysis, patient)
    found: tuple[Expansion, ...] = seen.once(("expansions", every), lambda: expansions(values(seen, every), every))
    return comparison_table(found, patient)


PATIENT_COMPARISON: Final = ExhibitSpec(
    "patient.comparison",
    "Expansion by infusion",
    "patients",
    _build,
    CourseOptions,
    patients,
    when=lambda analysis, *_: bool(panels(analysis.opened)),
)
