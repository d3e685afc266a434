"""The panels of one patient as exhibits: the whole course, infusions over each other, the patient among others."""

import math
from typing import Any, Final

import pandas as pd

from lib.cohort.analysis import Analysis
from lib.patient.course import Course, CourseOptions, SpreadOptions, course_facts, patients
from lib.patient.panel_axes import height
from lib.patient.panel_chart import ABOVE_PANELS, WIDTH, panel_chart
from lib.patient.panel_results import PanelResult, PanelsOptions, among_others, course_panels, infusion_panels
from lib.patient.panel_tables import panel_tables
from lib.patient.panels import Panel, cell_panels, values
from lib.publication.exhibit import Figure, Numbers
from lib.publication.number import above_limit_notes, plural
from lib.publication.spec import ExhibitSpec

TITLES: Final = {
    "patient.course": "Course of the patient",
    "patient.infusions": "Infusions over each other, each from its own day 0",
    "patient.in_cohort": "The patient among the selected patients",
}


def panel_figure(result: PanelResult, width: int = WIDTH, above: int = ABOVE_PANELS) -> Figure:
    """One of the three figures; `above` is the room for its heading."""
    pixels = height(result.panels, result.therapies.n, result.events.n, sizes=result.sizes)
    return Figure(
        id=result.id,
        title=TITLES[result.id],
        chart=panel_chart(pixels, result.spread, width, above),
        tables=panel_tables(result, pixels, _heading(result)),
        data=_data(result),
        caption=_caption(result),
        alt=_alt(result),
        notes=_notes(result),
        n=1 + (result.others["patient"].nunique() if result.others is not None else 0),
        numbers=_numbers(result),
    )


def _data(result: PanelResult) -> pd.DataFrame:
    table = result.table
    names = [result.panels[int(panel)].name for panel in table["panel"]]
    kept = table[["infusion", "day", "at", "value", "below", "limit", "origin"]].rename(columns={"at": "day_on_axis"})
    return kept.assign(patient=result.seen.patient, panel=names, series=result.series_names, unit=result.units)


def _heading(result: PanelResult) -> str:
    """How the patient fared, in a line."""
    if result.others is not None:
        return f"The patient in colour; {plural(result.others['patient'].nunique(), 'other patient')} in grey"
    return "; ".join(f"{fact.label}: {fact.value}" for fact in course_facts(result.seen)[:3])


def _caption(result: PanelResult) -> str:
    """How it is drawn."""
    time = "each infusion on its own day 0" if result.origin is None else f"days since infusion {result.origin}"
    said = f"Time: {time}, day {result.period[0]:g} to {result.period[1]:g}."
    if result.others is not None:
        said += " Grey: other selected patients after the chosen infusion, quantifiable values."
    said += " Open symbols: below the limit of quantification or detection, drawn at the limit (dashed)."
    said += " Lines are not drawn across such values or more than 60 days."
    if result.table[["lower_limit", "upper_limit"]].notna().any(axis=None):
        said += " Green band or dotted lines: reference range."
    if result.events.n:
        said += (
            " Bars: adverse events with their grade (? not stated), last day included; one day where no end is stated."
        )
    if "derived" in set(result.table["origin"]):
        said += " Derived: calculated from other printed numbers, not measured."
    origins = set(result.table["origin"])
    return said + (
        " Rings: printed in the source; all other values are invented." if {"printed", "invented"} <= origins else ""
    )


def _notes(result: PanelResult) -> tuple[str, ...]:
    """What is not drawn, and why."""
    said = []
    if result.n_outside:
        said.append(f"{plural(result.n_outside, 'value')} outside the days shown.")
    if result.n_unplaced:
        said.append(f"{plural(result.n_unplaced, 'value')} without a day: not drawn.")
    unknown = int((result.table["below"] & result.table["limit"].isna()).sum())
    if unknown:
        said.append(f"{plural(unknown, 'value')} below a limit that is not stated: at the foot of the panel.")
    said += above_limit_notes(int(result.table["above"].sum()))
    hidden = sum(
        int((rows["value"] <= 0).sum())
        for number, rows in result.table.groupby("panel")
        if result.logs[int(str(number).removesuffix(".0"))]
    )
    if hidden:
        said.append(f"{plural(hidden, 'value')} of 0 or less: not drawn on a log axis.")
    if result.events.without_day:
        said.append(f"Adverse events without a day, not drawn: {', '.join(result.events.without_day)}.")
    if left := (*result.events.without_lane, *result.therapies.without_lane):
        said.append(f"No room for: {', '.join(left)}.")
    return tuple(said)


def _alt(result: PanelResult) -> str:
    """The figure for whoever cannot see it."""
    parts = []
    for number, panel in enumerate(result.panels):
        rows = result.table[(result.table["panel"] == number) & result.table["value"].notna()]
        if len(rows):
            top = rows.loc[rows["value"].idxmax()]
            parts.append(
                f"{panel.label}: {plural(len(rows), 'value')}, the highest {top['value']:,.6g} on day {top['at']:g}"
            )
    said = "; ".join(parts) or "no values"
    events = f" Adverse events: {'; '.join(bar.told for bar in result.events.bars)}." if result.events.bars else ""
    return (
        f"{plural(len(result.panels), 'panel')} over days {result.period[0]:g} to {result.period[1]:g}. {said}.{events}"
    )


def _numbers(result: PanelResult) -> Numbers:
    """One row a value."""
    names = (
        "patient",
        "panel",
        "series",
        "unit",
        "infusion",
        "day",
        "day_on_axis",
        "value",
        "limit",
        "origin",
        "reason",
    )
    columns = tuple((name, "days" if name.startswith("day") else "") for name in names)
    rows = []
    for row, series, unit in zip(result.table.to_dict("records"), result.series_names, result.units, strict=True):
        value, limit = (None if math.isnan(row[name]) else row[name] for name in ("value", "limit"))
        of = (result.seen.patient, result.panels[int(row["panel"])].name, series, unit or None, int(row["infusion"]))
        why = "below the limit" if value is None else "above the upper limit" if row["above"] else None
        rows.append((*of, row["day"], row["at"], value, limit, row["origin"] or None, why))
    return Numbers(columns, tuple(rows))


def several_infusions(seen: Course, cells: tuple[Panel, ...]) -> bool:
    """Whether the cells were followed after more than one infusion."""
    return bool(values(seen, cells)["infusion"].nunique() > 1)


def _course(analysis: Analysis, patient: str, options: PanelsOptions) -> Figure:
    return panel_figure(course_panels(analysis.opened, options.seen(analysis, patient), options))


def _has_course(analysis: Analysis, _patient: str, options: PanelsOptions) -> bool:
    return bool(options.panels) or len(analysis.opened.adverse_events) > 0


def _infusions(analysis: Analysis, patient: str, options: SpreadOptions) -> Figure:
    seen = options.seen(analysis, patient)
    return panel_figure(infusion_panels(seen, cell_panels(analysis.opened), options.spread_early_days))


def _had_several(analysis: Analysis, patient: str, options: CourseOptions) -> bool:
    return several_infusions(options.seen(analysis, patient), cell_panels(analysis.opened))


def _in_cohort(analysis: Analysis, patient: str, options: SpreadOptions) -> Figure:
    seen, cells = options.seen(analysis, patient), cell_panels(analysis.opened)
    return panel_figure(among_others(analysis.selected, seen, cells[0], options.spread_early_days))


def _has_others(analysis: Analysis, *_: Any) -> bool:
    return bool(cell_panels(analysis.opened)) and analysis.selected.n > 1


PATIENT_COURSE: Final = ExhibitSpec(
    "patient.course", "Course of one patient", "patients", _course, PanelsOptions, patients, when=_has_course
)
PATIENT_INFUSIONS: Final = ExhibitSpec(
    "patient.infusions", "Infusions compared", "patients", _infusions, SpreadOptions, patients, when=_had_several
)
PATIENT_IN_COHORT: Final = ExhibitSpec(
    "patient.in_cohort",
    "Among the selected patients",
    "patients",
    _in_cohort,
    SpreadOptions,
    patients,
    when=_has_others,
)
