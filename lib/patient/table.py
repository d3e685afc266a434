"""The table of a patient's infusions side by side: peak, day of peak, fold over day 1 and ratio of peaks of every series."""

from collections.abc import Sequence

from lib.patient.comparison import Expansion
from lib.patient.course import Course
from lib.publication.exhibit import Numbers, Table
from lib.publication.number import short


def comparison_table(found: Sequence[Expansion], seen: Course) -> Table:
    """One row a series and infusion."""
    derived = sorted({each.infusion for each in found if each.day_one_origin == "derived"})
    notes = [f"Day 1 of infusion {', '.join(map(str, derived))}: derived, not measured (marked †)."] if derived else []
    if any(each.peak is not None and each.peak_day is None for each in found):
        notes.append("Day of peak not stated in the workbook: –.")
    return Table(
        id="patient.comparison",
        title="Infusions compared: peak, fold expansion and ratio of peaks",
        header=("Series", "Infusion", "Peak", "Day of peak", "Day 1", "Fold", "Ratio"),
        rows=tuple(_row(each) for each in found),
        caption="Peak: highest quantifiable value from day 0 of the infusion. Fold: peak over the value of day 1, at least (≥) peak over the limit "
        "of quantification where day 1 is below it. Ratio: peak over the peak after the infusion before it that has one.",
        notes=tuple(notes), n=1, numbers=_numbers(found, seen),
    )  # fmt: skip


def printed_fold(each: Expansion) -> str:
    """35, 4,494.3, ≥ 120."""
    if each.fold is None:
        return "–"
    said = f"{each.fold:,.1f}".removesuffix(".0") if each.fold >= 10 else short(each.fold)
    return f"≥ {said}" if each.at_least else said


def _row(each: Expansion) -> tuple[str, ...]:
    unit = f" {each.unit}" if each.unit else ""
    day_one = "–" if each.day_one is None else f"{each.day_one:,.4g}{' †' if each.day_one_origin == 'derived' else ''}"
    return (
        each.series, str(each.infusion), "–" if each.peak is None else f"{_amount(each.peak)}{unit}", short(each.peak_day), day_one,
        printed_fold(each), "–" if each.ratio is None else f"{each.ratio:,.2f}",
    )  # fmt: skip


def _amount(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.4g}"


def _numbers(found: Sequence[Expansion], seen: Course) -> Numbers:
    columns = (
        ("patient", ""), ("series", ""), ("unit", ""), ("infusion", ""), ("peak", ""), ("peak_day", "days"), ("day_1", ""), ("day_1_origin", ""),
        ("fold", ""), ("fold_is_at_least", ""), ("ratio", ""), ("reason", ""),
    )  # fmt: skip
    rows = tuple(
        (
            seen.patient, each.series, each.unit or None, each.infusion, each.peak, each.peak_day, each.day_one, each.day_one_origin or None,
            each.fold, each.at_least, each.ratio, "; ".join(each.reasons) or None,
        )
        for each in found
    )  # fmt: skip
    return Numbers(columns, rows)
